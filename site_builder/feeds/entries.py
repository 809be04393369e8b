"""What is said of an item in every format: checked once, its text such as XML and UTF-8 can hold. Between matrix and formats."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from site_builder.content.items import Author, Episode, Item, Media
from site_builder.errors import ContentError
from site_builder.feeds.addresses import ascii_address
from site_builder.feeds.words import words

_ILLEGAL = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|del|em|i|ins|kbd|mark|q|s|small|span|strong|sub|sup|u|var)\b[^<>]*>", re.I
)
_TAG = re.compile(r"<(pre|table)\b.*?</\1>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_SUMMARY = 280


@dataclass(frozen=True)
class Entry:
    """An item in words: plain ``title`` and ``summary``, ``html`` for everybody, times in UTC, ``tags`` with categories first."""

    item: Item
    title: str
    summary: str
    html: str
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    tags: tuple[str, ...]


def entry_of(item: Item, content: Literal["full", "summary"] = "full") -> Entry:
    """What feeds say of the item: of a premium one the teaser and a link to read on, and nothing else.

    Raises:
        ContentError: the item lacks what every format needs, or has a file without a length, a type or an absolute address.
    """
    title = line(item.title)
    if not title:
        raise ContentError("has no title", place=item.place, hint="Feeds need one: write `title:` or a first heading.")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+", item.id):
        raise ContentError(f"has the id '{item.id}', which is no URI", place=item.place)
    if not _LANGUAGE.fullmatch(item.language):
        raise ContentError(
            f"is in the language '{item.language}'", place=item.place, hint="Write a tag such as en, pt-BR or zh-Hans."
        )
    item = replace(
        item,
        url=_address(item.url, item),
        image=_media(item.image, item) if item.image else None,
        enclosures=tuple(_media(one, item) for one in item.enclosures),
        episode=_episode(item.episode, item) if item.episode else None,
    )
    public = legal(item.public_html)
    summary = line(item.description) or _shortened(plain(public))
    return Entry(
        item=item,
        title=title,
        summary=summary,
        html=_body(item, public, summary, content),
        published=in_utc(item.published, item),
        updated=in_utc(max(item.published, item.updated), item),
        authors=tuple(
            Author(line(one.name), "", _address(one.url, item) if one.url else "")
            for one in item.authors
            if line(one.name)
        ),
        tags=tuple(dict.fromkeys(filter(None, map(line, (*item.categories, *item.tags))))),
    )


def legal(text: str) -> str:
    """The text without what XML 1.0 forbids (section 2.2) or discourages, and with bare line feeds."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(markup: str) -> str:
    """The words of HTML on one line, without blocks of code and tables."""
    return line(html.unescape(_TAG.sub(" ", _INLINE.sub("", markup))))


def line(text: str) -> str:
    """The text on one line, as a title or a name stands in a feed."""
    return " ".join(legal(text).split())


def _shortened(text: str) -> str:
    if len(text) <= _SUMMARY:
        return text
    start = text[: _SUMMARY - 1]
    return (start.rpartition(" ")[0] or start).rstrip(" .,;:–，。；：") + "…"


def _body(item: Item, public: str, summary: str, content: str) -> str:
    if content == "summary" or not public.strip():
        public = f"<p>{html.escape(summary, quote=False)}</p>" if summary else ""
    elif not item.premium:
        return public
    link_text = words("read on as a member" if item.premium else "read on", item.language)
    link = f'<p><a href="{html.escape(item.url)}">{link_text}</a></p>'
    return f"{public}\n{link}".lstrip()


def in_utc(moment: datetime, item: Item) -> datetime:
    """The item's moment in UTC. Raises ContentError if it has no time zone."""
    if moment.tzinfo is None:
        raise ContentError(
            f"has a date without a time zone: {moment}", place=item.place, hint="Write it as 2026-11-22T09:00:00+01:00."
        )
    return moment.astimezone(UTC)


def _episode(episode: Episode, item: Item) -> Episode:
    written = episode.transcript
    return replace(
        episode,
        image=_address(episode.image, item) if episode.image else "",
        transcript=replace(written, url=_address(written.url, item)) if written else None,
    )


def _media(media: Media, item: Item) -> Media:
    """The file with an ASCII address. Its length may only be unknown of a picture, which nobody asks for."""
    image = item.image is media
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media.type, re.ASCII) or (image and not media.type.startswith("image/")):
        raise ContentError(
            f"has a file of an unknown type: {media.url} is '{media.type}'",
            place=item.place,
            hint="A type is written as in MIME: audio/mpeg, video/mp4, image/png.",
        )
    if media.length < 0 or (not media.length and not image):
        raise ContentError(
            f"has a file without a length: {media.url}",
            place=item.place,
            hint="Say how many bytes it has, as `length`: feed readers and podcast directories ask for it.",
        )
    return replace(media, url=_address(media.url, item))


def _address(address: str, item: Item) -> str:
    """The address in ASCII. Raises ContentError if it is not absolute."""
    try:
        return ascii_address(address)
    except ValueError:
        raise ContentError(
            f"has an address that is not absolute: '{address}'",
            place=item.place,
            hint="It begins with https:// or http://; pages have such an address once `site_url` is set.",
        ) from None
