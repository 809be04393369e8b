"""One member's slots: what goes in, what comes out."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import RosterError, SealError
from site_builder.vault.lockbox import (
    ENTRIES,
    Entry,
    Holder,
    entitlement_id,
    open_slot,
    seal_slot,
    slot_context,
    slot_texts,
)
from tests.vault.members import EPOCHS, SITE, member

IDS = {entitlement: entitlement_id(SITE, entitlement) for entitlement in EPOCHS}
CONTEXT = slot_context(SITE, 0, 1, bytes(16))
ENTRY = st.builds(
    Entry,
    entitlement=st.sampled_from(sorted(EPOCHS)),
    active=st.booleans(),
    until=st.none() | st.dates(min_value=date(1970, 1, 2)),
)


def texts(holder: Holder) -> tuple[bytes, ...]:
    return slot_texts(holder, IDS, EPOCHS)


@given(st.text(), st.lists(ENTRY, unique_by=lambda entry: entry.entitlement))
def test_what_a_member_holds_comes_out_of_the_slots(name: str, entries: list[Entry]) -> None:
    holder = Holder(b"locator.", b"\1" * 32, name, tuple(entries))
    opened = [open_slot(holder.kek, CONTEXT, seal_slot(holder.kek, CONTEXT, text)) for text in texts(holder)]
    assert len(opened) == -(-len(entries) // ENTRIES)
    assert all(name.encode().startswith(slot.name.encode()) for slot in opened)
    found = [(entry.id, entry.active, entry.epoch, entry.until, entry.key) for slot in opened for entry in slot.entries]
    assert found == [
        (
            IDS[e.entitlement],
            e.active,
            EPOCHS[e.entitlement].number,
            e.until,
            EPOCHS[e.entitlement].key if e.active else None,
        )
        for e in sorted(entries, key=lambda entry: entry.entitlement)
    ]


@given(st.text(alphabet="aé编😀", min_size=1, max_size=60))
def test_a_long_name_is_cut_between_characters(name: str) -> None:
    holder = Holder(b"locator.", b"\1" * 32, name, member(1).entries)
    short = open_slot(holder.kek, CONTEXT, seal_slot(holder.kek, CONTEXT, texts(holder)[0])).name
    assert name.startswith(short)
    assert len(short.encode()) <= 48
    assert short == name or len(name[: len(short) + 1].encode()) > 48


def test_every_plain_slot_has_one_length() -> None:
    holders = [member(1), member(2, ()), member(3, tuple(Entry(each, True, None) for each in EPOCHS))]
    assert {len(text) for holder in holders for text in texts(holder)} == {256}


def test_an_expired_entry_holds_no_key() -> None:
    (text,) = texts(member(1, (Entry("pro", False, date(2026, 1, 31)),)))
    assert EPOCHS["pro"].key not in text


@given(st.integers(0, 304 * 8 - 1))
def test_any_flipped_bit_of_a_slot_is_refused(bit: int) -> None:
    holder = member(1)
    slot = bytearray(seal_slot(holder.kek, CONTEXT, texts(holder)[0]))
    slot[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        open_slot(holder.kek, CONTEXT, bytes(slot))


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((Entry("pro", True, None), Entry("pro", False, None)), "holds 'pro' twice"),
        ((Entry("gold", True, None),), "holds 'gold', which is neither a tier nor a product"),
        ((Entry("pro", True, date(1970, 1, 1)),), "until 1970-01-01"),
    ],
    ids=["one entitlement twice", "an unknown entitlement", "a day that means no end"],
)
def test_what_can_not_be_said_in_a_slot_is_refused(entries: tuple[Entry, ...], words: str) -> None:
    with pytest.raises(RosterError, match=words):
        texts(member(1, entries))
