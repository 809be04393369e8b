"""Keys and tokens in what would be published: the site's own master key in any written form, and any other key or
token whose checksum fits."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from site_builder.vault.audit.canonical import fold
from site_builder.vault.encoding import CHECKSUM_LENGTH, checksum_fits
from site_builder.vault.keys import MasterKey

MASTER_KEY = "a master key"
KINDS = {b"sbk1_": MASTER_KEY, b"mbr_": "a member's token", b"gft_": "a gift token"}
_WRITTEN = re.compile(rb"(" + b"|".join(KINDS) + rb")([0-9A-Za-z]{12,96})")
_FOLDED = tuple(map(fold, KINDS))


def may_have_tokens(folded: bytes) -> bool:
    """Whether a folded text has the letters that keys or tokens begin with; much faster to ask first."""
    return any(prefix in folded for prefix in _FOLDED)


def tokens(text: bytes) -> Iterator[tuple[int, str]]:
    """Where a key or token begins in ``text``, and what it is; never the thing itself. Only written forms with the
    right checksum count, so that the placeholders of documentation pass."""
    for match in _WRITTEN.finditer(text):
        written = match[0].decode()
        shortest = len(match[1]) + CHECKSUM_LENGTH * 2
        if any(checksum_fits(written[:end]) for end in range(shortest, len(written) + 1)):
            yield match.start(), KINDS[match[1]]


def key_forms(master_key: str) -> list[bytes]:
    """The folded forms in which a master key may be written: its own, hexadecimal, and base64 at each of the three
    alignments. Raises MasterKeyError if it is none."""
    key = MasterKey.parse(master_key)
    alignments = [base64.b64encode(bytes(shift) + key.raw)[4 if shift else 0 : -4] for shift in range(3)]
    return [fold(form) for form in (str(key).encode(), key.raw.hex().encode(), *alignments)]
