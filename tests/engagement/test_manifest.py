"""What the manifest says of a post, and that its schema says the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from site_builder.content.items import Author, Item, Passage, item_id
from site_builder.content.offers import Offer, Offers
from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.manifest import (
    HeadingFacts,
    Manifest,
    PostFacts,
    chapters,
    json_schema,
    offer_facts,
    post_facts,
)
from site_builder.errors import Place

OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter", price="5 €"), Offer(id="pro", name="Pro", price="15 €")),
    products=(Offer(id="course", name="Course", price="49 €"),),
)
DAY = datetime(2026, 11, 1, tzinfo=UTC)


def item(uri: str = "blog/posts/a.md", *passages: Passage, **more: Any) -> Item:
    facts: dict[str, Any] = {
        "id": item_id("test-blog", uri),
        "uri": uri,
        "url": "https://blog.example.com/a/",
        "title": "A & B",
        "description": "",
        "language": "en",
        "published": DAY,
        "updated": DAY,
        "passages": passages or (Passage("<p>One two.</p>"),),
        "place": Place(uri),
    }
    return Item(**{**facts, **more})


def facts(one: Item) -> PostFacts:
    return post_facts(one, OFFERS, headings=[HeadingFacts(id="a", title="A")], hooks=EVENT_NAMES)


def test_a_post_is_known_by_the_id_that_its_events_have() -> None:
    one = item()
    assert facts(one).id == one.id.removeprefix("urn:uuid:") and one.id.startswith("urn:uuid:")


def test_what_reports_compare_by_is_there() -> None:
    one = facts(item(authors=(Author("Ada"),), tags=("x",), categories=("y",), course="  Async \n Python "))
    assert (one.authors, one.tags, one.categories) == (("Ada",), ("x",), ("y",))
    assert (one.course, one.kind) == ("Async Python", "chapter")
    assert facts(item()).kind == "post"


@pytest.mark.parametrize(
    ("access", "named", "price"),
    [
        ([()], (), ""),
        ([("supporter",)], ("supporter",), "5 €"),
        ([("pro",)], ("pro",), "15 €"),
        ([("course",)], ("course",), "49 €"),
        ([("course", "pro")], ("pro", "course"), "15 €"),
        ([("supporter",), ("pro",)], ("supporter", "pro"), "15 €"),
        ([("pro",), ("course",)], ("pro", "course"), ""),  # nothing by itself opens all of it
    ],
)
def test_it_says_who_may_read_and_at_what_price(access: list[Any], named: tuple[str, ...], price: str) -> None:
    one = facts(item("a.md", Passage("<p>Public.</p>"), *(Passage("<p>Part.</p>", needed) for needed in access)))
    assert (one.access, one.price) == (named, price)


def test_words_are_counted_and_nothing_of_them_is_said() -> None:
    secret = Passage("<p>Secret &amp; words — <code>x = 1</code></p>", ("pro",))
    one = facts(item("a.md", Passage("<h2 id='x'>One</h2>\n<p>two three</p>"), secret))
    assert one.words == 7 and one.minutes == 1
    assert "Secret" not in one.model_dump_json()


def test_reading_takes_as_long_in_chinese_as_in_english() -> None:
    english = facts(item("a.md", Passage("word " * 2400)))
    chinese = facts(item("a.md", Passage("字" * 4000)))
    mixed = facts(item("a.md", Passage("用 Python 写" * 100)))
    assert (english.words, english.minutes) == (2400, 10)
    assert (chinese.words, chinese.minutes) == (4000, 10)
    assert mixed.words == 300


def test_chapters_are_counted_in_the_navigations_order_and_others_follow() -> None:
    items = [item(uri, course=course) for uri, course in (("c.md", "X"), ("b.md", "X "), ("a.md", "X"), ("d.md", "Y"))]
    assert chapters([*items, item("e.md")], {"b.md": 0, "c.md": 1}) == {"b.md": 1, "c.md": 2, "a.md": 3, "d.md": 1}


def whole() -> Manifest:
    return Manifest(
        site="test-blog",
        url="https://blog.example.com/",
        title="测试",
        language="en",
        offers=offer_facts(OFFERS),
        posts=(facts(item()),),
    )


def test_it_reads_what_it_writes_and_writes_the_same_bytes() -> None:
    raw = whole().to_json()
    assert Manifest.parse(raw) == whole() and Manifest.parse(raw).to_json() == raw
    assert raw.endswith(b"}\n") and "测试".encode() in raw
    assert [(offer.id, offer.kind) for offer in whole().offers] == [
        ("supporter", "tier"),
        ("pro", "tier"),
        ("course", "product"),
    ]


def test_the_schema_takes_it_and_refuses_others() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    validator, written = Draft202012Validator(schema), json.loads(whole().to_json())
    validator.validate(written)
    for key, value in (("v", 2), ("site", "Test Blog"), ("posts", {}), ("more", 1)):
        assert not validator.is_valid({**written, key: value}), key
        with pytest.raises(ValueError):
            Manifest.parse(json.dumps({**written, key: value}))
    for key, value in (("id", "urn:uuid:1"), ("words", -1), ("kind", "page"), ("html", "")):
        changed = {**written, "posts": [{**written["posts"][0], key: value}]}
        assert not validator.is_valid(changed), key
        with pytest.raises(ValueError):
            Manifest.parse(json.dumps(changed))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/a/", "https://example.com/ onclick", ""])
def test_what_reports_would_link_to_is_an_address(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        Manifest(site="blog", url=url, title="A blog", language="en")
    found = post_facts(item(), OFFERS, headings=(), hooks=()).model_dump()
    with pytest.raises(ValueError, match="url"):
        PostFacts.model_validate(found | {"url": url})
