"""The way to a ClickHouse server: who asks, that no password and nothing of a reader is ever told, and what is no address."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from site_builder.analytics.clickhouse import PASSWORD_VARIABLE, USER_VARIABLE, Server, connect, without_data
from site_builder.analytics.clickhouse_store import ClickHouseStore
from site_builder.analytics.store import open_store
from site_builder.errors import AnalyticsError
from tests.analytics.clickhouse_servers import SERVER, ask, servers
from tests.analytics.engines import ChDb, served

ROW = b'{"id": "what-a-reader-wrote", "day": "x"}\n'


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> ChDb:
    return ChDb(tmp_path_factory.mktemp("chdb"))


@pytest.mark.parametrize(
    ("who", "environ"),
    [
        ("ada:p%40ss@", {}),
        ("ada@", {PASSWORD_VARIABLE: "p@ss\n"}),
        ("", {USER_VARIABLE: "ada", PASSWORD_VARIABLE: "p@ss"}),
        ("ada:p%40ss@", {USER_VARIABLE: "bob", PASSWORD_VARIABLE: "other"}),
    ],
)
def test_user_and_password_are_of_the_address_or_else_of_the_environment(
    engine: ChDb, who: str, environ: dict[str, str]
) -> None:
    with served(engine) as at:
        server = connect(f"clickhouse://{who}{at}/readers", environ)
        assert server.run("SELECT 41 + 1") == b"42\n"
        server.close()


def test_a_store_is_opened_with_the_password_of_the_environment(engine: ChDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER_VARIABLE, "ada")
    monkeypatch.setenv(PASSWORD_VARIABLE, "p@ss")
    with served(engine) as at, open_store(f"clickhouse://{at}/readers") as store:
        assert store.due() == []


def test_a_server_that_refuses_is_quoted_without_the_password(engine: ChDb) -> None:
    with served(engine) as at:
        with pytest.raises(AnalyticsError, match="Authentication failed") as refused:
            connect(f"clickhouse://ada:wrong@{at}/readers", {})
        assert "wrong" not in str(refused.value)


def test_a_server_that_is_away_is_told_of_without_the_password() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(AnalyticsError, match="can't be reached") as away:
            connect(f"clickhouse://ada:secret@127.0.0.1:{taken.getsockname()[1]}/readers", {})
    assert "secret" not in str(away.value)


def test_a_connection_that_the_server_has_closed_is_made_anew_for_what_may_be_done_twice() -> None:
    came: list[str] = []

    class Closing(BaseHTTPRequestHandler):
        """Answers every second request, and closes the connection at the others."""

        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if len(came) % 2:
                self.close_connection = True
                return
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"1\n")

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Closing) as http:
        thread = threading.Thread(target=http.serve_forever, args=(0.05,))
        thread.start()
        server = Server(f"http://127.0.0.1:{http.server_port}", database="readers")
        try:
            assert server.run("SELECT 1") == b"1\n"
            with pytest.raises(AnalyticsError, match="disconnected"):
                server.run("INSERT INTO a SELECT 1")
        finally:
            server.close()
            http.shutdown()
            thread.join()
    assert came == ["SELECT 1", "SELECT 1", "INSERT INTO a SELECT 1"]


@pytest.mark.parametrize("password", ["sec%0Aret", "sec%00ret"])
def test_a_password_that_can_not_be_handed_over_is_refused_and_not_quoted(password: str) -> None:
    with pytest.raises(AnalyticsError, match="line breaks or control characters") as refused:
        connect(f"clickhouse://ada:{password}@127.0.0.1:9/readers", {})
    assert "sec" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["clickhouse://", "clickhouse://host", "clickhouse://host/a-b", "clickhouse://host:x/a", "clickhouse://host/a?b=c",
     "clickhouse://ada:secret@host/a;drop", "clickhouse://host/a?cluster=x y", "clickhouse://host/a?cluster=",
     "clickhouse://host/a?cluster=b&cluster=c", "clickhouse://host/a?user=ada&password=secret", "clickhouse://ada:se[cret@host/a",
     "clickhouse://ada:secret/@host/a", "clickhouse://ada:1/secret#@host/a", "clickhouse://ada:1?secret@host/a"],
)  # fmt: skip
def test_an_address_that_names_no_database_is_refused_and_no_password_quoted(address: str) -> None:
    with pytest.raises(AnalyticsError, match="no address of a store") as refused:
        connect(address, {})
    assert "secret" not in str(refused.value) and "cret" not in str(refused.value)


def test_an_address_that_no_client_takes_is_told_of() -> None:
    with pytest.raises(AnalyticsError):
        connect(f"clickhouse://{'a' * 70_000}/readers", {})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            'Code: 27, e.displayText() = DB::Exception: Cannot parse input: expected " before: x"}\n{"id":"her words"}: '
            "(at row 1)\n, e.what() = DB::Exception\n",
            "Code: 27; the server's log",
        ),
        (
            "Code: 6. DB::Exception: Cannot parse string 'her words' as Int64: (ROW_ONE). (CANNOT_PARSE_TEXT) "
            "(version 24.8.4.13 (official build))\n",
            "Code: 6 (CANNOT_PARSE_TEXT); the server's log",
        ),
        (
            "Code: 241. DB::Exception: Memory limit (total) exceeded: would use 3.00 GiB: While executing Filter 'her words'. "
            "(MEMORY_LIMIT_EXCEEDED)",
            "Code: 241. DB::Exception: Memory limit (total) exceeded: would use 3.00 GiB",
        ),
        (
            "Code: 60. DB::Exception: Unknown table expression identifier 'events' in scope SELECT 'her words'. (UNKNOWN_TABLE)",
            "Code: 60. DB::Exception: Unknown table expression identifier 'events'",
        ),
        ("Port 9000 is for clickhouse-client program\r\nYou must use port 8123", "Port 9000 is for clickhouse-client"),
    ],
)
def test_of_a_servers_words_those_are_left_out_that_quote_readers(said: str, told: str) -> None:
    assert without_data(said).startswith(told)
    assert "her words" not in without_data(said)


def test_an_insert_that_is_refused_quotes_no_row_nor_does_a_query(engine: ChDb) -> None:
    engine.run("CREATE TABLE IF NOT EXISTS told (id String, day Int64) ENGINE = Memory")
    with served(engine) as at:
        server = connect(f"clickhouse://ada:p%40ss@{at}/readers", {})
        refuses_without_quoting(server)
        server.close()


def test_an_insert_is_done_when_it_is_answered_whatever_the_server_does_by_itself(engine: ChDb) -> None:
    engine.run("CREATE TABLE IF NOT EXISTS told (id String, day Int64) ENGINE = Memory")
    with served(engine) as at:
        for by_itself, told in (("0", None), ("1", "0")):
            engine.run(f"SET async_insert = {by_itself}")
            asked: list[httpx.Request] = []
            server = connect(f"clickhouse://ada:p%40ss@{at}/readers", {})
            server._client.event_hooks["request"].append(asked.append)
            server.run("INSERT INTO told FORMAT JSONEachRow", b'{"id": "a", "day": 1}')
            assert asked[-1].url.params.get("async_insert") == told
            server.close()
    engine.run("SET async_insert = 0")


def test_an_answer_that_breaks_off_is_told_of_and_not_quoted(engine: ChDb) -> None:
    class Broken(ChDb):
        def __init__(self) -> None:
            self._session = engine._session

        def run(self, sql: str, data: bytes = b"") -> bytes:
            return super().run(sql, data)[: -40 if "words" in sql else None]

    with ClickHouseStore(Broken()) as store, pytest.raises(AnalyticsError, match="broke off after") as broke:
        store.rows("SELECT 'what-a-reader-wrote' AS words")
    assert "reader" not in str(broke.value)


def refuses_without_quoting(server: Server) -> None:
    for sql, data in (
        ("INSERT INTO told FORMAT JSONEachRow", ROW),
        ("INSERT INTO told FORMAT JSONEachRow", ROW[:30]),
        ("SELECT toInt64(id) FROM (SELECT 'what-a-reader-wrote' AS id)", b""),
        ("SELECT 'what-a-reader-wrote' FROM", b""),
    ):
        with pytest.raises(AnalyticsError, match=r"answered \d+: Code: \d+") as refused:
            server.run(sql, data)
        assert "reader-wrote" not in str(refused.value)


if SERVER:

    def test_a_real_server_takes_no_wrong_password_and_its_errors_quote_no_row(tmp_path: Path) -> None:
        with servers(tmp_path) as (at,):
            server = connect(f"clickhouse://{at}/readers", {})
            ask(at, "CREATE TABLE readers.told (id String, day Int64) ENGINE = Memory")
            refuses_without_quoting(server)
            server.close()
            with pytest.raises(AnalyticsError, match=r"Code: 19[23].*ada") as refused:
                connect(f"clickhouse://{at}/readers", {USER_VARIABLE: "ada", PASSWORD_VARIABLE: "secret"})
            assert "secret" not in str(refused.value)
