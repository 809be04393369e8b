"""Feeds as feedparser reads them: the same items, whatever stands in their titles, tags, authors and code."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.content.items import Author, Item
from site_builder.feeds.clean import clean
from site_builder.feeds.matrix import feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render
from tests.feeds.samples import ITEMS, SITE, feeds, item

HOSTILE = (
    "Q & A",
    "AT&T; &amp; &lt;b&gt;",
    "a < b > c",
    "The <dialog> element",
    "Why <b>bold</b> & <script>alert(1)</script>?",
    "Never ]]> in CDATA <![CDATA[",
    "Ends in & and &#38;",
    "<!-- no comment -->",
    "Crab 🦀, flag 🇨🇳, family 👨‍👩‍👧",
    "异步编程：第一章",
    "مرحبا بالعالم",
    "עברית \u200fעם\u200e English",
    "\u202eright to left override\u202c",
    "tab\tand  spaces",
    "quote \" and ' and `",
    "𝒳 beyond the first plane 𠜎",
    "nbsp\u00a0and zero\u200bwidth",
)
LEFT_OUT = ("bell \x07", "null \x00", "escape \x1b[1m", "not a character \ufffe\uffff", "half \ud83e a pair", "C1 \x9b")


def entries(raw: bytes) -> list[Any]:
    parsed = feedparser.parse(raw, sanitize_html=False)
    assert not parsed.bozo, parsed.bozo_exception
    return list(parsed.entries)


def said_in(detail: Any) -> str:
    """The words of a title or a summary; readers guess of a title whether it is HTML, and a summary of RSS always is."""
    return unescape(detail.value) if detail.type == "text/html" else str(detail.value)


def line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml", "feeds/email/rss.xml", "feeds/podcast/rss.xml"])
@pytest.mark.parametrize("text", HOSTILE)
def test_xml_feeds_are_read_back_as_they_were(path: str, text: str) -> None:
    code = f'def f():\n\tif a < b and "{text}":\n\n        return """  {text}\n  """\n'
    said = {
        "title": text,
        "description": f"Of {text}",
        "tags": (text, "b"),
        "categories": ("c",),
        "authors": (Author(text), Author("Ada Example")),
        "html": clean(f"<p>{escape(text)}</p><pre><code>{escape(code)}</code></pre>", SITE.url),
    }
    episode = ITEMS[3]
    of = item(7, **said, episode=episode.episode, enclosures=episode.enclosures)
    (read,) = entries(feeds(of)[path])
    assert said_in(read.title_detail) == line(text)
    assert said_in(read.summary_detail) == f"Of {line(text)}"
    assert read.id == of.id and read.link == of.url
    assert [tag.term for tag in read.tags] == ["c", line(text), "b"]
    assert escape(code, quote=False) in read.content[0].value
    assert datetime(*read.published_parsed[:6], tzinfo=UTC) == of.published
    names = [author.name for author in read.authors if author.get("name")]
    assert line(text) in names


@pytest.mark.parametrize("text", HOSTILE)
def test_json_feeds_are_read_back_as_they_were(text: str) -> None:
    of = item(7, title=text, description=text, tags=(text,), authors=(Author(text),), html=f"<p>{escape(text)}</p>")
    (read,) = json.loads(feeds(of)["feed.json"])["items"]
    assert read["title"] == read["summary"] == read["authors"][0]["name"] == read["tags"][1] == line(text)
    assert read["content_html"] == f"<p>{escape(text)}</p>"
    assert datetime.fromisoformat(read["date_published"]) == of.published


@pytest.mark.parametrize("text", LEFT_OUT)
def test_what_xml_can_not_hold_is_left_out_of_every_format(text: str) -> None:
    written = feeds(item(1, title=text, tags=(text,), html=f"<p>{text}</p>", authors=(Author(text),)))
    told = json.loads(written["feed.json"])["items"][0]
    kept = text.split()[0]
    assert kept in told["title"]
    for path in ("rss.xml", "atom.xml"):
        (read,) = entries(written[path])
        assert read.title == told["title"] and read.content[0].value == told["content_html"]
        assert read.tags[1].term == told["tags"][1]


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml", "feed.json"])
def test_every_feed_has_the_same_items_in_every_format(path: str) -> None:
    written = feeds(*ITEMS)
    told = json.loads(written["feed.json"])["items"]
    if path.endswith("json"):
        assert [one["id"] for one in told] == [one.id for one in reversed(ITEMS)]
        return
    read = entries(written[path])
    assert [(one.id, one.title, one.link) for one in read] == [(one["id"], one["title"], one["url"]) for one in told]
    assert [one.content[0].value for one in read] == [one["content_html"] for one in told]
    files = [[(link.href, link.type, link.length) for link in one.links if link.rel == "enclosure"] for one in read]
    wanted = [
        [(file["url"], file["mime_type"], str(file["size_in_bytes"])) for file in one.get("attachments", [])]
        for one in told
    ]
    assert files == ([one[:1] for one in wanted] if path == "rss.xml" else wanted)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=60))
def test_any_text_makes_a_feed_that_can_be_read(title: str, tag: str, html: str) -> None:
    of: Item = item(1, title=f"x{title}", tags=(tag,), html=html)
    written = render(feeds_of([of], SITE, FeedsOptions()), SITE, FeedsOptions())
    for path, raw in written.items():
        if path.endswith(".xml"):
            assert len(entries(raw)) == 1
        elif path.endswith(".json"):
            assert len(json.loads(raw)["items"]) == 1
