"""Two million events in seconds: two days of a made-up site, loaded and counted as ever, and then the same days again and again.

A copy has ids, page views and days of its own. What was counted of its days is copied too, since nothing in it depends on which
day it is; ``counted_anew`` says whether that is so.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from site_builder.analytics.period import day_number
from site_builder.analytics.record import DAY, Record
from site_builder.analytics.schema import DAILY, EVENTS
from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics.made_up import LAST_DAY, events, manifest

DAYS, COPIES, EACH = 2, 100, 20_000
FIRST = day_number(LAST_DAY) - DAYS + 1


def originals() -> list[Record]:
    """The events of the last two days, from which the others are copied."""
    made = events(EACH + 500, days=DAYS, seed=3)
    return [record for record in made if record.t // DAY < FIRST + DAYS][:EACH]


def fill(path: Path) -> list[Record]:
    """Make the store; returns its events of the last two days."""
    base = originals()
    with SqliteStore(path) as store:
        store.load_manifest(manifest())
        assert store.load(base).new == EACH
        store.roll_up()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        indexes = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql != ''").fetchall()
        # Nothing is lost if it breaks off.
        for setting in ("journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY", "cache_size = -200000"):
            db.execute(f"PRAGMA {setting}")
        db.execute("BEGIN")
        for name, _ in indexes:  # quicker when all is there
            db.execute(f"DROP INDEX {name}")
        numbers = f"WITH copies (copy) AS (SELECT 1 UNION ALL SELECT copy + 1 FROM copies WHERE copy < {COPIES - 1}) "
        apart = {
            # The digit of a UUID's version says that it is a copy's.
            **{
                name: f"printf('%04x', copy) || substr({name}, 5, 10) || '8' || substr({name}, 16)"
                for name in ("id", "pv")
            },
            **{name: f"{name} - copy * {DAYS * DAY}" for name in ("t", "received")},
            "day": f"day - copy * {DAYS}",
        }
        for table, columns in {"events": EVENTS, **DAILY}.items():
            told = ", ".join(apart.get(name, name) for name in columns)
            db.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) {numbers} SELECT {told} FROM copies CROSS JOIN {table} AS one"
            )
        for _, sql in indexes:
            db.execute(sql)
        db.execute("COMMIT")
    return base


def counted_anew(path: Path, day: int) -> bool:
    """Whether a day is counted from its events as it was copied."""

    def rows(store: SqliteStore) -> list[list[tuple[Any, ...]]]:
        return [sorted(store.rows(f"SELECT * FROM {table} WHERE day = :day", day=day)) for table in DAILY]

    with SqliteStore(path) as store:
        before = rows(store)
        store.roll_up([day])
        return rows(store) == before and all(before)
