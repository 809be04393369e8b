"""``POST /e``: validates what browsers report, keeps it in the spool, and answers once it is on disk.

Raw ASGI, since this is the one path where speed counts. Each refusal is a 4xx with its reason in words that repeat nothing of
what was sent; a 503 says that the sender is to keep its events and try again.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pydantic_core import to_json

from site_builder.analytics.asgi import Headers, Receive, Refused, Scope, Send, read_body, refused, respond
from site_builder.analytics.attribution import Sender, records, sender_address
from site_builder.analytics.bots import Pace
from site_builder.analytics.metrics import Counts
from site_builder.analytics.rates import Rates
from site_builder.analytics.record import BOT, Record
from site_builder.analytics.salt import Salts
from site_builder.analytics.spool import Spool, SpoolFull, frame
from site_builder.engagement.events import MAX_BODY, read_batch, read_events

RETRY_SECONDS = 30
TYPES = frozenset({b"text/plain", b"application/json"})
TOLD = 8
"""How many other sites, and how many other origins, are named in the log: anybody can make up more."""
_ORIGIN = re.compile(rb"https?://([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?")
log = logging.getLogger("site_builder.analytics")


@dataclass(frozen=True)
class Rules:
    """Whose events are taken, and from whom."""

    site: str
    origins: tuple[str, ...]
    """``https://example.com``: scheme, host, and the port if it is no usual one."""
    behind_proxy: bool = False
    """Whether every request comes through a proxy that adds the sender's address to X-Forwarded-For."""
    per_second: float = 20.0
    """Requests of one address; 0 for no limit."""
    burst: int = 200
    respect_privacy: bool = True
    """Keep nothing of a browser that says Sec-GPC or DNT, whatever the page's own script does."""

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(urlsplit(origin).hostname or "" for origin in self.origins)


