"""A whole page's HTML cut into its gated parts: each with its own headings, footnotes and files. Knows no MkDocs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from site_builder.content.library import Document
from site_builder.content.markup import Markup, is_balanced, names_in, renamed
from site_builder.errors import ContentError, Place

_FOOTNOTES = '<div class="footnote">'
# Ids that pymdownx counts over the page: of a group of tabs, of the lines of a code block.
_COUNTED = re.compile(r"((?P<kind>__tabbed_|__codelineno-|__span-)(?P<count>\d+))(?P<rest>.*)")


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


@dataclass(frozen=True)
class _Footnote:
    """An item of the page's list of footnotes: its number there, and its HTML."""

    number: int
    html: str


def cut(
    document: Document, page_html: str, headings: tuple[Heading, ...], taken: AbstractSet[str] = frozenset()
) -> tuple[GatedHtml, ...]:
    """The gated parts of a page that was rendered from ``Document.whole_markdown``.

    Args:
        taken: ids and names of tab groups on the public page. A part gets others, with its number, where they would meet.

    Raises:
        ContentError: a gate ended up inside another block, so that a part would not be whole; or a part lists headings or
            footnotes of a part with another access.
    """
    texts = dict(_texts(document, page_html))
    footnotes = _footnotes(document, page_html, texts)
    ids = {number: names_in(text) for number, text in texts.items()}
    parts: list[GatedHtml] = []
    for segment in document.gated:
        place = Place(document.source.path, segment.line)
        others = [other.number for other in document.gated if other.entitlements != segment.entitlements]
        _refuse_contents(texts[segment.number], {name for other in others for name in ids[other]}, place)
        text = texts[segment.number] + _own_footnotes(texts[segment.number], footnotes)
        names = _free_names(names_in(text), taken, segment.number)
        toc = tuple(
            Heading(names.get(heading.id, heading.id), heading.title, heading.level)
            for heading in headings
            if heading.id in ids[segment.number]
        )
        text = renamed(text, names)
        parts.append(GatedHtml(segment.number, text, toc))
        taken = taken | names_in(text)
    return tuple(parts)


def _texts(document: Document, page_html: str) -> Iterator[tuple[int, str]]:
    end = document.mark(0)
    for segment in document.gated:
        text, closed, _ = page_html.partition(document.mark(segment.number))[2].partition(end)
        if not closed or not is_balanced(text):
            raise ContentError(
                "the gate stands inside another block",
                place=Place(document.source.path, segment.line),
                hint="Move it out of the list, admonition, tab or HTML element that is still open there.",
            )
        yield segment.number, text.strip()


def _footnotes(document: Document, page_html: str, texts: Mapping[int, str]) -> dict[str, _Footnote]:
    """Footnote id -> its place in the list of the page, which stands at its end or where the writer wanted it."""
    start = page_html.rfind(_FOOTNOTES)
    if start < 0:
        return {}
    listed = Markup(page_html[start:])
    whole = listed.html(listed.tags[0])
    for segment in document.gated:
        if whole in texts[segment.number]:
            raise ContentError(
                "the list of all footnotes is placed in a gated part",
                place=Place(document.source.path, segment.line),
                hint="Place it in the public part; each gated part has its own footnotes below it.",
            )
    items = [tag for tag in listed.tags if tag.name == "li" and tag.depth == 2 and tag.start < len(whole)]
    return {tag.attributes.get("id", ""): _Footnote(number, listed.html(tag)) for number, tag in enumerate(items, 1)}


def _own_footnotes(text: str, footnotes: Mapping[str, _Footnote]) -> str:
    """The footnotes that the part refers to, and those that they refer to, with their numbers on the page."""
    own, texts = dict[int, str](), [text]
    while texts:
        for tag in Markup(texts.pop()).tags:
            footnote = footnotes.get(tag.attributes.get("href", "").removeprefix("#"))
            if footnote and tag.attributes.get("class") == "footnote-ref" and footnote.number not in own:
                own[footnote.number] = footnote.html
                texts.append(footnote.html)
    if not own:
        return ""
    items = "\n".join(own[number].replace("<li ", f'<li value="{number}" ', 1) for number in sorted(own))
    return f"\n{_FOOTNOTES}\n<hr>\n<ol>\n{items}\n</ol>\n</div>"


def _refuse_contents(text: str, theirs: AbstractSet[str], place: Place) -> None:
    """Refuse a ``[TOC]`` in a gated part, which lists all headings of the page, also those that its readers may not read."""
    markup = Markup(text)
    for contents in markup.tags:
        if contents.attributes.get("class") == "toc":
            for link in Markup(markup.html(contents)).tags:
                if link.attributes.get("href", "").removeprefix("#") in theirs:
                    raise ContentError(
                        "a table of contents in a gated part lists headings of a part with another access",
                        place=place,
                        hint="Take [TOC] out: the table of contents beside the page has what each member may read.",
                    )


def _free_names(own: AbstractSet[str], taken: AbstractSet[str], number: int) -> dict[str, str]:
    """New names for those of ``own`` that are taken; the tabs of a group and the lines of a code block keep together."""
    groups = {found[1] for name in taken if (found := _COUNTED.fullmatch(name))}
    names: dict[str, str] = {}
    for name in sorted(own):
        found = _COUNTED.fullmatch(name)
        if found and found[1] in groups:
            names[name] = f"{found['kind']}{1000 * number + int(found['count'])}{found['rest']}"
        elif name in taken:
            names[name] = f"{name}-{number}"
            while names[name] in taken | own:
                names[name] += "-"
    return names
