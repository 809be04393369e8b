"""ClickHouse's engine gives the same answers as SQLite, whatever was loaded, closed or forgotten."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.analytics.clickhouse_store import ClickHouseStore
from site_builder.analytics.dialect import literal
from site_builder.analytics.loader import load
from site_builder.analytics.period import Filter, Period, day_number
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import DAY
from site_builder.analytics.retention import forget_member, forget_visitor, prune
from site_builder.analytics.schema import DAILY
from site_builder.analytics.spool import Position
from site_builder.analytics.store import Loaded, Store, open_store
from tests.analytics.engines import ChDb, served
from tests.analytics.made_up import LAST_DAY, events, identifier, manifest
from tests.analytics.spooled import spool_of

MADE = list(events(20_000, days=5))
FEW = MADE[::20]
NOW = day_number(LAST_DAY) * DAY
WHOLE = (Period.last(6, LAST_DAY), Filter())
ASKED = (
    WHOLE,
    (WHOLE[0], Filter(author="Ada", tag="测试")),
    (Period.last(2, LAST_DAY, "previous"), Filter(post=manifest().posts[0].id)),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ChDb:
    return ChDb(tmp_path_factory.mktemp("chdb"))


@pytest.fixture
def pair(engine: ChDb, tmp_path: Path) -> Iterator[tuple[Store, Store]]:
    """An empty store of each kind."""
    engine.drop()
    with open_store(tmp_path / "store") as sqlite, ClickHouseStore(engine) as clickhouse:
        yield sqlite, clickhouse


def answers(store: Store, asked: tuple[tuple[Period, Filter], ...] = (WHOLE,)) -> dict[Any, Any]:
    return {
        (name, period, where): ask(store, period, where=where).rows
        for name, ask in QUESTIONS.items()
        for period, where in asked
    }


def test_every_question_has_the_same_answer_of_20000_events(pair: tuple[Store, Store]) -> None:
    found = []
    for store in pair:
        assert store.load(MADE[:12_000], "a", Position(2, 5)) == Loaded(12_000)
        assert store.load(MADE[11_000:]) == Loaded(8000, 1000)
        assert store.roll_up() == 7
        assert store.due() == []
        store.load_manifest(manifest())
        found.append(answers(store, ASKED))
        assert (store.position("a"), store.manifest()) == (Position(2, 5), manifest())
    assert found[0] == found[1]
    assert sum(map(bool, found[0].values())) > 65


def test_what_is_forgotten_closed_and_late_leaves_the_same(pair: tuple[Store, Store]) -> None:
    member = next(event.member for event in FEW if event.member)
    visitor = next(event.visitor for event in FEW if event.t > NOW and event.post)
    found: list[list[Any]] = [[], []]
    for store, told in zip(pair, found, strict=True):
        store.load_manifest(manifest())
        store.load(FEW)
        store.roll_up()
        told.append(forget_member(store, member))
        told.append(forget_visitor(store, visitor))
        told.append(answers(store))
        told.append(store.prune(day_number(LAST_DAY) - 1))
        told.append(store.load(FEW))
        store.roll_up()
        store.roll_up(range(day_number(LAST_DAY) - 5, day_number(LAST_DAY)))
        told.append(answers(store))
        told.append(prune(store, 8, NOW))
    assert found[0] == found[1]
    assert all(found[0][:2]) and found[0][3] and found[0][4].late


@pytest.mark.parametrize(
    "wrong",
    [{"t": float("inf")}, {"t": "noon"}, {"id": ["a"]}, {"name": "engagement", "props": {"scroll": float("inf")}}],
)
def test_a_batch_with_a_value_that_no_event_has_is_refused_whole(
    pair: tuple[Store, Store], wrong: dict[str, Any]
) -> None:
    for store in pair:
        with pytest.raises(ValueError, match="none that it can have"):
            store.load([*FEW[:3], FEW[3]._replace(**wrong)], "a", Position(2, 5))
        assert store.rows("SELECT count(*) FROM {events}") == [(0,)]
        assert (store.position("a"), store.due()) == (Position(), [])
        assert store.current()


def test_a_crash_between_the_steps_of_loading_doubles_nothing(engine: ChDb, pair: tuple[Store, Store]) -> None:
    class Crashing(ChDb):
        """Ends with the ``left``-th statement that writes."""

        def __init__(self, left: int) -> None:
            self._session, self.left = engine._session, left

        def run(self, sql: str, data: bytes = b"") -> bytes:
            if sql.startswith(("INSERT", "ALTER")):
                self.left -= 1
                if not self.left:
                    raise KeyboardInterrupt
            return super().run(sql, data)

    crashes = 0
    for left in range(1, 60):
        try:
            with ClickHouseStore(Crashing(left)) as store:
                store.load(FEW[:60], "a", Position(1, left))
                store.roll_up()
            break
        except KeyboardInterrupt:
            crashes += 1
    assert crashes > 10
    for store in pair:
        store.load(FEW[:60])
        store.load_manifest(manifest())
        store.roll_up()
        assert store.due() == []
    assert answers(pair[1]) == answers(pair[0])
    assert pair[1].rows("SELECT count(*) FROM events") == [(60,)]


class Between(ChDb):
    """Does something before the ``left``-th statement that writes, as another process might."""

    def __init__(self, engine: ChDb, left: int, something: Callable[[], object]) -> None:
        self._session, self.left, self.something = engine._session, left, something

    def run(self, sql: str, data: bytes = b"") -> bytes:
        if sql.startswith(("INSERT", "ALTER")):
            self.left -= 1
            if not self.left:
                self.something()
        return super().run(sql, data)


def test_of_two_that_count_a_day_at_once_none_leaves_events_out(engine: ChDb, pair: tuple[Store, Store]) -> None:
    today = [event for event in MADE if event.t // DAY == day_number(LAST_DAY)][:60]
    sqlite, other = pair

    def in_between() -> None:
        other.load(today[20:], "b", Position(1, 1))
        other.roll_up()

    sqlite.load(today)
    sqlite.roll_up()
    expected = sums(sqlite)
    for left in (2, 5, 8, 14):  # of loading three steps write, of rolling up eleven
        for table in ("events", "due", "notes", "daily_views", "daily_events", "daily_pairs"):
            engine.run(f"TRUNCATE TABLE {table}")
        with ClickHouseStore(connection := Between(engine, left, in_between)) as store:
            store.load(today[:30], "a", Position(1, 1))
            store.roll_up()
        assert connection.left <= 0
        other.roll_up()
        assert (other.due(), sums(other)) == ([], expected), left


def sums(store: Store) -> list[Any]:
    return [store.rows(f"SELECT * FROM {name} ORDER BY {', '.join(DAILY[name])}") for name in DAILY]


def test_an_event_that_two_collectors_took_for_different_days_is_of_the_first(
    engine: ChDb, pair: tuple[Store, Store]
) -> None:
    midnight = day_number(LAST_DAY) * DAY
    event = next(event for event in MADE if event.name == "reaction" and not event.bot)
    before, after = event._replace(t=midnight - 40), event._replace(t=midnight + 40)
    other = event._replace(id=identifier(7, 7), t=midnight + 50)
    sqlite, clickhouse = pair
    sqlite.load([before, other])
    between = Between(engine, 1, lambda: clickhouse.load([after, other], "b", Position(1, 1)))
    with ClickHouseStore(between) as store:
        assert store.load([before], "a", Position(1, 1)) == Loaded(1)
    for store in pair:
        store.roll_up()
        store.roll_up()
        assert store.due() == []
    assert sums(clickhouse) == sums(sqlite)
    assert clickhouse.rows("SELECT count(*) FROM events") == [(2,)]


def test_of_two_that_close_days_the_later_day_counts(pair: tuple[Store, Store]) -> None:
    last = day_number(LAST_DAY)
    for store in pair:
        store.load(FEW)
        store.roll_up()
        store.prune(last)
        store.prune(last - 3)
        assert store.load(FEW).new == 0
        assert store.load(FEW).late == sum(event.t // DAY < last for event in FEW)


def test_what_was_inserted_twice_all_the_same_counts_once(engine: ChDb, pair: tuple[Store, Store]) -> None:
    for store in pair:
        store.load(FEW[:300])
        store.load_manifest(manifest())
    engine.run("INSERT INTO events SELECT * FROM events")
    for store in pair:
        store.roll_up()
    assert pair[1].rows("SELECT count(*) FROM {events}") == [(300,)]
    assert answers(pair[1]) == answers(pair[0])


def test_nothing_of_a_roll_up_is_left_beside(engine: ChDb, pair: tuple[Store, Store]) -> None:
    pair[1].load(FEW[:50])
    pair[1].roll_up()
    engine.run("CREATE TABLE rolling_19000_0a1b2c3d_views (x Int8) ENGINE = Memory")
    ClickHouseStore(engine)
    assert engine.run("SHOW TABLES").decode().split() == [
        "daily_events", "daily_pairs", "daily_views", "due", "events", "notes",
    ]  # fmt: skip


def test_what_a_server_has_taken_is_on_its_disk_where_it_can_do_that(engine: ChDb, pair: tuple[Store, Store]) -> None:
    for (made,) in pair[1].rows("SELECT create_table_query FROM system.tables WHERE database = currentDatabase()"):
        assert "fsync_after_insert = 1" in made and "fsync_part_directory = 1" in made


def test_tables_that_are_there_are_not_made_again(engine: ChDb, pair: tuple[Store, Store]) -> None:
    """In a cluster each would ask all servers, and a page of the dashboard would wait for one that is down."""
    asked: list[str] = []

    class Told(ChDb):
        def __init__(self) -> None:
            self._session = engine._session

        def run(self, sql: str, data: bytes = b"") -> bytes:
            asked.append(sql)
            return super().run(sql, data)

    assert ClickHouseStore(Told()).due() == []
    assert [sql.split()[0] for sql in asked] == ["SELECT", "SELECT"]


def test_a_server_over_http_is_loaded_from_the_spool(engine: ChDb, tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", FEW[:400], FEW[400:])
    with served(engine) as at, open_store(tmp_path / "store") as sqlite:
        with open_store(f"clickhouse://ada:p%40ss@{at}/over_http") as store:
            assert load(spool, store).new == len(FEW)
            store.roll_up()
            store.load_manifest(manifest())
            assert store.due() == []
        with open_store(f"clickhouse://ada:p%40ss@{at}/over_http") as again:
            assert load(spool, again).new == 0
            found = answers(again)
        sqlite.load(FEW)
        sqlite.roll_up()
        sqlite.load_manifest(manifest())
        assert found == answers(sqlite)
        engine.use("readers")


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_text_is_a_value_and_never_sql(engine: ChDb, text: str) -> None:
    answer = engine.run(f"SELECT hex({literal(text)}), 7").decode().split()
    assert answer[-1] == "7" and bytes.fromhex(answer[0] if len(answer) == 2 else "") == text.encode()
