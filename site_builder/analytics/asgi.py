"""How the collector's own paths speak ASGI: a body read within its limits, refusals with their reason, one answer in JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BODY_SECONDS = 10.0


class Refused(Exception):  # noqa: N818  (it is an answer)
    """An answer that is no success; ``said`` becomes its JSON."""

    def __init__(self, status: int, said: dict[str, Any], headers: Headers | None = None) -> None:
        self.status, self.said, self.headers = status, said, headers or []


def refused(status: int, reason: str, headers: Headers | None = None) -> Refused:
    return Refused(status, {"error": reason}, headers)


async def read_body(headers: dict[bytes, bytes], receive: Receive, most: int) -> bytes:
    """The whole body, of ``most`` bytes. Raises Refused: 413 as soon as it is known to be too long, 408 if it does not come."""
    length = headers.get(b"content-length")
    expected = int(length) if length and length.isdigit() else None
    if expected is not None and expected > most:
        raise refused(413, f"a body is at most {most} bytes")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise refused(400, "the body was cut short")
                part = message.get("body", b"")
                parts.append(part)
                size += len(part)
                if size > most:
                    raise refused(413, f"a body is at most {most} bytes")
                if not message.get("more_body") or size == expected:
                    return parts[0] if len(parts) == 1 else b"".join(parts)
    except TimeoutError:
        raise refused(408, f"the body did not come within {BODY_SECONDS:.0f} s") from None


async def respond(send: Send, status: int, answer: bytes, headers: Headers) -> None:
    """Send an answer, which is JSON or nothing, with ``headers`` beside those that every answer has."""
    length = (b"content-length", b"%d" % len(answer))
    own = [length, (b"content-type", b"application/json"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": answer})
