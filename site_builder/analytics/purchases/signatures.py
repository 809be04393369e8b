"""Whether a webhook was signed with a secret, as each provider does it: HMAC with SHA-256 over the body's own bytes.

Each function takes the secret, the request's headers by their names in small letters, the body, and the time in seconds since
1970. It says no more than yes or no.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping

TOLERANCE = 300
"""Seconds between the time that is signed and the clock here, in either direction: what comes later may have been recorded."""

Signed = Callable[[bytes, Mapping[bytes, bytes], bytes, float], bool]


def stripe(secret: bytes, headers: Mapping[bytes, bytes], body: bytes, now: float) -> bool:
    """``Stripe-Signature: t=SECONDS,v1=HEX,v1=HEX`` over ``SECONDS.BODY``; several v1 while a secret is rotated."""
    stamp, found = _pairs(headers.get(b"stripe-signature", b""), b",", b"t", b"v1")
    return _recent(stamp, now) and _among(_hex(secret, stamp + b"." + body), found)


def paddle(secret: bytes, headers: Mapping[bytes, bytes], body: bytes, now: float) -> bool:
    """``Paddle-Signature: ts=SECONDS;h1=HEX`` over ``SECONDS:BODY``; several h1 while a secret is rotated."""
    stamp, found = _pairs(headers.get(b"paddle-signature", b""), b";", b"ts", b"h1")
    return _recent(stamp, now) and _among(_hex(secret, stamp + b":" + body), found)


def lemonsqueezy(secret: bytes, headers: Mapping[bytes, bytes], body: bytes, now: float) -> bool:
    """``X-Signature: HEX`` over the body. No time is signed: what is sent again must be known by its id."""
    return _among(_hex(secret, body), [headers.get(b"x-signature", b"")])


def standard(secret: bytes, headers: Mapping[bytes, bytes], body: bytes, now: float) -> bool:
    """Standard Webhooks: ``webhook-signature: v1,BASE64 v1,BASE64`` over ``ID.SECONDS.BODY``.

    A secret ``whsec_BASE64`` is the bytes that it encodes. Polar takes its secrets as they are written, so both are tried.
    """
    name, stamp = headers.get(b"webhook-id", b""), headers.get(b"webhook-timestamp", b"")
    parts = [part.partition(b",") for part in headers.get(b"webhook-signature", b"").split()]
    found = [signature for version, _, signature in parts if version == b"v1"]
    if not _recent(stamp, now):
        return False
    signed = b".".join([name, stamp, body])
    made = [b64encode(hmac.digest(key, signed, "sha256")) for key in _keys(secret)]
    return any(_among(one, found) for one in made)


def _keys(secret: bytes) -> list[bytes]:
    """None is empty, and none is the prefix alone: anybody could sign with these."""
    encoded = secret.removeprefix(b"whsec_")
    if encoded == secret:
        return [secret] if secret else []
    try:
        decoded = b64decode(encoded, validate=True)
    except ValueError:
        decoded = b""
    return [key for key in (secret, decoded) if key] if encoded else []


def _pairs(header: bytes, separator: bytes, time: bytes, signature: bytes) -> tuple[bytes, list[bytes]]:
    """The one time that a header names, or nothing, and its signatures; others it may have are of schemes that are not asked."""
    pairs = [part.strip().partition(b"=") for part in header.split(separator)]
    stamps = [value for name, _, value in pairs if name == time]
    return stamps[0] if len(stamps) == 1 else b"", [value for name, _, value in pairs if name == signature]


def _recent(stamp: bytes, now: float) -> bool:
    return stamp.isdigit() and len(stamp) < 13 and abs(now - int(stamp)) <= TOLERANCE


def _hex(secret: bytes, signed: bytes) -> bytes:
    return hmac.digest(secret, signed, "sha256").hex().encode()


def _among(made: bytes, found: Iterable[bytes]) -> bool:
    """Whether one is the same; the time it takes tells nothing of where another differs."""
    return any(hmac.compare_digest(made, one) for one in found)
