"""Subscribers as CSV (RFC 4180): each row is checked; a bad one is named by file and line, with what would be right."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from site_builder.errors import Place, SendingError, SiteError
from site_builder.membership.csv_table import read_rows, unguarded
from site_builder.membership.records import parse_day
from site_builder.newsletter.addresses import person
from site_builder.newsletter.subscribers import Reader

COLUMNS = ("email", "name", "consent_date", "source", "interests")
_FIELDS = {"address": "email", "consented": "consent_date"}


@dataclass(frozen=True)
class Sheet:
    """What a file says: the readers of its good rows, and an error for each bad one."""

    readers: tuple[Reader, ...]
    bad: tuple[SiteError, ...]


@dataclass
class _Reading:
    readers: dict[str, Reader] = field(default_factory=dict)
    lines: dict[str, int | None] = field(default_factory=dict)
    bad: list[SiteError] = field(default_factory=list)


def read_sheet(file: Path, today: date, consented: date | None = None, source: str = "") -> Sheet:
    """Read ``file`` (UTF-8, with or without a byte order mark). ``consented`` and ``source`` fill empty cells.

    Columns may stand in any order, all but ``email`` may be missing, and a column's name may have spaces; ``interests`` are
    separated by semicolons. Raises SendingError if it is no such table at all.
    """
    rows = read_rows(file, SendingError)
    place, header = next(rows, (Place(file), []))
    names = ["_".join(cell.lower().split()) for cell in header]
    if "email" not in names or not set(names) <= set(COLUMNS) or len({*names}) < len(names):
        raise SendingError(
            f"found the header '{','.join(header)}'", place=place, hint=f"Expected columns: {','.join(COLUMNS)}."
        )
    found = _Reading()
    for place, cells in rows:
        try:
            if len(cells) != len(names):
                raise SendingError(f"found {len(cells)} cells", hint=f"Expected {len(names)}: {','.join(names)}.")
            row = {name: unguarded(cell) for name, cell in zip(names, cells, strict=True)}
            reader = read_row(row, today, consented, source)
            if (first := found.lines.setdefault(person(reader.address), place.line)) != place.line:
                raise SendingError(
                    f"found {reader.address}, which is on line {first} too", hint="Expected each address once."
                )
            found.readers[person(reader.address)] = reader
        except SiteError as error:
            found.bad.append(SendingError(error.what, place=place, hint=error.hint))
    if not found.lines and not found.bad:
        raise SendingError("found no row below the header", place=Place(file), hint="Expected one row for each reader.")
    return Sheet(tuple(found.readers.values()), tuple(found.bad))


def read_row(row: dict[str, str], today: date, consented: date | None = None, source: str = "") -> Reader:
    """A reader from cells under COLUMNS. Raises SendingError with what was found and what is expected."""
    try:
        day = parse_day(row["consent_date"]) if row.get("consent_date") else consented
    except ValueError as error:
        raise SendingError(
            f"found '{_shown(row['consent_date'])}' as consent_date", hint=f"Expected {error}."
        ) from None
    if day is None:
        raise SendingError(
            "found no consent_date", hint="Expected the day on which they asked for mail, such as 2026-05-31."
        )
    if day > today:
        raise SendingError(f"found {day} as consent_date, which is not yet over", hint=f"Expected {today} or before.")
    interests = tuple(one.strip() for one in row.get("interests", "").split(";") if one.strip())
    try:
        return Reader(
            address=row["email"], name=row.get("name", ""), consented=day, source=row.get("source") or source,
            interests=interests,
        )  # fmt: skip
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        column = _FIELDS.get(str(first["loc"][0]), str(first["loc"][0]))
        message = first["msg"].removeprefix("Value error, ").removesuffix(".")
        raise SendingError(f"found '{_shown(first['input'])}' as {column}", hint=f"Expected: {message}.") from None


def sheet_rows(readers: Iterable[Reader]) -> list[tuple[str, ...]]:
    """One row for each reader, under COLUMNS."""
    return [(one.address, one.name, str(one.consented), one.source, ";".join(one.interests)) for one in readers]


def _shown(cell: object) -> str:
    """A cell as it may stand in a message: one line, not too long."""
    text = "".join(letter if letter.isprintable() else "�" for letter in str(cell))
    return text if len(text) <= 80 else f"{text[:77]}..."
