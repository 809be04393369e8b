"""What makes a feed valid, in our own words: RSS 2.0 with the RSS Advisory Board's profile, RFC 4287, JSON Feed 1.1.

Each check gives sentences about what is wrong; a valid feed gives none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
MEDIA = "{http://search.yahoo.com/mrss/}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
XML = "{http://www.w3.org/XML/1998/namespace}"

_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
                     r"\d\d:\d\d:\d\d (?:[+-]\d{4}|GMT)")  # fmt: skip
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MIME = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]*")
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ADDRESS = re.compile(r"""<[^>]*?\b(?:href|src|poster)=["']([^"']*)""", re.IGNORECASE)
_DANGEROUS = re.compile(
    r"<(?:script|style|iframe|object|embed|form|input)\b|<[^>]*\s(?:on\w+|style)\s*=|javascript:", re.I
)
_SHORT_STYLE = re.compile(r' style="[a-z0-9:;%.-]+"')

_CHANNEL = {
    *("title", "link", "description", "language", "copyright", "lastBuildDate", "docs", "generator", "image"),
    *(f"{ITUNES}{name}" for name in ("author", "explicit", "type", "image", "category", "owner")),
    f"{ATOM}link",
}
_ITEM = {
    *("title", "link", "description", f"{CONTENT}encoded", "guid", "category", "enclosure", "pubDate"),
    *(f"{DC}creator", f"{DC}language", f"{MEDIA}content", f"{MEDIA}thumbnail", f"{PODCAST}transcript"),
    *(f"{ITUNES}{name}" for name in ("title", "episodeType", "season", "episode", "duration", "explicit", "author")),
    f"{ITUNES}image",
}
_SEVERAL = {"category", f"{ATOM}link", f"{DC}creator", f"{MEDIA}content", f"{MEDIA}thumbnail", f"{ITUNES}category"}
_FEED = {
    f"{ATOM}{name}" for name in ("id", "title", "updated", "author", "link", "generator", "logo", "rights", "subtitle")
}
_ENTRY = {
    f"{ATOM}{name}"
    for name in ("id", "title", "updated", "published", "author", "link", "content", "summary", "category")
}


def rss_faults(raw: bytes, address: str) -> Iterator[str]:
    """What is wrong with an RSS feed that is published at ``address``."""
    try:
        root = etree.fromstring(raw)
    except etree.XMLSyntaxError as error:
        yield f"is not well-formed: {error}"
        return
    if root.tag != "rss" or root.get("version") != "2.0" or [one.tag for one in root] != ["channel"]:
        yield "is not <rss version='2.0'> with one channel"
        return
    channel = root[0]
    items = channel.findall("item")
    head = [one for one in channel if one.tag != "item"]
    yield from _once("the channel", head, _CHANNEL, needed=("title", "link", "description"))
    if items and channel.index(items[0]) < len(head):
        yield "an item stands before the end of what is said of the channel"
    yield from _is("the channel's link", channel.findtext("link"), _absolute)
    if (language := channel.findtext("language")) is not None:
        yield from _is("the channel's language", language, _LANGUAGE.fullmatch)
    if (built := channel.findtext("lastBuildDate")) is not None:
        yield from _is("lastBuildDate", built, _rfc822)
    yield from _links("the channel", channel.findall(f"{ATOM}link"), address, "application/rss+xml")
    if (image := channel.find("image")) is not None:
        yield from _is("the image's address", image.findtext("url"), _absolute)
        for name in ("title", "link"):
            if image.findtext(name) != channel.findtext(name):
                yield f"the image's {name} is not the channel's"
    yield from _unique([one.findtext("guid") for one in items])
    for number, one in enumerate(items, 1):
        yield from (f"item {number}: {fault}" for fault in _rss_item(one))


def _rss_item(item: etree._Element) -> Iterator[str]:
    tags = [one.tag for one in item]
    yield from _once("the item", list(item), _ITEM, needed=("title", "link", "guid", "pubDate"))
    yield from _is("link", item.findtext("link"), _absolute)
    yield from _is("pubDate", item.findtext("pubDate"), _rfc822)
    guid = item.find("guid")
    if guid is not None and guid.get("isPermaLink") != "false" and not _absolute(guid.text or ""):
        yield "a guid that is no address must say isPermaLink='false'"
    if f"{CONTENT}encoded" in tags:
        if "description" not in tags or tags.index("description") > tags.index(f"{CONTENT}encoded"):
            yield "content:encoded without a description before it"
        yield from _html(item.findtext(f"{CONTENT}encoded") or "")
    yield from _html(item.findtext("description") or "")
    for one in item.findall("enclosure"):
        yield from _is("the enclosure's url", one.get("url"), _absolute)
        yield from _is("the enclosure's length", one.get("length"), _positive)
        yield from _is("the enclosure's type", one.get("type"), _MIME.fullmatch)
    for one in (*item.findall(f"{MEDIA}content"), *item.findall(f"{MEDIA}thumbnail")):
        yield from _is("media's url", one.get("url"), _absolute)
        if one.get("type") is not None:
            yield from _is("media's type", one.get("type"), _MIME.fullmatch)
        if one.get("fileSize") is not None:
            yield from _is("media's fileSize", one.get("fileSize"), _positive)
    for one in item:
        if one.tag in ("title", "category", f"{DC}creator") and not (one.text or "").strip():
            yield f"{one.tag} is empty"
    if (language := item.findtext(f"{DC}language")) is not None:
        yield from _is("dc:language", language, _LANGUAGE.fullmatch)


def podcast_faults(raw: bytes, address: str) -> Iterator[str]:
    """What is wrong with an RSS feed as a podcast, by Apple's requirements."""
    yield from rss_faults(raw, address)
    channel = etree.fromstring(raw)[0]
    for name in ("author", "explicit", "type", "category", "image"):
        if channel.find(f"{ITUNES}{name}") is None:
            yield f"the channel has no itunes:{name}"
    if channel.findtext("language") is None:
        yield "the channel has no language"
    cover = channel.find(f"{ITUNES}image")
    if cover is not None:
        yield from _is("the cover", cover.get("href"), lambda url: _absolute(url) and url.endswith((".jpg", ".png")))
    if (owner := channel.find(f"{ITUNES}owner")) is not None:
        yield from _is("the owner's email", owner.findtext(f"{ITUNES}email"), _EMAIL.fullmatch)
    for number, one in enumerate((channel, *channel.findall("item"))):
        yield from _is(
            f"itunes:explicit of {number}", one.findtext(f"{ITUNES}explicit"), ("true", "false").__contains__
        )
    for number, one in enumerate(channel.findall("item"), 1):
        heard = one.find("enclosure")
        if heard is None or not (heard.get("type") or "").startswith(("audio/", "video/")):
            yield f"item {number} has nothing to hear or see"
        if (kind := one.findtext(f"{ITUNES}episodeType")) not in (None, "full", "trailer", "bonus"):
            yield f"item {number} is an episode of type {kind}"
        for name in ("duration", "season", "episode"):
            if (value := one.findtext(f"{ITUNES}{name}")) is not None:
                yield from _is(f"itunes:{name} of {number}", value, _positive)


def atom_faults(raw: bytes, address: str) -> Iterator[str]:
    """What is wrong with an Atom feed that is published at ``address``."""
    try:
        root = etree.fromstring(raw)
    except etree.XMLSyntaxError as error:
        yield f"is not well-formed: {error}"
        return
    if root.tag != f"{ATOM}feed":
        yield "is no feed in Atom's namespace"
        return
    entries = root.findall(f"{ATOM}entry")
    head = [one for one in root if one.tag != f"{ATOM}entry"]
    needed = tuple(f"{ATOM}{name}" for name in ("id", "title", "updated"))
    several = {f"{ATOM}{name}" for name in ("author", "link", "category")}
    yield from _once("the feed", head, _FEED, needed, several)
    yield from _atom_common("the feed", root)
    yield from _links("the feed", root.findall(f"{ATOM}link"), address, "application/atom+xml")
    yield from _unique([root.findtext(f"{ATOM}id"), *(one.findtext(f"{ATOM}id") for one in entries)])
    for number, entry in enumerate(entries, 1):
        where = f"entry {number}"
        own = [one for one in entry if one.tag.startswith(ATOM)]
        yield from _once(where, own, _ENTRY, needed, several)
        yield from (f"{where}: {one.tag} is not known" for one in entry if not one.tag.startswith((ATOM, MEDIA)))
        yield from _atom_common(where, entry)
        content = entry.find(f"{ATOM}content")
        if content is None or content.get("type") != "html":
            yield f"{where} has no content of type html"
        else:
            yield from (f"{where}: {fault}" for fault in _html(content.text or ""))
        if entry.find(f"{ATOM}author") is None and root.find(f"{ATOM}author") is None:
            yield f"{where} has no author, and neither has the feed"
        links = entry.findall(f"{ATOM}link")
        if sum(link.get("rel", "alternate") == "alternate" for link in links) != 1:
            yield f"{where} has not one alternate link"
        for link in links:
            if link.get("rel") == "enclosure":
                yield from _is(f"{where}: the enclosure's length", link.get("length"), _positive)
                yield from _is(f"{where}: the enclosure's type", link.get("type"), _MIME.fullmatch)
            elif link.get("rel", "alternate") != "alternate":
                yield f"{where} has a link that is {link.get('rel')}"


def _atom_common(where: str, element: etree._Element) -> Iterator[str]:
    yield from _is(f"{where}: id", element.findtext(f"{ATOM}id"), _URI.fullmatch)
    for name in ("updated", "published"):
        if (moment := element.findtext(f"{ATOM}{name}")) is not None:
            yield from _is(f"{where}: {name}", moment, _rfc3339)
    if not (element.findtext(f"{ATOM}title") or "").strip():
        yield f"{where}: the title is empty"
    if element.get(f"{XML}lang") is not None:
        yield from _is(f"{where}: xml:lang", element.get(f"{XML}lang"), _LANGUAGE.fullmatch)
    for link in element.findall(f"{ATOM}link"):
        yield from _is(f"{where}: a link", link.get("href"), _absolute)
    for author in element.findall(f"{ATOM}author"):
        if [one.tag for one in author if one.tag == f"{ATOM}name" and (one.text or "").strip()] != [f"{ATOM}name"]:
            yield f"{where}: an author has not one name"
        if (uri := author.findtext(f"{ATOM}uri")) is not None:
            yield from _is(f"{where}: the author's uri", uri, _absolute)
    yield from (
        f"{where}: a category without a term" for one in element.findall(f"{ATOM}category") if not one.get("term")
    )


def json_faults(raw: bytes, address: str) -> Iterator[str]:
    """What is wrong with a JSON feed that is published at ``address``."""
    try:
        feed = json.loads(raw)
    except ValueError as error:
        yield f"is not JSON: {error}"
        return
    known: dict[str, Callable[[Any], Any]] = {
        "version": "https://jsonfeed.org/version/1.1".__eq__, "title": _text, "home_page_url": _absolute,
        "feed_url": address.__eq__, "description": _text, "icon": _absolute, "language": _LANGUAGE.fullmatch,
        "authors": _authors, "hubs": _hubs, "items": lambda items: isinstance(items, list),
    }  # fmt: skip
    yield from _object("the feed", feed, known, needed=("version", "title", "items", "feed_url", "home_page_url"))
    items = feed.get("items", [])
    yield from _unique([one.get("id") for one in items])
    of_item: dict[str, Callable[[Any], Any]] = {
        "id": _text, "url": _absolute, "title": _text, "content_html": lambda text: isinstance(text, str),
        "summary": _text, "image": _absolute, "date_published": _rfc3339, "date_modified": _rfc3339,
        "authors": _authors, "tags": lambda tags: tags and all(map(_text, tags)), "language": _LANGUAGE.fullmatch,
        "attachments": lambda files: files and all(map(_attachment, files)),
    }  # fmt: skip
    for number, one in enumerate(items, 1):
        yield from _object(f"item {number}", one, of_item, needed=("id", "url", "content_html", "date_published"))
        yield from (f"item {number}: {fault}" for fault in _html(one.get("content_html", "")))


def _object(
    where: str, value: dict[str, Any], known: dict[str, Callable[[Any], Any]], needed: tuple[str, ...]
) -> Iterator[str]:
    yield from (f"{where} has no {name}" for name in needed if name not in value)
    for name, said in value.items():
        if name not in known:
            yield f"{where} has {name}, which is not known"
        else:
            yield from _is(f"{where}: {name}", said, known[name])


def _attachment(file: dict[str, Any]) -> bool:
    return bool(
        _absolute(file.get("url", "")) and _MIME.fullmatch(file.get("mime_type", ""))
        and isinstance(file.get("size_in_bytes"), int) and file["size_in_bytes"] > 0
        and file.keys() <= {"url", "mime_type", "size_in_bytes", "duration_in_seconds"}
    )  # fmt: skip


def _authors(authors: list[dict[str, str]]) -> bool:
    return bool(authors) and all(_text(one.get("name")) and one.keys() <= {"name", "url"} for one in authors)


def _hubs(hubs: list[dict[str, str]]) -> bool:
    return bool(hubs) and all(one.keys() == {"type", "url"} and _absolute(one["url"]) for one in hubs)


def _once(
    where: str, elements: list[etree._Element], known: set[str], needed: tuple[str, ...], several: set[str] = _SEVERAL
) -> Iterator[str]:
    tags = [one.tag for one in elements]
    yield from (f"{where} has {tag}, which is not known" for tag in tags if tag not in known)
    yield from (f"{where} has {tag} twice" for tag in sorted(set(tags)) if tag not in several and tags.count(tag) > 1)
    for name in needed:
        if not any(one.tag == name and (one.text or "").strip() for one in elements):
            yield f"{where} has no {name}"


def _links(where: str, links: list[etree._Element], address: str, kind: str) -> Iterator[str]:
    own = [link for link in links if link.get("rel") == "self"]
    if [(link.get("href"), link.get("type")) for link in own] != [(address, kind)]:
        yield f"{where} does not say once that it is at {address}"
    for link in links:
        yield from _is(f"{where}: a link", link.get("href"), _absolute)
        if link.get("rel") not in ("self", "alternate", "hub"):
            yield f"{where} has a link that is {link.get('rel')}"


def _html(text: str) -> Iterator[str]:
    yield from (
        f"relative address {one}" for one in _ADDRESS.findall(text) if not _URI.fullmatch(one.replace("&amp;", "&"))
    )
    yield from (f"dangerous: {one}" for one in _DANGEROUS.findall(_SHORT_STYLE.sub("", text)))


def _unique(ids: list[str | None]) -> Iterator[str]:
    yield from (
        f"the id {one} stands {ids.count(one)} times" for one in sorted(set(filter(None, ids))) if ids.count(one) > 1
    )


def _is(what: str, value: Any, check: Callable[[Any], Any]) -> Iterator[str]:
    if value is None or not check(value):
        yield f"{what} is wrong: {value!r}"


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bool(_URI.fullmatch(address))


def _positive(value: str) -> bool:
    return value.isascii() and value.isdecimal() and int(value) > 0


def _rfc822(value: str) -> bool:
    try:
        return bool(_RFC822.fullmatch(value)) and f"{parsedate_to_datetime(value):%a}" == value[:3]
    except ValueError:
        return False


def _rfc3339(value: str) -> bool:
    try:
        return bool(_RFC3339.fullmatch(value)) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False
