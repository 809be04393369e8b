"""The keeper: what is in the spool comes into the store, whatever happens to the process, and a bad manifest stops nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from functools import partial
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from site_builder.analytics.keeper import Keeper, Keeping, parse_manifest, read_manifest
from site_builder.analytics.record import Record
from site_builder.analytics.spool import Spool, frame
from site_builder.analytics.store import open_store
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError
from tests.analytics.collecting import NOW, uuid
from tests.analytics.serving import free_port

MANIFEST = Manifest(site="blog", url="https://example.com/", title="A blog", language="en")


def spooled(data: Path, *numbers: int) -> Path:
    async def write() -> None:
        spool = Spool(data / "spool")
        for number in numbers:
            await spool.append(frame(Record(uuid(number), "blog", "pageview", NOW, NOW, uuid(7), "/")))
        await spool.close()

    asyncio.run(write())
    return data / "spool"


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
    assert b"multiprocessing" in (line := Path(f"/proc/{process.pid}/cmdline").read_bytes()) and b"secret" not in line
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    keeper.revive()
    keeper.stop()
    assert caplog.records and "secret" not in caplog.text
    assert "secret" not in f"{keeping} {process} {process.__dict__}"


def test_a_store_that_is_away_is_told_without_its_password(tmp_path: Path) -> None:
    program = (
        "import sys; from multiprocessing import Pipe; from ctypes import c_bool, c_longlong; from pathlib import Path\n"
        "from site_builder.analytics.keeper import Keeping, keep\n"
        "near, far = Pipe(); near.close()\n"
        "keep(Keeping(sys.argv[1], 'blog'), Path(sys.argv[2]), far, c_longlong(0), c_bool(False))\n"
    )
    address = f"clickhouse://ada:secret@127.0.0.1:{free_port()}/readers"
    run = subprocess.run([sys.executable, "-c", program, address, tmp_path], capture_output=True, text=True, check=True)
    assert "events wait in the spool: the ClickHouse server at http://127.0.0.1" in run.stderr
    assert "secret" not in run.stderr + run.stdout


@pytest.mark.parametrize("content", [b"", b"{}", MANIFEST.to_json().replace(b'"blog"', b'"other"')])
def test_a_manifest_that_is_none_or_anothers_is_told_and_events_are_kept_all_the_same(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    keeping = Keeping(str(tmp_path), "blog", str(tmp_path / "manifest.json"))
    with pytest.raises(AnalyticsError, match=r"manifest\.json"):
        parse_manifest(read_manifest(keeping.manifest), keeping)
    Keeper(keeping, spooled(tmp_path, 1)).stop()
    assert stored(tmp_path) == 1
    with open_store(tmp_path) as store:
        assert store.manifest() is None


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
    with HTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(tmp_path))) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            address = f"http://127.0.0.1:{server.server_port}/manifest.json"
            assert read_manifest(address) == MANIFEST.to_json()
            monkeypatch.setattr("site_builder.analytics.keeper.LARGEST_MANIFEST", 20)
            with pytest.raises(AnalyticsError, match="more than 20 bytes"):
                read_manifest(address)
        finally:
            server.shutdown()
            thread.join()


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
