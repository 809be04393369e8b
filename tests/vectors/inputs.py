"""What the makers of vectors share: fixed keys and tokens, and the ways to damage a file."""

from __future__ import annotations

from typing import Any

from tests.vectors.document import noise, with_checksum

Vector = dict[str, Any]

SITE = "vector-site"
MASTER = noise("master", 32)
PART, OTHER_PART = "blog/posts/tail-latency#1", "blog/posts/tail-latency#2"
TOKEN = with_checksum("mbr_" + "VectorVectorVectorVectorVector")
OTHER_TOKEN = with_checksum("mbr_" + "0123456789ABCDEFGHIJabcdefghij")


def flip(raw: bytes, position: int) -> str:
    """``raw`` in hexadecimal with the lowest bit of one byte turned; negative positions count from the end."""
    changed = bytearray(raw)
    changed[position] ^= 1
    return changed.hex()
