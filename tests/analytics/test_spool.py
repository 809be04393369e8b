"""The spool: what was appended is read again, once and in order, whatever a crash, a full disk or a clock did to it."""

from __future__ import annotations

import asyncio
import errno
import resource
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import time_machine

from site_builder.analytics import spool as spool_module
from site_builder.analytics.record import Record
from site_builder.analytics.spool import (
    WAITING_BYTES,
    Position,
    Spool,
    SpoolFull,
    drop,
    frame,
    read,
    segment_path,
    segments,
)
from site_builder.errors import AnalyticsError

START = Position()


def record(number: int) -> Record:
    return Record(f"event-{number}", "blog", "pageview", 1, 2, "view", "/")


def ids(folder: Path, position: Position = START) -> tuple[list[int], list[str]]:
    """The numbers of the records after ``position``, and what was told."""
    found: list[int] = []
    damage: list[str] = []
    while True:
        reading = read(folder, position)
        found += [int(one.id.removeprefix("event-")) for one in reading.records]
        damage += reading.damage
        if reading.position == position:
            return found, damage
        position = reading.position


def write(folder: Path, *numbers: int, **options: int) -> Spool:
    """A spool that was opened, given the records one by one, and closed."""

    async def appended(spool: Spool) -> None:
        for number in numbers:
            await spool.append(frame(record(number)))

    return opened(folder, appended, **options)


def opened(folder: Path, use: Callable[[Spool], Awaitable[None]], **options: int) -> Spool:
    async def run() -> Spool:
        spool = Spool(folder, **options)
        try:
            await use(spool)
        finally:
            await spool.close()
        return spool

    return asyncio.run(run())


def test_what_was_appended_is_read_in_order(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, 3)
    assert ids(tmp_path) == ([1, 2, 3], [])


def test_a_reader_goes_on_where_it_was(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    position = read(tmp_path, Position()).position
    assert read(tmp_path, position) == ([], position, ())
    write(tmp_path, 3)
    assert ids(tmp_path, position) == ([3], [])


def test_many_that_come_at_once_share_few_commits(tmp_path: Path) -> None:
    async def at_once(spool: Spool) -> None:
        await asyncio.gather(*(spool.append(frame(record(number))) for number in range(200)))

    assert opened(tmp_path, at_once).commits == 1
    assert ids(tmp_path) == (list(range(200)), [])


def test_a_spool_that_is_opened_again_begins_a_segment(tmp_path: Path) -> None:
    write(tmp_path, 1)
    write(tmp_path, 2)
    assert len(segments(tmp_path)) == 2
    assert ids(tmp_path) == ([1, 2], [])


def test_segments_are_of_a_size(tmp_path: Path) -> None:
    write(tmp_path, *range(10), segment_bytes=3 * len(frame(record(1))))
    assert len(segments(tmp_path)) == 4
    assert ids(tmp_path) == (list(range(10)), [])


def test_segments_end_with_age(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, segment_seconds=-1)
    assert len(segments(tmp_path)) == 2


def test_loaded_segments_are_dropped_and_the_newest_stays(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, 3, segment_seconds=-1)
    known = segments(tmp_path)
    assert drop(tmp_path, known[1]) == 1
    assert drop(tmp_path, known[2] + 99) == 1
    assert segments(tmp_path) == known[2:]


def test_after_a_drop_a_reader_goes_on_in_the_next_segment(tmp_path: Path) -> None:
    write(tmp_path, 1, 2, segment_seconds=-1)
    position = read(tmp_path, Position()).position
    drop(tmp_path, segments(tmp_path)[1])
    assert ids(tmp_path, position) == ([2], [])


def test_half_a_line_that_a_crash_left_is_cut_off_and_told(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    path = segment_path(tmp_path, segments(tmp_path)[0])
    path.write_bytes(path.read_bytes()[:-20])
    assert ids(tmp_path) == ([1], [])
    spool = write(tmp_path, 3)
    assert len(spool.damage) == 1 and "half a line" in spool.damage[0]
    assert ids(tmp_path) == ([1, 3], [])


def test_half_a_line_is_not_read_while_it_is_being_written(tmp_path: Path) -> None:
    write(tmp_path, 1)
    path = segment_path(tmp_path, segments(tmp_path)[0])
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:30])
    position = read(tmp_path, Position()).position
    assert position.offset == len(whole)
    path.write_bytes(whole + whole)
    assert ids(tmp_path, position) == ([1], [])


@pytest.mark.parametrize("at", [3, 30], ids=["in the checksum", "in the record"])
def test_a_damaged_line_is_told_and_the_others_are_read(tmp_path: Path, at: int) -> None:
    write(tmp_path, 1, 2, 3)
    path = segment_path(tmp_path, segments(tmp_path)[0])
    raw = bytearray(path.read_bytes())
    raw[len(frame(record(1))) + at] ^= 1
    path.write_bytes(raw)
    found, damage = ids(tmp_path)
    assert found == [1, 3]
    assert len(damage) == 1 and str(segments(tmp_path)[0]) in damage[0]


