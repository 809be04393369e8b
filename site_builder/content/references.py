"""Definitions that stand on the other side of the gate: link references and footnotes are often gathered at a page's end.

A footnote is as public as the sentences that refer to it, wherever it is defined; so is the address of a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from site_builder.content.gate import Segment
from site_builder.content.lines import Line, lines_of
from site_builder.errors import ContentError, Place

# As Python-Markdown reads them, in text that is free of code.
_FOOTNOTE = re.compile(r" {0,3}\[\^(?P<label>[^\]]*)\]:")
_LINK = re.compile(
    r"^[ ]{0,3}\[(?P<label>[^\[\]^][^\[\]]*)\]:[ ]*(?:\n[ ]*)?\S+[ ]*(?:\n[ ]*)?(?:([\"']).*\2[ ]*|\(.*\)[ ]*)?$",
    re.MULTILINE,
)
_ABBREVIATION = re.compile(r"\s*\*\[[^\]]*\] ?:")
# A line that only goes on with the text above it: no heading, list, rule, table, quotation, block or other definition.
_PLAIN = re.compile(r" {0,3}(?:[\w\"'(“‘`]|\*{1,2}\w)(?!\w*[.)] )")


@dataclass(frozen=True)
class _Footnote:
    label: str
    first: int
    end: int
    text: str


class _Text:
    """Markdown with its footnotes found; ``prose`` is what is left without them and without code."""

    def __init__(self, markdown: str) -> None:
        self.lines = lines_of(markdown)
        self.footnotes = list(_footnotes(self.lines))
        inside = {index for one in self.footnotes for index in range(one.first, one.end)}
        self.prose = "\n".join(line.text for line in self.lines if line.index not in inside)

    def without(self, labels: set[str]) -> str:
        left_out = {index for one in self.footnotes if one.label in labels for index in range(one.first, one.end)}
        return "\n".join(line.raw for line in self.lines if line.index not in left_out)

    def raw(self, first: int, end: int) -> str:
        return "\n".join(line.raw for line in self.lines[first:end])


def settled(public: Sequence[str], gated: str) -> tuple[list[str], list[str]]:
    """The runs of public Markdown without footnotes that only ``gated`` Markdown refers to, and the definitions they borrow."""
    if not gated or not any("]:" in text for text in (gated, *public)):
        return list(public), []
    runs, behind = [_Text(run) for run in public], _Text(gated)
    footnotes = {one.label: one for text in (behind, *runs) for one in text.footnotes}
    used, veiled = _used("\n".join(run.prose for run in runs), footnotes), _used(behind.prose, footnotes)
    # Footnotes that nobody refers to stay, and what they refer to is public with them.
    idle = [one.text for run in runs for one in run.footnotes if one.label not in used | veiled]
    used |= _used("\n".join(idle), footnotes)
    withheld = veiled - used
    ours = {one.label for run in runs for one in run.footnotes}
    borrowed = [behind.raw(one.first, one.end) for one in behind.footnotes if one.label in used - ours]
    left = [run.without(withheld) for run in runs]
    return left, [*borrowed, *_links("\n\n".join([*left, *borrowed]), behind)]


def refuse_split_abbreviations(path: Path, segments: Sequence[Segment]) -> None:
    """Refuse ``*[HTML]: …`` in a gated part where another part of the page has other readers: it works on all of the page.

    Raises:
        ContentError: with the line of the abbreviation.
    """
    gated = [segment for segment in segments if segment.number]
    if len({segment.entitlements for segment in gated}) > 1:
        for segment in gated:
            for line in lines_of(segment.text):
                if _ABBREVIATION.match(line.text):
                    raise ContentError(
                        "an abbreviation is defined in a gated part, and the page has gated parts for other readers",
                        place=Place(path, segment.line + line.index),
                        hint="Define it in the public part.",
                    )


def _used(prose: str, footnotes: dict[str, _Footnote]) -> set[str]:
    """The labels that ``prose`` refers to, and those that their footnotes refer to in turn."""
    used, texts = set[str](), [prose]
    while texts:
        text = texts.pop()
        for label, footnote in footnotes.items():
            if label not in used and f"[^{label}]" in text:
                used.add(label)
                texts.append(footnote.text)
    return used


def _footnotes(lines: Sequence[Line]) -> Iterator[_Footnote]:
    index = 0
    while index < len(lines):
        found = _FOOTNOTE.match(lines[index].text)
        if found:
            end = _end(lines, index)
            text = "\n".join(line.text for line in lines[index:end])[found.end() :]
            yield _Footnote(found["label"], index, end, text)
            index = end
        else:
            index += 1


def _end(lines: Sequence[Line], first: int) -> int:
    """Where the footnote of line ``first`` ends: it has plain text directly below it, then indented paragraphs and code."""
    end = first + 1
    for line in lines[end:]:
        if not line.raw.strip():
            continue
        in_its_code = line.code is not None and first < line.code.first < end
        indented = in_its_code or line.raw.startswith(("    ", "\t"))
        if not indented and (line.index > end or not _PLAIN.match(line.text)):
            break
        end = line.index + 1
    return end


def _links(public: str, behind: _Text) -> Iterator[str]:
    """The link definitions behind the gate that ``public`` Markdown refers to and does not have itself."""
    wanted = "\n".join(line.text for line in lines_of(public))
    known = {_label(found["label"]) for found in _LINK.finditer(wanted)}
    words = _label(wanted)
    text = "\n".join(line.text for line in behind.lines)
    for found in _LINK.finditer(text):
        label = _label(found["label"])
        if label not in known and re.search(rf"\[ ?{re.escape(label)} ?\]", words):
            known.add(label)
            first = text.count("\n", 0, found.start())
            yield behind.raw(first, first + found[0].count("\n") + 1)


def _label(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().lower()
