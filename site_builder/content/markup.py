"""Reading and changing rendered HTML: its tags, whether it is whole, which files it uses, what its ids are."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# A closing tag may end these too: hand-written HTML leaves them open.
_LEFT_OPEN = frozenset(["p", "li", "dd", "dt", "td", "tr", "th"])
_LINKS = ("src", "href", "poster", "data", "srcset", "background", "xlink:href", "data-src", "data-srcset")
_ATTRIBUTE = re.compile(r"""(?<=[\s"'/])([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""")
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//|#)")


@dataclass
class Tag:
    """A start tag: its offset and text, its attributes with entities resolved (of two alike the first, as browsers have it).

    ``depth`` counts the elements around it; ``end`` is the offset behind the element, or behind the tag if it never ends.
    """

    start: int
    text: str
    name: str
    attributes: dict[str, str]
    depth: int
    end: int


class Markup(HTMLParser):
    """The start tags of a piece of HTML; ``balanced`` if each element of it ends in it, and none that began outside does."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.tags, self.balanced = text, list[Tag](), True
        self._open: list[Tag] = []
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        try:
            self.feed(text)
            self.close()
        except AssertionError:  # the parser's way of giving up on a malformed declaration
            self.balanced = False
        comment_ends = text.rfind("<!--") <= text.rfind("-->")
        self.balanced = self.balanced and not self._open and comment_ends

    def html(self, tag: Tag) -> str:
        """The element with all that is in it."""
        return self.text[tag.start : tag.end]

    def _position(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text, start = self.get_starttag_text() or "", self._position()
        attributes = {name: value or "" for name, value in reversed(attrs)}
        found = Tag(start, text, tag, attributes, len(self._open), start + len(text))
        self.tags.append(found)
        if tag not in _VOID and not text.endswith("/>"):
            self._open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        start = self._position()
        while self._open and self._open[-1].name != tag and self._open[-1].name in _LEFT_OPEN:
            self._open.pop().end = start
        if not self._open or self._open[-1].name != tag:
            self.balanced = False
        else:
            self._open.pop().end = self.text.find(">", start) + 1


def is_balanced(text: str) -> bool:
    """Whether each element of the HTML ends in it, and none that began outside does."""
    return Markup(text).balanced


@dataclass(frozen=True)
class Use:
    """A file that HTML uses: the attribute and the address as written, entities resolved."""

    attribute: str
    address: str


def uses(text: str) -> Iterator[Use]:
    """Every address in the HTML's attributes that stays on this site; scripts, styles and other hosts' are left out."""
    for tag in Markup(text).tags:
        for name, value in tag.attributes.items():
            if name == "style":
                addresses = _STYLE_URL.findall(value)
            elif name in ("srcset", "data-srcset"):
                addresses = [part.split()[0] for part in value.split(",") if part.split()]
            else:
                addresses = [value.strip()] if name in _LINKS else []
            for address in addresses:
                if address and not leads_elsewhere(address):
                    yield Use(name, address)


def leads_elsewhere(address: str) -> bool:
    """Whether the address is on another host, of another kind (``data:``, ``mailto:``), or on the page itself."""
    return _ELSEWHERE.match(address) is not None


def names_in(text: str) -> frozenset[str]:
    """All ids, and the names of anchors and of tab groups."""
    names = set[str]()
    for tag in Markup(text).tags:
        names.add(tag.attributes.get("id", ""))
        if tag.name == "a" or (tag.name == "input" and tag.attributes.get("name", "").startswith("__tabbed_")):
            names.add(tag.attributes.get("name", ""))
    return frozenset(names - {""})


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The HTML with ids and what refers to them within it changed, old name -> new."""

    def change(tag: str, attribute: str, value: str) -> tuple[str, str] | None:
        if attribute == "href" and value[:1] == "#" and value[1:] in names:
            return attribute, f"#{names[value[1:]]}"
        if attribute in ("id", "for") or (attribute == "name" and tag in ("a", "input")):
            return (attribute, names[value]) if value in names else None
        if attribute in ("aria-labelledby", "aria-describedby", "aria-controls") and names.keys() & value.split():
            return attribute, " ".join(names.get(word, word) for word in value.split())
        return None

    return _changed(text, change) if names else text


def seal_addresses(text: str, label: Callable[[str], str | None]) -> str:
    """The HTML with ``src`` and ``href`` turned into ``data-sealed-…`` wherever ``label(address)`` names a sealed file."""

    def change(tag: str, attribute: str, value: str) -> tuple[str, str] | None:
        named = label(value) if attribute in ("src", "href") and value else None
        return (f"data-sealed-{attribute}", named) if named else None

    return _changed(text, change)


def without_files(text: str, hidden: Callable[[str], bool], instead: str) -> str:
    """The HTML without what shows a file whose address is ``hidden``.

    A picture's alternative text stands in its place; a link to such a file leads to the address ``instead``.
    """
    gone: list[tuple[int, int, str]] = []

    def shows(tag: Tag) -> bool:
        named = (tag.attributes.get(name, "").strip() for name in _LINKS if not (tag.name == "a" and name == "href"))
        return any(address and hidden(address) for address in named)

    markup = Markup(text)
    for tag in markup.tags:
        within = Markup(markup.html(tag)).tags if tag.name in ("audio", "video", "picture", "object") else [tag]
        if any(shows(inner) for inner in within) and not (gone and tag.start < gone[-1][1]):
            words = next((inner.attributes["alt"] for inner in within if inner.attributes.get("alt")), "")
            gone.append((tag.start, tag.end, f"<em>{html.escape(words)}</em>" if words else ""))
    for start, end, words in reversed(gone):
        text = text[:start] + words + text[end:]

    def lead(tag: str, attribute: str, value: str) -> tuple[str, str] | None:
        return (attribute, instead) if tag == "a" and attribute == "href" and value and hidden(value) else None

    return _changed(text, lead)


def _changed(text: str, change: Callable[[str, str, str], tuple[str, str] | None]) -> str:
    """The HTML with attributes put in the place of others, wherever ``change(tag, attribute, value)`` says so."""
    pieces: list[str] = []
    position = 0
    for tag in Markup(text).tags:

        def put(found: re.Match[str], name: str = tag.name) -> str:
            value = found[3][1:-1] if found[3][0] in "\"'" else found[3]
            new = change(name, found[1].lower(), html.unescape(value))
            return f'{new[0]}="{html.escape(new[1])}"' if new else found[0]

        pieces += (text[position : tag.start], _ATTRIBUTE.sub(put, tag.text))
        position = tag.start + len(tag.text)
    return "".join([*pieces, text[position:]])