@dataclass
class Collector:
    """An ASGI application that answers every path it is given."""

    rules: Rules
    spool: Spool
    salts: Salts
    counts: Counts = field(default_factory=Counts)
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    """ms since 1970; it may jump."""

    def __post_init__(self) -> None:
        self._origins = frozenset(origin.encode() for origin in self.rules.origins)
        self._hosts = self.rules.hosts
        self._rates = Rates(self.rules.per_second, self.rules.burst)
        self._pace = Pace()
        self._full = False
        self._told_of_proxy = False
        self._other_sites: set[str] = set()
        self._other_origins: set[bytes] = set()

    @property
    def disk_full(self) -> bool:
        """Whether the last events could not be kept."""
        return self._full

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = dict(scope["headers"])  # of those that stand twice the last, which is the proxy's
        origin: bytes | None = headers.get(b"origin")
        extra: Headers = []
        try:
            if origin is not None:
                if origin not in self._origins:
                    self._tell_of_origin(origin)
                    raise refused(403, "this origin is not one of the site's")
                extra = [(b"access-control-allow-origin", origin), (b"vary", b"origin")]
            status, answer = await self._answer(scope, headers, receive)
            if status == 204:
                extra += [
                    (b"access-control-allow-methods", b"POST"),
                    (b"access-control-allow-headers", b"content-type"),
                    (b"access-control-max-age", b"86400"),
                ]
        except Refused as no:
            status, answer, extra = no.status, to_json(no.said), extra + no.headers
        await respond(send, status, answer, extra)
        self.counts.answered(status, time.perf_counter() - began)

    async def _answer(self, scope: Scope, headers: dict[bytes, bytes], receive: Receive) -> tuple[int, bytes]:
        method = scope["method"]
        if method == "OPTIONS":
            return 204, b""
        if method != "POST":
            raise refused(405, "events are sent with POST", [(b"allow", b"POST, OPTIONS")])
        sender = self._sender(scope, headers)
        wait = self._rates.wait(sender.address, time.monotonic())
        if wait:
            raise refused(429, "too many requests from one address", [(b"retry-after", b"%d" % math.ceil(wait))])
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() not in TYPES:
            raise refused(415, "the body is to be JSON, as text/plain or application/json")
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise refused(415, "the body is to be sent as it is, without a content encoding")
        body = await read_body(headers, receive, MAX_BODY)
        if self.rules.respect_privacy and (headers.get(b"sec-gpc") == b"1" or headers.get(b"dnt") == b"1"):
            self.counts.ignored += 1
            return 202, b'{"accepted":0,"rejected":[],"ignored":"the browser asks for privacy"}'
        return await self._take(body, sender)

    def _sender(self, scope: Scope, headers: dict[bytes, bytes]) -> Sender:
        client = scope.get("client")
        peer = client[0] if client else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        if bool(forwarded) != self.rules.behind_proxy and not self._told_of_proxy:
            self._tell_of_proxy(peer)
        return Sender(
            sender_address(peer, forwarded, self.rules.behind_proxy),
            headers.get(b"user-agent", b"").decode("latin-1"),
            headers.get(b"accept-language", b"").decode("latin-1"),
            b"origin" in headers,
        )

    async def _take(self, body: bytes, sender: Sender) -> tuple[int, bytes]:
        try:
            batch = read_batch(body)
        except ValueError as error:
            raise refused(400, str(error)) from None
        if batch.site != self.rules.site:
            self._tell_of_site(batch.site)
            raise refused(403, "site: these events are another site's")  # no 400, at which browsers would give them up
        good, bad = read_events(batch.events)
        self.counts.rejected += len(bad)
        rejected = [{"index": one.index, "reason": one.reason} for one in bad]
        if not good:
            raise Refused(400, {"accepted": 0, "rejected": rejected})
        made = records(batch, good, sender, self.clock(), self.salts, self._pace, self._hosts)
        await self.keep(made)
        self.counts.bots += len(made) if made[0].bot >= BOT else 0
        if not rejected:
            return 202, b'{"accepted":%d,"rejected":[]}' % len(made)
        return 202, to_json({"accepted": len(made), "rejected": rejected})

    async def keep(self, made: Sequence[Record]) -> None:
        """Returns when the records are on disk. Raises Refused (503) if they are not, and whoever sent them is to keep them."""
        try:
            await self.spool.append(b"".join(map(frame, made)))
        except SpoolFull as error:
            self._tell(f"events can't be kept and are refused: {error}", full=True)
            self.counts.refused_by_disk += 1
            raise refused(503, "the events were not kept; send them again", [_RETRY]) from None
        self._tell("events are kept again", full=False)
        self.counts.accepted += len(made)

    def _tell_of_site(self, site: str) -> None:
        """Once for each: --site is mistyped, or somebody else's pages name this collector."""
        if site not in self._other_sites and len(self._other_sites) < TOLD:
            self._other_sites.add(site)
            log.warning(
                f"events of the site {site} were refused, since --site is {self.rules.site}: it is to be `site` in mkdocs.yml. "
                "Readers' browsers keep theirs for a week"
            )

    def _tell_of_origin(self, origin: bytes) -> None:
        """Once for each. What is no origin of pages is not named, as anything may stand in it."""
        named = origin if _ORIGIN.fullmatch(origin) else b""
        if named not in self._other_origins and len(self._other_origins) < TOLD:
            self._other_origins.add(named)
            log.warning(
                f"events of pages at {named.decode() or 'an address that is none'} were refused: if they are yours, "
                "name it with another --origin. Readers' browsers keep theirs for a week"
            )

    def _tell_of_proxy(self, peer: str) -> None:
        """What is amiss in front of the collector makes one visitor of all readers, who then share one rate too."""
        if self.rules.behind_proxy:
            log.warning(
                "a request came without X-Forwarded-For: the web server is to set it, for --behind-proxy to work"
            )
        elif peer in ("127.0.0.1", "::1"):
            log.warning("requests come through a proxy, and all readers count as one: --behind-proxy is missing")
        else:
            return
        self._told_of_proxy = True

    def _tell(self, what: str, *, full: bool) -> None:
        """Once for each change, and not for each of the requests that meet it."""
        if full != self._full:
            self._full = full
            log.warning(what)


_RETRY = (b"retry-after", b"%d" % RETRY_SECONDS)


def origins_of(addresses: Iterable[str]) -> tuple[str, ...]:
    """The origins of addresses as browsers write them: lower case, without a usual port.

    Raises ValueError with the wrong one. One with a path is wrong too: it would look like a limit, and be none.
    """
    found = []
    for address in addresses:
        parts = urlsplit(address)
        try:
            port = parts.port
        except ValueError:
            raise ValueError(address) from None
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError(address)
        if parts.path not in ("", "/") or parts.query or parts.fragment:
            raise ValueError(address)
        host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
        usual = port in (None, 443 if parts.scheme == "https" else 80)
        bracketed = f"[{host}]" if ":" in host else host
        found.append(f"{parts.scheme}://{bracketed}" + ("" if usual else f":{port}"))
    return tuple(dict.fromkeys(found))
