"""What the SQLite store keeps: each event once, days rolled up from whatever came, and a file that is nobody else's."""

from __future__ import annotations

import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.analytics import questions
from site_builder.analytics.period import Period, day_number
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import DAY, Record
from site_builder.analytics.schema import EVENTS, row
from site_builder.analytics.spool import Position
from site_builder.analytics.store import Loaded, Store, open_store
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import LAST_DAY, events, identifier, manifest

TODAY = day_number(LAST_DAY)
NOON = TODAY * DAY + DAY // 2
PERIOD = Period.last(5, LAST_DAY)
POST = manifest().posts[0].id


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        yield opened


def event(number: int, name: str = "pageview", t: int = NOON, view: int = 1, **more: Any) -> Record:
    fields: dict[str, Any] = {"post": POST, "visitor": "00000000000000aa", **more}
    return Record(
        id=identifier(number), site="s", name=name, t=t, received=t, pv=identifier(view), url="/", **fields
    )  # fmt: skip


def measures(store: Store, period: Period = PERIOD) -> dict[Any, Any]:
    store.roll_up()
    return dict(questions.overview(store, period).rows)


def answers(store: Store) -> list[tuple[Any, ...]]:
    store.roll_up()
    return [ask(store, PERIOD).rows for ask in QUESTIONS.values()]


def test_an_event_that_comes_again_is_the_same_event(store: Store) -> None:
    first = [event(1), event(2, "unlock")]
    assert store.load([*first, first[0]]) == Loaded(2, 1)
    assert store.load([first[1]._replace(t=NOON + 7), event(3, "unlock")]) == Loaded(1, 1)
    found = measures(store)
    assert (found["views"], found["unlock"]) == (1, 2)


def test_of_what_was_reported_again_and_again_the_most_counts(store: Store) -> None:
    reports = [
        event(10 + n, "engagement", NOON + n, props={"scroll": scroll, "active_ms": ms, "heading": heading})
        for n, (scroll, ms, heading) in enumerate(
            [(40, 9000, "b"), (95, 30_000, "d"), (10, 1000, "a"), (95, 30_000, "d")]
        )
    ]
    store.load([*reports, event(1)])
    found = measures(store)
    assert (found["views"], found["active_seconds"], found["depth"], found["finished"]) == (1, 30.0, 0.95, 1.0)
    assert store.rows("SELECT value, views FROM daily_views WHERE dim = 'heading' AND post = '*'") == [("d", 1)]


def test_a_page_view_is_of_the_day_on_which_it_began(store: Store) -> None:
    midnight = TODAY * DAY
    report = {"scroll": 50, "active_ms": 60_000}
    store.load(
        [
            event(1, t=midnight - 1),
            event(2, "engagement", midnight + 60_000, props=report),
            event(3, "engagement", midnight + 6 * 3_600_000, props={"scroll": 100, "active_ms": 90_000}),
        ]
    )
    measures(store)
    days = questions.over_time(store, Period.last(2, LAST_DAY))
    assert days.column("views") == (1, 0)
    assert days.column("active_minutes") == (1.0, 0.0)
    assert days.column("finished") == (0, 0)


def test_a_report_that_comes_after_midnight_changes_the_day_before(store: Store) -> None:
    midnight = TODAY * DAY
    store.load([event(1, t=midnight - 1)])
    store.roll_up()
    store.load([event(2, "engagement", midnight + 1, props={"scroll": 100, "active_ms": 1000})])
    assert store.due() == [TODAY - 1, TODAY]
    assert measures(store)["finished"] == 1.0
    assert store.due() == []


def test_a_visitor_counts_once_a_day(store: Store) -> None:
    store.load([event(n, view=n, t=NOON - DAY * (n % 2), visitor=f"{n // 4:016x}") for n in range(8)])
    found = measures(store)
    assert (found["views"], found["visitors"]) == (8, 4)


def test_bots_are_in_no_answer_but_their_own(store: Store) -> None:
    store.load([event(1, bot=49), event(2, view=2, bot=50), event(3, "unlock", view=2, bot=50)])
    found = measures(store)
    assert (found["views"], found["bot_views"], found["unlock"]) == (1, 1, 0)
    assert questions.bots(store, PERIOD).rows[-1][1:] == (1, 1, 0.5)


def test_roll_ups_hang_on_no_order_no_batch_and_no_repetition(tmp_path: Path) -> None:
    made = list(events(600, days=4))
    with open_store(tmp_path / "straight") as straight:
        straight.load_manifest(manifest())
        straight.load(made)
        expected = answers(straight)

    @settings(max_examples=8, deadline=None)
    @given(seed=st.integers(0, 2**32), size=st.integers(20, 400))
    def any_way(seed: int, size: int) -> None:
        chance = random.Random(seed)
        mixed = made + chance.sample(made, 100)
        chance.shuffle(mixed)
        path = tmp_path / f"{seed}-{size}.sqlite"
        path.unlink(missing_ok=True)
        with open_store(path) as store:
            store.load_manifest(manifest())
            for at in range(0, len(mixed), size):
                store.load(mixed[at : at + size])
                if chance.random() < 0.3:
                    store.roll_up()
            assert answers(store) == expected

    any_way()


