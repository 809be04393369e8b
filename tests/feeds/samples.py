"""Items to make feeds of, and the site that they are on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from site_builder.content.items import Author, Episode, Item, Media, Passage, item_id
from site_builder.errors import Place
from site_builder.feeds.matrix import Feed, SiteFacts, feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render

SITE = SiteFacts(
    id="test-blog",
    url="https://blog.example.com/",
    title="Test & Blog",
    description="Of <tests> & blogs",
    language="en",
    author="Ada Example",
    copyright="© Ada Example",
)
START = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)
ADA = Author("Ada Example", "ada@example.com", "https://example.com/ada")
LIN = Author("林小雨")
PICTURE = Media("https://blog.example.com/a.png", "image/png", 120, alt="A chart")
SOUND = Media("https://blog.example.com/one.mp3", "audio/mpeg", 4096)
FILM = Media("https://blog.example.com/one.mp4", "video/mp4", 8192)
PAPER = Media("https://blog.example.com/one.pdf", "application/pdf", 512)
PODCAST = {
    "image": "https://blog.example.com/cover.jpg",
    "category": ["Technology", "Education > How To"],
    "email": "ada@example.com",
}
ALL = FeedsOptions.read(
    {"hubs": ["https://hub.example.com/"], "image": "logo.png", "email_feed": True, "podcast": PODCAST}
)


def item(number: int = 1, **said: Any) -> Item:
    """A post of the day ``number``; ``html`` and ``gated`` are its public part and one for Pro."""
    uri = f"blog/posts/{number}.md"
    passages = [Passage(said.pop("html", f"<p>Text of number {number}.</p>"))]
    if gated := said.pop("gated", ""):
        passages.append(Passage(gated, ("pro",)))
    moment = START + timedelta(days=number)
    known = {
        "id": item_id("test-blog", uri),
        "uri": uri,
        "url": f"https://blog.example.com/blog/{number}/",
        "title": f"Number {number}",
        "description": f"What number {number} says",
        "language": "en",
        "published": moment,
        "updated": moment,
        "passages": tuple(passages),
        "place": Place(f"content/{uri}", 1),
        "authors": (ADA,),
        "categories": ("Python",),
        "tags": ("async",),
    }
    return Item(**{**known, **said})


def episode(number: int = 1, **said: Any) -> Item:
    """A post with something to hear."""
    sound = replace(SOUND, url=f"https://blog.example.com/{number}.mp3")
    return item(number, **{"episode": Episode(duration=61), "enclosures": (sound,), **said})


ITEMS = (
    item(1),
    item(2, gated="<p>canary-of-two</p>", categories=("Rust & C++",), tags=("async", "C#", "异步")),
    item(3, title="异步编程：第一章", description="从头开始", language="zh", authors=(LIN,), html="<p>中文内容。</p>"),
    episode(4, authors=(ADA, LIN), image=PICTURE, course="Async in Practice"),
    episode(
        5,
        episode=Episode(62, 2, 7, "bonus", True, "https://blog.example.com/five.png", PAPER),
        enclosures=(PAPER, FILM),
    ),
)


def feeds(*items: Item, options: FeedsOptions = ALL) -> dict[str, bytes]:
    """The files of all feeds."""
    return dict(render(matrix(*items, options=options), SITE, options))


def matrix(*items: Item, options: FeedsOptions = ALL) -> tuple[Feed, ...]:
    return feeds_of(items or ITEMS, SITE, options)
