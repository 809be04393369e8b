"""From the spool into the store: once each, whenever the loader dies, and what can't be read is told."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from site_builder.analytics.loader import Progress, load
from site_builder.analytics.record import DAY
from site_builder.analytics.spool import Position, frame, segment_path, segments
from site_builder.analytics.spool_id import spool_id
from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import events
from tests.analytics.spooled import spool_of

CHECKOUT = Path(__file__).parents[2]
MADE = list(events(3000, days=3))


def kept(folder: Path) -> list[str]:
    with open_store(folder) as store:
        return sorted(id for (id,) in store.rows("SELECT id FROM {events}"))


def test_all_that_is_in_the_spool_is_loaded_and_its_segments_go(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:1000], MADE[1000:2000], MADE[2000:])
    with open_store(tmp_path) as store:
        progress = load(spool, store)
        assert (progress.new, progress.known, progress.damage) == (3000, 0, ())
        assert load(spool, store).new == 0
        assert store.position(spool_id(spool)) == Position(3, segment_path(spool, 3).stat().st_size)
    assert segments(spool) == [3]
    assert kept(tmp_path) == sorted(event.id for event in MADE)


def test_loading_goes_on_where_it_ended(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:10])
    with open_store(tmp_path) as store:
        assert load(spool, store).new == 10
        with segment_path(spool, 1).open("ab") as file:
            file.write(b"".join(map(frame, MADE[8:20])) + frame(MADE[20])[:-9])
        progress = load(spool, store)
        assert (progress.new, progress.known) == (10, 2)
        with segment_path(spool, 1).open("ab") as file:
            file.write(frame(MADE[20])[-9:])
        assert load(spool, store).new == 1


def test_a_loader_that_is_killed_again_and_again_loses_and_doubles_nothing(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", *(MADE[at : at + 300] for at in range(0, 3000, 300)))
    unfinished = 0
    for kill in range(6):
        command = [sys.executable, "-m", "tests.analytics.killed_loader", str(spool), str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as loader:
            assert loader.stdout and loader.stdout.readline() == "begins\n"
            try:
                loader.wait(0.01 + 0.02 * kill)
            except subprocess.TimeoutExpired:
                loader.kill()
                unfinished += 1
    assert unfinished
    with open_store(tmp_path) as store:
        load(spool, store)
        store.roll_up()
        assert store.due() == []
        assert store.rows("SELECT sum(views) FROM daily_views WHERE dim = '' AND post = '*'") == [
            (len({event.pv for event in MADE if event.name == "pageview"}),)
        ]
    assert kept(tmp_path) == sorted(event.id for event in MADE)


def test_two_loaders_at_once_keep_each_event_once(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", *(MADE[at : at + 500] for at in range(0, 3000, 500)))
    command = [sys.executable, "-m", "tests.analytics.killed_loader", str(spool), str(tmp_path)]
    loaders = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=CHECKOUT) for _ in range(2)]
    assert [loader.wait(60) for loader in loaders] == [0, 0]
    assert kept(tmp_path) == sorted(event.id for event in MADE)


def test_two_spools_are_loaded_into_one_store_each_from_where_it_was(tmp_path: Path) -> None:
    """One spool's segments have numbers far above the other's; and a reader's events were sent to both."""
    late = spool_of(tmp_path / "late", MADE[:400], MADE[400:800])
    early = spool_of(tmp_path / "early", MADE[700:1200])
    segment_path(late, 2).rename(segment_path(late, 1_800_000_000))
    with open_store(tmp_path) as store:
        assert load(late, store).new == 800
        progress = load(early, store)
        assert (progress.new, progress.known, progress.damage) == (400, 100, ())
        for spool, more in ((early, MADE[1200:1500]), (late, MADE[1400:1700])):
            with segment_path(spool, segments(spool)[-1]).open("ab") as file:
                file.write(b"".join(map(frame, more)))
        assert (load(early, store).new, load(late, store).new) == (300, 200)
        assert (load(early, store).known, load(late, store).known) == (0, 0)
    assert kept(tmp_path) == sorted(event.id for event in MADE[:1700])


def test_a_spool_that_was_renewed_beside_a_kept_store_is_read_from_its_beginning(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:10], MADE[10:20], MADE[20:500])
    with open_store(tmp_path) as store:
        assert load(spool, store).new == 500
        shutil.rmtree(spool)
        spool_of(spool, MADE[500:700])
        assert load(spool, store).new == 200
    assert kept(tmp_path) == sorted(event.id for event in MADE[:700])


def test_where_no_spool_is_nothing_is_loaded_and_nothing_made(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        assert load(tmp_path / "spool", store) == Progress()
        (tmp_path / "empty").mkdir()
        assert load(tmp_path / "empty", store) == Progress()
    assert not (tmp_path / "spool").exists()
    assert list((tmp_path / "empty").iterdir()) == []


def test_what_is_no_segment_is_left_alone(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:10], MADE[10:20])
    (spool / "1a.spool").write_text("mine")
    (spool / "7.spool").write_text("mine")
    segment_path(spool, 3).symlink_to("nowhere")
    segment_path(spool, 4).mkdir()
    with open_store(tmp_path) as store:
        assert load(spool, store).new == 20
    assert segments(spool) == [2]


