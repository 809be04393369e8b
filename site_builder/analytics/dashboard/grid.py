"""From a question's table to what a page draws: words for columns and numbers, what changed, bars, links and order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from site_builder.analytics.dashboard.asked import Asked
from site_builder.analytics.dashboard.views import Panel
from site_builder.analytics.dashboard.words import Language, column_word, knows, named, word
from site_builder.analytics.money import MONEY, money
from site_builder.analytics.table import BEFORE, Table, Value

MOST_ROWS = 25
NAMES = frozenset(
    (
        "at", "day", "title", "other_title", "author", "tag", "category", "series", "step", "offer", "demo", "exercise", "quiz",
        "course", "currency", "source", "medium", "campaign", "value", "kind", "words", "to", "name",
    )
)  # fmt: skip
"""Columns that say what a row is about; all others are numbers. In readers' words ``helpful`` is one too."""


@dataclass(frozen=True)
class Cell:
    """One value in words. ``change`` says how it differs from the compared period; ``bar`` is a share, 0 to 1."""

    text: str
    number: bool = False
    href: str = ""
    change: str = ""
    bar: float | None = None


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    number: bool
    href: str
    """Where the rows stand in this column's order."""
    sorted: bool


@dataclass(frozen=True)
class Grid:
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    all: int
    """Rows that there are; ``rows`` may have the first of them."""


def empty(table: Table) -> bool:
    """Whether it has no number but zeros, in neither period."""
    numbers = [at for at, name in enumerate(table.columns) if is_number(table.name, name.removesuffix(BEFORE))]
    return not any(row[at] for row in table.rows for at in numbers if not isinstance(row[at], str)) and not (
        table.name == "words" and table.rows
    )


def told_before(table: Table) -> Table:
    """The table without the compared period's columns, if there is nothing in them to compare with."""
    before = [at for at, name in enumerate(table.columns) if name.endswith(BEFORE)]
    if not before or any(row[at] for row in table.rows for at in before if not isinstance(row[at], str)):
        return table
    kept = [at for at in range(len(table.columns)) if at not in before]
    rows = tuple(tuple(row[at] for at in kept) for row in table.rows)
    return replace(table, columns=tuple(table.columns[at] for at in kept), rows=rows)


def is_number(question: str, column: str) -> bool:
    if question == "words":
        return False
    if question == "overview":
        return column == "value"
    return column not in NAMES and column not in ("post", "other", "url", "heading", "measure", "number", "chapter")


def grid(panel: Panel, table: Table, asked: Asked, *, post_href: str) -> Grid:
    """The panel's rows in words. ``post_href`` with ``{}`` in it is where a post's own numbers stand."""
    rows = [row for row in table.records() if not panel.kind or row["kind"] == panel.kind]
    if panel.one_way and not asked.where.post:
        first: dict[frozenset[Value], dict[str, Value]] = {}
        for row in rows:
            first.setdefault(frozenset((row["post"], row["other"])), row)
        rows = list(first.values())
    sort = asked.sort if asked.sort in panel.columns else ""
    if sort:
        rows.sort(key=lambda row: _order(row[sort]))
    kept = rows if asked.rows == panel.id else rows[:MOST_ROWS]
    largest = (
        max((row[panel.bar] or 0 for row in rows if isinstance(row[panel.bar], int)), default=0) if panel.bar else 0
    )
    numbers = {name: is_number(panel.question, name) for name in panel.columns}
    columns = tuple(
        Column(
            name,
            column_word(name, asked.language, panel.question),
            number or name in ("number", "chapter"),
            asked.address(sort=name) + f"#{panel.id}",
            name == sort,
        )
        for name, number in numbers.items()
    )

    def cell(name: str, row: dict[str, Value]) -> Cell:
        value = row[name]
        if name in ("number", "chapter"):
            return Cell("" if value is None else str(value), number=True)
        if name == "at" and isinstance(value, int):
            return Cell(f"{value} %")
        if not numbers[name]:
            return Cell(
                name_text(panel, name, str(value or ""), asked.language), href=_link(panel, name, row, post_href)
            )
        before = row.get(f"{name}{BEFORE}")
        compared = f"{name}{BEFORE}" in row
        return Cell(
            money(value, str(row["currency"]))
            if name in MONEY and isinstance(value, int)
            else number_text(name, value),
            True,
            "",
            change(name, value, before, asked.language) if compared else "",
            _bar(value, largest) if name == panel.bar else None,
        )

    return Grid(columns, tuple(tuple(cell(name, row) for name in panel.columns) for row in kept), len(rows))


def _bar(value: Value, largest: int | float | str) -> float | None:
    if isinstance(value, int) and isinstance(largest, int) and largest:
        return value / largest
    return value if isinstance(value, float) else None


