"""The gate: cuts a page's Markdown into public and gated segments before anything else sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from site_builder.content.access import Access, named
from site_builder.content.offers import Offers
from site_builder.content.source import Source
from site_builder.errors import ContentError, Place

MARKER = "<!-- paywall -->"
MORE = "<!-- more -->"

_FENCE = re.compile(r"^[ \t]*(?:>[ \t]*)*(`{3,}|~{3,})(.*)$")
_MARKER = re.compile(r"<!--\s*paywall\s*-->", re.IGNORECASE)
_MORE = re.compile(r"^ {0,3}<!--\s*more\s*-->\s*$")
_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<slashes>/{3,})[ \t]*paywall(?:[ \t]*\|[ \t]*(?P<names>.*?))?[ \t]*$", re.IGNORECASE
)
_ANY_BLOCK = re.compile(r"^[ \t]*(/{3,})[ \t]*[A-Za-z]")
_TITLE = re.compile(r"^# +\S|^\S.*\n=+[ \t]*$", re.MULTILINE)
GATE_SYNTAX = re.compile(rf"{_MARKER.pattern}|^[ \t]*/{{3,}}[ \t]*paywall\b", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Segment:
    """A run of a page's Markdown. ``number`` counts the gated ones from 1, and is 0 for public text; ``line`` is the file's."""

    text: str
    line: int
    entitlements: tuple[str, ...] = ()
    number: int = 0


def split(source: Source, access: Access, offers: Offers) -> tuple[Segment, ...]:
    """Cut ``source`` into segments, in order; together they are the whole body but for the gate's own lines.

    Raises:
        ContentError: a gate that stands twice, in a code block, indented, on a public page, or a gated block that is unknown or
            never closed. The build stops: a gate that is not understood must not become public text.
    """
    return tuple(_numbered(_Cut(source, access, offers).segments()))


def _numbered(segments: Iterator[Segment]) -> Iterator[Segment]:
    number = 0
    for segment in segments:
        if segment.entitlements:
            number += 1
            yield Segment(segment.text, segment.line, segment.entitlements, number)
        elif segment.text.strip():
            yield segment


class _Cut:
    def __init__(self, source: Source, access: Access, offers: Offers) -> None:
        self.source, self.access, self.offers = source, access, offers
        self.lines = source.body.split("\n")
        self.marker = -1 if access.public and not access.opened else self._gate_line()

    def _place(self, index: int) -> Place:
        return Place(self.source.path, self.source.body_line + index)

    def segments(self) -> Iterator[Segment]:
        start = 0
        block: tuple[int, str, tuple[str, ...]] | None = None
        for index, line, in_code in self._scan():
            if block is not None:
                if not in_code and line.strip() == block[1]:
                    yield Segment(
                        "\n".join(self.lines[block[0] + 1 : index]), self.source.body_line + block[0] + 1, block[2]
                    )
                    start, block = index + 1, None
                elif not in_code and (nested := _ANY_BLOCK.match(line)) and len(nested[1]) == len(block[1]):
                    raise ContentError(
                        f"a block opens with {block[1]} inside a gated block with as many slashes",
                        place=self._place(index),
                        hint=f"Give the gated block one slash more, {block[1]}/ above and below, so that its end is clear.",
                    )
                elif not in_code and _BLOCK.match(line):
                    raise ContentError(
                        "a gated block stands in a gated block",
                        place=self._place(index),
                        hint="Close the first one before.",
                    )
                elif index == self.marker:
                    raise ContentError(f"{MARKER} stands in a gated block", place=self._place(index))
            elif index == self.marker:
                yield from self._run(start, index, ())
                start = index + 1 if _MARKER.search(line) or _MORE.match(line) else index
            elif opening := None if in_code else _BLOCK.match(line):
                if opening["indent"]:
                    raise ContentError(
                        "a gated block is indented",
                        place=self._place(index),
                        hint="It must start at the left margin, outside lists and admonitions.",
                    )
                names = opening["names"] or "members"
                yield from self._run(start, index, self._current(start))
                block = (index, opening["slashes"], named(names, self.offers, self._place(index)))
        if block is not None:
            raise ContentError(
                "a gated block is never closed",
                place=self._place(block[0]),
                hint=f"Close it with a line of {block[1]} at the left margin.",
            )
        yield from self._run(start, len(self.lines), self._current(start))

    def _current(self, start: int) -> tuple[str, ...]:
        return self.access.entitlements if 0 <= self.marker <= start else ()

    def _run(self, start: int, end: int, entitlements: tuple[str, ...]) -> Iterator[Segment]:
        text = "\n".join(self.lines[start:end])
        if text.strip():
            yield Segment(text, self.source.body_line + start, entitlements)

    def _gate_line(self) -> int:
        """The line of the marker; without one, that of `<!-- more -->`; without both, the first line below the title."""
        markers = [index for index, line, in_code in self._scan(strict=True) if _MARKER.search(line)]
        if len(markers) > 1:
            raise ContentError(
                f"{MARKER} stands a second time",
                place=self._place(markers[1]),
                hint="A page has one; use a gated block for more.",
            )
        if markers or self.access.opened:
            return markers[0] if markers else -1
        more = [index for index, line, in_code in self._scan() if not in_code and _MORE.match(line)]
        if more:
            return more[0]
        title = _TITLE.match(self.source.body)
        return title[0].count("\n") + 1 if title and title[0].startswith("#") else (2 if title else 0)

    def _scan(self, *, strict: bool = False) -> Iterator[tuple[int, str, bool]]:
        """Each line with whether it stands in a fenced code block; checks every marker on the way."""
        fence: tuple[int, str] | None = None
        for index, line in enumerate(self.lines):
            found = _FENCE.match(line)
            in_code = fence is not None or found is not None
            if fence is None and found and "`" not in found[2]:
                fence = (index, found[1])
            elif fence and found and found[1].startswith(fence[1]) and not found[2].strip():
                fence = None
            if _MARKER.search(line):
                self._check_marker(index, line, in_code)
            yield index, line, in_code
        if fence is not None and GATE_SYNTAX.search("\n".join(self.lines[fence[0] :])):
            raise ContentError("a code block is never closed, and a gate stands below it", place=self._place(fence[0]))

    def _check_marker(self, index: int, line: str, in_code: bool) -> None:
        if in_code:
            if not self.access.public:
                raise ContentError(
                    f"{MARKER} stands in a code block",
                    place=self._place(index),
                    hint="Put it above or below the block.",
                )
        elif self.access.public and not self.access.opened:
            raise ContentError(
                f"{MARKER} stands on a public page",
                place=self._place(index),
                hint="Give the page an `access` in its front matter, or take the marker away.",
            )
        elif not re.fullmatch(r" {0,3}<!--\s*paywall\s*-->\s*", line, re.IGNORECASE):
            raise ContentError(
                f"{MARKER} does not stand alone on its line, at the left margin", place=self._place(index)
            )


_CODE = re.compile(r"<(pre|code)\b[^>]*>.*?</\1>", re.DOTALL | re.IGNORECASE)


def find_stray_gate(html: str, place: Place) -> None:
    """Refuse rendered public HTML in which a gate still stands as text: it came in after the page was cut.

    Raises ContentError. Code that shows the gate's syntax is no gate.
    """
    if "paywall" in html and GATE_SYNTAX.search(_CODE.sub("", html).replace("<p>", "\n")):
        raise ContentError(
            "a gate came into the page after it was cut, from a snippet, a macro or another plugin",
            place=place,
            hint="What is included must not have gates of its own: put them on the page that includes it.",
        )
