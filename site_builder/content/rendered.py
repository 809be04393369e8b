"""A whole page's HTML cut into its gated parts: each with its own headings, footnotes and files. Knows no MkDocs."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from site_builder.content.library import Document
from site_builder.errors import ContentError, Place

_FOOTNOTE = re.compile(r'<li id="(fn[^"]*)"')
_FOOTNOTE_REF = re.compile(r'class="footnote-ref"[^>]*href="#(fn[^"]*)"|href="#(fn[^"]*)"[^>]*class="footnote-ref"')
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
_LINKS = {"src", "href", "poster", "data", "srcset"}


@dataclass(frozen=True)
class Heading:
    """An entry of the table of contents: the anchor, the title as text, and the level from 1."""

    id: str
    title: str
    level: int


@dataclass(frozen=True)
class GatedHtml:
    """One gated part, rendered; ``html`` stands by itself: its tags are balanced and its footnotes are with it."""

    number: int
    html: str
    toc: tuple[Heading, ...]


@dataclass
class _Tag:
    start: int
    text: str
    name: str
    attributes: dict[str, str] = field(default_factory=dict)


def cut(document: Document, page_html: str, headings: tuple[Heading, ...]) -> tuple[GatedHtml, ...]:
    """The gated parts of a page that was rendered from ``Document.whole_markdown``.

    Raises:
        ContentError: a gate ended up inside another block, so that a part would not be whole.
    """
    end = document.mark(0)
    pieces = {segment.number: page_html.partition(document.mark(segment.number))[2] for segment in document.gated}
    found = {number: piece.partition(end)[0].strip() for number, piece in pieces.items() if end in piece}
    tail = page_html[page_html.rfind(end) :]
    footnotes = _footnotes(tail)
    parts: list[GatedHtml] = []
    for segment in document.gated:
        text = found.get(segment.number)
        if text is None or not is_balanced(text):
            raise ContentError(
                "the gate stands inside another block",
                place=Place(document.source.path, segment.line),
                hint="Move it out of the list, admonition, tab or HTML element that is still open there.",
            )
        ids = set(re.findall(r'<h[1-6][^>]*\bid="([^"]*)"', text))
        toc = tuple(heading for heading in headings if heading.id in ids)
        parts.append(GatedHtml(segment.number, text + _own_footnotes(text, footnotes), toc))
    return tuple(parts)


def _footnotes(tail: str) -> dict[str, tuple[int, str]]:
    """Footnote id -> its number on the page and its list item."""
    starts = [match.start() for match in _FOOTNOTE.finditer(tail)]
    items: dict[str, tuple[int, str]] = {}
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], tail.rfind("</ol>")], strict=False), 1):
        found = _FOOTNOTE.match(tail, start)
        assert found
        items[found[1]] = number, tail[start:end].strip()
    return items


def _own_footnotes(text: str, footnotes: Mapping[str, tuple[int, str]]) -> str:
    wanted = dict.fromkeys(first or second for first, second in _FOOTNOTE_REF.findall(text))
    own = [footnotes[label] for label in wanted if label in footnotes]
    if not own:
        return ""
    items = "\n".join(item.replace("<li ", f'<li value="{number}" ', 1) for number, item in own)
    return f'\n<div class="footnote">\n<hr>\n<ol>\n{items}\n</ol>\n</div>'


class _Reader(HTMLParser):
    """Start tags with their offsets, and whether all that was opened is closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[_Tag] = []
        self.open: list[str] = []
        self.balanced = True
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        text = self.get_starttag_text() or ""
        self.tags.append(_Tag(self._lines[line - 1] + column, text, tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID and not text.endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        # <p> and <li> may be left open by hand-written HTML; a closing tag that nothing opened may not.
        while self.open and self.open[-1] != tag and self.open[-1] in ("p", "li", "dd", "dt", "td", "tr", "th"):
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.balanced = False


def is_balanced(text: str) -> bool:
    """Whether each element of the HTML ends in it, and none that began outside does."""
    reader = _Reader(text)
    return reader.balanced and not reader.open


@dataclass(frozen=True)
class Use:
    """A file that HTML uses: the attribute and the address as written, entities resolved."""

    attribute: str
    address: str


def uses(text: str) -> Iterator[Use]:
    """Every address in the HTML's attributes that stays on this site; scripts, styles and other hosts' are left out."""
    for tag in _Reader(text).tags:
        for name, value in tag.attributes.items():
            if name not in _LINKS:
                continue
            for address in (
                [part.split()[0] for part in value.split(",") if part.split()] if name == "srcset" else [value]
            ):
                if address and not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#", address):
                    yield Use(name, address)


def seal_addresses(text: str, label: Callable[[str], str | None]) -> str:
    """The HTML with ``src`` and ``href`` turned into ``data-sealed-…`` wherever ``label(address)`` names a sealed file."""
    pieces: list[str] = []
    position = 0
    for tag in _Reader(text).tags:
        changed = tag.text
        for name in ("src", "href"):
            named = label(tag.attributes[name]) if tag.attributes.get(name) else None
            if named:
                pattern = rf"""(\s){name}\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)"""
                changed = re.sub(
                    pattern, rf'\1data-sealed-{name}="{html.escape(named)}"', changed, count=1, flags=re.IGNORECASE
                )
        pieces += (text[position : tag.start], changed)
        position = tag.start + len(tag.text)
    return "".join([*pieces, text[position:]])
