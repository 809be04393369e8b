"""The gate: cuts a page's Markdown into public and gated segments before anything else sees it.

A page with ``access`` is public down to ``<!-- paywall -->``; without it, to ``<!-- more -->``; without both, only its title
is. A ``/// paywall | pro`` block is gated by itself on any page; without a name it is for those who may read the page, on a
public page for all members. Each of these stands alone on a line at the left margin. In code (fenced, or between backticks)
they are only shown. Whatever looks like one of them and is none stops the build.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.content.access import Access, named
from site_builder.content.lines import Line, lines_of
from site_builder.content.mapping import resembles, shown
from site_builder.content.offers import Offers
from site_builder.content.source import Source
from site_builder.errors import ContentError, Place

MARKER = "<!-- paywall -->"
MORE = "<!-- more -->"

_MARKER = re.compile(r" {0,3}<!--\s*paywall\s*-->\s*", re.IGNORECASE)
_MORE = re.compile(r" {0,3}<!--\s*more\s*-->\s*")
_OPENING = re.compile(r"(?P<slashes>/{3,})[ \t]*paywall[ \t]*(?:\|(?P<names>.*))?", re.IGNORECASE)
_BLOCK = re.compile(r"[ \t]*(?P<slashes>/{3,})[ \t]*[A-Za-z]")
_END = re.compile(r"/{3,}")
_TITLE = re.compile(r"(?:[ \t]*\n)*(?: {0,3}#[^#\n].*|\S.*\n=+[ \t]*)(?:\n|\Z)")

# What may have been meant as a gate: in a list, a quotation or indented too, with other signs, or misspelt.
_MARKER_LIKE = re.compile(r"<!--\W{0,40}paywall", re.IGNORECASE)
_MORE_LIKE = re.compile(r"<!--\s*more\s*-->")
_PAYWALL = re.compile(r"\W*paywall\W*", re.IGNORECASE)
_BLOCK_LIKE = re.compile(r"[\s>*+\-\d.):]*?(?:/{3,}|:{3,}|!{3}|\?{3}|//(?=\s*[\w-]+\s*(?:\||$)))\W*(?P<name>[\w-]+)")
_GATE_LIKE = re.compile(r"paywall|^[^\w\n]*///", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Segment:
    """A run of a page's Markdown. ``number`` counts the gated ones from 1, and is 0 for public text; ``line`` is the file's.

    There are no blank lines around the text.
    """

    text: str
    line: int
    entitlements: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class _Block:
    """A gated block that is open: where it began, and what will end it."""

    first: int
    slashes: str
    entitlements: tuple[str, ...]


def split(source: Source, access: Access, offers: Offers) -> tuple[Segment, ...]:
    """Cut ``source`` into segments, in order; together they are the whole body but for the gate's own lines.

    On a page that ``public_from`` has opened, ``<!-- more -->`` takes the place of the marker.

    Raises:
        ContentError: a gate that stands twice, in a comment, indented, on a public page, or with nothing below it; a gated block
            that is empty, unknown or never closed; anything that looks like a gate and is none.
    """
    if access.public and not _GATE_LIKE.search(source.body):
        return (Segment(source.body, source.body_line),) if source.body.strip() else ()
    return tuple(_numbered(_Cut(source, access, offers).segments()))


def _numbered(segments: Iterator[Segment]) -> Iterator[Segment]:
    number = 0
    for segment in segments:
        number += bool(segment.entitlements)
        yield Segment(segment.text, segment.line, segment.entitlements, number if segment.entitlements else 0)


class _Cut:
    def __init__(self, source: Source, access: Access, offers: Offers) -> None:
        self.source, self.access, self.offers = source, access, offers
        self.lines = lines_of(source.body)
        for line in self.lines:
            self._check(line)
        self.gate, self.below = self._page_gate()

    def segments(self) -> Iterator[Segment]:
        start, readers = 0, tuple[str, ...]()
        block: _Block | None = None
        others: list[str] = []
        for line in self.lines:
            if line.index == self.gate:
                if block is not None:
                    raise self._error("the end of the public part stands in a gated block", line)
                yield from self._run(start, line.index, readers)
                if self.access.opened:
                    yield Segment(MORE, self.source.body_line + line.index)
                start, readers = self.below, self.access.entitlements
            if line.index < start:
                continue
            if block is None:
                block = self._opened(line)
                if block is not None:
                    yield from self._run(start, line.index, readers)
                else:
                    self._check_end(line, others, below_a_gate=start > 0)
            elif line.comment is None and line.text.rstrip() == block.slashes:
                if self._blank(block.first + 1, line.index):
                    raise self._error("the gated block is empty", self.lines[block.first])
                yield from self._run(block.first + 1, line.index, block.entitlements)
                start, block = line.index + 1, None
            else:
                self._check_inside(line, block)
        if block is not None:
            raise self._error(
                "a gated block is never closed",
                self.lines[block.first],
                f"Close it with {block.slashes} alone at the left margin.",
            )
        yield from self._run(start, len(self.lines), readers)

    def _blank(self, start: int, end: int | None = None) -> bool:
        return not any(line.raw.strip() for line in self.lines[start:end])

    def _run(self, start: int, end: int, readers: tuple[str, ...]) -> Iterator[Segment]:
        text = [line for line in self.lines[start:end] if line.raw.strip()]
        if text:
            lines = self.lines[text[0].index : text[-1].index + 1]
            yield Segment("\n".join(line.raw for line in lines), self.source.body_line + lines[0].index, readers)

    def _opened(self, line: Line) -> _Block | None:
        opening = _OPENING.fullmatch(line.text.rstrip())
        if opening is None:
            return None
        names, place = opening["names"], self._place(line)
        if names is None:
            readers = self.access.entitlements or named("members", self.offers, place)
        else:
            readers = named(names, self.offers, place)
        return _Block(line.index, opening["slashes"], readers)

    def _check_end(self, line: Line, others: list[str], *, below_a_gate: bool) -> None:
        """An end of nothing may be the one that was meant for a gated block which ended above it."""
        slashes = line.text.rstrip()
        if other := _BLOCK.match(line.text):
            others.append(other["slashes"])
        elif _END.fullmatch(slashes):
            if slashes in others:
                others.remove(slashes)
            elif below_a_gate:
                raise self._error(f"{slashes} closes nothing", line, "Did a gated block above it end too early?")

    def _check_inside(self, line: Line, block: _Block) -> None:
        if _OPENING.fullmatch(line.text.rstrip()):
            raise self._error("a gated block stands in a gated block", line, "Close the first one before.")
        if (inner := _BLOCK.match(line.text)) and inner["slashes"] == block.slashes:
            raise self._error(
                f"a block opens with {block.slashes} inside a gated block with as many slashes",
                line,
                f"Open and close the gated block with {block.slashes}/, so that its end is clear.",
            )

    def _page_gate(self) -> tuple[int, int]:
        """The lines at which the public part of the page ends, and at which the gated part begins; -1 on a public page."""
        markers = [line for line in self.lines if _MARKER.fullmatch(line.text)]
        if len(markers) > 1:
            raise self._error(
                f"{MARKER} stands a second time", markers[1], "A page has one; use gated blocks for more."
            )
        if self.access.public and not self.access.opened:
            if markers:
                raise self._error(
                    f"{MARKER} stands on a public page",
                    markers[0],
                    "Give the page an `access` in its front matter, or take the marker away.",
                )
            return -1, -1
        if not markers and self.access.opened:
            return -1, -1
        gate = markers[0] if markers else self._more()
        if gate is None:
            title = _TITLE.match(self.source.body)
            below = title[0].rstrip("\n").count("\n") + 1 if title else 0
            return below, below
        first = next((line for line in self.lines[gate.index + 1 :] if line.raw.strip()), None)
        if first is None:
            raise self._error(
                "nothing stands below the end of the public part", gate, "What is for members comes below it."
            )
        if first.raw.startswith(("    ", "\t")):
            raise self._error(
                "the first line below the gate is indented, as if a list, an admonition or a tab went on across it",
                first,
                "Put the gate between whole blocks; put code between fences.",
            )
        return gate.index, gate.index + 1

    def _more(self) -> Line | None:
        more = next((line for line in self.lines if _MORE_LIKE.search(line.raw if line.code else line.text)), None)
        if more is not None and not _MORE.fullmatch(more.text):
            raise self._error(
                f"{MORE} does not stand alone on its line, or stands in code, and there is no {MARKER}",
                more,
                f"Put {MARKER} where the public part ends.",
            )
        return more

    def _check(self, line: Line) -> None:
        """Refuse a line that looks like a gate and is none."""
        text = line.raw if line.code else line.text
        marker, block = _MARKER_LIKE.search(text), _block_like(text)
        if line.comment and not line.code and _PAYWALL.fullmatch(text):
            marker = _PAYWALL.fullmatch(text)
        if not marker and not block:
            return
        if line.code and line.surely_code:
            if marker and (self.access.opened or not self.access.public):
                raise self._error(
                    f"{MARKER} stands in a code block", line, "Put it above or below; to show it, use single backticks."
                )
            return
        if around := line.code or line.comment:
            raise self._error(
                f"a gate stands in {'a code block' if line.code else 'an HTML comment'} that begins in line"
                f" {self.source.body_line + around.first} and has no clear end above it",
                line,
                "Close it above the gate as it was opened, or move the gate out.",
            )
        if marker and not _MARKER.fullmatch(text):
            raise self._error(f"{MARKER} does not stand alone on its line, at the left margin", line)
        if block and not _OPENING.fullmatch(text.rstrip()):
            raise self._error(
                f"{shown(text.strip())} may be meant as a gated block",
                line,
                "Write `/// paywall | pro` at the left margin, outside lists and quotations; put code between fences.",
            )

    def _place(self, line: Line) -> Place:
        return Place(self.source.path, self.source.body_line + line.index)

    def _error(self, what: str, line: Line, hint: str = "") -> ContentError:
        return ContentError(what, place=self._place(line), hint=hint)


def _block_like(text: str) -> bool:
    found = _BLOCK_LIKE.match(text)
    name = found["name"].lower() if found else ""
    return name.startswith("paywall") or resembles(name, "paywall")


def has_gate(markdown: str) -> bool:
    """Whether anything in the text, code aside, is a gate or looks like one."""
    return _GATE_LIKE.search(markdown) is not None and any(
        _MARKER_LIKE.search(line.text) or _block_like(line.text) for line in lines_of(markdown)
    )


_CODE = re.compile(r"<(pre|code)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_STRAY = re.compile(r"(?:<|&lt;)!--\s*paywall\s*--|^[ \t]*/{3,}\s*paywall\b", re.IGNORECASE | re.MULTILINE)


def find_stray_gate(html: str, place: Place) -> None:
    """Refuse rendered public HTML in which a gate still stands as text: it came in after the page was cut.

    Raises ContentError. Code that shows the gate's syntax is no gate.
    """
    if "paywall" in html.lower() and _STRAY.search(_TAG.sub("\n", _CODE.sub("", html))):
        raise ContentError(
            "a gate came into the page after it was cut, from a snippet, a macro or another plugin",
            place=place,
            hint="What is included must not have gates of its own: put them on the page that includes it.",
        )
