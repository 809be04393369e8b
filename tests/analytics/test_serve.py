"""The collector as it runs: killed, stopped, out of disk, without its store. What was acknowledged is in the store once."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest

from site_builder.analytics.dashboard.key import make_key
from site_builder.analytics.loader import load
from site_builder.analytics.serve import Service, serve
from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError
from tests.analytics.collecting import BROWSER, NOW, body, collected, event, uuid
from tests.analytics.serving import RULES, command, get, post, quick
from tests.ports import free_port

KILLS = 100
READERS = 6


def stored(data: Path) -> dict[str, int]:
    """How often each event is in the store."""
    with open_store(data) as store:
        return dict(store.rows("SELECT id, COUNT(*) FROM events GROUP BY id"))


class Reader(threading.Thread):
    """A browser: sends two events at a time, and what was not acknowledged again, until the collector is gone."""

    def __init__(self, port: int, numbers: Iterator[int], enough: threading.Semaphore) -> None:
        super().__init__(daemon=True)
        self.port, self.numbers, self.enough = port, numbers, enough
        self.waiting: list[str] = []
        self.acknowledged: list[str] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        try:
            while True:
                self.waiting = self.waiting or [uuid(next(self.numbers)), uuid(next(self.numbers))]
                content = body(*(event(id=id, t=NOW) for id in self.waiting))
                connection.request("POST", "/e", json.dumps(content), BROWSER)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 202:
                    self.acknowledged += self.waiting
                    self.waiting = []
                    self.enough.release()
        except (OSError, http.client.HTTPException):
            connection.close()


def test_killed_a_hundred_times_under_load_every_acknowledged_event_is_in_the_store_once(tmp_path: Path) -> None:
    numbers, port = count(1), free_port()
    acknowledged: list[str] = []
    waiting: list[list[str]] = [[] for _ in range(READERS)]
    for kill in range(KILLS):
        enough = threading.Semaphore(0)
        with quick(tmp_path, port) as process:
            readers = [Reader(port, numbers, enough) for _ in range(READERS)]
            for reader, left in zip(readers, waiting, strict=True):
                reader.waiting = left
                reader.start()
            for _ in range(1 + kill % (2 * READERS)):  # so that each kill meets the collector at another point
                enough.acquire()
            process.kill()
            for reader in readers:
                reader.join()
        waiting = [reader.waiting for reader in readers]
        acknowledged += [id for reader in readers for id in reader.acknowledged]
        if kill % 10 == 0:  # the loader may meet any state too
            with open_store(tmp_path) as store:
                load(tmp_path / "spool", store)
    with quick(tmp_path, port):  # puts right what the last kill left
        pass
    with open_store(tmp_path) as store:
        assert load(tmp_path / "spool", store).damage == ()
    kept = stored(tmp_path)
    assert len(acknowledged) == len(set(acknowledged)) > 2 * KILLS
    assert set(acknowledged) <= kept.keys()
    assert set(kept.values()) == {1}
    assert kept.keys() - set(acknowledged) <= {id for ids in waiting for id in ids}


def test_a_stop_answers_what_is_under_way_and_keeps_it(tmp_path: Path) -> None:
    numbers, port, enough = count(1), free_port(), threading.Semaphore(0)
    with quick(tmp_path, port) as process:
        readers = [Reader(port, numbers, enough) for _ in range(READERS)]
        for reader in readers:
            reader.start()
        for _ in range(20):
            enough.acquire()
        process.terminate()
        for reader in readers:
            reader.join()
        process.join()
        assert process.exitcode == 0
    acknowledged = [id for reader in readers for id in reader.acknowledged]
    assert sorted(record.id for record in collected(tmp_path / "spool")) == sorted(acknowledged)


def test_ctrl_c_ends_it_without_a_word_even_while_it_begins(tmp_path: Path) -> None:
    """A terminal sends it to all processes; the one that keeps the store is not up yet when connections are taken."""
    with command(tmp_path) as shell:
        assert post(shell.port, body(event(1)))[0] == 202
        os.killpg(shell.process.pid, signal.SIGINT)
        shell.process.wait()
    assert shell.process.returncode == 0
    assert shell.said.count("\n") == 1
    assert stored(tmp_path) == {uuid(1): 1}


def test_a_full_disk_is_a_503_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    port = free_port()
    with quick(tmp_path, port, file_bytes=8_000):
        assert post(port, body(event(1)))[0] == 202
        assert get(port, "/health")[0] == 200
        large = body(*(event(number) for number in range(10, 60)))
        assert post(port, large)[0] == 503
        status, said = get(port, "/health")
        assert status == 503 and "disk" in said
        assert post(port, body(event(2)))[0] == 202
        assert get(port, "/health")[0] == 200
        assert "analytics_refused_by_disk_total 1\n" in get(port, "/metrics")[1]
    assert [record.id for record in collected(tmp_path / "spool")] == [uuid(1), uuid(2)]


def test_while_the_store_is_away_events_are_kept_and_loaded_later(tmp_path: Path) -> None:
    database = tmp_path / "events.sqlite"
    database.write_text("no database " * 100)
    with command(tmp_path) as away:
        assert post(away.port, body(event(1)))[0] == 202
    assert "events wait in the spool" in away.said
    database.unlink()
    with command(tmp_path) as shell:
        assert post(shell.port, body(event(1), event(2)))[0] == 202
        status, said = get(shell.port, "/health")
        assert status == 200 and json.loads(said) == {"events": "kept", "store": "in use"}
        assert get(shell.port, "/nothing/here")[0] == 404
    assert shell.process.returncode == 0
    assert stored(tmp_path) == {uuid(1): 1, uuid(2): 1}


def test_metrics_are_prometheus_text(tmp_path: Path) -> None:
    port = free_port()
    with quick(tmp_path, port):
        post(port, body(event(1), event(2), "none"))
        post(port, "none")
        status, text = get(port, "/metrics")
    assert status == 200
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert values['analytics_answers_total{status="202"}'] == "1"
    assert values['analytics_answers_total{status="400"}'] == "1"
    assert values["analytics_events_accepted_total"] == "2"
    assert values["analytics_events_rejected_total"] == "1"
    assert values['analytics_answer_seconds_bucket{le="+Inf"}'] == values["analytics_answer_seconds_count"] == "2"
    assert values["analytics_spool_commits"] == "1"


def test_a_folder_that_it_makes_stays_out_of_git_and_no_other_is_touched(tmp_path: Path) -> None:
    made, blog = tmp_path / "made", tmp_path / "blog"
    blog.mkdir()
    (blog / "mkdocs.yml").touch()
    make_key(made)  # which may come first
    for folder in (made, blog):
        with quick(folder, free_port()):
            pass
    assert (made / ".gitignore").read_text() == "*\n"
    assert not (blog / ".gitignore").exists()


def test_a_port_that_is_taken_is_an_error_and_not_shared(tmp_path: Path) -> None:
    port = free_port()
    with quick(tmp_path / "one", port), pytest.raises(AnalyticsError, match=f"port {port} can't be listened on"):
        serve(Service(RULES, tmp_path / "two", port=port))


def test_a_folder_that_is_anothers_is_an_error(tmp_path: Path) -> None:
    with quick(tmp_path, free_port()), pytest.raises(AnalyticsError, match="another collector"):
        serve(Service(RULES, tmp_path, port=free_port()))


def test_what_is_no_http_or_stops_halfway_harms_nobody_else(tmp_path: Path) -> None:
    port = free_port()
    hostile = (
        b"\x16\x03\x01\x02\x00",
        b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf",
        b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /" + b"a" * 600_000,
        b"POST /e HTTP/1.1\r\n" + b"X: y\r\n" * 10_000,
    )
    with quick(tmp_path, port):
        for raw in hostile:
            # It may hang up before all is sent.
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)) as client:
                client.sendall(raw)
                client.shutdown(socket.SHUT_WR)
                while client.recv(65_536):
                    pass
            assert post(port, body(event(1)))[0] == 202
    assert {record.id for record in collected(tmp_path / "spool")} == {uuid(1)}
