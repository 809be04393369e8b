"""What a store can do, whichever engine keeps it: take events in, roll days up, answer SQL that all engines share, forget.

The loader and the commands write, questions read; only ``open_store`` knows which stores there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from site_builder.analytics.record import Record
from site_builder.analytics.spool import START, Position
from site_builder.engagement.manifest import Manifest
from site_builder.errors import ConfigError

Bound = int | str | Sequence[str]
"""What stands for ``:name`` in SQL; a sequence only after ``IN``."""


_ADDRESSES = ("clickhouse://", "clickhouses://")


@dataclass(frozen=True)
class Loaded:
    """What became of a batch: new events, those that were there already, and those whose day is closed."""

    new: int
    known: int = 0
    late: int = 0


class Store(Protocol):
    """One site's events and roll-ups, from any number of spools. Every method raises AnalyticsError if it can't be used."""

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        """What a query of the shared SQL finds: ``:name`` stands for a value, ``{events}`` for the events, each once."""

    def load(self, records: Iterable[Record], spool: str = "", position: Position = START) -> Loaded:
        """Keep events, each id once for good, and that the spool of this id has been read up to ``position``. Days become due.

        Without ``spool`` no position changes.
        """

    def position(self, spool: str) -> Position:
        """Where to go on in the spool of this id."""

    def due(self) -> list[int]:
        """Days, as numbers, whose roll-ups do not have all events yet."""

    def roll_up(self, days: Iterable[int] | None = None) -> int:
        """Make the roll-ups of the days anew, by default of those that are due; returns how many days."""

    def load_manifest(self, manifest: Manifest) -> None:
        """Keep what the posts are called, in place of what was kept before."""

    def manifest(self) -> Manifest | None:
        """What the posts are called; None if none was loaded that this version can read."""

    def forget(self, *, visitor: str = "", member: str = "") -> int:
        """Remove a visitor's or a member's events, and count their days anew; returns how many events."""

    def prune(self, before: int) -> int:
        """Close the days before ``before``: their events go, roll-ups stay, late ones are not taken; returns how many events."""

    def reopen(self, day: int) -> None:
        """Take events from ``day`` on again, if later days were closed: by a clock that was ahead."""

    def current(self) -> bool:
        """Whether it is still what its name stands for; a file may have been moved away or replaced while it was open."""

    def close(self) -> None: ...


def days_changed(touched: Iterable[tuple[int, int]], opened: int) -> list[int]:
    """The days from ``opened`` on whose sums change with events of days; with each day, whether they are reports of reading.

    Such a report may be of a page view that began the day before.
    """
    return sorted({day - back for day, reading in touched for back in range(reading + 1) if day - back >= opened})


@lru_cache(maxsize=1)
def parsed(manifest: str) -> Manifest | None:
    """The manifest that a store has kept as text; None if another version did, until it is loaded again."""
    try:
        return Manifest.parse(manifest)
    except ValueError:
        return None


def named(store: str, data: Path) -> str:
    """What ``--store`` and ``--data`` name, as ``open_store`` takes it. Raises ConfigError if it is neither of the two kinds."""
    if store == "sqlite":
        return str(data)
    if not store.startswith(_ADDRESSES):
        raise ConfigError(
            f"--store {store} is no store", hint="Write `sqlite`, or clickhouse://user@host:8123/database."
        )
    return store


def open_store(where: str | Path) -> AbstractContextManager[Store]:
    """The store at a folder or a file ``….sqlite``, made if it is not there, or at an address as ``clickhouse.FORM`` has it.

    Raises AnalyticsError if it can't be used.
    """
    text = str(where)
    if text.startswith(_ADDRESSES):
        from site_builder.analytics.clickhouse_store import ClickHouseStore, connect

        return ClickHouseStore(connect(text))
    from site_builder.analytics.sqlite_store import FILE, SqliteStore

    path = Path(where)
    return SqliteStore(path if path.suffix == ".sqlite" and not path.is_dir() else path / FILE)