def _order(value: Value) -> tuple[int, float, str]:
    """Numbers from the largest, then text from A, then what is not known."""
    if isinstance(value, str):
        return 1, 0, value.casefold()
    return (2, 0, "") if value is None else (0, -value, "")


def _link(panel: Panel, name: str, row: dict[str, Value], post_href: str) -> str:
    if panel.question == "headings" or name not in ("title", "other_title"):
        return ""
    post = row["post" if name == "title" else "other"]
    return post_href.replace("{}", str(post)) if post else ""


def name_text(panel: Panel, column: str, value: str, language: Language) -> str:
    """What a row is about; a word of ours stands for what has no name."""
    if value:
        if column == "helpful":
            return word("yes" if value == "yes" else "no", language)
        translated = column == "step" or panel.kind == "device"
        return named(value, language) if translated else value
    keys = (f"none_{panel.question}_{column}", f"none_{column}", "none")
    return word(next(key for key in keys if knows(key)), language)


def number_text(name: str, value: Value) -> str:
    """A number as people read it: thousands with commas, shares in per cent, times in minutes."""
    if value is None or isinstance(value, str):
        return value or "–"
    if name == "active_seconds":
        return f"{int(value) // 60}:{int(value) % 60:02}"
    if name == "active_minutes":
        return f"{value:,.0f} min" if value < 600 else f"{value / 60:,.0f} h"
    return f"{value * 100:,.1f} %" if isinstance(value, float) else f"{value:,}"


def change(name: str, value: Value, before: Value, language: Language) -> str:
    """How a number differs from the one before: in per cent, and of shares in points; ``new`` after nothing."""
    if not isinstance(value, int | float) or isinstance(before, str):
        return ""
    is_time = name in ("active_seconds", "active_minutes")
    is_share = isinstance(value, float) and not is_time
    if not before and (before is None or not is_share):
        return word("new", language) if value and not isinstance(value, float) else ""
    assert before is not None
    moved = (value - before) * 100 if is_share else (value / before - 1) * 100
    sign = "▲" if moved > 0.05 else "▼" if moved < -0.05 else "="
    unit = f" {word('points', language)}" if is_share else " %"
    return f"{sign} {abs(moved):,.{0 if abs(moved) >= 100 else 1}f}{unit}" if sign != "=" else "="


@dataclass(frozen=True)
class Tile:
    """One measure of the overview."""

    label: str
    text: str
    before: str
    change: str


ALWAYS = ("visitors", "views", "active_seconds", "depth", "finished", "unlock", "newsletter_signup", "bot_views")


def tiles(table: Table, language: Language) -> Iterable[Tile]:
    """The overview's measures; those that did not happen, before neither, only if they are looked for always."""
    for row in table.records():
        name, value, before = str(row["measure"]), row["value"], row.get("value" + BEFORE)
        if name in ALWAYS or value or before:
            compared = "value" + BEFORE in row
            yield Tile(
                named(name, language),
                number_text(name, value),
                number_text(name, before) if compared else "",
                change(name, value, before, language) if compared else "",
            )


@dataclass(frozen=True)
class Step:
    """How many came so far; ``share`` of the step that most came to, ``kept`` of the step before."""

    label: str
    readers: str
    share: float
    kept: str
    change: str


def steps(panel: Panel, table: Table, language: Language) -> tuple[tuple[str, tuple[Step, ...]], ...]:
    """The funnel as one way without a name, courses as one for each: their chapters in order."""
    ways: dict[str, list[Step]] = {}
    most: dict[str, int] = {}
    for row in table.records():  # a later chapter may have more readers than the first
        way, readers = str(row.get("course") or ""), row["readers"]
        most[way] = max(most.get(way, 0), readers if isinstance(readers, int) else 0)
    before: dict[str, Value] = {}
    for row in table.records():
        way, readers = str(row.get("course") or ""), row["readers"]
        label = f"{row['chapter']}. {row['title']}" if "chapter" in row else named(str(row["step"]), language)
        last = before.get(way)
        kept = readers / last if isinstance(readers, int) and isinstance(last, int) and last else None
        moved = change("readers", readers, row.get("readers" + BEFORE), language)
        part = readers / most[way] if isinstance(readers, int) and readers else 0.0
        step = Step(
            label,
            number_text("readers", readers),
            part,
            "" if kept is None else number_text("kept", round(kept, 4)),
            moved if "readers" + BEFORE in table.columns else "",
        )
        ways.setdefault(way, []).append(step)
        before[way] = readers
    return tuple((way, tuple(found)) for way, found in ways.items())
