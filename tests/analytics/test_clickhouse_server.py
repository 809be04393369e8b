"""The same answers from real servers over HTTP: one, and two that replicate each other. Where the programs are installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from site_builder.analytics.period import Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.store import Loaded, Store, open_store
from tests.analytics.clickhouse_servers import CLUSTER, SERVER, ZOOKEEPER, ask, servers
from tests.analytics.made_up import LAST_DAY, events, manifest

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
