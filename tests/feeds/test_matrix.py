"""Which feeds a site has, what they are called, and where they lie."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import ConfigError, ContentError
from site_builder.feeds.matrix import Feed, SiteFacts, feed_id, feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.slugs import slugs
from site_builder.feeds.write import render
from tests.feeds.samples import ADA, LIN, SITE, episode, item

PLAIN = FeedsOptions()


def of(scope: str, *items: object, options: FeedsOptions = PLAIN, site: SiteFacts = SITE) -> dict[str, Feed]:
    return {feed.name: feed for feed in feeds_of(items, site, options) if feed.scope == scope}  # type: ignore[arg-type]


def test_the_sites_feed_lies_in_the_root_and_its_page_in_the_folder_of_feeds() -> None:
    (feed,) = of("site", item(1)).values()
    assert feed.paths == {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}
    assert (feed.page, feed.home, feed.title) == ("feeds/", SITE.url, "Test & Blog")


def test_each_category_tag_author_and_course_has_a_feed_of_its_items() -> None:
    one = item(1, tags=("a", "b"), categories=("Web",), authors=(ADA,), course="Async")
    two = item(2, tags=("b",), categories=(), authors=(ADA, LIN))
    found = {
        (scope, name): [held.title for held in feed.items]
        for scope in ("tag", "category", "author", "course", "language")
        for name, feed in of(scope, one, two).items()
    }
    assert found == {
        ("tag", "a"): ["Number 1"],
        ("tag", "b"): ["Number 2", "Number 1"],
        ("category", "Web"): ["Number 1"],
        ("author", "Ada Example"): ["Number 2", "Number 1"],
        ("author", "林小雨"): ["Number 2"],
        ("course", "Async"): ["Number 1"],
    }


def test_names_without_a_letter_have_no_feed_and_those_that_read_alike_have_one() -> None:
    assert list(of("tag", item(1, tags=("", " \x00", "a  b")), item(2, tags=("a b", "a\nb ")))) == ["a b"]


def test_languages_are_told_apart_where_there_are_several() -> None:
    english, chinese = item(1), item(2, language="zh")
    assert of("language", english) == {}
    found = of("language", english, chinese)
    assert [(feed.language, feed.title) for feed in found.values()] == [
        ("en", "English – Test & Blog"),
        ("zh", "中文 – Test & Blog"),
    ]
    assert of("site", english, chinese)[""].language == "en"
    assert of("site", chinese)[""].language == "zh"


def test_only_what_is_asked_for_is_made() -> None:
    options = FeedsOptions.read({"scopes": ["tag"], "formats": ["atom"], "folder": "abo/rss"})
    (feed,) = feeds_of([item(1)], SITE, options)
    assert feed.paths == {"atom": "abo/rss/tags/async/atom.xml"}
    assert feed.page == "abo/rss/tags/async/"


def test_a_feed_holds_the_newest_items() -> None:
    items = [item(number) for number in range(30)]
    (feed,) = of("site", *items).values()
    assert [held.title for held in feed.items] == [f"Number {number}" for number in range(29, 9, -1)]
    assert len(of("site", *items, options=FeedsOptions(limit=0))[""].items) == 30


def test_words_about_a_feed_are_in_the_sites_language() -> None:
    site = SiteFacts("s", SITE.url, "博客", language="zh-Hans")
    assert of("tag", item(1), site=site)["async"].title == "标签：async – 博客"


def test_a_feeds_id_survives_changes_of_domain_title_and_path() -> None:
    moved = SiteFacts(SITE.id, "https://elsewhere.example.com/blog/", "Another name", language="zh")
    options = FeedsOptions.read({"folder": "rss"})
    before, after = ({feed.id for feed in feeds_of([item(1)], *how)} for how in ((SITE, PLAIN), (moved, options)))
    assert before == after and len(before) == 4
    assert feed_id("test-blog", "tag", "a") != feed_id("test-blog", "category", "a")


def test_the_mails_feed_waits_for_what_is_of_a_later_day() -> None:
    options = FeedsOptions(email_feed=True)
    site = SiteFacts(**{**vars(SITE), "today": date(2026, 1, 3)})
    (feed,) = of("email", item(1), item(2), item(3), options=options, site=site).values()
    assert [held.title for held in feed.items] == ["Number 2", "Number 1"]
    assert feed.paths == {"rss": "feeds/email/rss.xml"}


def test_the_podcast_has_all_episodes_and_nothing_else() -> None:
    said = {"image": "cover.png", "category": "Technology", "title": "Aloud", "language": "zh-cn"}
    options = FeedsOptions.read({"podcast": said, "limit": 2})
    (feed,) = of("podcast", *(episode(n) for n in range(5)), item(9), options=options).values()
    assert (feed.title, feed.language, len(feed.items)) == ("Aloud", "zh-cn", 5)
    assert of("podcast", episode(1)) == {}


def test_two_items_with_one_id_are_refused_with_both_places() -> None:
    with pytest.raises(ContentError, match=r"2\.md:1: has the same id as content/blog/posts/1\.md:1"):
        feeds_of([item(1), item(2, id=item(1).id)], SITE, PLAIN)


def test_a_date_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ContentError, match=r"1\.md:1: has a date without a time zone: 2026-01-02 00:00:00"):
        feeds_of([item(1, published=datetime(2026, 1, 2)), item(2)], SITE, PLAIN)


@pytest.mark.parametrize(
    ("name", "step"),
    [
        ("python", "python"),
        ("Async in Practice", "async-in-practice"),
        ("C", "c"),
        ("C++", "c-f1deb75f"),
        ("C#", "c-04022884"),
        ("Zoë", "zoe-c6a12698"),
        ("异步", "23969029"),
        ("🦀", "7224c588"),
        ("..", "5ec1f7e7"),
        ("a/../b", "a-b-900ea8b7"),
        ("--", "d8156bae"),
    ],
)
def test_a_path_is_ascii_and_says_what_it_can(name: str, step: str) -> None:
    assert slugs([name]) == {name: step}


def test_who_came_first_keeps_the_plain_path() -> None:
    first = slugs(["Python", "python", "C++", "PYTHON"])
    assert first["Python"] == "python"
    assert len(set(first.values())) == 4
    assert slugs(["Python"])["Python"] == first["Python"]
    assert slugs(["C++"])["C++"] == first["C++"]


NAMES = st.lists(
    st.one_of(st.text(), st.sampled_from(["a", "A", "a ", "a-", "é", "e\u0301", "中", "-", ""])), unique=True
)


@given(NAMES)
def test_paths_are_distinct_and_safe_whatever_the_names(names: list[str]) -> None:
    found = slugs(names)
    assert set(found) == set(names)
    steps = list(found.values())
    assert len(set(steps)) == len(steps)
    assert all(
        step and step.isascii() and step == step.lower() and set(step) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        for step in steps
    )
    assert all(len(step) < 130 and not step.startswith("-") for step in steps)


@given(NAMES, st.text())
def test_a_new_name_moves_none_of_the_others(names: list[str], new: str) -> None:
    if new not in names:
        assert slugs([*names, new]).items() >= slugs(names).items()


def test_addresses_of_a_site_are_in_ascii() -> None:
    site = SiteFacts("s", "https://bücher.example.com/博客/", "Books")
    assert site.address("图 1.png") == "https://xn--bcher-kva.example.com/%E5%8D%9A%E5%AE%A2/%E5%9B%BE%201.png"
    assert site.address("https://cdn.example.com/a.png") == "https://cdn.example.com/a.png"


@pytest.mark.parametrize("url", ["", "/blog/", "blog.example.com", "ftp://blog.example.com/"])
def test_a_site_without_an_absolute_address_is_refused(url: str) -> None:
    site = SiteFacts("s", url, "Blog")
    with pytest.raises(ConfigError, match="is no absolute address"):
        render(feeds_of([item(1)], site, PLAIN), site, PLAIN)