def test_loaders_of_two_spools_that_are_killed_again_and_again_lose_and_double_nothing(tmp_path: Path) -> None:
    spools = [
        spool_of(tmp_path / name, *(MADE[at : at + 200] for at in range(first, first + 1600, 200)))
        for name, first in (("a", 0), ("b", 1400))
    ]
    for kill in range(4):
        loaders = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.analytics.killed_loader", str(spool), str(tmp_path)],
                stdout=subprocess.PIPE,
                cwd=CHECKOUT,
            )
            for spool in spools
        ]
        for loader in loaders:
            with loader:
                assert loader.stdout and loader.stdout.readline() == b"begins\n"
                with suppress(subprocess.TimeoutExpired):
                    loader.wait(0.02 * kill)
                loader.kill()
    with open_store(tmp_path) as store:
        for spool in spools:
            load(spool, store)
    assert kept(tmp_path) == sorted(event.id for event in MADE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "quiz", "props": {"right": "many"}},
        {"name": "quiz", "props": {"right": 1 << 70}},
        {"t": "noon"},
        {"url": None},
        {"width": 1 << 64},
        {"visitor": ["a"]},
        {"utm_source": 5},
        {"props": None},
        {"props": ["scroll"]},
        {"name": ["quiz"]},
    ],
)
def test_an_event_that_no_store_takes_holds_up_no_other(tmp_path: Path, wrong: dict[str, Any]) -> None:
    spool = spool_of(tmp_path / "spool", [*MADE[:5], MADE[5]._replace(**wrong), *MADE[6:9]])
    with open_store(tmp_path) as store:
        progress = load(spool, store)
        assert progress.new == 8
        assert progress.damage == ("1 events can't be kept: they have values that no event has",)
        assert load(spool, store) == Progress()


@pytest.mark.parametrize("wrong", ['"scroll":1e999', '"scroll":-1e999', '"active_ms":1e999'])
def test_a_number_without_end_holds_up_no_other_event(tmp_path: Path, wrong: str) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:5])
    line = MADE[5]._replace(name="engagement", props={"here": 1}).to_line().replace(b'"here":1', wrong.encode())
    with segment_path(spool, 1).open("ab") as file:
        file.write(b"%08x %s\n" % (crc32(line), line) + frame(MADE[6]))
    with open_store(tmp_path) as store:
        progress = load(spool, store)
        assert progress.new == 6
        assert progress.damage == ("1 events can't be kept: they have values that no event has",)


def test_a_number_without_end_in_an_own_event_is_kept_as_none(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.load([MADE[5]._replace(name="x_own", props={"far": float("inf")})])
        assert store.rows("SELECT props FROM {events}") == [('{"far":null}',)]


def test_a_damaged_line_is_told_of_and_the_others_are_loaded(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:3], MADE[3:6])
    lines = segment_path(spool, 1).read_bytes().split(b"\n")
    segment_path(spool, 1).write_bytes(
        b"\n".join([lines[0], lines[1].replace(b"pageview", b"pagevieW", 1)[:-1], *lines[2:]])
    )
    with open_store(tmp_path) as store:
        progress = load(spool, store)
    assert progress.new == 5
    assert len(progress.damage) == 1 and "segment 1" in progress.damage[0]


def test_a_segment_that_was_cut_short_is_told_of_once(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE[:30])
    with open_store(tmp_path) as store:
        load(spool, store)
        segment_path(spool, 1).write_bytes(b"".join(map(frame, MADE[:3])))
        assert ["cut short" in damage for damage in load(spool, store).damage] == [True]
        assert load(spool, store).damage == ()
        spool_of(spool, MADE[:3], MADE[30:40])
        assert load(spool, store).new == 10


def test_events_of_a_closed_day_are_told_of_and_left_out(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE)
    day = MADE[-1].t // DAY
    late = sum(event.t // DAY < day for event in MADE)
    with open_store(tmp_path) as store:
        store.prune(day)
        progress = load(spool, store)
    assert progress.new == len(MADE) - late > 0
    assert progress.damage == (f"{late} events came after their day was closed, and are not counted",)


def test_a_server_that_is_away_leaves_the_events_in_the_spool(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(AnalyticsError, match="can't be reached"):
            open_store(f"clickhouse://127.0.0.1:{taken.getsockname()[1]}/readers")


def test_a_full_disk_is_told_of_and_loading_goes_on_when_there_is_room(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE)
    program = """
import resource, signal, sys
from pathlib import Path
from site_builder.analytics.loader import Progress, load
from site_builder.analytics.spool_id import spool_id
from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(sys.argv[2]) as store:
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    for _ in range(2):
        try:
            load(Path(sys.argv[1]), store, 1)
        except AnalyticsError as error:
            print(error.what)
"""
    ran = subprocess.run(
        [sys.executable, "-c", program, str(spool), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=CHECKOUT,
    )
    first, again = ran.stdout.splitlines()
    assert first == again == "the store can't be used: disk I/O error"
    with open_store(tmp_path) as store:
        load(spool, store)
    assert kept(tmp_path) == sorted(event.id for event in MADE)
