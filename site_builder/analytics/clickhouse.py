"""Connections to ClickHouse: a server over HTTP, from release 18.16 on; and the address that names one."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from site_builder.analytics.dialect import clickhouse_query
from site_builder.errors import AnalyticsError

if TYPE_CHECKING:
    from site_builder.analytics.store import Bound

FORM = "clickhouse://[user[:password]@]host[:port]/database[?cluster=name], or clickhouses:// for one behind TLS"
USER_VARIABLE = "SITE_BUILDER_CLICKHOUSE_USER"
PASSWORD_VARIABLE = "SITE_BUILDER_CLICKHOUSE_PASSWORD"  # noqa: S105  (a name)
SECONDS = 120.0
SETTINGS = {
    "output_format_json_quote_64bit_integers": "0",
    "max_query_size": "100000000",
    "max_ast_elements": "1000000",
    "max_expanded_ast_elements": "1000000",
}
_CODE = re.compile(r"\bCode: (\d+)")
_NAME = re.compile(r"\(([A-Z][A-Z_]+)\)(?: \(version [^\n]*\))?\s*$")
_QUERY = re.compile(r"[:.,]? (?:in scope|while processing|while executing) ", re.IGNORECASE)
_QUOTABLE = frozenset(
    {
        60, 74, 75, 76, 81, 115, 139, 159, 164, 170, 192, 193, 194, 202, 203, 209, 210, 225, 241, 242, 243, 252, 279, 285, 286,
        291, 319, 371, 394, 425, 439, 497, 516, 999, 1000,
    }
)  # fmt: skip
"""Errors whose words are of users, rights, names, memory, files, time, threads and replicas, and not of what a row or a query has
in it. Those of parsing quote the row, and others the query."""
_SHORT = 300


class Connection(Protocol):
    """Where SQL goes. ``place`` names it in errors, ``cluster`` is where tables are made, empty for this server alone."""

    place: str
    cluster: str

    def run(self, sql: str, data: bytes = b"") -> bytes:
        """The answer to a statement, with the ``data`` of an INSERT. Raises AnalyticsError, which quotes nothing of either."""

    def close(self) -> None: ...


class Server:
    """A server's HTTP interface; a statement has ended when ``run`` returns."""

    def __init__(self, url: str, *, database: str, user: str = "", password: str = "", cluster: str = "") -> None:
        """Raises AnalyticsError if no server can have this address, user or password. Nothing is sent yet."""
        self.place, self.database, self.cluster = f"{url}, database {database}", database, cluster
        if not f"{user}{password}".isprintable():
            raise AnalyticsError(
                "the user or the password for the ClickHouse server has line breaks or control characters in it",
                hint="Such a one can't be handed over. Was it copied whole, and nothing else?",
            )
        who = {b"X-ClickHouse-User": (user or "default").encode(), b"X-ClickHouse-Key": password.encode()}
        try:
            self._client = httpx.Client(
                base_url=url, headers=who if user or password else {}, timeout=httpx.Timeout(SECONDS, connect=5.0)
            )
        except httpx.InvalidURL:
            raise AnalyticsError(f"{url} is no address of a server", hint=f"Write {FORM}.") from None

    def run(self, sql: str, data: bytes = b"", *, database: str | None = None) -> bytes:
        asked = {**SETTINGS, "wait_end_of_query": "1", "database": self.database if database is None else database}
        if data:
            asked |= {**self._at_once, "query": sql}
        try:
            try:
                answer = self._client.post("/", params=asked, content=data or sql.encode())
            except httpx.RemoteProtocolError:  # an idle connection, which the server has just closed
                if not data and not sql.startswith("SELECT"):  # what may have been done, and is not to be done twice
                    raise
                answer = self._client.post("/", params=asked, content=data or sql.encode())
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AnalyticsError(
                f"the ClickHouse server at {self.place} can't be reached: {error}",
                hint="Does it run, and is the address right?",
            ) from None
        if answer.status_code != 200:
            raise AnalyticsError(
                f"the ClickHouse server at {self.place} answered {answer.status_code}: {without_data(answer.text)}",
                hint="Has the user all rights in this database?",
            )
        return answer.content

    @cached_property
    def _at_once(self) -> dict[str, str]:
        """Has an INSERT be done when it is answered: a server may be set to gather several first. Old ones know no such thing."""
        gathers = self.run("SELECT count(*) FROM system.settings WHERE name = 'async_insert' AND value != '0'")
        return {"async_insert": "0"} if int(gathers) else {}

    def close(self) -> None:
        self._client.close()


