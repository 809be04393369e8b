"""Connections to ClickHouse: a server over HTTP, from release 18.16 on; and the address that names one."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from site_builder.errors import AnalyticsError

FORM = "clickhouse://[user:password@]host[:port]/database[?cluster=name], or clickhouses:// for one behind TLS"
SECONDS = 120.0
SETTINGS = {
    "output_format_json_quote_64bit_integers": "0",
    "max_query_size": "100000000",
    "max_ast_elements": "1000000",
    "max_expanded_ast_elements": "1000000",
}


class Connection(Protocol):
    """Where SQL goes. ``place`` names it in errors, ``cluster`` is where tables are made, empty for this server alone."""

    place: str
    cluster: str

    def run(self, sql: str, data: bytes = b"") -> bytes:
        """The answer to a statement, with the ``data`` of an INSERT. Raises AnalyticsError with the server's own words."""

    def close(self) -> None: ...


class Server:
    """A server's HTTP interface; a statement has ended when ``run`` returns."""

    def __init__(self, url: str, *, database: str, user: str = "", password: str = "", cluster: str = "") -> None:
        self.place, self.database, self.cluster = f"{url}, database {database}", database, cluster
        who = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password} if user else {}
        self._client = httpx.Client(base_url=url, headers=who, timeout=httpx.Timeout(SECONDS, connect=5.0))

    def run(self, sql: str, data: bytes = b"", *, database: str | None = None) -> bytes:
        asked = {**SETTINGS, "wait_end_of_query": "1", "database": self.database if database is None else database}
        try:
            if data:
                answer = self._client.post("/", params={**asked, "query": sql}, content=data)
            else:
                answer = self._client.post("/", params=asked, content=sql.encode())
        except httpx.HTTPError as error:
            raise AnalyticsError(
                f"the ClickHouse server at {self.place} can't be reached: {error}",
                hint="Does it run, and is the address right?",
            ) from None
        if answer.status_code != 200:
            raise AnalyticsError(
                f"the ClickHouse server at {self.place} answered {answer.status_code}: {answer.text.strip()[:300]}",
                hint="Has the user all rights in this database?",
            )
        return answer.content

    def close(self) -> None:
        self._client.close()


def connect(address: str) -> Server:
    """The server that an address names; its database is made if it is not there.

    Raises:
        AnalyticsError: the address is no such, or the server does not answer.
    """
    parts = urlsplit(address)
    secure = parts.scheme == "clickhouses"
    database = parts.path.strip("/")
    asked = parse_qs(parts.query)
    try:
        port = parts.port or (8443 if secure else 8123)
    except ValueError:
        port = 0
    right = parts.hostname and port and database and set(asked) <= {"cluster"}
    if not right or not all(name.isidentifier() and name.isascii() for name in (database, *asked.get("cluster", []))):
        raise AnalyticsError(f"{_hidden(address)} is no address of a store", hint=f"Write {FORM}.")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    server = Server(
        f"{'https' if secure else 'http'}://{host}:{port}",
        database=database,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        cluster="".join(asked.get("cluster", [])),
    )
    try:
        server.run(f"CREATE DATABASE IF NOT EXISTS {database}{on(server.cluster)}", database="")
    except BaseException:
        server.close()
        raise
    return server


def on(cluster: str) -> str:
    """What follows a table's name in a statement that all servers of a cluster are to run."""
    return f" ON CLUSTER {cluster}" if cluster else ""


def _hidden(address: str) -> str:
    """The address without its password."""
    before, at, after = address.rpartition("@")
    return f"{before.split('://')[0]}://…@{after}" if at else address
