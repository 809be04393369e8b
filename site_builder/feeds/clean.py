"""An article's HTML as feed readers and mail programs take it: the build calls this when it fills items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from site_builder.feeds.entries import legal
from site_builder.feeds.tree import Element, read, write
from site_builder.feeds.widgets import without_widgets

_PLAIN = """abbr b bdi bdo blockquote br caption cite code dd dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i kbd
    mark p picture pre q rp rt ruby s samp section small strong sub summary sup table tbody tfoot thead tr u ul var wbr"""
_KEPT: dict[str, frozenset[str]] = {
    **dict.fromkeys(_PLAIN.split(), frozenset[str]()),
    "a": frozenset(["href", "hreflang"]),
    "audio": frozenset(["src", "loop"]),
    "code": frozenset(["class"]),
    "col": frozenset(["span"]),
    "colgroup": frozenset(["span"]),
    "del": frozenset(["datetime"]),
    "details": frozenset(["open"]),
    "img": frozenset(["src", "srcset", "sizes", "alt", "width", "height"]),
    "ins": frozenset(["datetime"]),
    "li": frozenset(["value"]),
    "ol": frozenset(["start", "reversed", "type"]),
    "source": frozenset(["src", "srcset", "sizes", "type", "media"]),
    "td": frozenset(["colspan", "rowspan", "align"]),
    "th": frozenset(["colspan", "rowspan", "align", "scope"]),
    "time": frozenset(["datetime"]),
    "track": frozenset(["src", "kind", "srclang", "label"]),
    "video": frozenset(["src", "poster", "loop", "width", "height"]),
}
# Nothing to see if there is nothing in it.
_EMPTY = frozenset(["a", "div", "em", "p", "section", "strong", "sup"])
# What colours code, all but its comments: most of the tags of an article, and nothing to be looked at.
_COLOURS = re.compile(r'<span class="(?!c)[a-z]{1,2}\d?">')
_EVERYWHERE = frozenset(["lang", "dir", "title"])
_ADDRESSES = frozenset(["href", "src", "poster"])
_SCHEMES = frozenset(["http", "https"])
# In a picture of SVG no script runs and nothing is fetched (SVG Integration, "secure animated mode").
_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif|svg\+xml);base64,[A-Za-z0-9+/]+={0,2}")
_ALIGN = re.compile(r"text-align:\s*(left|right|center)")


def clean(html: str, base_url: str, *, begins: bool = True) -> str:
    """The article at ``base_url`` with absolute addresses, and without scripts, styles, forms and what the theme adds.

    It takes any text, and what it gives it leaves as it is. Code keeps its text to the letter. Nothing comes out but elements
    and attributes from a list: no event handlers, no addresses but of http, https, mail and telephone, no ids. The article's
    own title goes where the article ``begins``; a heading of the same kind further on stays.
    """
    root = read(legal(html), _COLOURS)
    without_widgets(root)
    root.children = _kept(root, base_url)
    if begins:
        _drop_title(root)
    return write(root).strip()


def _kept(element: Element, base_url: str) -> list[Element | str]:
    """The children that may stand: elements from the list, and what is in others in their place."""
    kept: list[Element | str] = []
    for child in element.children:
        if isinstance(child, str):
            kept.append(child)
            continue
        inner = _kept(child, base_url)
        if child.name not in _KEPT:
            kept += inner
            continue
        attributes = _attributes(child, base_url)
        if child.name in ("audio", "video"):
            attributes["controls"] = ""
        if child.name == "img" and "src" not in attributes:
            kept.append(attributes.get("alt", ""))
        elif (child.name in _EMPTY and _is_blank(inner)) or (child.name == "a" and "href" not in attributes):
            kept += inner
        else:
            kept.append(Element(child.name, attributes, inner))
    return kept if element.name in ("pre", "code") else list(_tidy(kept))


def _tidy(nodes: list[Element | str]) -> Iterator[Element | str]:
    """The same with what is left of the lines of things that are gone as one line's end."""
    for texts, run in groupby(nodes, key=lambda node: isinstance(node, str)):
        if not texts:
            yield from run
            continue
        text = "".join(str(node) for node in run)
        yield "\n" if "\n" in text and not text.strip(" \t\n") else text


def _is_blank(nodes: list[Element | str]) -> bool:
    return not any(isinstance(one, Element) or one.strip() for one in nodes)


def _attributes(element: Element, base_url: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in element.attributes.items():
        if name not in _KEPT[element.name] and name not in _EVERYWHERE:
            continue
        if name == "class":
            value = next((one for one in value.split() if re.fullmatch(r"language-[\w+#.-]+", one)), "")
        elif name in _ADDRESSES:
            value = absolute(value, base_url, link=name == "href") or ""
        elif name == "srcset":
            value = _srcset(value, base_url)
        if value or name in ("alt", "open", "reversed", "loop"):
            found[name] = value
    if element.name in ("td", "th") and (aligned := _ALIGN.search(element.attributes.get("style", ""))):
        found["align"] = aligned[1]
    if element.name == "img":
        found.setdefault("alt", "")
    return found


def absolute(address: str, base_url: str, *, link: bool = False) -> str | None:
    """The address made absolute; None if it is of a kind that has no place in a feed, or is none."""
    address = re.sub(r"[\t\n\r]", "", legal(address)).strip(" ")
    if not link and _PICTURE.fullmatch(address):
        return address
    try:
        parts = urlsplit(address)
        if link and parts.scheme in ("mailto", "tel"):
            return _quoted(address)
        joined = address if parts.scheme and parts.netloc else urljoin(base_url, address)
        whole = urlsplit(joined)
        return _quoted(joined) if whole.scheme in _SCHEMES and whole.hostname else None
    except ValueError:
        return None


def _quoted(address: str) -> str:
    return re.sub(r"[\s\"<>\\^`{|}]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), address)


def _srcset(value: str, base_url: str) -> str:
    """Candidates with absolute addresses. A comma ends a candidate only behind an address or its descriptor (HTML, 4.8.4.2.1)."""
    candidates: list[str] = []
    for found in re.finditer(r"[\s,]*(\S*[^\s,])(?:,|\s+([^,]*)|$)", value):
        address = absolute(found[1], base_url)
        size = (found[2] or "").strip()
        if address and (not size or re.fullmatch(r"[\d.]+[wxh]", size)):
            candidates.append(f"{address} {size}".strip())
    return ", ".join(candidates)


def _drop_title(root: Element) -> None:
    """The article's own title at its top: feeds say it beside the article."""
    while root.children:
        first = root.children[0]
        if (isinstance(first, str) and not first.strip()) or (isinstance(first, Element) and first.name == "h1"):
            del root.children[0]
        else:
            return
