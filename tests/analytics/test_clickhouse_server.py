"""The same answers from real servers over HTTP: one, and two that replicate each other. Where the programs are installed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from site_builder.analytics.keeper import Keeper, Keeping
from site_builder.analytics.period import Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import Record
from site_builder.analytics.spool_id import spool_id
from site_builder.analytics.store import Loaded, Store, open_store
from tests.analytics.clickhouse_servers import CLUSTER, SERVER, ZOOKEEPER, ask, servers
from tests.analytics.made_up import LAST_DAY, SITE, events, manifest
from tests.analytics.spooled import spool_of

MADE = list(events(4000, days=4))
MEMBER = next(event.member for event in MADE if event.member)


def answers(store: Store) -> list[Any]:
    return [question(store, Period.last(5, LAST_DAY)).rows for question in QUESTIONS.values()]


def fill(store: Store) -> Store:
    assert store.load(MADE[:3000]) == Loaded(3000)
    assert store.load(MADE[2000:]) == Loaded(1000, 1000)
    store.roll_up()
    store.load_manifest(manifest())
    return store


if SERVER:

    def test_a_server_over_http_gives_the_same_answers(tmp_path: Path) -> None:
        with servers(tmp_path) as (at,), open_store(tmp_path / "sqlite") as sqlite:
            fill(sqlite)
            with open_store(f"clickhouse://{at}/readers") as store:
                assert answers(fill(store)) == answers(sqlite)
                assert store.forget(member=MEMBER) == sqlite.forget(member=MEMBER) > 0
                assert answers(store) == answers(sqlite)

    def test_two_collectors_of_one_database_lose_and_double_nothing_whenever_their_keepers_die(tmp_path: Path) -> None:
        """Each takes a half, and a tenth that readers sent to both."""
        halves = [spooled(tmp_path / name, part) for name, part in (("a", MADE[:2400]), ("b", MADE[2000:]))]
        with servers(tmp_path) as (at,), open_store(tmp_path / "sqlite") as sqlite:
            keeping = Keeping(f"clickhouse://{at}/readers", SITE)
            keepers = [Keeper(keeping, spool) for spool in halves]
            for _ in range(4):
                for keeper in keepers:
                    assert keeper._process and keeper._process.pid
                    keeper._process.join(0.7)
                    os.kill(keeper._process.pid, signal.SIGKILL)
                    keeper._process.join()
                    keeper.revive()
            for keeper in keepers:
                keeper.stop()
            sqlite.load(MADE)
            sqlite.roll_up()
            sqlite.load_manifest(manifest())
            with open_store(keeping.store) as store:
                assert store.position(spool_id(halves[0])) != store.position(spool_id(halves[1]))
                store.roll_up()
                store.load_manifest(manifest())
                assert store.due() == []
                assert answers(store) == answers(sqlite)
                assert store.rows("SELECT count(*) FROM {events}") == [(len(MADE),)]

    def spooled(data: Path, records: list[Record]) -> Path:
        return spool_of(data, *(records[at : at + 200] for at in range(0, len(records), 200)))


if SERVER and ZOOKEEPER:

    def test_two_servers_have_all_of_it_each(tmp_path: Path) -> None:
        with servers(tmp_path, 2) as both, open_store(tmp_path / "sqlite") as sqlite:
            first, second = (open_store(f"clickhouse://{at}/readers?cluster={CLUSTER}") for at in both)
            fill(sqlite)
            with first as one, second as two:
                fill(one)
                sync(both)
                assert answers(one) == answers(two) == answers(sqlite)
                assert two.load(MADE[:500]) == Loaded(0, 500)
                assert two.forget(member=MEMBER) == sqlite.forget(member=MEMBER) > 0
                sync(both)
                assert answers(one) == answers(two) == answers(sqlite)
                counts = {ask(at, "SELECT count(*) FROM readers.events FINAL") for at in both}
                assert counts == {str(sqlite.rows("SELECT count(*) FROM events")[0][0])}

    def sync(both: list[str]) -> None:
        """Wait until each server has what the other has."""
        for at in both:
            for table in ("events", "daily_views", "daily_events", "daily_pairs", "notes", "due"):
                assert ask(at, f"SYSTEM SYNC REPLICA readers.{table}") == ""
