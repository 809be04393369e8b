"""Shards of lockboxes: who opens what, and what a change changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.errors import RosterError, SealError
from site_builder.vault.lockbox import (
    SHARD,
    SLOT,
    Entry,
    Epoch,
    Holder,
    Opened,
    entitlement_id,
    open_lockbox,
    open_slot,
    slot_context,
)
from site_builder.vault.shards import lay_out, seal_shards, shard_of
from tests.vault.members import EPOCHS, SHARD_KEY, SITE, epoch, member

MANY = [member(number) for number in range(300)]


def sealed(holders: Sequence[Holder], epochs: Mapping[str, Epoch] = EPOCHS, site: str = SITE) -> list[bytes]:
    return list(seal_shards(SHARD_KEY, site, lay_out(site, holders, epochs), epochs))


def opened_by(holder: Holder, shards: Sequence[bytes]) -> Opened:
    index = shard_of(holder.locator, len(shards))
    return open_lockbox(holder.kek, SITE, index, len(shards), shards[index])


def changed(before: Sequence[bytes], after: Sequence[bytes]) -> list[int]:
    return [index for index, (old, new) in enumerate(zip(before, after, strict=True)) if old != new]


def test_every_member_opens_the_own_shard_and_finds_the_own_name() -> None:
    shards = sealed(MANY)
    assert len(shards) == 12
    for holder in MANY:
        opened = opened_by(holder, shards)
        assert opened.name == holder.name
        assert [entry.key for entry in opened.entries] == [EPOCHS["pro"].key]


def test_a_member_opens_no_other_shard_and_a_stranger_none() -> None:
    shards = sealed(MANY)
    own = shard_of(MANY[0].locator, len(shards))
    for kek, indexes in [(MANY[0].kek, set(range(len(shards))) - {own}), (member(1000).kek, set(range(len(shards))))]:
        for index in indexes:
            with pytest.raises(SealError):
                open_lockbox(kek, SITE, index, len(shards), shards[index])


def test_a_shard_moved_to_another_place_number_or_site_opens_for_nobody() -> None:
    shards = sealed(MANY)
    index = shard_of(MANY[0].locator, len(shards))
    for site, at, count in [(SITE, index + 1, 12), (SITE, index, 16), ("b-site", index, 12)]:
        with pytest.raises(SealError):
            open_lockbox(MANY[0].kek, site, at, count, shards[index])


@settings(max_examples=15)
@given(st.permutations(MANY[:20]))
def test_the_order_of_the_roster_does_not_matter(holders: list[Holder]) -> None:
    assert sealed(holders) == sealed(MANY[:20])


def test_adding_one_member_changes_one_shard_and_in_it_every_slot() -> None:
    before, after = sealed(MANY), sealed([*MANY, member(1000)])
    (index,) = changed(before, after)
    assert index == shard_of(member(1000).locator, len(after))
    assert not slots(before[index]) & slots(after[index])


def test_removing_renaming_or_extending_one_member_changes_one_shard_and_in_it_every_slot() -> None:
    before = sealed(MANY)
    for edited in [
        MANY[1:],
        [replace(MANY[0], name="Another"), *MANY[1:]],
        [replace(MANY[0], entries=(Entry("pro", True, date(2028, 3, 1)),)), *MANY[1:]],
        [replace(MANY[0], entries=(Entry("pro", False, date(2026, 3, 1)),)), *MANY[1:]],
        [replace(MANY[0], kek=b"\7" * 32), *MANY[1:]],
    ]:
        after = sealed(edited)
        (index,) = changed(before, after)
        assert not slots(before[index]) & slots(after[index])


def test_a_member_who_holds_nothing_changes_nothing() -> None:
    assert sealed([*MANY, member(1000, ())]) == sealed(MANY)


def test_a_new_epoch_of_any_entitlement_changes_every_shard() -> None:
    before = sealed(MANY)
    after = sealed(MANY, EPOCHS | {"course-0": epoch("course-0", 2)})
    assert changed(before, after) == list(range(len(before)))
    assert all(not slots(old) & slots(new) for old, new in zip(before, after, strict=True))


def test_another_key_under_the_same_epoch_changes_every_shard_too() -> None:
    after = sealed(MANY, EPOCHS | {"pro": Epoch(1, b"\1" * 32)})
    assert changed(sealed(MANY), after) == list(range(len(after)))


def test_more_than_four_entitlements_take_several_slots_and_all_are_found() -> None:
    everything = member(1000, tuple(Entry(entitlement, True, None) for entitlement in EPOCHS))
    layout = lay_out(SITE, [*MANY, everything], EPOCHS)
    assert sum(slot.kek == everything.kek for shard in layout for slot in shard) == 3
    opened = opened_by(everything, sealed([*MANY, everything]))
    assert {entry.id for entry in opened.entries} == {entitlement_id(SITE, entitlement) for entitlement in EPOCHS}


def test_no_slot_has_a_fixed_place() -> None:
    """Over 100 members, each alone in a shard, the one slot that opens turns up in most of the 64 places."""
    places = []
    for number in range(100):
        (shard,) = sealed([member(number)])
        context = slot_context(SITE, 0, 1, shard[:16])
        for place in range(64):
            try:
                open_slot(member(number).kek, context, shard[16 + place * SLOT : 16 + (place + 1) * SLOT])
            except SealError:
                continue
            places.append(place)
    assert len(places) == 100
    assert len(set(places)) > 35


def test_files_have_one_size_whatever_is_in_them() -> None:
    assert {len(shard) for holders in ([], MANY[:1], MANY) for shard in sealed(holders)} == {SHARD} == {19_472}


def test_the_number_of_shards_never_falls_while_members_only_join() -> None:
    counts = [len(lay_out(SITE, MANY[:members], EPOCHS)) for members in range(0, 301)]
    assert counts == sorted(counts)
    assert [counts[members] for members in (0, 32, 33, 64, 65, 96, 97, 128, 129, 192, 193, 256, 257)] == (
        [1, 1, 2, 2, 3, 3, 4, 4, 6, 6, 8, 8, 12]
    )


def test_members_who_crowd_one_shard_get_more_shards() -> None:
    """65 of 96 would stand in shard 0 of three, so there are four."""
    crowd = [replace(member(n), locator=(3 * n).to_bytes(4, "big") + b"none") for n in range(65)]
    others = [replace(member(n), locator=(3 * n + 1).to_bytes(4, "big") + b"none") for n in range(65, 96)]
    layout = lay_out(SITE, crowd + others, EPOCHS)
    assert len(layout) == 4
    assert max(map(len, layout)) <= 64


def test_one_place_for_two_members_is_refused() -> None:
    with pytest.raises(RosterError, match="stands twice"):
        lay_out(SITE, [member(1), member(1)], EPOCHS)


def test_more_slots_in_one_place_than_a_shard_has_are_refused() -> None:
    same_start = [replace(member(n), locator=b"same" + n.to_bytes(4, "big")) for n in range(65)]
    with pytest.raises(RosterError, match="more than 64 lockbox slots"):
        lay_out(SITE, same_start, EPOCHS)


def test_two_sites_of_one_writer_share_no_slot() -> None:
    assert not slots(sealed(MANY[:5])[0]) & slots(sealed(MANY[:5], site="b-site")[0])


def slots(shard: bytes) -> set[bytes]:
    return {shard[start : start + SLOT] for start in range(16, SHARD, SLOT)}