def ask(at: Connection, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
    """What a query of the shared SQL finds."""
    answer = at.run(f"{clickhouse_query(sql, bound)} FORMAT JSONCompact")
    try:
        return [tuple(found) for found in json.loads(answer)["data"]]
    except (ValueError, KeyError):  # an error after the answer had begun; what is there of it are rows
        raise AnalyticsError(
            f"the answer of {at.place} broke off after {len(answer)} bytes", hint="The server's log says why."
        ) from None


def without_data(said: str) -> str:
    """What a server says of an error, without what readers did: words that may quote a row or a query are left out."""
    code = _CODE.search(said)
    if not code:
        return said.strip().split("\n")[0][:100]
    if int(code[1]) in _QUOTABLE:
        return _QUERY.split(said[code.start() :])[0].strip()[:_SHORT]
    name = _NAME.search(said)
    return (
        f"{code[0]}{f' ({name[1]})' if name else ''}; the server's log has its words, which may quote what readers did"
    )


def connect(address: str, environ: Mapping[str, str] = os.environ) -> Server:
    """The server that an address names; its database is made if it is not there.

    User and password that the address has not are those of ``USER_VARIABLE`` and ``PASSWORD_VARIABLE``, if these are set.

    Raises:
        AnalyticsError: the address is no such, or the server does not answer.
    """
    try:
        parts = urlsplit(address)
        port = parts.port or (8443 if parts.scheme == "clickhouses" else 8123)
    except ValueError:
        raise _no_address(address) from None
    database = parts.path.strip("/")
    asked = parse_qs(parts.query, keep_blank_values=True)
    names = (database, *asked.get("cluster", []))
    right = parts.hostname and "#" not in address and set(asked) <= {"cluster"} and len(names) <= 2
    if not right or not all(name.isidentifier() and name.isascii() for name in names):
        raise _no_address(address)
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    server = Server(
        f"{'https' if parts.scheme == 'clickhouses' else 'http'}://{host}:{port}",
        database=database,
        user=unquote(parts.username or "") or environ.get(USER_VARIABLE, "").strip(),
        password=unquote(parts.password or "") or environ.get(PASSWORD_VARIABLE, "").strip(),
        cluster="".join(asked.get("cluster", [])),
    )
    try:
        if database.encode() not in server.run("SELECT name FROM system.databases", database="").split():
            server.run(f"CREATE DATABASE IF NOT EXISTS {database}{on(server.cluster)}", database="")
    except BaseException:
        server.close()
        raise
    return server


def on(cluster: str) -> str:
    """What follows a table's name in a statement that all servers of a cluster are to run."""
    return f" ON CLUSTER {cluster}" if cluster else ""


def _no_address(address: str) -> AnalyticsError:
    """Of the address only what can hold no password is quoted, whatever sign of it was left unescaped."""
    scheme, _, rest = address.partition("://")
    plain = re.fullmatch(r"[\w.-]*(:\d*)?(/[\w.-]*)?", rest)
    return AnalyticsError(
        f"{address if plain else f'{scheme}://…'} is no address of a store",
        hint=f"Write {FORM}; signs of `@`, `:`, `/`, `?`, `#` in a user or a password are written as %40, %3A, %2F, %3F, %23.",
    )
