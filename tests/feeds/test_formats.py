"""Every feed of a site in every format is valid; a feed that is broken is found out."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator

import pytest

from site_builder.feeds.matrix import Feed, SiteFacts, feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render
from tests.feeds.samples import ALL, ITEMS, PAPER, SITE, SOUND, episode, feeds, item, matrix
from tests.feeds.validity import atom_faults, json_faults, podcast_faults, rss_faults

Check = Callable[[bytes, str], Iterator[str]]
CHECKS: dict[str, Check] = {"rss": rss_faults, "atom": atom_faults, "json": json_faults}


def faults(options: FeedsOptions, *listed: Feed) -> dict[str, list[str]]:
    files = render(listed, SITE, options)
    found = {}
    for feed in listed:
        for form, path in feed.paths.items():
            check = podcast_faults if feed.scope == "podcast" else CHECKS[form]
            found[path] = list(check(files[path], SITE.address(path)))
    return {path: wrong for path, wrong in found.items() if wrong}


def test_every_feed_of_every_scope_is_valid() -> None:
    listed = matrix()
    assert {feed.scope for feed in listed} == {
        *("site", "category", "tag", "author", "course", "language", "podcast", "email")
    }
    assert faults(ALL, *listed) == {}


@pytest.mark.parametrize("options", [{}, {"content": "summary"}, {"limit": 0}, {"copyright": "© 2026"}], ids=str)
def test_feeds_are_valid_under_every_option(options: dict[str, object]) -> None:
    read = FeedsOptions.read(options)
    assert faults(read, *matrix(options=read)) == {}


def test_a_site_without_items_has_a_valid_feed() -> None:
    listed = matrix(*ITEMS, options=ALL)
    empty = [Feed(**{**vars(feed), "items": ()}) for feed in listed if feed.scope in ("site", "podcast", "email")]
    assert len(empty) == 3
    assert faults(ALL, *empty) == {}
    assert b"lastBuildDate" not in render(empty, SITE, ALL)["rss.xml"]


def test_the_newest_item_says_when_a_feed_was_changed() -> None:
    old, new = item(1), item(2)
    written = feeds(old, new)
    assert b"<lastBuildDate>Sat, 03 Jan 2026 09:30:00 +0000</lastBuildDate>" in written["rss.xml"]
    assert b"<updated>2026-01-03T09:30:00+00:00</updated><author>" in written["atom.xml"]


def test_the_same_items_in_another_order_give_the_same_bytes() -> None:
    assert feeds(*ITEMS) == feeds(*reversed(ITEMS))


# What a careless change of the source would do to a feed: format, old, new.
MUTATIONS = (
    ("rss", "</item>", ""),
    ("rss", '<rss xmlns:dc="http://purl.org/dc/elements/1.1/"', "<rss"),
    ("rss", 'version="2.0"', 'version="0.92"'),
    ("rss", "<link>https://blog.example.com/blog/1/</link>", "<link>/blog/1/</link>"),
    ("rss", "<link>https://blog.example.com/blog/1/</link>", ""),
    ("rss", "<title>Number 1</title>", ""),
    ("rss", "<title>Number 1</title>", "<title>Number 1</title><title>One</title>"),
    ("rss", "<title>Number 1</title>", "<title> </title>"),
    ("rss", "<description>Of &lt;tests&gt; &amp; blogs</description>", ""),
    ("rss", "<description>What number 1 says</description>", ""),
    ("rss", "Fri, 02 Jan 2026", "Thu, 02 Jan 2026"),
    ("rss", "Fri, 02 Jan 2026 09:30:00 +0000", "2026-01-02T09:30:00Z"),
    ("rss", "Fri, 02 Jan 2026 09:30:00 +0000", "Fri, 02 Jan 2026 29:30:00 +0000"),
    ("rss", ' isPermaLink="false"', ""),
    ("rss", "<guid isPermaLink", "<uid isPermaLink"),
    ("rss", 'length="4096"', 'length="0"'),
    ("rss", 'length="4096"', ""),
    ("rss", 'type="audio/mpeg"', 'type="mp3"'),
    ("rss", "<enclosure ", '<enclosure url="https://blog.example.com/x" length="1" type="a/b"/><enclosure '),
    ("rss", 'rel="self"', 'rel="alternate"'),
    ("rss", "https://blog.example.com/rss.xml", "https://blog.example.com/feed.xml"),
    ("rss", "<language>en</language>", "<language>English</language>"),
    ("rss", "<dc:language>zh</dc:language>", "<dc:language>zh_CN</dc:language>"),
    ("rss", "<dc:creator>林小雨</dc:creator>", "<author>林小雨</author>"),
    ("rss", "<category>async</category>", "<category/>"),
    ("rss", "&lt;p&gt;Text of number 1.", "&lt;script&gt;x()&lt;/script&gt;"),
    ("rss", "&lt;p&gt;Text of number 1.", '&lt;p onclick="x()"&gt;'),
    ("rss", "&lt;p&gt;Text of number 1.", '&lt;a href="../1/"&gt;'),
    ("rss", "&lt;p&gt;Text of number 1.", '&lt;a href="javascript:x()"&gt;'),
    ("rss", "<image><url>https://blog.example.com/logo.png</url><title>Test &amp; Blog", "<image><url>x</url><title>Logo"),
    ("rss", "Text of number 1", "Text of\x0bnumber 1"),
    ("atom", "</entry>", ""),
    ("atom", ' xmlns="http://www.w3.org/2005/Atom"', ""),
    ("atom", "<updated>2026-01-02T09:30:00+00:00</updated>", ""),
    ("atom", "<updated>2026-01-02T09:30:00+00:00", "<updated>2026-01-02 09:30:00"),
    ("atom", "<published>2026-01-02T09:30:00+00:00", "<published>2026-13-02T09:30:00+00:00"),
    ("atom", "<id>urn:", "<id>Urn "),
    ("atom", ' rel="enclosure"', ' rel="alternate"'),
    ("atom", 'length="4096"', ""),
    ("atom", 'type="html"', 'type="text"'),
    ("atom", "<name>林小雨</name>", ""),
    ("atom", "<title>Number 1</title>", "<title/>"),
    ("atom", '<category term="async"/>', '<category label="async"/>'),
    ("atom", 'href="https://blog.example.com/blog/1/"', 'href="blog/1/"'),
    ("atom", 'xml:lang="zh"', 'xml:lang="中文"'),
    ("atom", 'rel="self"', 'rel="via"'),
    ("atom", "<summary>", "<abstract/><summary>"),
    ("json", "version/1.1", "version/1"),
    ("json", '"items": [', '"items": [,'),
    ("json", "https://blog.example.com/feed.json", "https://blog.example.com/feeds.json"),
    ("json", '"2026-01-02T09:30:00+00:00"', '"2026-01-02"'),
    ("json", '"date_published"', '"published"'),
    ("json", '"url": "https://blog.example.com/blog/1/"', '"url": "/blog/1/"'),
    ("json", '"size_in_bytes": 4096', '"size_in_bytes": "4096"'),
    ("json", '"mime_type": "audio/mpeg"', '"type": "audio/mpeg"'),
    ("json", '"tags": ["Python", "async"]', '"tags": [""]'),
    ("json", '"name": "林小雨"', '"name": ""'),
    ("json", '"language": "zh"', '"language": "Chinese"'),
    ("json", '"type": "WebSub"', '"kind": "WebSub"'),
)  # fmt: skip
PODCAST_MUTATIONS = (
    ("<itunes:explicit>false</itunes:explicit>", "<itunes:explicit>no</itunes:explicit>"),
    ("<itunes:explicit>false</itunes:explicit>", ""),
    ("itunes:category", "itunes:genre"),
    ("cover.jpg", "cover.webp"),
    ("<language>en</language>", ""),
    ("ada@example.com", "Ada"),
    ('type="video/mp4"', 'type="application/pdf"'),
    ("<itunes:episodeType>bonus", "<itunes:episodeType>extra"),
    ("<itunes:duration>62", "<itunes:duration>a minute"),
)  # fmt: skip


@pytest.mark.parametrize(("form", "old", "new"), MUTATIONS, ids=lambda value: repr(value)[:40])
def test_a_broken_feed_is_found_out(form: str, old: str, new: str) -> None:
    site = matrix()[0]
    path = site.paths[form]  # type: ignore[index]
    text = feeds()[path].decode()
    assert old in text
    broken = text.replace(old, new).encode()
    assert list(CHECKS[form](broken, SITE.address(path)))


@pytest.mark.parametrize(("old", "new"), PODCAST_MUTATIONS, ids=lambda value: repr(value)[:40])
def test_a_broken_podcast_is_found_out(old: str, new: str) -> None:
    path = "feeds/podcast/rss.xml"
    text = feeds()[path].decode()
    assert old in text
    assert list(podcast_faults(text.replace(old, new).encode(), SITE.address(path)))


@pytest.mark.parametrize("form", CHECKS)
def test_an_item_that_stands_twice_is_found_out(form: str) -> None:
    path = matrix()[0].paths[form]  # type: ignore[index]
    one = matrix(item(1), options=ALL)[0]
    twice = Feed(**{**vars(one), "items": one.items * 2})
    assert list(CHECKS[form](render([twice], SITE, ALL)[path], SITE.address(path)))


def test_json_says_what_is_not_there_by_leaving_it_out() -> None:
    bare = item(1, description="", authors=(), tags=(), categories=(), html="")
    (said,) = json.loads(feeds(bare)["feed.json"])["items"]
    assert said.keys() == {*("id", "url", "title", "content_html", "date_published", "date_modified", "language")}


def test_who_opens_a_feed_in_a_browser_sees_its_articles_and_what_to_do_with_it() -> None:
    written = feeds(item(1))
    sheets = {
        path: re.search(rb'^<\?xml-stylesheet type="text/css" href="([^"]+)"\?>$', raw, re.M)
        for path, raw in written.items()
    }
    for path, found in sheets.items():
        if path.endswith(".xml"):
            assert (
                found
                and posixpath.normpath(posixpath.join(posixpath.dirname(path), found[1].decode())) == "feeds/feed.css"
            )
    assert b'content: "This is a feed.' in written["feeds/feed.css"]
    chinese = SiteFacts("s", SITE.url, "博客", language="zh")
    assert "这是一个订阅源" in render(feeds_of([], chinese, ALL), chinese, ALL)["feeds/feed.css"].decode()


def test_how_long_something_plays_is_said_of_what_plays() -> None:
    (said,) = json.loads(feeds(episode(1, enclosures=(SOUND, PAPER)))["feed.json"])["items"]
    assert [file.get("duration_in_seconds") for file in said["attachments"]] == [61, None]
