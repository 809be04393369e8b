"""Bodies as browsers send them, and a collector that takes them without a server; shared by the tests of this folder."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from site_builder.analytics.collector import Collector, Rules
from site_builder.analytics.record import Record
from site_builder.analytics.salt import Salts
from site_builder.analytics.spool import Position, Spool, read

ORIGIN = "https://example.com"
NOW = 1_795_392_000_000
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
BROWSER = {
    "content-type": "text/plain;charset=UTF-8",
    "origin": ORIGIN,
    "user-agent": FIREFOX,
    "accept-language": "zh-CN,zh;q=0.8,en;q=0.5",
}
RULES = Rules("blog", (ORIGIN,))
Ask = Callable[..., Awaitable[httpx.Response]]


def uuid(number: int) -> str:
    return str(UUID(int=number))


def event(number: int = 1, name: str = "engagement", **changes: Any) -> dict[str, Any]:
    props = {"props": {"scroll": 40, "active_ms": 9_000}} if name == "engagement" else {}
    told = {"id": uuid(number), "name": name, "t": NOW - 500, "pv": uuid(7), "url": "/blog/caches/", **props, **changes}
    return {key: value for key, value in told.items() if value is not ...}


def body(*events: Any, **changes: Any) -> dict[str, Any]:
    told = {"v": 1, "site": "blog", "sent": NOW, "width": 1280, "events": list(events) or [event()], **changes}
    return {key: value for key, value in told.items() if value is not ...}


def collected(folder: Path) -> list[Record]:
    """All records of a spool. Nothing in it may be damaged."""
    found, position = [], Position()
    while (reading := read(folder, position)).position != position:
        assert not reading.damage
        found += reading.records
        position = reading.position
    return found


def visit(
    folder: Path, talk: Callable[[Ask, Collector], Awaitable[None]], rules: Rules = RULES, peer: str = "192.0.2.7"
) -> list[Record]:
    """Let ``talk`` ask a collector in ``folder`` as a browser would, and return what it has kept."""

    async def run() -> None:
        spool = Spool(folder / "spool")
        collector = Collector(rules, spool, Salts(folder / "salt"), clock=lambda: NOW)
        transport = httpx.ASGITransport(collector, client=(peer, 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://collector.example.com") as client:
            client.headers.clear()

            async def ask(content: Any = None, method: str = "POST", **headers: str | None) -> httpx.Response:
                said = {**BROWSER, **{name.replace("_", "-"): value for name, value in headers.items()}}
                raw = content if isinstance(content, bytes) or hasattr(content, "__aiter__") else json.dumps(content)
                return await client.request(
                    method,
                    "/e",
                    content=raw,
                    headers={name: value for name, value in said.items() if value is not None},
                )

            await talk(ask, collector)
        await spool.close()

    asyncio.run(run())
    return collected(folder / "spool")


def send(
    folder: Path, content: Any, rules: Rules = RULES, peer: str = "192.0.2.7", **headers: str | None
) -> Iterator[Any]:
    """One request: yields the answer, and what was kept."""
    answers: list[httpx.Response] = []

    async def talk(ask: Ask, collector: Collector) -> None:
        answers.append(await ask(content, **headers))

    kept = visit(folder, talk, rules, peer)
    yield from (answers[0], kept)
