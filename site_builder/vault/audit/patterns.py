"""What counts as evidence of a leak, and the patterns by which it is found.

Two kinds of evidence count. A *stretch*: at least ``EVIDENCE`` characters that stand one after another in premium and in
published text. A *whole*: a unit that is shorter than what stretches are sure to catch but may leak by itself, if it says
enough to be told from chance: a heading, caption or alt text from ``TITLE`` characters and two words on; a sentence, list
item, table cell or line of code from ``LINE`` characters on. Characters are Latin letters or digits of the folded text; a
Chinese or Japanese one counts double, as it says more.

Wholes are looked for by an automaton (Aho-Corasick), as they are. For stretches there are far too many: instead, shingles of
``SHINGLE`` bytes are taken from premium text every ``PREMIUM_STEP`` bytes and from published text every ``PUBLISHED_STEP``.
The steps have no common divisor, so any two copies of SHINGLE + 3 * 10 - 1 = ``CAUGHT`` bytes (eight English words, 16 Chinese
characters) share a shingle, wherever they begin. There the match is grown both ways and measured.

Measured on 1,000 pages: an automaton of windows that catches stretches of 63 bytes takes 2 s to build and 4.5 s to search;
the shingles 0.3 s and 0.8 s. Wider apart, they catch less; closer, or shorter, they cost more for no leak that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from site_builder.vault.audit.canonical import weight
from site_builder.vault.audit.units import Block

SHINGLE, PREMIUM_STEP, PUBLISHED_STEP = 20, 3, 10
CAUGHT = SHINGLE + PREMIUM_STEP * PUBLISHED_STEP - 1
EVIDENCE, LINE, TITLE = 32, 24, 12
_ONE_WORD = 20  # a title of a single word must be as long as this: an identifier, not "Troubleshooting"
_CHANCE = 8  # neighbouring letters that may agree by chance at either end of a stretch
_SPAN = 48
_CHINESE_OR_JAPANESE = re.compile("[\u2e80-\U0003ffff]")


def shingles(run: bytes, step: int) -> list[bytes]:
    """The shingles of a folded text, one every ``step`` bytes from its start on."""
    return [run[at : at + SHINGLE] for at in range(0, len(run) - SHINGLE + 1, step)]


def wholes(block: Block, units: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """What counts by itself in a block and is too short to be sure to share a shingle with its copy: units, and blocks of
    several; each with its place in the block's folded text."""
    start = 0
    for unit, folded in zip(block, units, strict=True):
        if TITLE <= len(folded) < CAUGHT and varied(folded):
            says = weight(folded)
            if says >= LINE or (unit.kind == "title" and _is_phrase(unit.fragments[0][1], says)):
                yield start, folded
        start += len(folded)
    run = b"".join(units)
    if len(units) > 1 and len(run) < CAUGHT and weight(run) >= EVIDENCE and varied(run):
        yield 0, run


def _is_phrase(words: str, says: int) -> bool:
    return says >= TITLE and (says >= _ONE_WORD or len(words.split()) > 1 or bool(_CHINESE_OR_JAPANESE.search(words)))


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
