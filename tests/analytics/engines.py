"""ClickHouse's own engine as a package (chDB), by itself and behind the HTTP interface that a ClickHouse server has."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from chdb import ChdbError, session

from site_builder.analytics.clickhouse import SETTINGS
from site_builder.errors import AnalyticsError


class ChDb:
    """A ``Connection`` to chDB in a folder. A process has one such folder: the first that is named."""

    place, cluster = "chDB", ""
    _one: session.Session | None = None

    def __init__(self, folder: Path, database: str = "readers") -> None:
        ChDb._one = self._session = ChDb._one or session.Session(str(folder))
        for name, value in SETTINGS.items():
            self.run(f"SET {name} = {value}")
        self.use(database)

    def use(self, database: str) -> None:
        self.run(f"CREATE DATABASE IF NOT EXISTS {database}")
        self.run(f"USE {database}")

    def run(self, sql: str, data: bytes = b"") -> bytes:
        try:
            return self._session.query(f"{sql}\n{data.decode()}" if data else sql, "TabSeparated").bytes() or b""
        except ChdbError as error:
            raise AnalyticsError(str(error)) from None

    def drop(self, database: str = "readers") -> None:
        """An empty database of that name."""
        self.run(f"DROP DATABASE IF EXISTS {database}")
        self.use(database)

    def close(self) -> None:
        """The engine ends with the process."""


@contextmanager
def served(engine: ChDb) -> Iterator[str]:
    """The engine's address while it is behind HTTP, as host and port. Of what a server checks, it knows user and password."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            try:
                if self.headers.get("X-ClickHouse-User") != "ada" or self.headers.get("X-ClickHouse-Key") != "p@ss":
                    raise AnalyticsError("DB::Exception: Authentication failed (AUTHENTICATION_FAILED)")
                if database := asked.get("database"):
                    engine.run(f"USE {database[0]}")
                said = engine.run(asked["query"][0], body) if "query" in asked else engine.run(body.decode())
                self.send_response(200)
            except AnalyticsError as error:
                said = str(error).encode()
                self.send_response(500)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
