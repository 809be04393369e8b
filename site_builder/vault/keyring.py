"""What each entitlement opens: part ids, content keys, payload names, sealed in shards. See docs/format.md."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError, ContentError, SealError
from site_builder.vault.encoding import lp, pad, u32, unpad
from site_builder.vault.lockbox import Epoch
from site_builder.vault.payload import SealedPart
from site_builder.vault.seal import seal, unseal

PARTS_PER_SHARD = 48
_ID, _KEY, _NAME = 16, 32, 16
_ENTRY = _ID + _KEY + _NAME


@dataclass(frozen=True, order=True)
class KeyringEntry:
    """One part: its id (16 bytes), its content key (32) and its payload's name (32 hexadecimal digits)."""

    id: bytes
    key: bytes = field(repr=False)
    payload: str


def part_id(site: str, part: str) -> bytes:
    """The 16 bytes under which a part stands in keyrings."""
    return hashlib.sha256(lp("sb1/part", site, part)).digest()[:_ID]


def shard_of_part(identity: bytes, shards: int) -> int:
    """The shard of a keyring of ``shards`` in which the part with this id stands."""
    return int.from_bytes(identity[:4], "big") % shards


def keyring_shards(parts: int) -> int:
    """The least power of two with at most 48 parts a shard on average."""
    shards = 1
    while parts > shards * PARTS_PER_SHARD:
        shards *= 2
    return shards


def seal_keyrings(
    site: str, offers: Offers, parts: Iterable[SealedPart], epochs: Mapping[str, Epoch]
) -> dict[str, tuple[bytes, ...]]:
    """For each entitlement on offer the files of its keyring, shard by shard; a tier's has what lower tiers open too.

    Raises ConfigError for a part whose entitlement is not on offer, ContentError for two parts of one name.
    """
    held: dict[str, list[KeyringEntry]] = {entitlement: [] for entitlement in offers.by_id}
    seen: set[str] = set()
    for part in parts:
        if part.part in seen:
            raise ContentError(f"there are two gated parts named {part.part}")
        seen.add(part.part)
        for unknown in sorted(set(part.entitlements) - set(offers.by_id)):
            raise ConfigError(
                f"the part {part.part} is for '{unknown}', which is neither a tier nor a product",
                hint=f"On offer are: {', '.join(offers.by_id) or 'none'}.",
            )
        entry = KeyringEntry(part_id(site, part.part), part.key, part.name)
        for opener in offers.openers(part.entitlements):
            held[opener].append(entry)
    return {
        entitlement: _seal_keyring(site, entitlement, epochs[entitlement], entries)
        for entitlement, entries in held.items()
    }


def open_keyring(
    key: bytes, site: str, entitlement: str, epoch: int, index: int, shards: int, file: bytes
) -> tuple[KeyringEntry, ...]:
    """The entries of one shard, opened with the epoch key. Raises SealError if anything differs."""
    try:
        joined = unpad(unseal(key, "keyring", _context(site, entitlement, epoch, index, shards), file))
    except ValueError:
        raise SealError(f"shard {index} of the keyring of {entitlement} opens, but its padding is damaged") from None
    if len(joined) % _ENTRY:
        raise SealError(f"shard {index} of the keyring of {entitlement} opens, but an entry is cut short")
    rows = (joined[start : start + _ENTRY] for start in range(0, len(joined), _ENTRY))
    return tuple(KeyringEntry(row[:_ID], row[_ID : _ID + _KEY], row[-_NAME:].hex()) for row in rows)


def _seal_keyring(site: str, entitlement: str, epoch: Epoch, entries: Sequence[KeyringEntry]) -> tuple[bytes, ...]:
    shards: list[list[KeyringEntry]] = [[] for _ in range(keyring_shards(len(entries)))]
    for entry in sorted(entries):
        shards[shard_of_part(entry.id, len(shards))].append(entry)
    files = []
    for index, shard in enumerate(shards):
        joined = b"".join(entry.id + entry.key + bytes.fromhex(entry.payload) for entry in shard)
        context = _context(site, entitlement, epoch.number, index, len(shards))
        files.append(seal(epoch.key, "keyring", context, pad(joined)))
    return tuple(files)


def _context(site: str, entitlement: str, epoch: int, index: int, shards: int) -> bytes:
    return lp(site, entitlement, u32(epoch), u32(index), u32(shards))
