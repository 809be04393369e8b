"""What counts as evidence of a leak, and the patterns by which it is found.

A *stretch* counts: at least ``EVIDENCE`` characters that stand one after another in premium and in published text. A *unit*
of text that may leak by itself counts when it is shorter than that but says enough to be told from chance: a sentence, list
item, table cell or line of code from ``LINE`` characters on; a heading, caption or alt text from ``TITLE`` characters and two
words on, one of them a word that not every heading has. Characters are Latin letters or digits of the folded text; a Chinese
or Japanese one counts double, as it says more.

Titles are looked for by an automaton (Aho-Corasick). Of all else there is too much for one: shingles of ``SHINGLE`` bytes are
taken from premium text every ``PREMIUM_STEP`` bytes and from published text every ``PUBLISHED_STEP``. The steps have no common
divisor, so two copies of SHINGLE + 4 * 9 - 1 = ``CAUGHT`` bytes (nine English words, 17 Chinese characters) share a shingle,
wherever they begin; and so do two copies of a shorter unit, which gets its shingles without gaps. There the match is grown
both ways and measured.

Measured on the 1,000 pages of benchmarks/audit.py: an automaton of windows that catches stretches of 63 bytes takes four times
as long to build and to search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from site_builder.vault.audit.canonical import weight
from site_builder.vault.audit.commonplace import ORDINARY
from site_builder.vault.audit.units import Unit

SHINGLE, PREMIUM_STEP, PUBLISHED_STEP = 15, 4, 9
CAUGHT = SHINGLE + PREMIUM_STEP * PUBLISHED_STEP - 1
EVIDENCE, LINE, TITLE = 32, 24, 12
_ONE_WORD = 20  # a title of a single word must be as long as this: an identifier, not "Troubleshooting"
_CHANCE = 8  # neighbouring letters that may agree by chance at either end of a stretch
_SPAN = 48
_CHINESE_OR_JAPANESE = re.compile("[\u2e80-\U0003ffff]")
_WORD = re.compile(r"[^\W_]+")


def shingled(blocks: Iterable[tuple[int, int]], units: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Where shingles are taken from premium text, given the starts and ends of its blocks and of the units that count by
    themselves: spaced in blocks; without gaps at the start of units, as far as two of the published ones are apart."""
    spaced = (range(start, end - SHINGLE + 1, PREMIUM_STEP) for start, end in blocks)
    dense = (range(start, min(start + PUBLISHED_STEP, end - SHINGLE + 1)) for start, end in units)
    return chain(chain.from_iterable(spaced), chain.from_iterable(dense))


def says_enough(folded: bytes) -> bool:
    """Whether a unit counts by itself although it is too short to be sure to share one of the spaced shingles."""
    return LINE <= len(folded) < CAUGHT and weight(folded) >= LINE and varied(folded)


def is_title(unit: Unit, folded: bytes) -> bool:
    """Whether a unit is a title that counts by itself and is too short for ``says_enough``."""
    if unit.kind != "title" or not TITLE <= len(folded) < CAUGHT or not varied(folded):
        return False
    words = _WORD.findall(unit.fragments[0][1].casefold())
    says = weight(folded)
    if not TITLE <= says < LINE:
        return False
    if any(map(_CHINESE_OR_JAPANESE.search, words)):
        return True
    telling = [word for word in words if word not in ORDINARY and word.rstrip("s") not in ORDINARY]
    return bool(telling) and (len(words) > 1 or says >= _ONE_WORD)


def varied(folded: bytes) -> bool:
    """Whether a folded text is made of enough different bytes to be text, and not a rule or a row of zeros."""
    return len(set(folded)) >= 6


def cores(run: bytes, *, whole: bool) -> list[bytes]:
    """What must stand in public text to call a match public: all of a whole; of a stretch what is left when a few letters,
    which may agree by chance with the next word, are taken from its ends, in up to three spans."""
    if whole:
        return [run]
    chance = min(_CHANCE, len(run) // 6)
    core = run[chance : len(run) - chance]
    if len(core) <= 3 * _SPAN:
        return [core]
    middle = (len(core) - _SPAN) // 2
    return [core[:_SPAN], core[middle : middle + _SPAN], core[-_SPAN:]]
