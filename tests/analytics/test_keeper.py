"""The keeper: what is in the spool comes into the store, whatever happens to the process, and a bad manifest stops nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from ctypes import c_longlong
from multiprocessing import Pipe
from pathlib import Path

import pytest

from site_builder.analytics.keeper import MANIFEST_SECONDS, Keeper, Keeping, _Shift, read_manifest
from site_builder.analytics.record import Record
from site_builder.analytics.spool import Spool, frame
from site_builder.analytics.store import open_store
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError
from tests.analytics.collecting import NOW, uuid
from tests.analytics.files import serving
from tests.ports import free_port

MANIFEST = Manifest(site="blog", url="https://example.com/", title="A blog", language="en")
OTHER = MANIFEST.model_copy(update={"site": "other"})


def spooled(data: Path, *numbers: int) -> Path:
    async def write() -> None:
        spool = Spool(data / "spool")
        for number in numbers:
            await spool.append(frame(Record(uuid(number), "blog", "pageview", NOW, NOW, uuid(7), "/")))
        await spool.close()

    asyncio.run(write())
    return data / "spool"


def kept_once(keeping: Keeping, data: Path) -> str:
    """What a keeper says that takes one event in, and ends."""
    program = (
        "import sys; from multiprocessing import Pipe; from ctypes import c_bool, c_longlong; from pathlib import Path\n"
        "from site_builder.analytics.keeper import Keeping, keep\n"
        "near, far = Pipe(); near.close()\n"
        "keep(Keeping(*sys.argv[2:]), Path(sys.argv[1]), far, c_longlong(0), c_bool(False))\n"
    )
    command = [sys.executable, "-c", program, str(spooled(data, 1)), keeping.store, keeping.site, keeping.manifest]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


def stored(data: Path) -> int:
    with open_store(data) as store:
        return int(store.rows("SELECT COUNT(*) FROM events")[0][0])


def test_events_and_the_manifest_come_into_the_store_and_days_are_rolled_up(tmp_path: Path) -> None:
    spool = spooled(tmp_path, 1, 2, 3)
    (tmp_path / "manifest.json").write_bytes(MANIFEST.to_json())
    keeper = Keeper(Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json"), keep_days=4_000), spool)
    keeper.stop()
    assert (stored(tmp_path), keeper.loaded, keeper.away) == (3, 3, False)
    with open_store(tmp_path) as store:
        assert store.manifest() == MANIFEST
        assert store.due() == []


def test_a_keeper_that_was_killed_is_started_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    keeper = Keeper(Keeping(str(tmp_path), "blog"), spooled(tmp_path, 1, 2))
    assert keeper._process and keeper._process.pid
    os.kill(keeper._process.pid, signal.SIGKILL)
    keeper._process.join()
    keeper.revive()
    keeper.revive()
    keeper.stop()
    assert stored(tmp_path) == 2
    assert [record.message for record in caplog.records] == [
        "the keeper of the store ended with exit code -9; it is started again"
    ]


def test_two_keepers_of_two_spools_share_a_file(tmp_path: Path) -> None:
    halves = [spooled(tmp_path / "a", *range(1, 40)), spooled(tmp_path / "b", *range(30, 80))]
    keepers = [Keeper(Keeping(str(tmp_path / "one.sqlite"), "blog"), spool) for spool in halves]
    for keeper in keepers:
        keeper.stop()
    assert [keeper.loaded for keeper in keepers] == [39, 50]
    with open_store(tmp_path / "one.sqlite") as store:
        assert store.rows("SELECT count(*) FROM events") == [(79,)]
        assert store.rows("SELECT sum(events) FROM daily_events") == [(None,)]
        assert store.rows("SELECT views FROM daily_views WHERE dim = '' AND post = '*'") == [(1,)]
        assert store.due() == []


def test_a_password_is_neither_in_the_list_of_processes_nor_in_what_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeping = Keeping(f"clickhouse://ada:secret@127.0.0.1:{free_port()}/readers", "blog")
    keeper = Keeper(keeping, spooled(tmp_path, 1))
    process = keeper._process
    assert process and process.pid
    line, until = b"", time.monotonic() + 30
    while b"multiprocessing" not in line and time.monotonic() < until:  # until it has become a program of its own
        line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
    assert b"multiprocessing" in line and b"secret" not in line
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    keeper.revive()
    keeper.stop()
    assert caplog.records and "secret" not in caplog.text
    assert "secret" not in f"{keeping} {process} {process.__dict__}"


def test_a_store_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    said = kept_once(Keeping(f"clickhouse://ada:secret@127.0.0.1:{free_port()}/readers", "blog"), tmp_path)
    assert "events wait in the spool: the ClickHouse server at http://127.0.0.1" in said
    assert "secret" not in said


@pytest.mark.parametrize("content", [b"", b"{}", OTHER.to_json()])
def test_a_manifest_that_is_none_or_anothers_is_told_and_events_are_kept_all_the_same(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    assert "manifest.json is " in kept_once(Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json")), tmp_path)
    assert stored(tmp_path) == 1
    with open_store(tmp_path) as store:
        assert store.manifest() is None


def test_of_another_sites_manifest_is_told_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(OTHER.to_json())
    said = kept_once(Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json")), tmp_path)
    assert "is the manifest of 'other', and not of 'blog'" in said
    assert "--site is to be other, or --manifest is to name the manifest of blog." in said


def test_a_store_that_was_moved_away_is_left_also_when_no_event_comes(tmp_path: Path) -> None:
    near, far = Pipe()
    near.close()
    with far, open_store(tmp_path) as store:
        shift = _Shift(Keeping(str(tmp_path), "blog"), spooled(tmp_path, 1), store, far, c_longlong(0))
        shift.work()
        (tmp_path / "events.sqlite").rename(tmp_path / "old.sqlite")
        with pytest.raises(AnalyticsError, match="replaced or removed while it was open"):
            shift.work()


def test_a_manifest_that_somebody_else_loaded_is_put_right_again(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(MANIFEST.to_json())
    near, far = Pipe()
    with near, far, open_store(tmp_path) as store:
        keeping = Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json"))
        shift = _Shift(keeping, tmp_path / "spool", store, far, c_longlong(0))
        for _ in range(2):
            store.load_manifest(OTHER)
            assert shift._take_manifest() == MANIFEST_SECONDS
            assert store.manifest() == MANIFEST


def test_a_manifest_that_could_not_be_taken_is_asked_for_again_soon_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    where = tmp_path / "manifest.json"
    near, far = Pipe()
    with near, far, open_store(tmp_path) as store:
        shift = _Shift(Keeping(str(tmp_path), "blog", str(where)), tmp_path / "spool", store, far, c_longlong(0))
        assert [shift._take_manifest(), shift._take_manifest()] == [20.0, 20.0]
        assert [record.message.split("\n")[0] for record in caplog.records] == [
            f"the manifest {where} can't be read: No such file or directory"
        ]
        where.write_bytes(MANIFEST.to_json())
        assert shift._take_manifest() == MANIFEST_SECONDS
        assert store.manifest() == MANIFEST


def test_a_manifest_that_another_version_has_kept_is_none_and_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(MANIFEST.to_json())
    near, far = Pipe()
    with near, far, open_store(tmp_path) as store:
        store.load_manifest(MANIFEST)
        with closing(sqlite3.connect(tmp_path / "events.sqlite")) as file, file:
            file.execute("UPDATE notes SET value = ? WHERE name = 'manifest'", ('{"v": 2}',))
        assert store.manifest() is None
        keeping = Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json"))
        _Shift(keeping, tmp_path / "spool", store, far, c_longlong(0))._take_manifest()
        assert store.manifest() == MANIFEST


def test_of_an_answer_that_is_no_manifest_the_status_alone_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as address, pytest.raises(AnalyticsError) as told:
        read_manifest(f"{address}/none.json")
    assert told.value.what == f"the manifest {address}/none.json can't be read: the server answered 404"


def test_a_manifest_that_is_not_there_is_told_with_where_it_would_be(tmp_path: Path) -> None:
    for where in (str(tmp_path / "none.json"), f"http://127.0.0.1:{free_port()}/manifest.json"):
        with pytest.raises(AnalyticsError, match=r"can't be read(.|\n)*engagement/manifest\.json"):
            read_manifest(where)


def test_an_address_that_is_none_is_told_as_a_manifest_that_is_not_there() -> None:
    with pytest.raises(AnalyticsError, match="can't be read"):
        read_manifest("http://[::1/manifest.json")


def test_of_a_manifest_without_end_no_more_is_taken_than_any_site_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "manifest.json").write_bytes(MANIFEST.to_json())
    with serving(tmp_path) as address:
        assert read_manifest(f"{address}/manifest.json") == MANIFEST.to_json()
        monkeypatch.setattr("site_builder.analytics.keeper.LARGEST_MANIFEST", 20)
        with pytest.raises(AnalyticsError, match="more than 20 bytes"):
            read_manifest(f"{address}/manifest.json")
