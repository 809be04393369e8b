"""The store that needs nothing installed: one SQLite file beside the spool. Several processes may read while one writes (WAL)."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from site_builder.analytics.dialect import sqlite_query
from site_builder.analytics.record import Record
from site_builder.analytics.rollup import DIMENSIONS, bounds_of_day, days_touched, roll_ups, views_of_day
from site_builder.analytics.schema import DAILY, EVENTS, NUMBER, VIEWS, row
from site_builder.analytics.spool import START, Position
from site_builder.analytics.store import Bound, Loaded, days_changed, parsed
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError, Place
from site_builder.sqlite_errors import in_words

FILE = "events.sqlite"
BUSY = 30.0
APPLICATION_ID = 0x5362_4541
_KEYS = {
    "daily_views": "dim, post, day, bot, value",
    "daily_events": "name, post, day, bot, key, outcome",
    "daily_pairs": "post, other, day",
}


def _table(name: str, columns: dict[str, str], end: str = "") -> str:
    told = (f"{column} {'INTEGER' if kind == NUMBER else 'TEXT'} NOT NULL" for column, kind in columns.items())
    return f"CREATE TABLE IF NOT EXISTS {name} ({', '.join(told)}{end}"


# ``due``: days whose roll-ups lack events. ``notes``: the position in each spool, the first day that is open, the manifest.
SCHEMA = (
    _table("main.events", EVENTS, ")"),
    "CREATE UNIQUE INDEX IF NOT EXISTS events_id ON events (id)",
    "CREATE INDEX IF NOT EXISTS events_day ON events (day)",
    "CREATE INDEX IF NOT EXISTS events_words ON events (t) WHERE words != ''",
    "CREATE INDEX IF NOT EXISTS events_member ON events (member) WHERE member != ''",
    *(
        _table(f"main.{name}", columns, f", PRIMARY KEY ({_KEYS[name]})) WITHOUT ROWID")
        for name, columns in DAILY.items()
    ),
    "CREATE INDEX IF NOT EXISTS daily_views_day ON daily_views (dim, day)",
    "CREATE INDEX IF NOT EXISTS daily_events_day ON daily_events (day, name)",
    "CREATE INDEX IF NOT EXISTS daily_pairs_day ON daily_pairs (day)",
    "CREATE TABLE IF NOT EXISTS due (day INTEGER PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
_OF_DAY = {
    # By their indexes: the first columns are named too.
    "daily_views": f"dim IN ({', '.join(repr(dim) for dim in DIMENSIONS)}) AND day = :day",
    "daily_events": "day = :day",
    "daily_pairs": "day = :day",
}
_DUE = "INSERT OR IGNORE INTO due VALUES (?)"
_DAY = list(EVENTS).index("day")
_INSERT = f"INSERT OR IGNORE INTO events ({', '.join(EVENTS)}) VALUES ({', '.join('?' * len(EVENTS))})"  # noqa: S608


class SqliteStore:
    """One file. Several threads may share it, one waits for the other; what a method changed is durable when it returns."""

    def __init__(self, path: Path) -> None:
        """Open the file, made if it is not there, for its owner alone. Raises AnalyticsError if it is no store."""
        self.path = path
        self._turn = threading.RLock()
        with self._in_words():
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with suppress(FileExistsError):
                    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            self._db = sqlite3.connect(path, timeout=BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    def _prepare(self) -> None:
        if self._id() != APPLICATION_ID:
            with self._transaction():
                if self._id() != APPLICATION_ID:  # and no other process has been quicker
                    self._make()
        for setting in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "temp_store = MEMORY",
            "cache_size = -32000",
            "secure_delete = ON",
        ):
            self._db.execute(f"PRAGMA {setting}")
        self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # makes the log, if it is not there
        self._files = self._found()

    def _make(self) -> None:
        if self._db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            raise AnalyticsError(
                "this database is not a store of events",
                place=Place(self.path),
                hint="It was left as it is. Name another file or folder.",
            )
        for statement in SCHEMA:
            self._db.execute(statement)
        self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")

    def _id(self) -> int:
        (found,) = self._db.execute("PRAGMA application_id").fetchone()
        return int(found)

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        """As in ``Store``."""
        query, values = sqlite_query(sql, bound)
        with self._in_words():
            return self._db.execute(query, values).fetchall()

    def load(self, records: Iterable[Record], spool: str = "", position: Position = START) -> Loaded:
        """As in ``Store``: events and position in one transaction."""
        taken = list(records)
        with self._in_words(), self._change():
            opened = int(self._note("open") or 0)
            rows = [found for record in taken if (found := row(record))[_DAY] >= opened]
            before = self._db.total_changes
            self._db.executemany(_INSERT, rows)
            new = self._db.total_changes - before
            if new:
                days = [(day,) for day in days_touched(taken) if day >= opened]
                self._db.executemany(_DUE, days)
            if spool:
                self._keep(f"position {spool}", json.dumps(position))
        return Loaded(new, len(rows) - new, len(taken) - len(rows))

    def position(self, spool: str) -> Position:
        with self._in_words():
            return Position(*json.loads(self._note(f"position {spool}") or "[0, 0]"))

    def due(self) -> list[int]:
        return [day for (day,) in self.rows("SELECT day FROM due ORDER BY day")]

    def roll_up(self, days: Iterable[int] | None = None) -> int:
        """As in ``Store``: each day in a transaction of its own, so that loading waits for one day at most."""
        chosen = self.due() if days is None else sorted(set(days))
        for day in chosen:
            with self._in_words(), self._change():
                if day >= int(self._note("open") or 0):  # else its events are gone, and its sums are all there is
                    self._roll(day)
                self._db.execute("DELETE FROM due WHERE day = ?", (day,))
        return len(chosen)

    def _roll(self, day: int) -> None:
        self._db.execute(_table("temp.views", VIEWS, ")"))
        self._db.execute("DELETE FROM temp.views")
        for name, which in _OF_DAY.items():
            self._db.execute(f"DELETE FROM {name} WHERE {which}", {"day": day})  # noqa: S608
        for statement in (views_of_day("temp.views"), *roll_ups("temp.views")):
            query, values = sqlite_query(statement, bounds_of_day(day))
            self._db.execute(query, values)

    def load_manifest(self, manifest: Manifest) -> None:
        with self._in_words(), self._change():
            self._keep("manifest", manifest.to_json().decode())

    def manifest(self) -> Manifest | None:
        with self._in_words():
            text = self._note("manifest")
        return parsed(text) if text else None

    def forget(self, *, visitor: str = "", member: str = "") -> int:
        """As in ``Store``; the file's pages that held them are overwritten."""
        column, who = ("visitor", visitor) if visitor else ("member", member)
        if not who:
            return 0
        with self._in_words(), self._change():
            opened = int(self._note("open") or 0)
            touched = self._db.execute(
                f"SELECT DISTINCT day, name = 'engagement' FROM events WHERE {column} = ?",  # noqa: S608
                (who,),
            ).fetchall()
            days = days_changed(touched, opened)
            gone = self._db.execute(f"DELETE FROM events WHERE {column} = ?", (who,)).rowcount  # noqa: S608
            self._db.executemany(_DUE, [(day,) for day in days])
        self.roll_up(days)
        self._overwrite()
        return gone

    def prune(self, before: int) -> int:
        """As in ``Store``. What is due of those days is rolled up first."""
        self.roll_up([day for day in self.due() if day < before])
        with self._in_words(), self._change():
            if before > int(self._note("open") or 0):
                self._keep("open", str(before))
            gone = self._db.execute("DELETE FROM events WHERE day < ?", (before,)).rowcount
            self._db.execute("DELETE FROM due WHERE day < ?", (before,))
        self._overwrite()
        return gone

    def reopen(self, day: int) -> None:
        with self._in_words(), self._change():
            if day < int(self._note("open") or 0):
                self._keep("open", str(day))

    def _overwrite(self) -> None:
        """Take what was deleted out of the log as well, if nobody reads just now; else SQLite does it in time."""
        with self._in_words():
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _note(self, name: str) -> str:
        found = self._db.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
        return found[0] if found else ""

    def _keep(self, name: str, value: str) -> None:
        self._db.execute(
            "INSERT INTO notes VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (name, value)
        )

    def current(self) -> bool:
        with self._in_words():
            return self._files == self._found()

    @contextmanager
    def _change(self) -> Iterator[None]:
        """One transaction in the file that has the name; what is written to one that was taken away is lost."""
        if not self.current():
            raise AnalyticsError(
                "the store was replaced or removed while it was open",
                place=Place(self.path),
                hint="Stop the collector before; what it had not yet written there is still in the spool.",
            )
        with self._transaction():
            yield

    def _found(self) -> list[tuple[int, int]]:
        """Which files have the names of the store and of its log; none of a name that is gone."""
        found = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(FileNotFoundError):
                file = path.stat()
                found.append((file.st_dev, file.st_ino))
        return found

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Undone by an error in it. What it deletes is overwritten with zeros."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # after some errors SQLite has undone it already
                self._db.execute("ROLLBACK")
            raise

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        mend = "Restore it from a backup; what the spool still has is loaded again by itself."
        with self._turn, in_words(AnalyticsError, "the store", self.path, mend):
            yield

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
