"""A spool's id: its own, kept as long as it has segments, and nothing is lost when somebody damages it."""

from __future__ import annotations

import asyncio
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine

from site_builder.analytics.loader import load
from site_builder.analytics.record import Record
from site_builder.analytics.spool import Spool, frame, segment_path, segments
from site_builder.analytics.spool_id import FILE, renew_id, spool_id
from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import events
from tests.analytics.spooled import spool_of

MADE = list(events(40, days=2))


def collect(folder: Path, *records: Record) -> str:
    """A collector takes the folder, appends, and ends; returns the id that the spool has then."""

    async def run() -> str:
        spool = Spool(folder)
        for record in records:
            await spool.append(frame(record))
        await spool.close()
        return spool.id

    return asyncio.run(run())


def test_a_spool_has_an_id_of_its_own_that_its_owner_alone_can_read(tmp_path: Path) -> None:
    first, second = (collect(tmp_path / name, MADE[0]) for name in "ab")
    assert first != second
    assert collect(tmp_path / "a", MADE[1]) == first == spool_id(tmp_path / "a")
    assert stat.S_IMODE((tmp_path / "a" / FILE).stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "b").iterdir() if path.suffix != ".spool") == [FILE, "lock"]


def test_segments_without_an_id_get_one_that_stays(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE)
    given = spool_id(spool)
    assert spool_id(spool) == given == collect(spool)


def test_an_emptied_folder_is_another_spool_whatever_the_clock_says(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with time_machine.travel("2031-01-01"):
            before = collect(tmp_path / "spool", *MADE[:3])
        assert load(tmp_path / "spool", store).new == 3
        for number in segments(tmp_path / "spool"):
            segment_path(tmp_path / "spool", number).unlink()
        with time_machine.travel("2026-11-22"):
            assert collect(tmp_path / "spool", *MADE[3:10]) != before
        assert load(tmp_path / "spool", store).new == 7


@pytest.mark.parametrize(
    "content", [b"", b"0123456789abcdef", b"\xff\xfe" * 17, b"../../../../etc/passwd\n", b"0" * 32 + b"\n\n"]
)
def test_a_damaged_id_is_told_of_and_nothing_is_lost(tmp_path: Path, content: bytes) -> None:
    spool = tmp_path / "spool"
    collect(spool, *MADE[:10])
    with open_store(tmp_path) as store:
        load(spool, store)
        collect(spool, *MADE[10:20])
        (spool / FILE).write_bytes(content)
        with pytest.raises(AnalyticsError, match=r"spool/id: the id of the spool is damaged\n.*Delete this file alone"):
            load(spool, store)
        with pytest.raises(AnalyticsError, match="damaged"):
            collect(spool)
        assert (spool / FILE).read_bytes() == content
        (spool / FILE).unlink()
        collect(spool, *MADE[20:])
        assert load(spool, store).new == 30
        assert store.rows("SELECT count(*) FROM {events}") == [(40,)]


def test_an_id_that_can_not_be_read_is_told_of(tmp_path: Path) -> None:
    spool = spool_of(tmp_path / "spool", MADE)
    (spool / FILE).mkdir()
    with pytest.raises(AnalyticsError, match="the id of the spool can't be read: Is a directory"):
        spool_id(spool)


def test_a_full_disk_leaves_the_old_id_and_nothing_beside_it(tmp_path: Path) -> None:
    before = renew_id(tmp_path)
    program = (
        "import signal, sys; from pathlib import Path; from site_builder.analytics.spool_id import renew_id\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: renew_id(Path(sys.argv[1]))\n"
        "except Exception as error: print(type(error).__name__, error.what)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, tmp_path],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
    )
    assert run.stdout == "AnalyticsError the spool can't be written: File too large\n"
    assert spool_id(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
