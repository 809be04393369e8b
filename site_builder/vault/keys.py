"""The master key and all that derives from it on the build's side. See docs/format.md, "Build-side keys"."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from site_builder.errors import MasterKeyError
from site_builder.vault.encoding import base62, checksum_fits, from_base62, lp, u32, with_checksum
from site_builder.vault.seal import hkdf

PREFIX = "sbk1_"
_DIGITS = 43


@dataclass(frozen=True)
class MasterKey:
    """32 random bytes. Who has them can open all and issue tokens; once lost, all tokens are to be issued anew."""

    raw: bytes = field(repr=False)

    @classmethod
    def generate(cls) -> MasterKey:
        return cls(secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> MasterKey:
        """Read the written form. Raises MasterKeyError, without repeating the key, if it is not one."""
        text = text.strip()
        if not text.startswith(PREFIX) or len(text) != len(PREFIX) + _DIGITS + 6:
            raise MasterKeyError(
                "this is not a master key", hint=f"A master key starts with {PREFIX} and has 54 characters."
            )
        if not checksum_fits(text):
            raise MasterKeyError("the master key is mistyped: its checksum does not fit", hint="Copy it again, whole.")
        try:
            return cls(from_base62(text[len(PREFIX) : -6]).to_bytes(32, "big"))
        except (ValueError, OverflowError):
            raise MasterKeyError("this is not a master key", hint="Its number is out of range.") from None

    def __str__(self) -> str:
        return with_checksum(PREFIX + base62(int.from_bytes(self.raw, "big"), _DIGITS))

    @property
    def id(self) -> str:
        """Eight hexadecimal digits that name the key and tell nothing of it."""
        return hkdf(self.raw, "sb1/key-id")[:4].hex()

    def content_key(
        self, kind: str, site: str, part: str, entitlements: Iterable[str], generations: tuple[int, int], padded: bytes
    ) -> bytes:
        """The key of one part or asset: new with any change of text, place, access or (site, part) generation."""
        generation = u32(generations[0]) + u32(generations[1])
        data = lp(kind, site, part, lp(*sorted(entitlements)), generation, padded)
        return hmac.digest(hkdf(self.raw, "sb1/cek"), data, "sha256")

    def epoch_key(self, site: str, entitlement: str, epoch: int, endings: Iterable[str]) -> bytes:
        """The key that opens an entitlement's keyring from the ``epoch``-th ending on until the next."""
        ended = hashlib.sha256(lp(*sorted(endings))).digest()
        return hkdf(self.raw, lp("sb1/epoch", site, entitlement, u32(epoch), ended))

    def roster_key(self, site: str) -> bytes:
        """The key of the roster's lines."""
        return hkdf(self.raw, lp("sb1/roster", site))

    def shard_key(self, site: str) -> bytes:
        """The key of salts, decoys and slot order in lockbox shards."""
        return hkdf(self.raw, lp("sb1/shard", site))
