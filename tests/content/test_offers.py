"""Offers: ordered tiers and products beside them, each id once."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError
from tests.content.pages import OFFERS


def offer(name: Any) -> dict[str, Any]:
    return {"id": name, "name": "x"}


def test_holders_of_a_tier_read_what_lower_tiers_may() -> None:
    assert OFFERS.openers(("supporter",)) == ("supporter", "pro")
    assert OFFERS.openers(("pro",)) == ("pro",)
    assert OFFERS.openers(("course",)) == ("course",)
    assert OFFERS.openers(("book", "pro")) == ("pro", "book")
    assert OFFERS.openers(()) == ()


def test_the_least_of_several_tiers_stands_for_them() -> None:
    for size in range(1, 4):
        for chosen in combinations(["supporter", "pro", "course", "book"], size):
            tiers = [name for name in chosen if name in OFFERS.tier_ids]
            products = [name for name in chosen if name not in OFFERS.tier_ids]
            opened = {opener for name in chosen for opener in OFFERS.openers((name,))}
            assert set(OFFERS.openers(OFFERS.least(tiers, products))) == opened


@pytest.mark.parametrize(
    ("tiers", "products"),
    [
        ([offer("pro"), offer("pro")], []),
        ([offer("pro")], [offer("pro")]),
        ([offer("public")], []),
        ([], [offer("members")]),
        ([offer("Pro")], []),
        ([offer("pro plan")], []),
        ([offer("-pro")], []),
        ([offer("")], []),
        ([offer("p" * 33)], []),
        ([offer("pro\n")], []),
        ([offer(None)], []),
        (["pro"], []),
        ("pro", []),
        ({"id": "pro"}, []),
        ([{"id": "pro"}], []),
        ([{"id": "pro", "name": "Pro", "cost": 5}], []),
        ([{"id": "pro", "name": ["Pro"]}], []),
        (5, []),
    ],
)
def test_offers_that_cannot_be_told_apart_or_read_are_refused(tiers: Any, products: Any) -> None:
    with pytest.raises(ConfigError, match=r"paywall option (tiers|products)"):
        Offers.parse(tiers, products)


def test_a_price_may_be_a_number() -> None:
    assert Offers.parse([{"id": "pro", "name": "Pro", "price": 12}], None).tiers[0].price == "12"
