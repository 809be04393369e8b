"""A gated part's rendered HTML cut into blocks of units, as ``cut_markdown`` cuts its source; without line numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterator
from itertools import groupby

from site_builder.vault.audit.canonical import fold
from site_builder.vault.audit.units import IMPORT, SENTENCE_END, Block, Unit

_PRE = re.compile(r"<pre\b[^<>]*>(.*?)</pre>", re.DOTALL)
# One expression each: a literal beginning is found fast.
_TITLES = [
    re.compile(rf"{name}=(?:\"([^\"]*)\"|'([^']*)')") for name in ("alt", "title", "label", "description", "summary")
]
# What the theme and extensions add beside headings and footnotes, in their own words.
_FURNITURE = re.compile(
    r"<(a)\b[^<>]*\b(?:headerlink|footnote-backref|footnote-ref)\b.*?</\1>|<(svg|script|style)\b.*?</\2>", re.DOTALL
)
_HEADING = re.compile(r"<(?:h[1-6]|summary|figcaption|caption)\b[^<>]*>|<p class=\"admonition-title\">")
_BLOCK = re.compile(
    r"</?(?:p|h[1-6]|ul|ol|dl|table|div|section|details|summary|figure|figcaption|caption|blockquote|aside|article|hr"
    r"|pre|label)\b[^<>]*>"
)
_UNIT = re.compile(r"</?(?:li|td|th|tr|dt|dd|br)\b[^<>]*>")
_TAG = re.compile(r"<[^<>]*>")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"']+")
_BLOCK_END, _UNIT_END, _TITLE_START = "\x1e", "\x1f", "\x02"


def cut_html(text: str, known: Container[bytes] = ()) -> Iterator[Block]:
    """Blocks of ``text``, all on line 0: code line by line, prose by sentence, list item and table cell, headings and
    captions, and the attributes that readers see. Blocks that are ``known``, folded, are left out: most are the same in
    the Markdown."""
    text = _FURNITURE.sub("", text)
    for titles in _TITLES:
        for quoted, apostrophed in titles.findall(text):
            if words := quoted or apostrophed:
                yield (Unit(((0, html.unescape(words).replace("\n", " ")),), "title"),)
    for index, part in enumerate(_PRE.split(text)):
        for block in _code(part) if index % 2 else _prose(part):
            if fold(block.encode("utf-8", "ignore")) not in known:
                yield from _units(block, code=index % 2 == 1)


def _code(marked: str) -> Iterator[str]:
    """The lines between imports, each ended by a line feed."""
    lines = html.unescape(_TAG.sub("", marked)).split("\n")
    for is_import, block in groupby(lines, key=lambda line: bool(IMPORT.match(line))):
        if not is_import:
            yield "\n".join(block)


def _prose(marked: str) -> list[str]:
    """Texts of blocks, with marks for the ends of units and the beginnings of titles."""
    marked = _HEADING.sub(_BLOCK_END + _TITLE_START, marked.replace("\n", " "))
    marked = _UNIT.sub(_UNIT_END, _BLOCK.sub(_BLOCK_END, marked))
    marked = _ADDRESS.sub(_BLOCK_END, html.unescape(_TAG.sub("", marked)))
    return [block for block in marked.split(_BLOCK_END) if block.strip()]


def _units(block: str, *, code: bool) -> Iterator[Block]:
    if code:
        yield tuple(Unit(((0, line),), "code") for line in block.split("\n"))
    elif block.startswith(_TITLE_START):
        yield (Unit(((0, block[1:]),), "title"),)
    else:
        sentences = (sentence for unit in block.split(_UNIT_END) for sentence in SENTENCE_END.split(unit))
        yield tuple(Unit(((0, sentence),)) for sentence in sentences if sentence.strip())