def test_the_position_in_each_spool_is_kept_with_its_events(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        assert store.position("a") == Position(0, 0)
        store.load([event(1)], "a", Position(3, 77))
    with open_store(tmp_path) as store:
        store.load([event(2)], "b", Position(1, 5))
        assert (store.position("a"), store.position("b"), store.position("c")) == ((3, 77), (1, 5), (0, 0))
        with pytest.raises(ValueError):
            store.load([event(3), event(4, "quiz", props={"right": "many"})], "a", Position(4, 0))
        assert store.position("a") == Position(3, 77)
        assert store.rows("SELECT count(*) FROM {events}") == [(2,)]


def test_every_prop_finds_its_column() -> None:
    told = {
        "engagement": {"scroll": 52, "active_ms": 1234, "heading": "the-end"},
        "exercise": {"demo": "d", "event": "hint"},
        "demo_run": {"demo": "d", "ok": False},
        "quiz": {"quiz": "q", "right": 2, "of": 3},
        "feedback": {"helpful": True, "text": "Ja"},
        "cta_click": {"to": "unlock"},
        "x_own": {"deep": True},
    }
    rows = {name: dict(zip(EVENTS, row(event(1, name, props=props)), strict=True)) for name, props in told.items()}
    assert rows["engagement"]["reach"] == "05000001234the-end"
    assert (rows["exercise"]["key"], rows["exercise"]["outcome"]) == ("d", "hint")
    assert rows["demo_run"]["outcome"] == "failed"
    assert (rows["quiz"]["amount"], rows["quiz"]["out_of"]) == (2, 3)
    assert (rows["feedback"]["outcome"], rows["feedback"]["words"]) == ("yes", "Ja")
    assert (rows["cta_click"]["key"], rows["cta_click"]["outcome"]) == ("", "unlock")
    assert rows["x_own"]["props"] == '{"deep":true}'


def test_the_manifest_is_replaced_by_the_next(store: Store) -> None:
    assert store.manifest() is None
    for posts in (3, 12):
        store.load_manifest(manifest(posts))
        assert store.manifest() == manifest(posts)


def test_a_list_of_many_values_is_no_matter(store: Store) -> None:
    store.load([event(1)])
    ids = [identifier(n) for n in range(40_000)]
    assert store.rows("SELECT id FROM {events} WHERE id IN :ids", ids=ids) == [(identifier(1),)]


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    with open_store(tmp_path / "new"):
        file = tmp_path / "new" / "events.sqlite"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    sqlite3.connect(path).execute("CREATE TABLE mine (x)").connection.close()
    before = path.read_bytes()
    with pytest.raises(AnalyticsError, match="not a store"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_told_of(tmp_path: Path) -> None:
    path = tmp_path / "torn.sqlite"
    path.write_bytes(b"not at all" * 1000)
    with pytest.raises(AnalyticsError, match="damaged"):
        open_store(path)


@pytest.mark.parametrize("name", ["events.sqlite", "events.sqlite-wal"])
@pytest.mark.parametrize("what", ["replaced", "removed"])
def test_nothing_is_written_to_a_file_that_was_taken_away(tmp_path: Path, name: str, what: str) -> None:
    with open_store(tmp_path) as store:
        store.load([event(1)], "spool", Position(1, 10))
        if what == "removed":
            (tmp_path / name).unlink()
        else:
            shutil.copy(tmp_path / name, tmp_path / "copy")
            (tmp_path / "copy").replace(tmp_path / name)
        with pytest.raises(AnalyticsError, match="replaced or removed while it was open"):
            store.load([event(2)], "spool", Position(1, 20))
        assert store.position("spool") == Position(1, 10)
    with open_store(tmp_path) as again:
        assert again.load([event(2)], "spool", Position(1, 20)).new == 1


def test_a_disk_that_is_full_while_days_are_counted_leaves_them_due_and_as_they_were(tmp_path: Path) -> None:
    made = list(events(3000, days=2))
    with open_store(tmp_path) as store:
        store.load(made[:1000])
        store.roll_up()
        before = store.rows("SELECT * FROM daily_views")
        store.load(made)
        _, *due = store.due()  # there is nothing on the first, which needs no room
    size = (tmp_path / "events.sqlite").stat().st_size
    program = (
        "import resource, signal, sys; from site_builder.analytics.store import open_store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with open_store(sys.argv[1]) as store:\n"
        "    store._db.execute('PRAGMA cache_size = 10')\n"  # so that a day does not fit into memory, and is half written
        f"    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, {size * 9}))\n"
        "    try: store.roll_up()\n"
        "    except Exception as error: print(type(error).__name__, error.what)\n"
        f"    resource.setrlimit(resource.RLIMIT_FSIZE, ({size * 9}, {size * 9}))\n"
        "    print(len(store.rows('SELECT * FROM daily_views')))\n"
    )
    run = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("AnalyticsError the store can't be used: disk I/O error\n" + str(len(before)))
    with open_store(tmp_path) as store, open_store(tmp_path / "other") as other:
        assert (store.due(), store.rows("SELECT * FROM daily_views")) == (due, before)
        store.roll_up()
        other.load(made)
        other.roll_up()
        assert store.rows("SELECT * FROM daily_views") == other.rows("SELECT * FROM daily_views")


def test_another_process_may_read_while_one_writes(tmp_path: Path) -> None:
    with open_store(tmp_path) as writing, open_store(tmp_path) as reading:
        writing.load([event(1)])
        assert reading.rows("SELECT count(*) FROM {events}") == [(1,)]
        assert measures(writing)["views"] == dict(questions.overview(reading, PERIOD).rows)["views"] == 1
