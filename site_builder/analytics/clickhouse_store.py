"""The store of a site that outgrows one file: ClickHouse, asked in the same SQL. No transactions: every step may be done again.

Events come first, then that their days are due, then the position: after a crash between them a batch is loaded again, whose ids
are then known. A day's roll-ups are made in tables beside and take the old ones' place at once. Several processes may do all of
it at the same time: several collectors may share a database.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from pydantic_core import to_json

from site_builder.analytics.clickhouse import Connection, ask, connect, on
from site_builder.analytics.clickhouse_tables import make_missing, tables_beside
from site_builder.analytics.dialect import clickhouse_query, literal
from site_builder.analytics.record import DAY, OLDEST, Record
from site_builder.analytics.rollup import bounds_of_day, days_touched, roll_ups, views_of_day
from site_builder.analytics.schema import DAILY, EVENTS, HOUR, day_of_ms, row
from site_builder.analytics.spool import START, Position
from site_builder.analytics.store import Bound, Loaded, days_changed, parsed
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError

__all__ = ["ClickHouseStore", "connect"]

_AT_ONCE = 5000
_WAIT_SECONDS = 600.0
_MEETINGS = 3
"""So often a day is rolled up if others do so at the same time; then it stays due."""
_DAYS_BACK = OLDEST // DAY + 1


class ClickHouseStore:
    """A database of its own on one server, or on the servers of a cluster, where each has all (replicas)."""

    def __init__(self, connection: Connection) -> None:
        """Make what tables are missing. Raises AnalyticsError if the server does not answer, or refuses."""
        self._at = connection
        make_missing(connection)

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        """As in ``Store``."""
        return ask(self._at, sql, **bound)

    def load(self, records: Iterable[Record], spool: str = "", position: Position = START) -> Loaded:
        """As in ``Store``."""
        taken = list(records)
        opened = self._opened()
        rows = [row(record) for record in taken]  # before all else: of values that no event has not even a day is known
        of_open = [(record, found) for record, found in zip(taken, rows, strict=True) if day_of_ms(record.t) >= opened]
        late = len(taken) - len(of_open)
        open_records = {record.id: record for record, _ in of_open}
        known = self._known(list(open_records.values()))
        new = {record.id: found for record, found in of_open if record.id not in known}
        if new:
            lines = (to_json(dict(zip(EVENTS, found, strict=True))) for found in new.values())
            self._run("INSERT INTO events FORMAT JSONEachRow", b"\n".join(lines))
        # Not before: who rolls up at the same time would take the mark for done without the events. And those that are
        # known too: they may be of a batch that a crash kept from being marked.
        self._mark(day for day in days_touched(open_records.values()) if day >= opened)
        if spool:
            self._keep(f"position {spool}", json.dumps(position))
        return Loaded(len(new), len(taken) - late - len(new), late)

    def _known(self, records: Sequence[Record]) -> set[str]:
        """Which ids are there already: an event that comes again is of about the same time, so that not all days are searched."""
        known: set[str] = set()
        for at in range(0, len(records), _AT_ONCE):
            some = records[at : at + _AT_ONCE]
            found = self.rows(
                "SELECT id FROM events WHERE day BETWEEN :since AND :until AND id IN :ids",
                since=min(day_of_ms(record.t) for record in some) - _DAYS_BACK,
                until=max(day_of_ms(record.t) for record in some) + _DAYS_BACK,
                ids=[record.id for record in some],
            )
            known.update(id for (id,) in found)
        return known

    def position(self, spool: str) -> Position:
        return Position(*json.loads(self._note(f"position {spool}") or "[0, 0]"))

    def due(self) -> list[int]:
        return sorted(self._marks())

    def _marks(self) -> dict[int, list[str]]:
        """The marks of each day that is due."""
        marks: dict[int, list[str]] = {}
        for day, mark in self.rows("SELECT day, mark FROM due GROUP BY day, mark HAVING sum(sign) > 0"):
            marks.setdefault(day, []).append(mark)
        return marks

    def _mark(self, days: Iterable[int]) -> dict[int, list[str]]:
        """Have days be due, each by a mark of its own, which are returned."""
        marks = {day: [secrets.token_hex(8)] for day in sorted(days)}
        self._sign(marks, 1)
        return marks

    def _sign(self, marks: Mapping[int, Iterable[str]], sign: int) -> None:
        by = secrets.token_hex(8)
        lines = [
            to_json({"day": day, "mark": mark, "sign": sign, "by": by}) for day, some in marks.items() for mark in some
        ]
        if lines:
            self._run("INSERT INTO due FORMAT JSONEachRow", b"\n".join(lines))

    def roll_up(self, days: Iterable[int] | None = None) -> int:
        """As in ``Store``. Several may roll up at once, each in tables of its own: whose days meet count these again."""
        chosen = self._marks().keys() if days is None else set(days)
        if not chosen:
            return 0
        with tables_beside(self._at) as beside:
            again = sorted(chosen)
            for _ in range(_MEETINGS):
                again = [day for day in again if not self._rolled(day, beside)]
        return len(chosen)

    def _rolled(self, day: int, beside: str) -> bool:
        """Roll the day up, and take back the marks that were there before. False, and it is due, if another did so meanwhile.

        Of two who counted at once, the one with the older events may have come last. Both have taken back the same mark then,
        and who does so second finds it taken back twice.
        """
        marks = {day: self._marks().get(day) or self._mark([day])[day]}
        self._settle(day)
        self._settle(day + 1)
        self._roll(day, beside)
        self._sign(marks, -1)
        met = self.rows(
            "SELECT mark FROM due WHERE day = :day AND mark IN :marks GROUP BY mark HAVING sum(sign) < 0",
            day=day,
            marks=marks[day],
        )
        if met:
            self._mark([day])
        return not met

    def _settle(self, day: int) -> None:
        """An event that two collectors took at the same time may be of two days by their clocks: the earlier one's stays."""
        twice = self.rows(
            "SELECT id FROM events WHERE day IN (:before, :day) AND t BETWEEN :since AND :until GROUP BY id "
            "HAVING min(day) != max(day)",
            before=day - 1,
            day=day,
            since=day * DAY - HOUR,
            until=day * DAY + HOUR,
        )
        if twice:
            self._mark([day])
            self._delete(f"day = {day} AND id IN {literal([id for (id,) in twice])}")

    def _roll(self, day: int, beside: str) -> None:
        self._run(f"TRUNCATE TABLE {beside.format('views')}")
        views = beside.format("views")
        for statement in (views_of_day(views), *roll_ups(views, beside)):
            self._run(clickhouse_query(statement, bounds_of_day(day)))
        if day < self._opened():  # closed meanwhile, so that events may have been missing
            return
        for name in DAILY:
            fresh = beside.format(name)
            if self.rows(f"SELECT count(*) FROM {fresh} WHERE day = {day}") == [(0,)]:  # noqa: S608
                self._run(f"ALTER TABLE {name} DROP PARTITION {day}")
                continue
            self._run(f"ALTER TABLE {name} REPLACE PARTITION {day} FROM {fresh}")
            self._run(f"ALTER TABLE {fresh} DROP PARTITION {day}")

    def load_manifest(self, manifest: Manifest) -> None:
        self._keep("manifest", manifest.to_json().decode())

    def manifest(self) -> Manifest | None:
        text = self._note("manifest")
        return parsed(text) if text else None

    def forget(self, *, visitor: str = "", member: str = "") -> int:
        """As in ``Store``; returns when the events are gone from the disk, which rewrites the parts that held them."""
        column, who = ("visitor", visitor) if visitor else ("member", member)
        if not who:
            return 0
        touched = self.rows(
            f"SELECT day, name = 'engagement', count(*) FROM {{events}} WHERE {column} = :who GROUP BY day, name = 'engagement'",  # noqa: S608
            who=who,
        )
        days = days_changed(((day, reading) for day, reading, _ in touched), self._opened())
        self._mark(days)
        self._delete(f"{column} = {literal(who)}")
        self.roll_up(days)
        return sum(count for _, _, count in touched)

    def prune(self, before: int) -> int:
        """As in ``Store``. What is due of those days is rolled up first."""
        self.roll_up([day for day in self.due() if day < before])
        if before > self._opened():
            self._keep("open", str(before))
        gone = self.rows("SELECT count(*) FROM {events} WHERE day < :before", before=before)[0][0]
        if gone:
            self._delete(f"day < {before}")
        return int(gone)

    def reopen(self, day: int) -> None:
        if day < self._opened():
            self._keep("open", str(day))

    def _delete(self, which: str) -> None:
        """A mutation: the server rewrites in its own time, and is waited for."""
        self._run(f"ALTER TABLE events{on(self._at.cluster)} DELETE WHERE {which}")
        asked = "SELECT count(*) FROM system.mutations WHERE database = currentDatabase() AND table = 'events' AND is_done = 0"
        until = time.monotonic() + _WAIT_SECONDS
        while self.rows(asked) != [(0,)]:
            if time.monotonic() > until:
                raise AnalyticsError(
                    f"{self._at.place} has not deleted the events after {_WAIT_SECONDS:.0f} seconds",
                    hint="It goes on by itself; look at system.mutations, and ask again.",
                )
            time.sleep(0.05)

    def _opened(self) -> int:
        """The first day that is not closed."""
        return int(self._note("open") or 0)

    def _note(self, name: str) -> str:
        found = self.rows("SELECT argMax(value, version) FROM notes WHERE name = :name GROUP BY name", name=name)
        return found[0][0] if found else ""

    def _keep(self, name: str, value: str) -> None:
        ((newest,),) = self.rows("SELECT max(version) FROM notes WHERE name = :name", name=name)
        self._run(
            "INSERT INTO notes FORMAT JSONEachRow", to_json({"name": name, "value": value, "version": int(newest) + 1})
        )

    def _run(self, sql: str, data: bytes = b"") -> bytes:
        return self._at.run(sql, data)

    def current(self) -> bool:
        """As in ``Store``: every query asks whatever answers at the address."""
        return True

    def close(self) -> None:
        self._at.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