def test_a_segment_cut_short_below_what_was_read_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    write(tmp_path, 1, 2)
    position = read(tmp_path, Position()).position
    path = segment_path(tmp_path, segments(tmp_path)[0])
    path.write_bytes(path.read_bytes()[:10])
    write(tmp_path, 3)
    found, damage = ids(tmp_path, position)
    assert found == [3]
    assert len(damage) == 1 and "cut short" in damage[0]


def test_a_clock_that_goes_back_makes_no_segment_twice(tmp_path: Path) -> None:
    for day in ("2026-11-22", "2031-01-01", "1999-01-01", "2026-11-23"):
        with time_machine.travel(day):
            write(tmp_path, int(day[:4]))
    assert len(segments(tmp_path)) == 4
    assert ids(tmp_path) == ([2026, 2031, 1999, 2026], [])


def test_a_folder_that_was_emptied_gets_numbers_that_a_reader_has_not_passed(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-22"):
        write(tmp_path, *range(5), segment_seconds=-1)
    position = Position(segments(tmp_path)[-1], 10_000)
    for number in segments(tmp_path):
        segment_path(tmp_path, number).unlink()
    with time_machine.travel("2026-11-23"):
        write(tmp_path, 6)
    assert ids(tmp_path, position) == ([6], [])


def test_nothing_is_written_to_a_segment_that_was_removed(tmp_path: Path) -> None:
    async def removed(spool: Spool) -> None:
        await spool.append(frame(record(1)))
        segment_path(tmp_path, segments(tmp_path)[0]).unlink()
        await spool.append(frame(record(2)))

    opened(tmp_path, removed)
    assert ids(tmp_path) == ([2], [])


def test_a_second_collector_is_refused(tmp_path: Path) -> None:
    async def again(spool: Spool) -> None:
        with pytest.raises(AnalyticsError, match="another collector"):
            Spool(tmp_path)

    opened(tmp_path, again)


def test_more_than_the_disk_can_take_is_refused_at_once(tmp_path: Path) -> None:
    async def too_much(spool: Spool) -> None:
        first = asyncio.create_task(spool.append(b"x" * (WAITING_BYTES - 10)))
        await asyncio.sleep(0)
        with pytest.raises(SpoolFull):
            await spool.append(frame(record(1)))
        await first

    opened(tmp_path, too_much)


LIMIT = 6_000
FILLED = """
import asyncio, sys
from pathlib import Path
from resource import RLIMIT_FSIZE, setrlimit
from signal import SIG_IGN, SIGXFSZ, signal
from site_builder.analytics.record import Record
from site_builder.analytics.spool import Spool, SpoolFull, frame

async def run():
    spool = Spool(Path(sys.argv[1]))
    for number in range(60):
        try:
            await spool.append(frame(Record(f"event-{number}", "blog", "pageview", 1, 2, "view", "/")))
            print(number)
        except SpoolFull as error:
            print(error, file=sys.stderr)
            setrlimit(RLIMIT_FSIZE, (-1, -1))
    await spool.close()

signal(SIGXFSZ, SIG_IGN)
sys.modules["site_builder.analytics.spool"].GATHERED_SECONDS = 0
asyncio.run(run())
"""


def test_a_full_disk_refuses_and_leaves_no_half_line(tmp_path: Path) -> None:
    """The limit of a file's size stands for the disk's: the write that passes it is a short one, and the next fails."""
    run = subprocess.run(
        [sys.executable, "-c", FILLED, tmp_path],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, resource.RLIM_INFINITY)),
    )
    acknowledged = [int(line) for line in run.stdout.split()]
    assert run.stderr == "File too large\n"
    assert len(acknowledged) == 59
    assert ids(tmp_path) == (acknowledged, [])
    assert len(segments(tmp_path)) == 2
    assert segment_path(tmp_path, segments(tmp_path)[0]).stat().st_size <= LIMIT


def test_a_segment_whose_name_did_not_reach_the_disk_is_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = spool_module.flush_folder
    failing = [True]

    def flushed(folder: Path) -> None:
        if failing.pop() if failing else False:
            raise OSError(errno.EIO, "Input/output error")
        flush(folder)

    async def appended(spool: Spool) -> None:
        monkeypatch.setattr(spool_module, "flush_folder", flushed)
        with pytest.raises(SpoolFull, match="Input/output error"):
            await spool.append(frame(record(1)))
        await spool.append(frame(record(2)))

    opened(tmp_path, appended)
    assert [segment_path(tmp_path, number).stat().st_size > 0 for number in segments(tmp_path)] == [False, True]
    assert ids(tmp_path) == ([2], [])
