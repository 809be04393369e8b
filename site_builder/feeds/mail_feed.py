"""Items for the services that turn RSS into e-mail: HTML as mail programs show it, and no picture twice."""

from __future__ import annotations

import html
import re
from dataclasses import replace

from site_builder.feeds.entries import Entry
from site_builder.feeds.tree import Element, read, write
from site_builder.feeds.words import words
from site_builder.feeds.xml_feeds import rss_item

WIDTH = 600
"""So many pixels wide is what mail programs show without scrolling."""
_LONGEST = 70_000
"""Gmail clips a mail at 102 KB, and a service puts its own frame around the article."""
_FRAME = f"max-width:{WIDTH}px"
_IMAGE = "max-width:100%;height:auto"
_CODE = "white-space:pre-wrap;font-family:monospace"
_PLAYED = frozenset(["audio", "video"])


def email_item(entry: Entry) -> bytes:
    """``<item>`` whose pictures stand in its text alone, since services show what ``media:`` and enclosures name as well."""
    item = entry.item
    text = mail_html(entry)
    return rss_item(replace(entry, html=text, item=replace(item, image=None, enclosures=())))


def mail_html(entry: Entry) -> str:
    """The article for a mail: its picture on top, no wider than mail programs are, what plays as a link."""
    root = read(entry.html)
    root.children = [_for_mail(child, entry) for child in root.children]
    picture = entry.item.image
    if picture and picture.url not in {one.attributes.get("src") for one in root.walk()}:
        shown = Element("img", {"src": picture.url, "alt": picture.alt})
        root.children.insert(0, Element("p", {}, [_for_mail(shown, entry)]))
    text = write(Element("", {}, [Element("div", {"style": _FRAME}, root.children)]))
    if len(text.encode()) <= _LONGEST:
        return text
    link = f'<a href="{html.escape(entry.item.url)}">{words("read on", entry.item.language)}</a>'
    return f'<div style="{_FRAME}"><p>{html.escape(entry.summary, quote=False)}</p><p>{link}</p></div>'


def _for_mail(node: Element | str, entry: Entry, *, linked: bool = False) -> Element | str:
    if isinstance(node, str):
        return node
    if node.name in _PLAYED:
        source = node.attributes.get("src") or next((one.attributes.get("src", "") for one in node.elements), "")
        name = node.attributes.get("title") or source.rpartition("/")[2] or entry.title
        return Element("a", {"href": source or entry.item.url}, [f"▶ {name}"])
    linked = linked or node.name == "a"
    inside = [_for_mail(child, entry, linked=linked) for child in node.children]
    if node.name == "picture":
        images = [one for one in inside if isinstance(one, Element) and one.name == "img"]
        return images[0] if images else ""
    if node.name == "details":
        return Element("blockquote", {}, inside)
    if node.name == "summary":
        return Element("p", {}, [Element("strong", {}, inside)])
    if node.name == "img" and node.attributes.get("src", "").startswith("data:"):  # no mail program shows them
        alt = node.attributes.get("alt", "").strip()
        said = words("named picture" if alt else "picture", entry.item.language).format(alt=alt)
        return said if linked else Element("a", {"href": entry.item.url}, [said])
    if node.name == "img":
        return _image(node)
    style = {"style": _CODE} if node.name == "pre" else {}
    return Element(node.name, {**node.attributes, **style}, inside)


def _image(node: Element) -> Element:
    """Some mail programs heed the attribute alone, others the style."""
    width = node.attributes.get("width", "")
    narrow = re.fullmatch(r"[0-9]{1,4}", width) and int(width) <= WIDTH
    kept = {name: value for name, value in node.attributes.items() if name in ("src", "alt", "title")}
    return Element("img", {**kept, **({"width": width} if narrow else {}), "style": _IMAGE})
