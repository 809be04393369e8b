"""RSS 2.0 and Atom as feedgen writes them, with its faults mended: one entry at a time, and what stands around the entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.ext.dc import DcEntryExtension, DcExtension  # type: ignore[import-untyped]
from feedgen.ext.media import MediaEntryExtension, MediaExtension  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml import etree

from site_builder.content.items import Media
from site_builder.feeds.entries import Entry, legal
from site_builder.feeds.matrix import FILES, Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions, Format

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
PODCAST = "https://podcastindex.org/namespace/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAMESPACES = {"atom": ATOM, "content": CONTENT, "dc": DC, "itunes": ITUNES, "media": MEDIA, "podcast": PODCAST}
GENERATOR = "site-builder"

# Readers that guess whether a title is HTML take it for HTML if one of these is in it.
_LIKE_HTML = re.compile(r"</\w+|&#?\w+;")


def rss_item(entry: Entry) -> bytes:
    """``<item>`` with its prefixes undeclared, as it stands in every RSS feed that holds it."""
    return serialised(rss_element(entry))


def rss_element(entry: Entry) -> etree._Element:
    """The same as an element, for feeds that add to it."""
    writer = _entry(entry)
    writer.title(html.escape(entry.title, quote=False) if _LIKE_HTML.search(entry.title) else entry.title)
    # An RSS description is HTML, unlike a title; feedgen writes it before content:encoded if it is there at all.
    writer.description(html.escape(entry.summary, quote=False) or " ", isSummary=True)
    writer.content(entry.html)
    writer.published(entry.published)
    writer.register_extension("dc", DcEntryExtension, atom=False)
    # <author> must hold an e-mail address, so feedgen drops authors without one; dc:creator takes names.
    writer.dc.dc_creator([author.name for author in entry.authors] or None)
    writer.dc.dc_language(entry.item.language)
    if entry.item.enclosures:
        # RSS has one enclosure an item, and feedgen would write the last.
        first = entry.item.enclosures[0]
        writer.enclosure(first.url, str(first.length), first.type)
    return writer.rss_entry()


def atom_entry(entry: Entry) -> bytes:
    """``<entry>`` with its prefixes undeclared, as it stands in every Atom feed that holds it."""
    writer = _entry(entry)
    writer.title(entry.title)
    if entry.summary:
        writer.summary(entry.summary)
    writer.content(entry.html, type="html")
    writer.updated(entry.updated)  # else the clock's
    writer.published(entry.published)
    for author in entry.authors:
        writer.author(name=author.name, **({"uri": author.url} if author.url else {}))
    element = writer.atom_entry()
    element.set(LANG, entry.item.language)
    links = [{"href": entry.item.url, "rel": "alternate", "type": "text/html"}]
    links += [
        {"href": one.url, "rel": "enclosure", "type": one.type, "length": str(one.length)}
        for one in entry.item.enclosures
    ]
    _put_links(element, links)
    return serialised(element)


def rss_around(feed: Feed, site: SiteFacts, options: FeedsOptions) -> tuple[bytes, bytes]:
    """What stands before and after the items of an RSS feed."""
    return around(rss_channel(feed, site, options).getparent(), b"</channel></rss>")


def rss_channel(feed: Feed, site: SiteFacts, options: FeedsOptions) -> etree._Element:
    """The ``<channel>`` without items, in its ``<rss>``, for feeds that add to it."""
    writer = _generator(feed, site, options, "rss")
    writer.description(legal(feed.description) or legal(feed.title))
    writer.lastBuildDate(feed.updated)  # else the clock's
    if options.image:
        writer.image(site.address(options.image))
    channel = etree.fromstring(writer.rss_str())[0]
    _put_hubs(channel, options)
    if not feed.items:
        channel.remove(channel.find("lastBuildDate"))
    return channel


def atom_around(feed: Feed, site: SiteFacts, options: FeedsOptions) -> tuple[bytes, bytes]:
    """What stands before and after the entries of an Atom feed."""
    writer = _generator(feed, site, options, "atom")
    writer.subtitle(legal(feed.description) or None)
    writer.updated(feed.updated)  # else the clock's
    writer.author(name=legal(site.author) or legal(site.title))  # for entries without one (RFC 4287, section 4.1.1)
    if options.image:
        writer.logo(site.address(options.image))
    return around(etree.fromstring(writer.atom_str()), b"</feed>")


def serialised(element: etree._Element) -> bytes:
    """The element as it stands within a root that declares NAMESPACES."""
    around = etree.Element("r", nsmap=NAMESPACES)
    around.append(element)  # takes the root's prefixes
    raw: bytes = etree.tostring(around, encoding="UTF-8")
    return raw[raw.index(b">") + 1 : -len(b"</r>")]


def _entry(entry: Entry) -> FeedEntry:
    """What RSS and Atom have in common."""
    writer = FeedEntry()
    writer.guid(entry.item.id, permalink=False)
    writer.link(href=entry.item.url)
    if entry.tags:
        writer.category([{"term": tag} for tag in entry.tags])
    writer.register_extension("media", MediaEntryExtension)
    if image := entry.item.image:
        writer.media.content(_media(image, "image"), group=None)
        writer.media.thumbnail(url=image.url, group=None)
    for one in entry.item.enclosures[1:]:
        writer.media.content(_media(one, one.type.split("/")[0]), group=None)
    return writer


def _media(media: Media, medium: str) -> dict[str, str]:
    known = {"medium": medium} if medium in ("image", "audio", "video") else {}
    size = {"fileSize": str(media.length)} if media.length else {}
    return {"url": media.url, "type": media.type, **known, **size}


def _generator(feed: Feed, site: SiteFacts, options: FeedsOptions, form: Format) -> FeedGenerator:
    writer = FeedGenerator()
    writer.id(feed.id)
    writer.title(legal(feed.title))
    writer.link(href=site.address(feed.paths[form]), rel="self", type=FILES[form][1])
    if form == "atom":
        for hub in options.hubs:
            writer.link(href=hub, rel="hub")
    # The last, for feedgen takes the last link, whatever it is, for the channel's.
    writer.link(href=site.address(feed.home or feed.page), rel="alternate", type="text/html")
    writer.language(feed.language)
    writer.generator(GENERATOR)
    if rights := legal(options.copyright or site.copyright):
        writer.rights(rights)
    writer.register_extension("dc", DcExtension, atom=False)
    writer.register_extension("media", MediaExtension)
    return writer


def _put_hubs(channel: etree._Element, options: FeedsOptions) -> None:
    """feedgen writes rel=self alone into RSS; WebSub asks for the hub beside it (W3C WebSub, section 4)."""
    own = channel.find(f"{{{ATOM}}}link")
    for hub in reversed(options.hubs):
        own.addnext(etree.Element(f"{{{ATOM}}}link", rel="hub", href=hub))


def _put_links(element: etree._Element, links: Iterable[dict[str, str]]) -> None:
    """feedgen loses what an entry's link has beside its address, so that enclosures look like further pages."""
    old = element.findall("link")
    for link in links:
        old[0].addprevious(etree.Element("link", link))
    for one in old:
        element.remove(one)


def around(root: etree._Element, end: bytes) -> tuple[bytes, bytes]:
    """A feed without entries, cut where they stand: before ``end``, its closing tags."""
    head = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return head.removesuffix(end) + b"\n", b"\n" + end + b"\n"
