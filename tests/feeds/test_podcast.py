"""The podcast's feed as feedparser and directories of podcasts read it."""

from __future__ import annotations

import feedparser
import pytest
from lxml import etree

from site_builder.content.items import Episode, Media
from site_builder.errors import ContentError
from site_builder.feeds.options import FeedsOptions
from tests.feeds.samples import FILM, PAPER, episode, feeds, item
from tests.feeds.validity import ITUNES, PODCAST, podcast_faults

SAID = {"image": "art/cover.png", "category": ["Technology", "Education > How To", "Education > Courses"]}
PATH = "feeds/podcast/rss.xml"


def options(**more: object) -> FeedsOptions:
    return FeedsOptions.read({"podcast": {**SAID, **more}})


def channel(*items: object, **more: object) -> etree._Element:
    raw = feeds(*items, options=options(**more))[PATH]  # type: ignore[arg-type]
    assert list(podcast_faults(raw, f"https://blog.example.com/{PATH}")) == []
    return etree.fromstring(raw)[0]


def texts(element: etree._Element, name: str) -> list[str | None]:
    return [one.text for one in element.findall(f"{ITUNES}{name}")]


def test_the_podcast_is_the_sites_unless_it_says_otherwise() -> None:
    found = channel(episode(1))
    assert found.findtext("title") == "Test & Blog" and found.findtext("language") == "en"
    assert texts(found, "author") == ["Ada Example"] and texts(found, "explicit") == ["false"]
    assert texts(found, "type") == ["episodic"] and texts(found, "owner") == []
    other = channel(
        episode(1), title="Aloud", author="Lin", language="zh-cn", explicit=True, type="serial", email="lin@example.com"
    )
    assert other.findtext("title") == "Aloud" and other.findtext("language") == "zh-cn"
    assert (
        texts(other, "author") == ["Lin"]
        and texts(other, "explicit") == ["true"]
        and texts(other, "type") == ["serial"]
    )
    assert other.find(f"{ITUNES}owner/{ITUNES}email").text == "lin@example.com"


def test_categories_stand_in_those_above_them() -> None:
    found = [
        (one.get("text"), [below.get("text") for below in one])
        for one in channel(episode(1)).findall(f"{ITUNES}category")
    ]
    assert found == [("Technology", []), ("Education", ["How To", "Courses"])]


def test_the_cover_is_the_feeds_picture_as_well() -> None:
    found = channel(episode(1))
    assert (
        found.find(f"{ITUNES}image").get("href")
        == found.findtext("image/url")
        == "https://blog.example.com/art/cover.png"
    )


def test_an_episode_says_all_that_its_front_matter_says() -> None:
    told = Episode(
        3661,
        2,
        7,
        "bonus",
        True,
        "https://blog.example.com/7.jpg",
        Media("https://blog.example.com/7.vtt", "text/vtt", 9),
    )
    found = channel(episode(1, episode=told, language="zh")).find("item")
    assert {name: texts(found, name) for name in ("duration", "season", "episode", "episodeType", "explicit")} == {
        "duration": ["3661"],
        "season": ["2"],
        "episode": ["7"],
        "episodeType": ["bonus"],
        "explicit": ["true"],
    }
    assert found.find(f"{ITUNES}image").get("href") == "https://blog.example.com/7.jpg"
    assert dict(found.find(f"{PODCAST}transcript").attrib) == {
        "url": "https://blog.example.com/7.vtt",
        "type": "text/vtt",
        "language": "zh",
    }


def test_an_episode_that_says_little_has_no_empty_tags() -> None:
    found = channel(episode(1, episode=Episode(), authors=())).find("item")
    assert texts(found, "duration") == texts(found, "season") == texts(found, "episode") == texts(found, "author") == []
    assert texts(found, "episodeType") == ["full"]


def test_what_is_heard_is_the_enclosure_wherever_it_stands_among_the_files() -> None:
    found = channel(episode(1, enclosures=(PAPER, FILM))).find("item")
    assert dict(found.find("enclosure").attrib) == {"url": FILM.url, "length": "8192", "type": "video/mp4"}


def test_two_episodes_with_one_file_are_refused() -> None:
    with pytest.raises(ContentError, match=r"1\.md:1: is an episode with the same file as content/blog/posts/2\.md:1"):
        feeds(episode(1, enclosures=(FILM,)), episode(2, enclosures=(FILM,)), options=options())


def test_feedparser_reads_the_podcast() -> None:
    read = feedparser.parse(feeds(episode(1), item(2), episode(3), options=options(email="ada@example.com"))[PATH])
    assert not read.bozo and [one.title for one in read.entries] == ["Number 3", "Number 1"]
    assert read.entries[0].itunes_duration == "61"
    assert read.entries[0].enclosures[0].length == "4096"
    assert read.feed.image.href == "https://blog.example.com/art/cover.png"
    assert read.feed.publisher_detail.email == "ada@example.com"
