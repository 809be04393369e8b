"""All members' lockboxes, laid out in shards of 64 unlabelled slots. See docs/format.md, "Lockbox".

A shard changes as a whole or not at all: its salt comes from everything in it, and every slot and decoy depends on the
salt. So who compares two deploys learns that a shard changed, and not whose slot.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from site_builder.errors import RosterError
from site_builder.vault.encoding import lp, u32
from site_builder.vault.lockbox import (
    SALT,
    SLOT,
    SLOTS,
    Epoch,
    Holder,
    entitlement_id,
    seal_slot,
    slot_context,
    slot_texts,
)

ON_AVERAGE = 32
_RANK = 8


@dataclass(frozen=True, order=True)
class PlainSlot:
    """A slot before it is sealed: whose it is, the key it is sealed under, and its 256 bytes."""

    locator: bytes
    kek: bytes = field(repr=False)
    text: bytes = field(repr=False)


def shard_of(locator: bytes, shards: int) -> int:
    """The shard, of ``shards``, in which the member with this locator stands."""
    return int.from_bytes(locator[:4], "big") % shards


def lay_out(site: str, holders: Sequence[Holder], epochs: Mapping[str, Epoch]) -> tuple[tuple[PlainSlot, ...], ...]:
    """The slots of all members, shard by shard; a member without entries has none.

    Raises RosterError for what ``slot_texts`` refuses, for two members in one place, and for more slots than fit.
    """
    ids = {entitlement: entitlement_id(site, entitlement) for entitlement in epochs}
    seen: set[bytes] = set()
    slots = []
    for holder in holders:
        if holder.locator in seen:
            raise RosterError(f"the member {holder.name} stands twice among the holders of tokens")
        seen.add(holder.locator)
        slots += [PlainSlot(holder.locator, holder.kek, text) for text in slot_texts(holder, ids, epochs)]
    shards: list[list[PlainSlot]] = [[] for _ in range(_shard_count([slot.locator for slot in slots]))]
    for slot in sorted(slots):
        shards[shard_of(slot.locator, len(shards))].append(slot)
    return tuple(tuple(shard) for shard in shards)


def seal_shards(
    shard_key: bytes, site: str, layout: Sequence[Sequence[PlainSlot]], epochs: Mapping[str, Epoch]
) -> Iterator[bytes]:
    """The files of ``layout``, in order, 19,472 bytes each; deterministic."""
    table = (lp(entitlement, u32(epoch.number), epoch.key) for entitlement, epoch in sorted(epochs.items()))
    epochs_now = hashlib.sha256(lp(*table)).digest()
    for index, slots in enumerate(layout):
        contents = lp(*(lp(slot.locator, slot.kek, slot.text) for slot in slots))
        everything = lp("salt", site, u32(index), u32(len(layout)), epochs_now, contents)
        salt = hmac.digest(shard_key, everything, "sha256")[:SALT]
        context = slot_context(site, index, len(layout), salt)
        sealed = [seal_slot(slot.kek, context, slot.text) for slot in slots]
        yield salt + b"".join(_shuffled_among_decoys(hmac.digest(shard_key, lp("fill", context), "sha256"), sealed))


def _shuffled_among_decoys(fill_key: bytes, sealed: list[bytes]) -> list[bytes]:
    """64 slots: the sealed ones and decoys, in an order that only the holder of ``fill_key`` could tell."""
    decoys_start = SLOTS * _RANK
    zeros = bytes(decoys_start + (SLOTS - len(sealed)) * SLOT)
    stream = Cipher(AES(fill_key), CTR(bytes(16))).encryptor().update(zeros)
    slots = sealed + [stream[start : start + SLOT] for start in range(decoys_start, len(stream), SLOT)]
    ranks = [stream[start : start + _RANK] for start in range(0, decoys_start, _RANK)]
    return [slots[place] for place in sorted(range(SLOTS), key=ranks.__getitem__)]


def _shard_count(locators: Sequence[bytes]) -> int:
    """The least of 1, 2, 3, 4, 6, 8, 12, … with at most 32 slots a shard on average and none with more than 64.

    It never falls while slots are only added: what is too many for a count stays too many.
    """
    for shards in _counts():
        if len(locators) > shards * ON_AVERAGE:
            continue
        if shards > max(4 * len(locators), 1):
            break
        if max(Counter(shard_of(locator, shards) for locator in locators).values(), default=0) <= SLOTS:
            return shards
    raise RosterError(
        f"more than {SLOTS} lockbox slots fall into one shard, however many shards there are",
        hint="A member needs one slot for four tiers and products; nobody can hold more than 256.",
    )


def _counts() -> Iterator[int]:
    yield 1
    for exponent in count():
        yield from (2 << exponent, 3 << exponent)
