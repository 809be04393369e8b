"""A member's token: made once, shown once, never stored. What the roster keeps derives from it. See docs/format.md, "Token"."""

from __future__ import annotations

import re
import secrets

from site_builder.errors import SiteError
from site_builder.vault.encoding import BASE62, checksum_fits, with_checksum
from site_builder.vault.seal import hkdf

PREFIX = "mbr_"
RANDOM_LETTERS = 30
LENGTH = len(PREFIX) + RANDOM_LETTERS + 6


class TokenError(SiteError):
    """What was given is not a member's token. The message never repeats it."""


def random_letters(count: int) -> str:
    """``count`` base62 letters from the system's random source, each with 5.95 bits."""
    return "".join(secrets.choice(BASE62) for _ in range(count))


def new_token() -> str:
    """A token with 178 random bits."""
    return with_checksum(PREFIX + random_letters(RANDOM_LETTERS))


def parse_token(text: str) -> str:
    """The token, if ``text`` is exactly one. Raises TokenError that tells a mistyped token from what is none."""
    if not re.fullmatch(r"mbr_[0-9A-Za-z]+", text, re.ASCII):
        raise TokenError(
            "this is not a member's token", hint=f"A token starts with {PREFIX}; letters and digits follow."
        )
    if len(text) != LENGTH:
        raise TokenError(
            f"the token is not whole: it has {len(text)} characters instead of {LENGTH}", hint="Copy it again, whole."
        )
    if not checksum_fits(text):
        raise TokenError("the token is mistyped: its checksum does not fit", hint="Copy it again, whole.")
    return text


def locator(token: str) -> bytes:
    """8 bytes that choose the member's lockbox shard."""
    return hkdf(token.encode("ascii"), "sb1/locator")[:8]


def kek(token: str) -> bytes:
    """The 32-byte key that opens the member's lockbox slots."""
    return hkdf(token.encode("ascii"), "sb1/lockbox")
