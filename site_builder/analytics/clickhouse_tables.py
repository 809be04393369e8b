"""The tables of a ClickHouse store: what they are, how missing ones are made, and those beside them in which days are counted."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from site_builder.analytics.clickhouse import Connection, ask, on
from site_builder.analytics.schema import DAILY, EVENTS, NUMBER, TEXT, VIEWS, day_of_ms

_BESIDE = "rolling_"
"""What the tables are called in which a roll-up is made: this, the day, and something of its own."""
_DURABLE = ("fsync_after_insert", "fsync_part_directory")
_DUE = {"day": NUMBER, "mark": TEXT, "sign": "sign", "by": TEXT}
"""``by`` differs with each row: in a cluster an insert that is another's like is taken for a repetition of it."""
_NOTES = {"name": TEXT, "value": TEXT, "version": NUMBER}
_ORDERS = {
    "daily_views": "dim, post, day, bot, value",
    "daily_events": "name, post, day, bot, key, outcome",
    "daily_pairs": "post, other, day",
}
_TABLES: dict[str, tuple[Any, ...]] = {
    "events": (EVENTS, "ReplacingMergeTree", "day, id", "intDiv(day, 32)"),
    **{name: (columns, "MergeTree", _ORDERS[name], "day") for name, columns in DAILY.items()},
    "due": (_DUE, "CollapsingMergeTree", "day, mark", "", "sign"),
    "notes": (_NOTES, "ReplacingMergeTree", "name", "", "version"),
}
"""Columns, engine, order, partition, and what the engine is given."""
_TYPES = {TEXT: "String", NUMBER: "Int64", "sign": "Int8"}


def make_missing(at: Connection) -> None:
    """Make the tables that are not there, and drop what roll-ups left that were killed: nobody takes a day for one."""
    there = {name for (name,) in ask(at, "SELECT name FROM system.tables WHERE database = currentDatabase()")}
    for name, described in _TABLES.items():
        if name not in there:
            _make(at, name, *described)
    for name in there:
        made = name.removeprefix(_BESIDE).split("_")[0]
        if name.startswith(_BESIDE) and made.isdecimal() and int(made) < _today() - 1:
            at.run(f"DROP TABLE IF EXISTS {name}")


def _make(
    at: Connection, name: str, columns: dict[str, str], engine: str, order: str, partition: str, *given: str
) -> None:
    """One table, as it is on each server: in a cluster the engine is the replicated one."""
    if at.cluster:
        database = at.run("SELECT currentDatabase()").decode().strip()
        engine, given = f"Replicated{engine}", (f"'/clickhouse/tables/{database}/{name}'", "'{replica}'", *given)
    at.run(
        f"CREATE TABLE IF NOT EXISTS {name}{on(at.cluster)} ({_columns(columns)}) "
        f"ENGINE = {engine}({', '.join(given)}) {f'PARTITION BY {partition} ' * bool(partition)}ORDER BY ({order})"
        f"{_durable(at)}"
    )


@contextmanager
def tables_beside(at: Connection) -> Iterator[str]:
    """Tables of one's own for page views and each roll-up, empty, until the end of the block: a form of their names."""
    beside = f"{_BESIDE}{_today()}_{secrets.token_hex(4)}_{{}}"
    try:
        at.run(f"CREATE TABLE {beside.format('views')} ({_columns(VIEWS)}) ENGINE = Memory")
        durable = _durable(at)
        for name, columns in DAILY.items():
            at.run(
                f"CREATE TABLE {beside.format(name)} ({_columns(columns)}) "
                f"ENGINE = MergeTree() PARTITION BY day ORDER BY ({_ORDERS[name]}){durable}"
            )
        yield beside
    finally:
        for name in ("views", *DAILY):
            at.run(f"DROP TABLE IF EXISTS {beside.format(name)}")


def _columns(columns: dict[str, str]) -> str:
    return ", ".join(f"{name} {_TYPES[kind]}" for name, kind in columns.items())


def _durable(at: Connection) -> str:
    """Has what was inserted be on the disk when the server says so, if it can: 18.16 can't."""
    known = ask(at, "SELECT name FROM system.merge_tree_settings WHERE name IN :names", names=_DURABLE)
    return " SETTINGS " + ", ".join(f"{name} = 1" for (name,) in sorted(known)) if known else ""


def _today() -> int:
    return day_of_ms(time.time_ns() // 1_000_000)
