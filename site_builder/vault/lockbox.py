"""What a lockbox holds, and how a token's key opens it. See docs/format.md, "Lockbox"; shards.py fills the files."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from site_builder.errors import RosterError, SealError
from site_builder.vault.encoding import lp, u32
from site_builder.vault.seal import OVERHEAD, seal, unseal

SLOTS = 64
ENTRIES = 4
NAME = 48
SALT = 16
TEXT = 256
SLOT = TEXT + OVERHEAD
SHARD = SALT + SLOTS * SLOT
_VERSION = 1
_ACTIVE, _EXPIRED = 1, 2
_HEAD = struct.Struct(f">BB{NAME}sB")
_ENTRY = struct.Struct(">B8sII32s")
_DAY_ZERO = date(1970, 1, 1)


@dataclass(frozen=True)
class Entry:
    """One entitlement of a member; ``until`` is the last day of access, None where there is no end."""

    entitlement: str
    active: bool
    until: date | None


@dataclass(frozen=True)
class Holder:
    """A member: where the lockbox stands (8 bytes), the key that opens it (32 bytes), and what is in it."""

    locator: bytes
    kek: bytes = field(repr=False)
    name: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Epoch:
    """The current epoch of one entitlement, and the key of its keyring (32 bytes)."""

    number: int
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class OpenedEntry:
    """An entry as a reader finds it: ``id`` is that of ``entitlement_id``, ``key`` the epoch key or, expired, None."""

    id: bytes
    active: bool
    epoch: int
    until: date | None
    key: bytes | None = field(repr=False)


@dataclass(frozen=True)
class Opened:
    """The member's name and entries: of one slot, or of all that one token opens."""

    name: str
    entries: tuple[OpenedEntry, ...]


def entitlement_id(site: str, entitlement: str) -> bytes:
    """The 8 bytes that stand for an entitlement in a lockbox."""
    return hashlib.sha256(lp("sb1/entitlement", site, entitlement)).digest()[:8]


def slot_texts(holder: Holder, ids: Mapping[str, bytes], epochs: Mapping[str, Epoch]) -> tuple[bytes, ...]:
    """The plain slots of one member, 256 bytes each, four entitlements a slot, in the order of entitlements.

    ``ids`` are those of ``entitlement_id``. Raises RosterError for an entitlement twice, or one without an epoch,
    and for a day that the format can't say.
    """
    entries = sorted(holder.entries, key=lambda entry: entry.entitlement)
    name = holder.name.encode(errors="replace")[:NAME].decode(errors="ignore").encode()
    for entry, following in pairwise(entries):
        if entry.entitlement == following.entitlement:
            raise RosterError(f"the member {holder.name} holds '{entry.entitlement}' twice")
    packed = []
    for entry in entries:
        if entry.entitlement not in epochs:
            raise RosterError(
                f"the member {holder.name} holds '{entry.entitlement}', which is neither a tier nor a product",
                hint="Put it back among the tiers or products in mkdocs.yml, or end what the member holds.",
            )
        if entry.until and entry.until <= _DAY_ZERO:
            raise RosterError(
                f"the member {holder.name} holds '{entry.entitlement}' until {entry.until}, before 1970-01-02"
            )
        epoch = epochs[entry.entitlement]
        state, key = (_ACTIVE, epoch.key) if entry.active else (_EXPIRED, bytes(32))
        last_day = (entry.until - _DAY_ZERO).days if entry.until else 0
        packed.append(_ENTRY.pack(state, ids[entry.entitlement], epoch.number, last_day, key))
    fours = (packed[start : start + ENTRIES] for start in range(0, len(packed), ENTRIES))
    return tuple(
        (_HEAD.pack(_VERSION, len(name), name, len(four)) + b"".join(four)).ljust(TEXT, b"\0") for four in fours
    )


def slot_context(site: str, index: int, shards: int, salt: bytes) -> bytes:
    """What the slots of one shard are bound to."""
    return lp(site, u32(index), u32(shards), salt)


def seal_slot(kek: bytes, context: bytes, text: bytes) -> bytes:
    """One slot, 304 bytes, for ``slot_context`` and a plain slot of 256 bytes."""
    return seal(kek, "lockbox", context, text)


def open_slot(kek: bytes, context: bytes, slot: bytes) -> Opened:
    """What one slot holds. Raises SealError if ``kek`` does not open it, or it says what the format does not know."""
    text = unseal(kek, "lockbox", context, slot)
    if len(text) != TEXT:
        raise SealError("a lockbox slot opens, but has not its length")
    version, name_length, name, count = _HEAD.unpack_from(text)
    if version != _VERSION:
        raise SealError(f"a lockbox slot is of version {version}, which is not known here")
    end = _HEAD.size + count * _ENTRY.size
    if name_length > NAME or not 1 <= count <= ENTRIES or name[name_length:].strip(b"\0") or text[end:].strip(b"\0"):
        raise SealError("a lockbox slot opens, but its fields are out of bounds")
    entries = tuple(_read_entry(*fields) for fields in _ENTRY.iter_unpack(text[_HEAD.size : end]))
    try:
        return Opened(name[:name_length].decode(), entries)
    except UnicodeDecodeError:
        raise SealError("a lockbox slot opens, but its name is not text") from None


def open_lockbox(kek: bytes, site: str, index: int, shards: int, file: bytes) -> Opened:
    """All that ``kek`` opens in a shard's file, slot after slot. Raises SealError if that is nothing."""
    if len(file) != SHARD:
        raise SealError(f"lockbox shard {index} has {len(file):,} bytes instead of {SHARD:,}")
    context = slot_context(site, index, shards, file[:SALT])
    opened = []
    for start in range(SALT, SHARD, SLOT):
        try:
            opened.append(open_slot(kek, context, file[start : start + SLOT]))
        except SealError:
            continue  # a decoy, or another member's: nothing but trying tells them apart
    if not opened:
        raise SealError(
            f"no slot of lockbox shard {index} opens with this token", hint="It is unknown here, or was revoked."
        )
    return Opened(opened[0].name, tuple(entry for slot in opened for entry in slot.entries))


def _read_entry(state: int, identity: bytes, epoch: int, last_day: int, key: bytes) -> OpenedEntry:
    if state not in (_ACTIVE, _EXPIRED):
        raise SealError(f"a lockbox entry has the state {state}, which is not known here")
    until = _DAY_ZERO + timedelta(days=last_day) if last_day else None
    return OpenedEntry(identity, state == _ACTIVE, epoch, until, key if state == _ACTIVE else None)
