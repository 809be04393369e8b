"""The one sealing primitive: deterministic, committing to key, kind, context, text. See docs/format.md, "Sealing"."""

from __future__ import annotations

import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from site_builder.errors import SealError
from site_builder.vault.encoding import lp

OVERHEAD = 48
_NONCE = bytes(12)


def hkdf(key: bytes, info: bytes | str, salt: bytes | None = None) -> bytes:
    """HKDF-SHA256 (RFC 5869) with 32 bytes of output; an absent salt is 32 zero bytes, as the RFC has it."""
    raw = info.encode() if isinstance(info, str) else info
    return HKDF(hashes.SHA256(), 32, salt, raw).derive(key)


@lru_cache(maxsize=8)
def _siv_key(key: bytes) -> bytes:
    """Kept for the next call, since all lines of a roster are sealed under one key."""
    return hkdf(key, "sb1/siv")


def seal(key: bytes, kind: str, aad: bytes, text: bytes) -> bytes:
    """Seal ``text`` under the 32-byte ``key``, bound to ``kind`` and ``aad``; 48 bytes longer than ``text``."""
    tag = hmac.digest(_siv_key(key), lp(kind, aad, text), "sha256")
    return tag + AESGCM(hkdf(key, "sb1/enc", tag)).encrypt(_NONCE, text, lp(kind, aad))


def unseal(key: bytes, kind: str, aad: bytes, sealed: bytes) -> bytes:
    """The text that ``seal`` was given. Raises SealError if one bit, the key, the kind or the context differs."""
    tag = sealed[:32]
    try:
        if len(sealed) < OVERHEAD:
            raise InvalidTag
        text = AESGCM(hkdf(key, "sb1/enc", tag)).decrypt(_NONCE, sealed[32:], lp(kind, aad))
    except InvalidTag:
        raise SealError(
            f"a sealed {kind} does not open", hint="It is damaged, or it was sealed under another key."
        ) from None
    if not hmac.compare_digest(tag, hmac.digest(_siv_key(key), lp(kind, aad, text), "sha256")):
        raise SealError(f"a sealed {kind} does not match its seal")
    return text
