"""Runs a demo's SQL with SQLite, when the site is built, and tells what came of it: a table for each query.

Needs the standard library only, and imports nothing of this package. The browser's side, which uses sql.js, does the same.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

Emit = Callable[[str, object], None]

CHARACTERS = 100_000
_TEST = re.compile(r"^[ \t]*--[ \t]*test:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# What EXPLAIN QUERY PLAN gives.
_PLAN = ["id", "parent", "notused", "detail"]
_BLANK = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)


class _OutputLimitError(Exception):
    pass


_KINDS: dict[type[BaseException], str] = {_OutputLimitError: "OutputLimit", MemoryError: "MemoryError"}


def connect(database: str | None) -> sqlite3.Connection:
    """A database for one session: the file `database`, which it may change, or an empty one.

    It can't load extensions, nor attach other files.
    """
    base = sqlite3.connect(database or ":memory:", isolation_level=None)
    base.text_factory = lambda data: data.decode("utf-8", "replace")
    base.set_authorizer(
        lambda action, first, *_: (
            sqlite3.SQLITE_DENY
            if action == sqlite3.SQLITE_ATTACH and first not in ("", ":memory:")
            else sqlite3.SQLITE_OK
        )
    )
    return base


def run(code: str, base: sqlite3.Connection, emit: Emit, *, name: str = "demo.sql") -> bool:
    """Run a script; True if there was no error. What each query of the demo itself gives goes to `emit` as a `table`."""
    own = name == "demo.sql"
    room = [CHARACTERS]
    for line, statement in statements(code):
        try:
            cursor = base.execute(statement)
            if cursor.description and (table := _table(cursor, room)) and own:
                emit("table", table)
        except (_OutputLimitError, sqlite3.Error, MemoryError) as error:
            kind = _KINDS.get(type(error), "SQLError")
            text = f"{kind}: {error or 'out of memory'}\n    in the statement at {name}:{line}"
            emit("error", {"type": kind, "text": text, "line": line if own else None})
            return False
    return True


def check(code: str, setup: str, tests: str, base: sqlite3.Connection, emit: Emit) -> list[dict[str, Any]]:
    """Run setup, code and then each query of `tests` that follows a line `-- test: name`.

    A test passes if its query gives at least one row, and in all rows nothing but numbers other than 0.
    """
    _, *pieces = _TEST.split(tests)
    named = list(zip(pieces[::2], pieces[1::2], strict=True))
    if not (run(setup, base, emit, name="setup.sql") and run(code, base, emit)):
        message = "not run, because the code ended with an error"
        return [{"name": name, "passed": False, "message": message} for name, _ in named]
    results = []
    for name, text in named:
        message = _message(text, base)
        results.append({"name": name, "passed": not message, "message": message})
    return results


def statements(code: str) -> Iterator[tuple[int, str]]:
    """Each statement, with the line that it begins in, from 1."""
    start = 0
    while start < len(code):
        blank = _BLANK.match(code, start)
        begin = blank.end() if blank else start
        end = begin
        while (end := code.find(";", end) + 1) and not sqlite3.complete_statement(code[begin:end]):
            pass
        text = code[begin : end or len(code)]
        if text.strip(" \t\r\n;"):
            yield code.count("\n", 0, begin) + 1, text
        start = end or len(code)


def _table(cursor: sqlite3.Cursor, room: list[int]) -> dict[str, object]:
    columns = [str(column[0]) for column in cursor.description]
    rows: list[list[str | None]] = []
    room[0] -= len(json.dumps(columns))
    for row in cursor:
        rows.append([cell(value) for value in row])
        room[0] -= sum(len(one or "") + 4 for one in rows[-1])
        if room[0] < 0:
            raise _OutputLimitError(f"stopped: more than {CHARACTERS:,} characters of output")
    if columns == _PLAN:
        return {"columns": ["query plan"], "rows": list(_plan(rows))}
    return {"columns": columns, "rows": rows}


def _plan(rows: list[list[str | None]]) -> Iterator[list[str | None]]:
    """The steps of a query plan, those within others further in. Their numbers differ between versions of SQLite."""
    depths: dict[str | None, int] = {}
    for step, parent, _, detail in rows:
        depths[step] = depths.get(parent, -1) + 1
        yield ["\u00a0\u00a0\u00a0" * depths[step] + (detail or "")]


def cell(value: object) -> str | None:
    """A value as text, the same as the browser makes it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return number(value)
    return f"x'{value.hex()}'" if isinstance(value, bytes) else str(value)


def number(value: float) -> str:
    """As JavaScript's `String(value)` writes it (ECMA-262, Number::toString): 1.0 is 1, 1e21 is 1e+21."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    raw = whole + ("" if fraction == "0" else fraction)
    point = len(whole) + int(exponent or 0) - (len(raw) - len(raw.lstrip("0")))
    digits = raw.strip("0")
    sign = "-" if value < 0 else ""
    if not -6 < point <= 21:
        tail = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{tail}e{point - 1:+d}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return f"{sign}{digits}{'0' * (point - len(digits))}"
    return f"{sign}{digits[:point]}.{digits[point:]}"


def _message(text: str, base: sqlite3.Connection) -> str:
    """Why a test did not pass; empty if it did."""
    values: list[object] = []
    try:
        for _, statement in statements(text):
            values += [value for row in base.execute(statement) for value in row]
    except (sqlite3.Error, MemoryError) as error:
        return str(error) or "out of memory"
    if not values:
        return "gave no row"
    wrong = [cell(value) for value in values if not _true(value)]
    return f"gave {'NULL' if wrong[0] is None else wrong[0]}" if wrong else ""


def _true(value: object) -> bool:
    try:
        return bool(float(cell(value) or 0))
    except ValueError:
        return False
