"""Keyrings: who finds which part, and where."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.content.offers import Offer, Offers
from site_builder.errors import ConfigError, ContentError, SealError
from site_builder.vault.keyring import keyring_shards, open_keyring, part_id, seal_keyrings, shard_of_part
from site_builder.vault.lockbox import Epoch
from site_builder.vault.payload import SealedPart

SITE = "a-site"
TIERS, PRODUCTS = ("supporter", "pro", "patron"), ("course", "book")
OFFERS = Offers(
    tiers=tuple(Offer(id=tier, name=tier) for tier in TIERS),
    products=tuple(Offer(id=each, name=each) for each in PRODUCTS),
)
EPOCHS = {entitlement: Epoch(3, entitlement.encode().ljust(32, b".")) for entitlement in OFFERS.by_id}

ACCESS = st.tuples(st.sets(st.sampled_from(TIERS)), st.sets(st.sampled_from(PRODUCTS))).filter(any)


def part(number: int, *entitlements: str) -> SealedPart:
    return SealedPart(f"post-{number}#1", entitlements, number.to_bytes(32, "big"), f"{number:032x}", b"")


def read(entitlement: str, shards: tuple[bytes, ...]) -> set[bytes]:
    opened: set[bytes] = set()
    for index, file in enumerate(shards):
        entries = open_keyring(EPOCHS[entitlement].key, SITE, entitlement, 3, index, len(shards), file)
        assert list(entries) == sorted(entries)
        assert all(shard_of_part(entry.id, len(shards)) == index for entry in entries)
        opened |= {entry.id for entry in entries}
    return opened


@settings(max_examples=40)
@given(st.lists(ACCESS, max_size=12))
def test_each_entitlement_finds_what_its_holders_may_read_and_nothing_else(
    access: list[tuple[set[str], set[str]]],
) -> None:
    parts = [part(number, *OFFERS.least(tiers, products)) for number, (tiers, products) in enumerate(access)]
    keyrings = seal_keyrings(SITE, OFFERS, parts, EPOCHS)
    assert set(keyrings) == set(OFFERS.by_id)
    for entitlement, shards in keyrings.items():
        rank = TIERS.index(entitlement) if entitlement in TIERS else -1
        may_read = {
            part_id(SITE, f"post-{number}#1")
            for number, (tiers, products) in enumerate(access)
            if entitlement in products or any(TIERS.index(tier) <= rank for tier in tiers)
        }
        assert read(entitlement, shards) == may_read


@settings(max_examples=20)
@given(st.permutations(range(8)))
def test_the_order_of_parts_does_not_matter(order: list[int]) -> None:
    in_order = seal_keyrings(SITE, OFFERS, [part(number, "pro") for number in range(8)], EPOCHS)
    assert seal_keyrings(SITE, OFFERS, [part(number, "pro") for number in order], EPOCHS) == in_order


def test_many_parts_stand_in_shards_of_a_few_kilobytes() -> None:
    keyring = seal_keyrings(SITE, OFFERS, [part(number, "supporter") for number in range(1000)], EPOCHS)["patron"]
    assert len(keyring) == 32
    assert max(map(len, keyring)) < 5000
    assert len(read("patron", keyring)) == 1000


@pytest.mark.parametrize(("parts", "shards"), [(0, 1), (1, 1), (48, 1), (49, 2), (96, 2), (97, 4), (1000, 32)])
def test_shards_are_the_least_power_of_two_with_48_parts_on_average(parts: int, shards: int) -> None:
    assert keyring_shards(parts) == shards


def test_a_part_changes_only_keyrings_that_have_it_and_there_one_shard() -> None:
    before = seal_keyrings(SITE, OFFERS, [part(number, "supporter") for number in range(200)], EPOCHS)
    edited = [SealedPart("post-7#1", ("supporter",), b"\1" * 32, "f" * 32, b"")]
    after = seal_keyrings(SITE, OFFERS, edited + [part(n, "supporter") for n in range(200) if n != 7], EPOCHS)
    for entitlement in OFFERS.by_id:
        changed = [old != new for old, new in zip(before[entitlement], after[entitlement], strict=True)]
        assert sum(changed) == (1 if entitlement in TIERS else 0)


def test_a_shard_opens_only_with_its_own_key_and_in_its_own_place() -> None:
    shards = seal_keyrings(SITE, OFFERS, [part(number, "pro") for number in range(60)], EPOCHS)["pro"]
    key = EPOCHS["pro"].key
    assert open_keyring(key, SITE, "pro", 3, 0, 2, shards[0])
    for place in [
        (key, "b-site", "pro", 3, 0, 2),
        (key, SITE, "patron", 3, 0, 2),
        (key, SITE, "pro", 2, 0, 2),
        (key, SITE, "pro", 3, 1, 2),
        (key, SITE, "pro", 3, 0, 4),
        (EPOCHS["patron"].key, SITE, "pro", 3, 0, 2),
    ]:
        with pytest.raises(SealError):
            open_keyring(*place, shards[0])


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.raises(ContentError, match="post-1#1"):
        seal_keyrings(SITE, OFFERS, [part(1, "pro"), part(1, "course")], EPOCHS)


def test_a_part_for_an_unknown_entitlement_is_refused_and_what_is_on_offer_is_named() -> None:
    with pytest.raises(ConfigError, match=r"'gold'.*\n.*supporter, pro, patron, course, book"):
        seal_keyrings(SITE, OFFERS, [part(1, "gold", "pro")], EPOCHS)
