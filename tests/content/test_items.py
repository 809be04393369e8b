"""One item for each post, and who may read which of its passages."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.items import Item, Passage, item_id
from site_builder.content.offers import Offers
from site_builder.errors import Place

OFFERS = Offers.parse([{"id": "supporter", "name": "S"}, {"id": "pro", "name": "P"}], [{"id": "course", "name": "C"}])
DAY = datetime(2026, 11, 20, tzinfo=UTC)


def item(*passages: Passage) -> Item:
    return Item("urn:uuid:0", "a.md", "https://example.com/a/", "A", "", "en", DAY, DAY, passages, Place("a.md"))


POST = item(
    Passage("all"),
    Passage("supporters", ("supporter",)),
    Passage("pros", ("pro",)),
    Passage("either", ("course", "pro")),
)


def test_everybody_reads_the_teaser_and_nothing_more() -> None:
    assert POST.premium
    assert POST.public_html == "all" == POST.html_for((), OFFERS)


def test_a_higher_tier_reads_what_a_lower_one_does_and_a_product_only_its_own() -> None:
    assert POST.readable_by(["supporter"], OFFERS) == (True, True, False, False)
    assert POST.readable_by(["pro"], OFFERS) == (True, True, True, True)
    assert POST.readable_by(["course"], OFFERS) == (True, False, False, True)
    assert POST.html_for(["course"], OFFERS) == "all\neither"


def test_an_unknown_entitlement_opens_nothing() -> None:
    assert POST.readable_by(["gold"], OFFERS) == (True, False, False, False)


@given(st.sets(st.sampled_from(["supporter", "pro", "course"])), st.sampled_from(["supporter", "pro", "course"]))
def test_who_holds_more_never_reads_less(held: set[str], more: str) -> None:
    fewer, all_of_it = POST.readable_by(held, OFFERS), POST.readable_by(held | {more}, OFFERS)
    assert all(later or not earlier for earlier, later in zip(fewer, all_of_it, strict=True))


def test_an_id_depends_on_site_and_source_or_on_what_the_page_says() -> None:
    assert item_id("blog", "a.md") == item_id("blog", "a.md")
    assert (
        len({item_id("blog", "a.md"), item_id("blog", "b.md"), item_id("other", "a.md"), item_id("blog", "a.md", "x")})
        == 4
    )
    assert item_id("blog", "moved.md", "x") == item_id("blog", "a.md", "x")
    assert item_id("blog", "a.md").startswith("urn:uuid:")
