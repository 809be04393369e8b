"""``POST /purchase/PROVIDER``: believes what is signed, keeps the payment it tells of, and answers once that is on disk.

Providers send again until they are answered with 200, so each event that is rightly theirs is, whether it was of interest or not.
"""

from __future__ import annotations

import logging
import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid5

from pydantic import ValidationError
from pydantic_core import to_json

from site_builder.analytics.asgi import (
    BODY_SECONDS,
    Headers,
    Receive,
    Refused,
    Scope,
    Send,
    read_body,
    refused,
    respond,
)
from site_builder.analytics.attribution import sender_address
from site_builder.analytics.collector import Collector
from site_builder.analytics.purchases.payment import Passed, Payment
from site_builder.analytics.purchases.providers import PROVIDERS, Provider, Secrets, variable
from site_builder.analytics.rates import Rates
from site_builder.analytics.record import Record
from site_builder.analytics.salt import network
from site_builder.engagement.events import reason

PATH = "/purchase/"
MAX_WEBHOOK = 262_144
"""Bytes of a body: providers tell much of what they sold."""
AT_ONCE = 256
"""Bodies that are read at the same time: whoever sends slowly without a signature costs no more memory than these."""
ONE_AT_ONCE = 16
"""Of these from one address, of IPv6 from one /64: so that nobody who sends slowly keeps a provider out."""
_NAMES = UUID("4a6f3c0e-7c1b-5e0a-9c55-0d2f6b1e8a77")
log = logging.getLogger("site_builder.analytics")


class Purchases:
    """An ASGI application for all paths that begin with ``PATH``. It keeps records where ``collector`` keeps them."""

    def __init__(self, collector: Collector, secrets: Secrets) -> None:
        self.collector, self.secrets = collector, secrets
        # Of what is wrongly signed alone: no flood keeps a provider from sending as many at once as it has.
        self._rates = Rates(collector.rules.per_second, collector.rules.burst)
        self._told: set[str] = set()
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix(PATH)
        extra: Headers = []
        try:
            said = await self._answer(name, scope, receive)
            status, became = 200, "kept" if said["kept"] else "passed"
        except Refused as no:
            status, said, extra, became = no.status, no.said, no.headers, "refused"
        await respond(send, status, to_json(said), extra)
        if name in self.secrets:
            self.collector.counts.webhooks[name, became] += 1

    async def _answer(self, name: str, scope: Scope, receive: Receive) -> dict[str, object]:
        if name not in self.secrets:
            raise refused(404, "nothing is taken here")
        if scope["method"] != "POST":
            raise refused(405, "webhooks are sent with POST", [(b"allow", b"POST")])
        headers: dict[bytes, bytes] = dict(scope["headers"])
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"application/json":
            raise refused(415, "the body is to be application/json")
        if headers.get(b"content-encoding", b"identity") != b"identity":
            raise refused(415, "the body is to be sent as it is, without a content encoding")
        address = self._address(scope, headers)
        with self._one_more(network(address)):
            body = await read_body(headers, receive, MAX_WEBHOOK)
        provider, received = PROVIDERS[name], self.collector.clock()
        if not self._signed(name, provider, headers, body, received / 1000):
            self._tell(name)
            wait = self._rates.wait(address, time.monotonic())
            if wait:
                raise refused(429, "too many requests without a signature", [(b"retry-after", b"%d" % math.ceil(wait))])
            raise refused(403, "this is not signed with the secret of this webhook, or not now")
        self._told.discard(name)
        return await self._keep(name, provider, body, received)

    @contextmanager
    def _one_more(self, sender: str) -> Iterator[None]:
        """While a body is read. Raises Refused (503) if too many are."""
        if self._under_way[sender] >= ONE_AT_ONCE or self._under_way.total() >= AT_ONCE:
            raise refused(503, "too much at once; send it again", [(b"retry-after", b"%d" % BODY_SECONDS)])
        self._under_way[sender] += 1
        try:
            yield
        finally:
            self._under_way[sender] -= 1
            self._under_way += Counter()  # leaves out who sends nothing any more

    def _signed(self, name: str, provider: Provider, headers: dict[bytes, bytes], body: bytes, now: float) -> bool:
        return any(provider.signed(secret, headers, body, now) for secret in self.secrets[name])

    async def _keep(self, name: str, provider: Provider, body: bytes, received: int) -> dict[str, object]:
        try:
            payment = provider.read(body)
        except ValidationError as error:
            raise refused(400, reason(error)) from None
        except Passed as why:
            return {"kept": None, "why": str(why)}
        if not payment.amount:
            return {"kept": None, "why": "nothing was paid"}
        record = record_of(name, payment, self.collector.rules.site, received)
        await self.collector.keep([record])
        return {"kept": record.name, **record.props, "post": record.post}

    def _address(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        client = scope.get("client")
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        return sender_address(client[0] if client else "", forwarded, self.collector.rules.behind_proxy)

    def _tell(self, name: str) -> None:
        """Once until a signature is right again: the writer's mistake is to be seen, and a flood is not to fill the log."""
        if name not in self._told:
            self._told.add(name)
            log.warning(
                f"a request to {PATH}{name} was refused: its signature is missing, wrong or too old. If the provider sent it, "
                f"look whether {variable(name)} is the secret of this webhook, and whether this machine's clock is right"
            )


def record_of(provider: str, payment: Payment, site: str, received: int) -> Record:
    """The event of a payment; ``received`` in ms since 1970. The same payment always has the same id, so that it counts once.

    Who paid is in it nowhere: each payment is a visitor of its own, who is no reader's.
    """
    id = uuid5(_NAMES, f"{provider}\n{payment.name}\n{payment.key}")
    t = payment.t if 0 < payment.t <= received else received
    props = {
        "amount": payment.amount,
        "currency": payment.currency,
        **({"offer": payment.offer} if payment.offer else {}),
    }
    return Record(
        str(id), site, payment.name, t, received, "", "", post=payment.post, visitor=id.hex[:16], props=props
    )  # fmt: skip
