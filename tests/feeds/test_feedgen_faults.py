"""What feedgen gets wrong, shown in feedgen itself, and put right in our feeds. A fault that is mended there fails here."""

from __future__ import annotations

import pytest
import time_machine
from feedgen.entry import FeedEntry
from feedgen.ext.podcast_entry import PodcastEntryExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from site_builder.content.items import Author, Item
from site_builder.feeds.entries import entry_of
from site_builder.feeds.matrix import feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.podcast import podcast_item
from site_builder.feeds.write import render
from site_builder.feeds.xml_feeds import GENERATOR, atom_entry
from tests.feeds.samples import ALL, FILM, ITEMS, PAPER, SITE, SOUND, episode, feeds, item
from tests.feeds.validity import ATOM, DC

HUB = "https://hub.example.com/"


def plain() -> FeedEntry:
    """An entry as feedgen has it."""
    entry = FeedEntry()
    entry.id("urn:x:1")
    entry.title("One")
    entry.link(href="https://example.com/1", rel="alternate", type="text/html")
    return entry


def plain_feed() -> FeedGenerator:
    feed = FeedGenerator()
    feed.id("urn:x:0")
    feed.title("Feed")
    feed.description("Of feeds")
    feed.link(href="https://example.com/", rel="alternate")
    return feed


def links(element: etree._Element) -> list[tuple[str, str | None, str | None, str | None]]:
    found = element.iter("link", f"{ATOM}link")
    return [(one.get("href"), one.get("rel"), one.get("type"), one.get("length")) for one in found]


def ours_in_atom(of: Item) -> etree._Element:
    return etree.fromstring(b'<feed xmlns:media="m">' + atom_entry(entry_of(of)) + b"</feed>")[0]


def ours_in_rss(of: Item) -> etree._Element:
    return etree.fromstring(feeds(of)["rss.xml"])[0].find("item")


def test_links_of_entries_keep_what_they_are() -> None:
    entry = plain()
    entry.enclosure(SOUND.url, str(SOUND.length), SOUND.type)
    assert links(entry.atom_entry()) == [("https://example.com/1", None, None, None), (SOUND.url, None, None, None)]
    assert links(ours_in_atom(item(1, enclosures=(SOUND,)))) == [
        ("https://blog.example.com/blog/1/", "alternate", "text/html", None),
        (SOUND.url, "enclosure", "audio/mpeg", "4096"),
    ]


def test_the_hub_stands_in_rss_beside_the_feeds_own_address() -> None:
    feed = plain_feed()
    feed.link(href="https://example.com/rss.xml", rel="self")
    feed.link(href=HUB, rel="hub")
    assert HUB not in [href for href, *_ in links(feed._create_rss()[0])]
    for path, kind in (("rss.xml", "application/rss+xml"), ("atom.xml", "application/atom+xml")):
        said = links(etree.fromstring(feeds(item(1))[path]))
        assert (f"{SITE.url}{path}", "self", kind, None) in said
        assert (HUB, "hub", None, None) in said


def test_the_channels_link_is_the_page_and_not_the_link_added_last() -> None:
    feed = plain_feed()
    feed.link(href="https://example.com/rss.xml", rel="self")
    assert feed._create_rss()[0][0].findtext("link") == "https://example.com/rss.xml"
    assert etree.fromstring(feeds(item(1))["rss.xml"])[0].findtext("link") == SITE.url


def test_authors_without_an_address_are_named() -> None:
    entry = plain()
    entry.author(name="Ada Example")
    assert "Ada" not in etree.tostring(entry.rss_entry()).decode()
    found = ours_in_rss(item(1, authors=(Author("Ada Example"), Author("林小雨"))))
    assert [one.text for one in found.findall(f"{DC}creator")] == ["Ada Example", "林小雨"]


def test_an_authors_address_is_in_no_feed() -> None:
    written = feeds(item(1, authors=(Author("Ada Example", "secret@example.com"),)))
    assert not [path for path, content in written.items() if b"secret@" in content]


def test_items_stand_in_the_order_in_which_they_are_given() -> None:
    feed = plain_feed()
    for number in "12":
        entry = feed.add_entry()
        entry.id(f"urn:x:{number}")
        entry.title(number)
    assert [one.findtext("title") for one in feed._create_rss()[0].iter("item")] == ["2", "1"]
    titles = [one.text for one in etree.fromstring(feeds(item(1), item(2))["rss.xml"]).iter("title")]
    assert titles[-2:] == ["Number 2", "Number 1"]


def test_no_date_is_the_clocks() -> None:
    with time_machine.travel("2031-05-05"):
        assert "2031" in etree.tostring(plain_feed()._create_rss()[0]).decode()
        assert "2031" in etree.tostring(plain().atom_entry()).decode()
        later = feeds(*ITEMS), [render(feeds_of([], SITE, options), SITE, options) for options in (ALL, FeedsOptions())]
    assert later == (
        feeds(*ITEMS),
        [render(feeds_of([], SITE, options), SITE, options) for options in (ALL, FeedsOptions())],
    )


def test_control_characters_are_left_out() -> None:
    with pytest.raises(ValueError, match="XML compatible"):
        plain_with = plain()
        plain_with.title("a\x0bb")
        plain_with.rss_entry()
    said = item(1, title="a\x0bb\ufffe", html="<p>c\x00\ud800d\r\ne</p>", tags=("x\x1fy",), authors=(Author("\x07Z"),))
    for written in (ours_in_rss(said), ours_in_atom(said)):
        text = etree.tostring(written, encoding="unicode")
        assert ">ab<" in text and "cd\ne" in text and "xy" in text and ">Z<" in text


def test_the_first_file_is_the_enclosure_and_the_others_are_media() -> None:
    entry = plain()
    for media in (SOUND, PAPER):
        entry.enclosure(media.url, str(media.length), media.type)
    assert entry.rss_entry().find("enclosure").get("url") == PAPER.url
    found = ours_in_rss(item(1, enclosures=(SOUND, PAPER, FILM)))
    assert [one.get("url") for one in found.findall("enclosure")] == [SOUND.url]
    media = found.findall("{http://search.yahoo.com/mrss/}content")
    assert [(one.get("url"), one.get("medium")) for one in media] == [(PAPER.url, None), (FILM.url, "video")]


def test_explicit_is_said_in_the_words_of_today() -> None:
    with pytest.raises(ValueError, match="explicit"):
        PodcastEntryExtension().itunes_explicit("true")
    assert b"<itunes:explicit>false</itunes:explicit>" in podcast_item(entry_of(episode(1)))


def test_a_picture_may_be_called_jpeg() -> None:
    with pytest.raises(ValueError, match="png or jpg"):
        PodcastEntryExtension().itunes_image("https://example.com/a.jpeg")
    said = FeedsOptions.read({"podcast": {"image": "a.jpeg", "category": "Technology"}})
    assert (
        b'<itunes:image href="https://blog.example.com/a.jpeg"/>'
        in feeds(episode(1), options=said)["feeds/podcast/rss.xml"]
    )


def test_feeds_do_not_say_which_release_wrote_them() -> None:
    for path in ("rss.xml", "atom.xml"):
        assert "feedgen" not in feeds(item(1))[path].decode()
        assert f"<generator>{GENERATOR}</generator>" in feeds(item(1))[path].decode()
