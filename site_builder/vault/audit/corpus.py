"""All premium text, folded and indexed: the search of a published text for it, and the way back to the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from ahocorasick_rs import BytesAhoCorasick

from site_builder.errors import Place
from site_builder.vault.audit.canonical import SPACELESS, Reading, weight
from site_builder.vault.audit.patterns import (
    EVIDENCE,
    PUBLISHED_STEP,
    SHINGLE,
    shingled,
    varied,
)
from site_builder.vault.audit.premium import PremiumText

EXCERPT = 80
_PROBE = 16
_FEW = 20


@dataclass(frozen=True, slots=True)
class Match:
    """Premium text in a published one.

    ``run`` is what both have, ``position`` where it begins in the corpus, or the index of a name.
    """

    run: bytes
    position: int
    kind: Literal["stretch", "unit", "name"]


@dataclass(frozen=True)
class Corpus:
    """Folded blocks, parted by line feeds, which no folded text has.

    ``starts`` are the positions of fragments, ``fragments`` the text that each is of and its line there, from 0.
    """

    premium: Sequence[PremiumText]
    folded: bytes
    starts: Sequence[int]
    fragments: Sequence[tuple[int, int]]
    markdown: Mapping[Place, tuple[int, int]]  # where the Markdown of each part begins and ends
    blocks: Sequence[tuple[int, int]]  # where each begins and ends
    units: Sequence[tuple[int, int]]  # the same of those that count by themselves
    shingles: frozenset[bytes]
    titles: Sequence[tuple[bytes, int]]
    names: Sequence[bytes]
    automaton: BytesAhoCorasick | None  # of titles and names

    @property
    def patterns(self) -> int:
        """How many patterns are looked for."""
        return len(self.shingles) + len(self.titles) + len(self.names)

    def short(self, reading: Reading) -> Iterator[Match]:
        """Names, wherever they stand in a reading of a published text, and titles that stand by themselves; each once.
        Scripts without spaces between words have no words to end."""
        ends: set[int] = set()
        seen: set[int] = set()
        found = self.automaton.find_matches_as_indexes(reading.folded, overlapping=True) if self.automaton else []
        for index, start, end in found:
            if index in seen:
                continue
            if index >= len(self.titles):
                seen.add(index)
                yield Match(self.names[index - len(self.titles)], index - len(self.titles), "name")
                continue
            ends = ends or reading.edges
            title, position = self.titles[index]
            if (start in ends or title >= SPACELESS) and (end in ends or title[-3:] >= SPACELESS):
                seen.add(index)
                yield Match(title, position, "unit")

    def shared(self, folded: bytes) -> frozenset[bytes]:
        """The shingles that a folded published text has in common with premium text."""
        last = len(folded) - SHINGLE + 1
        return self.shingles.intersection([folded[at : at + SHINGLE] for at in range(0, last, PUBLISHED_STEP)])

    def places(self, wanted: Set[bytes]) -> dict[bytes, list[int]]:
        """Where the shingles ``wanted`` stand in premium text. Asked late and for few, so that no index is kept of all."""
        found: dict[bytes, list[int]] = {}
        for at in shingled(self.blocks, self.units) if wanted else ():
            if (shingle := self.folded[at : at + SHINGLE]) in wanted:
                found.setdefault(shingle, []).append(at)
        return found

    def stretches(self, folded: bytes, shared: Set[bytes], places: Mapping[bytes, Sequence[int]]) -> Iterator[Match]:
        """Stretches and units around the ``shared`` shingles of a folded published text, given their ``places`` in
        premium text; each once."""
        measured: dict[int, int] = {}  # shift between both texts -> end of the last stretch
        for at in _occurrences(folded, shared):
            for position in places[folded[at : at + SHINGLE]]:
                shift = position - at
                if measured.get(shift, -1) <= at:
                    first, last = self._grown(folded, at, shift)
                    measured[shift] = last
                    if match := self._evidence(first + shift, last + shift):
                        yield match

    def _evidence(self, start: int, end: int) -> Match | None:
        """What a stretch of the corpus proves: itself, or the one unit in it that counts, or nothing."""
        run = self.folded[start:end]
        if weight(run) >= EVIDENCE and varied(run):
            return Match(run, start, "stretch")
        unit = bisect_left(self.units, (start, 0))
        if unit < len(self.units) and self.units[unit][1] <= end:
            return Match(self.folded[slice(*self.units[unit])], self.units[unit][0], "unit")
        return None

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
        for begin in range(0, max(1, len(match.run) - _PROBE + 1), 4):
            found = self.folded.find(match.run[begin : begin + _PROBE], *self.markdown.get(place, (0, 0)))
            if found >= 0:
                return self._fragment(found)
        return None


def _occurrences(folded: bytes, shared: Set[bytes]) -> list[int]:
    """Where the shingles ``shared`` stand in a published text, in order. A few are found faster one by one."""
    if len(shared) > _FEW:
        return [at for at in range(0, len(folded) - SHINGLE + 1, PUBLISHED_STEP) if folded[at : at + SHINGLE] in shared]
    found = []
    for shingle in shared:
        at = folded.find(shingle)
        while at >= 0:
            found.append(at)
            at = folded.find(shingle, at + 1)
    return sorted(found)
