"""Members' feeds: who has one, at which address, and what stands in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from html import unescape
from xml.etree import ElementTree

import pytest

from site_builder.content.items import Item, Passage
from site_builder.content.offers import Offer, Offers
from site_builder.errors import Place
from site_builder.feeds.matrix import SiteFacts
from site_builder.feeds.members import MembersFeed, member_files, members_feeds, on_account_page
from site_builder.feeds.options import FeedsOptions
from site_builder.membership.standing import Standing
from site_builder.vault.lockbox import Entry, Epoch, Holder

OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="book", name="The Book"),),
)
SITE = SiteFacts(id="test-blog", url="https://blog.example.com/", title="Test Blog")
EPOCHS = {one: Epoch(number, bytes([number + 1]) * 32) for number, one in enumerate(OFFERS.by_id)}
TIER, MEMBER = FeedsOptions(members="tier"), FeedsOptions(members="member")


def holder(number: int, *active: str, expired: Iterable[str] = ()) -> Holder:
    entries = [Entry(one, True, None) for one in active] + [Entry(one, False, date(2026, 1, 1)) for one in expired]
    return Holder(bytes([number]) * 8, bytes([100 + number]) * 32, f"Member {number}", tuple(entries))


def standing(*holders: Holder) -> Standing:
    return Standing(date(2026, 11, 20), holders, dict.fromkeys(OFFERS.by_id, ()))


def item(number: int, *passages: tuple[str, str]) -> Item:
    when = datetime(2026, 11, number, tzinfo=UTC)
    return Item(
        id=f"urn:uuid:0000-{number}",
        uri=f"blog/posts/{number}.md",
        url=f"https://blog.example.com/blog/{number}/",
        title=f"Post {number}",
        description="",
        language="en",
        published=when,
        updated=when,
        passages=tuple(Passage(f"<p>{words}</p>", (who,) if who else ()) for words, who in passages),
        place=Place(f"{number}.md"),
    )


ITEMS = (
    item(1, ("Free to all.", "")),
    item(2, ("A teaser.", ""), ("For supporters.", "supporter"), ("For pros.", "pro")),
    item(3, ("About the book.", ""), ("From the book.", "book")),
)
EVERYBODY = standing(holder(1, "supporter"), holder(2, "pro"), holder(3, "pro", "book"), holder(4, expired=["pro"]))


def feeds(options: FeedsOptions, who: Standing = EVERYBODY) -> tuple[MembersFeed, ...]:
    return members_feeds(options, SITE.id, OFFERS, who, EPOCHS)


def written(options: FeedsOptions, who: Standing = EVERYBODY, items: Iterable[Item] = ITEMS) -> dict[str, str]:
    """The RSS, Atom and JSON of every feed: path -> text."""
    return {path: content.decode() for path, content in member_files(items, feeds(options, who), SITE, OFFERS, options)}


def text_of(options: FeedsOptions, *held: str) -> str:
    """The RSS of the feed for ``held``."""
    folder = next(one.folder for one in feeds(options) if one.held == held)
    return written(options)[f"{folder}/rss.xml"]


def test_a_tier_or_product_has_a_feed_as_soon_as_somebody_holds_it() -> None:
    assert [one.held for one in feeds(TIER)] == [("supporter",), ("pro",), ("book",)]
    assert [one.held for one in feeds(TIER, standing(holder(1, "pro"), holder(2, expired=["supporter"])))] == [("pro",)]


def test_each_member_who_holds_something_has_a_feed_of_their_own() -> None:
    assert [one.held for one in feeds(MEMBER)] == [("supporter",), ("pro",), ("pro", "book")]
    assert len({one.folder for one in feeds(MEMBER)}) == 3


def test_none_are_made_unless_they_are_switched_on() -> None:
    assert feeds(FeedsOptions()) == ()
    assert written(FeedsOptions()) == {}


def test_a_new_epoch_is_a_new_address_and_leaves_the_others_where_they_are() -> None:
    epochs = EPOCHS | {"pro": Epoch(EPOCHS["pro"].number + 1, b"n" * 32)}
    before, after = feeds(TIER), members_feeds(TIER, SITE.id, OFFERS, EVERYBODY, epochs)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False, True]


def test_a_members_own_address_outlives_epochs_and_is_gone_with_the_membership() -> None:
    epochs = EPOCHS | {"pro": Epoch(9, b"n" * 32)}
    assert members_feeds(MEMBER, SITE.id, OFFERS, EVERYBODY, epochs) == feeds(MEMBER)
    left = feeds(MEMBER, standing(*EVERYBODY.holders[:1]))
    assert left == feeds(MEMBER)[:1]


def test_an_address_has_160_bits_and_is_not_shown_when_a_feed_is_printed() -> None:
    for one in feeds(TIER):
        assert re.fullmatch(r"feeds/m/[0-9a-f]{40}", one.folder)
        assert one.folder not in repr(one)


def test_each_tier_reads_what_it_may_and_no_more() -> None:
    supporters, pros = text_of(TIER, "supporter"), text_of(TIER, "pro")
    for text in (supporters, pros):
        assert all(words in text for words in ("Free to all.", "A teaser.", "For supporters.", "About the book."))
        assert "From the book." not in text
    assert "For pros." in pros and "For pros." not in supporters


def test_an_article_of_which_something_is_left_leads_on_to_it() -> None:
    link = '<a href="https://blog.example.com/blog/2/">'
    assert link in unescape(text_of(TIER, "supporter"))
    assert link not in unescape(text_of(TIER, "pro"))


def test_a_products_feed_has_what_it_opens_alone() -> None:
    text = text_of(TIER, "book")
    assert "About the book." in text and "From the book." in text
    assert "Free to all." not in text and "A teaser." not in text


def test_a_members_own_feed_has_all_that_they_hold() -> None:
    text = text_of(MEMBER, "pro", "book")
    assert all(words in text for words in ("Free to all.", "For supporters.", "For pros.", "From the book."))
    assert "<title>Pro, The Book – Test Blog</title>" in text


def test_feeds_of_the_same_readers_differ_in_their_address_alone() -> None:
    two = standing(holder(1, "pro"), holder(2, "pro"))
    one, other = (folder.folder for folder in feeds(MEMBER, two))
    files = written(MEMBER, two)
    assert len(files) == 6
    assert files[f"{one}/atom.xml"] != files[f"{other}/atom.xml"]
    assert files[f"{one}/atom.xml"].replace(one, other) == files[f"{other}/atom.xml"]


def test_zeros_in_an_article_are_not_taken_for_an_address() -> None:
    zeros = item(4, (f"git says feeds/m/{'0' * 40}", "pro"))
    assert all("0" * 40 in text for text in written(TIER, standing(holder(1, "pro")), [zeros]).values())


@pytest.mark.parametrize("options", [TIER, MEMBER], ids=["tier", "member"])
def test_every_feed_names_no_address_but_its_own_and_asks_not_to_be_listed(options: FeedsOptions) -> None:
    options = options.model_copy(update={"hubs": ("https://hub.example.com/",), "aliases": {"feed.xml": "rss"}})
    files = written(options)
    assert files and "feed.xml" not in files
    for path, text in files.items():
        assert set(re.findall(r"feeds/m/[0-9a-f]{40}", text)) == {path.rpartition("/")[0]}
        assert "hub.example.com" not in text
        if path.endswith(".json"):
            assert json.loads(text)["feed_url"] == f"https://blog.example.com/{path}"
        else:
            root = ElementTree.fromstring(text)
            meta = root.find(".//{http://www.w3.org/1999/xhtml}meta")
            assert meta is not None and meta.attrib == {"name": "robots", "content": "noindex"}


def test_full_text_is_written_though_public_feeds_are_summaries() -> None:
    assert "For pros." in text_of(TIER.model_copy(update={"content": "summary"}), "pro")


def test_the_limit_counts_what_belongs_into_the_feed() -> None:
    assert "From the book." in text_of(TIER.model_copy(update={"limit": 1}), "book")
    assert "For pros." not in text_of(TIER.model_copy(update={"limit": 1}), "pro")


def test_the_account_page_is_told_what_there_is_and_no_other_page_changes() -> None:
    page = '<p>x</p><membership-account class="a">Scripts are off.</membership-account><code>&lt;membership-account&gt;</code>'
    told = on_account_page(page, MEMBER.model_copy(update={"formats": ("atom", "rss")}))
    assert '<membership-account data-feeds="member" data-feed-file="atom.xml" class="a">' in told
    assert told.replace(' data-feeds="member" data-feed-file="atom.xml"', "") == page
    assert on_account_page(page, FeedsOptions()) == page
