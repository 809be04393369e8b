"""Putting an answer together: rows by what they are about, the compared period beside this one, in a fixed order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.table import BEFORE, Table, Value

Rows = Mapping[tuple[Value, ...], tuple[Value, ...]]
"""Numbers by what they are about."""


def answer(
    name: str,
    about: Sequence[str],
    numbers: Sequence[str],
    ask: Callable[[Period], Rows],
    period: Period,
    notes: Sequence[str] = (),
    *,
    largest_first: int | None = 0,
) -> Table:
    """The table of what ``ask`` finds for the period, and for the one it is compared with.

    Rows are sorted by their number ``largest_first``, then by what they are about; with None they keep the order of ``ask``.
    What is only in the compared period has nothing in the columns of this one, and comes last.
    """
    found = dict(ask(period))
    earlier = period.earlier()
    before = ask(earlier) if earlier else {}
    nothing = (None,) * len(numbers)
    for key in before:
        found.setdefault(key, nothing)
    rows = [(*key, *values, *(before.get(key, nothing) if earlier else ())) for key, values in found.items()]
    if largest_first is not None:
        at = len(about) + largest_first
        rows.sort(key=lambda row: (-_number(row[at]), [str(value) for value in row[: len(about)]]))
    columns = (*about, *numbers, *(f"{number}{BEFORE}" for number in numbers if earlier))
    return Table(name, columns, tuple(rows), tuple(notes), period)


def side_by_side(
    name: str,
    columns: tuple[str, ...],
    ask: Callable[[Period], list[tuple[Value, ...]]],
    period: Period,
    notes: Sequence[str] = (),
) -> Table:
    """The table of a row for each step of the period, and beside it the step of the compared one that has its place."""
    rows = ask(period)
    if earlier := period.earlier():
        before = ask(earlier)
        nothing = (None,) * len(columns)
        rows = [(*row, *(before[at] if at < len(before) else nothing)) for at, row in enumerate(rows)]
        columns += tuple(f"{column}{BEFORE}" for column in columns)
    return Table(name, columns, tuple(rows), tuple(notes), period)


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else -1.0


def counted(where: Filter) -> tuple[str, ...]:
    """The notes on how visitors were counted: the whole site's, or each post's by itself."""
    return ("visitors", "readers", "bots") if where else ("visitors", "bots")
