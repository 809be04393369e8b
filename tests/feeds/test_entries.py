"""What is said of an item: of a premium one the teaser and a link; what can't be said rightly is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from site_builder.content.items import Author, Episode, Item, Media, Passage
from site_builder.errors import ContentError
from site_builder.feeds.entries import entry_of, plain
from tests.feeds.samples import PICTURE, PODCAST, SOUND, episode, feeds, item

CANARY = "canary-of-the-gate"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Read on"), ("de", "Read on"), ("zh", "继续阅读"), ("zh-Hant", "继续阅读")]
)
def test_a_premium_item_shows_its_teaser_and_a_link_in_its_language(language: str, words: str) -> None:
    of = item(
        1, html="<p>Teaser.</p>", gated=f"<p>{CANARY}</p>", language=language, url="https://blog.example.com/?a=1&b=2"
    )
    told = entry_of(of).html
    assert told.startswith("<p>Teaser.</p>\n") and words in told
    assert 'href="https://blog.example.com/?a=1&amp;b=2"' in told and CANARY not in told


def test_a_premium_item_without_a_teaser_shows_its_description() -> None:
    told = entry_of(item(1, html=" \n", gated=f"<p>{CANARY}</p>", description="Of a < b"))
    assert told.html == (
        '<p>Of a &lt; b</p>\n<p><a href="https://blog.example.com/blog/1/">Read on (for members)</a></p>'
    )


def test_a_premium_item_with_neither_shows_the_link_alone() -> None:
    told = entry_of(item(1, html="", gated=f"<p>{CANARY}</p>", description=""))
    assert told.html.count("<p>") == 1 and "Read on" in told.html and told.summary == ""


def test_no_feed_of_any_kind_shows_what_stands_behind_a_gate() -> None:
    gated = {"passages": (Passage("<p>Before.</p>"), Passage(f"<p>{CANARY}</p>", ("pro",)), Passage("<p>After.</p>"))}
    written = feeds(item(1, **gated), episode(2, **gated))
    assert len(written) > 10
    for path, content in written.items():
        assert CANARY.encode() not in content, path
    assert b"Before." in written["rss.xml"] and b"After." in written["rss.xml"]


def test_a_public_item_is_shown_whole_without_a_link() -> None:
    assert entry_of(item(1, html="<p>All.</p>")).html == "<p>All.</p>"


def test_on_request_only_the_description_is_shown() -> None:
    told = entry_of(item(1, html="<p>All.</p>", description="In short"), "summary")
    assert told.html == '<p>In short</p>\n<p><a href="https://blog.example.com/blog/1/">Read on</a></p>'


def test_an_item_without_a_description_is_summed_up_by_its_beginning() -> None:
    html = (
        "<h2>Part</h2><pre><code>x = 1</code></pre><p>One <b>bo</b>ld &amp; <em>two</em>.</p><p>"
        + "word " * 100
        + "</p>"
    )
    summary = entry_of(item(1, html=html, description="")).summary
    assert summary.startswith("Part One bold & two. word word") and summary.endswith("word…") and len(summary) <= 280


def test_chinese_is_cut_between_characters() -> None:
    assert entry_of(
        item(1, html=f"<p>{'中文，' * 200}</p>", description="")
    ).summary == "中文，" * 92 + "中文，…".replace("，", "")


def test_words_of_html_are_put_on_one_line() -> None:
    assert plain("<p>a\n b</p><!-- c --><p>d&nbsp;e</p>") == "a b d e"
    assert plain("<p>a</p><table><tr><td>b</td></tr></table><pre>c</pre><p>d</p>") == "a d"


def test_times_are_in_utc_and_nothing_is_updated_before_it_is_published() -> None:
    east = timezone(timedelta(hours=8))
    told = entry_of(item(1, published=datetime(2026, 1, 2, 6, tzinfo=east), updated=datetime(2026, 1, 1, tzinfo=east)))
    assert told.published.isoformat() == told.updated.isoformat() == "2026-01-01T22:00:00+00:00"


def test_addresses_are_written_in_ascii() -> None:
    picture = replace(PICTURE, url="https://bücher.example.com/图.png?文=1")
    told = entry_of(item(1, url="https://blog.example.com/博客/%E4%B8%80/", image=picture)).item
    assert told.url == "https://blog.example.com/%E5%8D%9A%E5%AE%A2/%E4%B8%80/"
    assert told.image and told.image.url == "https://xn--bcher-kva.example.com/%E5%9B%BE.png?%E6%96%87=1"


BAD: tuple[tuple[dict[str, object], str], ...] = (
    ({"title": " \x00"}, "has no title"),
    ({"id": "one"}, "has the id 'one', which is no URI"),
    ({"id": "urn:a b"}, "which is no URI"),
    ({"language": "Chinese (simplified)"}, "is in the language"),
    ({"language": ""}, "is in the language"),
    ({"url": "/blog/1/"}, "has an address that is not absolute: '/blog/1/'"),
    ({"url": "ftp://blog.example.com/"}, "not absolute"),
    ({"url": "https://blog.example.com/a b"}, "not absolute"),
    ({"url": "http://[::1/"}, "not absolute"),
    ({"updated": datetime(2026, 1, 1)}, "has a date without a time zone"),
    ({"authors": (Author("Ada", url="ada"),)}, "not absolute: 'ada'"),
    ({"image": replace(PICTURE, url="a.png")}, "not absolute: 'a.png'"),
    ({"image": SOUND}, "has a file of an unknown type"),
    (
        {"enclosures": (Media(SOUND.url, "audio/mpeg", 0),)},
        "has a file without a length: https://blog.example.com/one.mp3",
    ),
    ({"enclosures": (Media(SOUND.url, "audio/mpeg", -1),)}, "has a file without a length"),
    ({"enclosures": (Media(SOUND.url, "mp3", 1),)}, "is 'mp3'"),
    ({"enclosures": (Media(SOUND.url, "", 1),)}, "has a file of an unknown type"),
    ({"enclosures": (Media("one.mp3", "audio/mpeg", 1),)}, "not absolute: 'one.mp3'"),
    ({"enclosures": (SOUND,), "episode": Episode(image="five.png")}, "not absolute: 'five.png'"),
    ({"enclosures": (SOUND,), "episode": Episode(transcript=Media("a.vtt", "text/vtt", 1))}, "not absolute: 'a.vtt'"),
)


@pytest.mark.parametrize(("said", "words"), BAD, ids=lambda value: str(value)[:60])
def test_what_no_feed_can_say_rightly_is_refused_with_its_place(said: dict[str, object], words: str) -> None:
    of: Item = item(1, **said)
    with pytest.raises(ContentError) as raised:
        feeds(of)
    assert str(raised.value).startswith("content/blog/posts/1.md:1: ") and words in str(raised.value)


EPISODES: tuple[tuple[dict[str, object], str], ...] = (
    ({"enclosures": ()}, "is an episode without audio or video"),
    ({"enclosures": (PICTURE,)}, "is an episode without audio or video"),
    ({"episode": Episode(type="extra")}, "is an episode of the type 'extra'"),
    ({"episode": Episode(duration=-1)}, "is an episode with a number below 0"),
    ({"episode": Episode(season=-2)}, "is an episode with a number below 0: -2"),
    ({"episode": Episode(image="https://example.com/a.webp")}, "is an episode whose picture is neither JPEG nor PNG"),
)


@pytest.mark.parametrize(("said", "words"), EPISODES, ids=lambda value: str(value)[:60])
def test_an_episode_that_no_directory_takes_is_refused_with_its_place(said: dict[str, object], words: str) -> None:
    assert PODCAST["image"]
    with pytest.raises(ContentError) as raised:
        feeds(episode(1, **said))
    assert str(raised.value).startswith("content/blog/posts/1.md:1: ") and words in str(raised.value)
