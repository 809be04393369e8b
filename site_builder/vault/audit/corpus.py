"""All premium text, folded and indexed; the search of a published text for it, and the way back to the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick, Implementation

from site_builder.errors import Place
from site_builder.vault.audit.canonical import fold_lines, readings, stands_alone, weight
from site_builder.vault.audit.cut_html import cut_html
from site_builder.vault.audit.cut_markdown import cut_markdown
from site_builder.vault.audit.patterns import (
    EVIDENCE,
    LINE,
    PREMIUM_STEP,
    PUBLISHED_STEP,
    SHINGLE,
    cores,
    shingles,
    varied,
    wholes,
)
from site_builder.vault.audit.premium import PremiumText

EXCERPT = 80
_PROBE = 16


@dataclass(frozen=True, slots=True)
class Match:
    """Premium text in a published one.

    ``run`` is what both have, ``position`` where it begins in the corpus, or the index of a name.
    """

    run: bytes
    position: int
    kind: Literal["stretch", "whole", "name"]


@dataclass(frozen=True)
class Corpus:
    """Folded blocks, parted by line feeds, which no folded text has.

    ``starts`` are the positions of fragments, ``fragments`` the text that each is of and its line there, from 0.
    """

    premium: Sequence[PremiumText]
    folded: bytes
    starts: Sequence[int]
    fragments: Sequence[tuple[int, int]]
    shingles: Mapping[bytes, int]  # where each stands first …
    repeated: Mapping[bytes, Sequence[int]]  # … and where else
    wholes: Sequence[tuple[bytes, int]]
    names: Sequence[bytes]
    automaton: BytesAhoCorasick | None  # of wholes and names

    @property
    def patterns(self) -> int:
        """How many patterns are looked for."""
        return len(self.shingles) + len(self.wholes) + len(self.names)

    def search(self, folded: bytes, text: bytes) -> Iterator[Match]:
        """Premium text in one published text, given folded and as it was; each stretch and each whole once."""
        if self.automaton:
            found = {pattern for pattern, _, _ in self.automaton.find_matches_as_indexes(folded, overlapping=True)}
            for pattern in sorted(found):
                yield from self._whole(pattern, text)
        published = shingles(folded, PUBLISHED_STEP)
        if shared := self.shingles.keys() & published:
            yield from self._stretches(folded, published, shared)

    def _whole(self, index: int, text: bytes) -> Iterator[Match]:
        """The match of a name, or of a whole that does not only stand within longer words."""
        if index >= len(self.wholes):
            yield Match(self.names[index - len(self.wholes)], index - len(self.wholes), "name")
            return
        whole, position = self.wholes[index]
        if weight(whole) >= LINE or stands_alone(whole, text):
            yield Match(whole, position, "whole")

    def _stretches(self, folded: bytes, published: Sequence[bytes], shared: set[bytes]) -> Iterator[Match]:
        measured: dict[int, int] = {}  # shift between both texts -> end of the last stretch
        for index, shingle in enumerate(published):
            if shingle not in shared:
                continue
            at = index * PUBLISHED_STEP
            for position in (self.shingles[shingle], *self.repeated.get(shingle, ())):
                shift = position - at
                if measured.get(shift, -1) <= at:
                    first, measured[shift] = self._grown(folded, at, shift)
                    run = folded[first : measured[shift]]
                    if weight(run) >= EVIDENCE and varied(run):
                        yield Match(run, first + shift, "stretch")

    def _grown(self, folded: bytes, at: int, shift: int) -> tuple[int, int]:
        """The ends in ``folded`` of the longest stretch around ``at`` that stands ``shift`` further on in the corpus."""
        first, last = at, at + SHINGLE
        while first and folded[first - 1] == self.folded[first - 1 + shift]:
            first -= 1
        while last < len(folded) and folded[last] == self.folded[last + shift]:
            last += 1
        return first, last

    def locate(self, match: Match) -> tuple[Place, str]:
        """The source line of a match and an excerpt of it.

        What only the rendered form has is looked up in the Markdown of the same part, by pieces; else it gets the part's
        first line.
        """
        text, line = self._fragment(match.position)
        premium = self.premium[text]
        if premium.kind != "markdown":
            twin = self._in_markdown(match, premium.place)
            if twin is None:
                return premium.place, match.run.decode("utf-8", "ignore")[:EXCERPT]
            text, line = twin
        words = " ".join(self.premium[text].text.split("\n")[line].split())
        return Place(premium.place.file, (premium.place.line or 1) + line), words[:EXCERPT]

    def _fragment(self, position: int) -> tuple[int, int]:
        return self.fragments[bisect_right(self.starts, position) - 1]

    def _in_markdown(self, match: Match, place: Place) -> tuple[int, int] | None:
        """The text and line of the Markdown of the part at ``place`` that has the earliest piece of the match."""
        spans = [
            (start, end)
            for start, end, (text, _) in zip(
                self.starts, [*self.starts[1:], len(self.folded)], self.fragments, strict=True
            )
            if self.premium[text].place == place and self.premium[text].kind == "markdown"
        ]
        if not spans:
            return None
        low, high = spans[0][0], spans[-1][1]
        for begin in range(0, max(1, len(match.run) - _PROBE + 1), 4):
            found = self.folded.find(match.run[begin : begin + _PROBE], low, high)
            if found >= 0:
                return self._fragment(found)
        return None


def read(premium: Sequence[PremiumText], names: Sequence[bytes] = ()) -> Corpus:
    """Cut, fold and index ``premium``, and ``names``, folded already, beside it.

    Markdown comes first, so that what both forms of a part have is found with its line; a block that is the same in both
    is kept once.
    """
    runs: dict[bytes, int] = {}
    size = 1
    starts: list[int] = []
    origin: list[tuple[int, int]] = []
    whole_at: dict[bytes, int] = {}
    for index in sorted(range(len(premium)), key=lambda index: premium[index].kind != "markdown"):
        text = premium[index]
        blocks = list(cut_markdown(text.text) if text.kind == "markdown" else cut_html(text.text))
        words = "\n".join(words for block in blocks for unit in block for _, words in unit.fragments)
        folded = iter(fold_lines(words.encode("utf-8", "ignore")))
        for block in blocks:
            pieces = [[next(folded) for _ in unit.fragments] for unit in block]
            units = [b"".join(piece) for piece in pieces]
            run = b"".join(units)
            if not run or run in runs:
                continue
            runs[run] = size
            for offset, whole in wholes(block, units):
                whole_at.setdefault(whole, size + offset)
            for unit, piece in zip(block, pieces, strict=True):
                for (line, _), part in zip(unit.fragments, piece, strict=True):
                    starts.append(size)
                    origin.append((index, line))
                    size += len(part)
            size += 1
    first: dict[bytes, int] = {}
    again: dict[bytes, list[int]] = {}
    for run, start in runs.items():
        for at, shingle in zip(range(start, start + len(run), PREMIUM_STEP), shingles(run, PREMIUM_STEP), strict=False):
            if first.setdefault(shingle, at) != at:
                again.setdefault(shingle, []).append(at)
    patterns = [*whole_at, *names]
    automaton = BytesAhoCorasick(patterns, implementation=Implementation.ContiguousNFA) if patterns else None
    whole = b"\n" + b"".join(run + b"\n" for run in runs)
    return Corpus(premium, whole, starts, origin, first, again, list(whole_at.items()), names, automaton)


def public_among(matches: Iterable[Match], public: Iterable[str]) -> set[bytes]:
    """The runs among ``matches`` that some public text has too."""
    needed = {match.run: cores(match.run, whole=match.kind != "stretch") for match in matches}
    wanted = sorted({core for parts in needed.values() for core in parts})
    if not wanted:
        return set()
    automaton = BytesAhoCorasick(wanted, implementation=Implementation.ContiguousNFA)
    found: set[int] = set()
    for text in public:
        for folded, _ in readings(text.encode("utf-8", "ignore")):
            found.update(pattern for pattern, _, _ in automaton.find_matches_as_indexes(folded, overlapping=True))
        if len(found) == len(wanted):
            break
    said = {wanted[pattern] for pattern in found}
    return {run for run, parts in needed.items() if said.issuperset(parts)}
