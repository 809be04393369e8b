"""The podcast's feed: RSS with what Apple's directory and its followers ask for. Of all items with an episode."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree

from site_builder.content.items import Episode, Item, Media
from site_builder.errors import ContentError, Place
from site_builder.feeds.entries import Entry, legal
from site_builder.feeds.matrix import Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions, PodcastOptions
from site_builder.feeds.xml_feeds import ITUNES, NAMESPACES, PODCAST, around, rss_channel, rss_element, serialised

_TYPES = ("full", "trailer", "bonus")


def played(item: Item) -> Media:
    """What is heard or seen of an episode: its first audio or video. Raises ContentError if there is none."""
    for media in item.enclosures:
        if media.type.startswith(("audio/", "video/")):
            return media
    raise ContentError(
        "is an episode without audio or video", place=item.place, hint="Name the file among its `enclosures`."
    )


def podcast_item(entry: Entry) -> bytes:
    """``<item>`` with iTunes' tags (Apple, "A Podcaster's Guide to RSS") and a transcript as Podcasting 2.0 has it.

    Raises:
        ContentError: an episode without audio or video, or one that says what no directory understands.
    """
    item, episode = entry.item, entry.item.episode or Episode()
    heard = played(item)
    _check(episode, item)
    rest = tuple(media for media in item.enclosures if media is not heard)
    element = rss_element(replace(entry, item=replace(item, enclosures=(heard, *rest))))
    said = {
        "title": entry.title,
        "episodeType": episode.type,
        "season": str(episode.season or ""),
        "episode": str(episode.episode or ""),
        "duration": str(episode.duration or ""),
        "explicit": _truth(episode.explicit),
        "author": ", ".join(author.name for author in entry.authors),
    }
    for name, text in said.items():
        if text:
            etree.SubElement(element, f"{{{ITUNES}}}{name}").text = text
    if episode.image:
        etree.SubElement(element, f"{{{ITUNES}}}image", href=episode.image)
    if written := episode.transcript:
        etree.SubElement(
            element, f"{{{PODCAST}}}transcript", url=written.url, type=written.type, language=item.language
        )
    return serialised(element)


def podcast_around(feed: Feed, site: SiteFacts, options: FeedsOptions) -> tuple[bytes, bytes]:
    """What stands before and after the episodes."""
    said = options.podcast
    assert said  # else there is no such feed
    _check_files(feed)
    cover = site.address(said.image)
    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    root.append(rss_channel(feed, site, options.model_copy(update={"image": said.image})))
    channel = root[0]
    author = legal(said.author or site.author or site.title)
    for name, text in (("author", author), ("explicit", _truth(said.explicit)), ("type", said.type)):
        etree.SubElement(channel, f"{{{ITUNES}}}{name}").text = text
    etree.SubElement(channel, f"{{{ITUNES}}}image", href=cover)
    _put_categories(channel, said)
    if said.email:
        owner = etree.SubElement(channel, f"{{{ITUNES}}}owner")
        etree.SubElement(owner, f"{{{ITUNES}}}name").text = author
        etree.SubElement(owner, f"{{{ITUNES}}}email").text = said.email
    return around(root, b"</channel></rss>")


def _check_files(feed: Feed) -> None:
    """A directory takes an episode whose file it has seen before for that other one, and never shows it."""
    seen: dict[str, Place] = {}
    for item in feed.items:
        heard = played(item).url
        if heard in seen:
            raise ContentError(
                f"is an episode with the same file as {seen[heard]}: {heard}",
                place=item.place,
                hint="Give each episode a file of its own.",
            )
        seen[heard] = item.place


def _put_categories(channel: etree._Element, said: PodcastOptions) -> None:
    """Each category once, with those below it inside."""
    tops: dict[str, etree._Element] = {}
    for named in said.category:
        top, _, below = (part.strip() for part in named.partition(">"))
        if top not in tops:
            tops[top] = etree.SubElement(channel, f"{{{ITUNES}}}category", text=top)
        if below:
            etree.SubElement(tops[top], f"{{{ITUNES}}}category", text=below)


def _check(episode: Episode, item: Item) -> None:
    if episode.type not in _TYPES:
        raise ContentError(
            f"is an episode of the type '{episode.type}'", place=item.place, hint="A type is full, trailer or bonus."
        )
    numbers = [episode.duration, episode.season or 1, episode.episode or 1]
    if min(numbers) < 0:
        raise ContentError(f"is an episode with a number below 0: {min(numbers)}", place=item.place)
    if episode.image and not re.search(r"\.(?:jpe?g|png)$", urlsplit(episode.image).path, re.IGNORECASE):
        raise ContentError(
            f"is an episode whose picture is neither JPEG nor PNG: {episode.image}",
            place=item.place,
            hint="Podcast directories take these two alone.",
        )


def _truth(value: bool) -> str:
    """feedgen knows yes, no and clean, which Apple has given up for true and false."""
    return "true" if value else "false"
