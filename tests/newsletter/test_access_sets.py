"""Readers who may read the same get the same mail, and nobody another one."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.items import Passage
from site_builder.content.offers import Offer, Offers
from site_builder.errors import ContentError
from site_builder.newsletter.access_sets import MOST, access_sets
from tests.newsletter.posts import OFFERS, post

NAMES = tuple(OFFERS.by_id)
HOLDINGS = [set(held) for held in chain.from_iterable(combinations(NAMES, count) for count in range(len(NAMES) + 1))]


def test_a_public_post_has_one_mail() -> None:
    assert [one.name for one in access_sets([post("a", Passage("x"))], OFFERS)] == ["public"]


def test_variants_are_named_by_the_least_that_leads_to_them() -> None:
    assert [one.name for one in access_sets([post()], OFFERS)] == [
        "public",
        "supporter",
        "pro",
        "course",
        "supporter+course",
    ]


def test_a_product_that_no_passage_names_makes_no_difference() -> None:
    item = post("a", Passage("x"), Passage("y", ("supporter",)))
    assert [one.name for one in access_sets([item], OFFERS)] == ["public", "supporter"]


@given(st.lists(st.lists(st.sets(st.sampled_from(NAMES)), min_size=1, max_size=4), min_size=1, max_size=3))
def test_whatever_somebody_holds_there_is_exactly_one_mail_for_it(gates: list[list[set[str]]]) -> None:
    items = [
        post(f"p{at}", *(Passage("x", tuple(sorted(gate))) for gate in passages)) for at, passages in enumerate(gates)
    ]
    sets = access_sets(items, OFFERS)
    assert len({one.readable for one in sets}) == len(sets) == len({one.name for one in sets})
    for held in HOLDINGS:
        readable = tuple(item.readable_by(held, OFFERS) for item in items)
        [found] = [one for one in sets if one.readable == readable]
        assert len(found.held) <= len(held)


def test_too_many_variants_are_refused_and_told() -> None:
    products = tuple(Offer(id=f"course-{number}", name=str(number)) for number in range(8))
    items = [post(f"p{number}", Passage("x", (product.id,))) for number, product in enumerate(products)]
    with pytest.raises(ContentError, match=f"more than {MOST} different mails"):
        access_sets(items, Offers(products=products))
