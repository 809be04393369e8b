"""What counts as evidence of a leak, and the patterns by which it is found.

Two kinds of evidence count. A *stretch*: at least ``EVIDENCE`` characters that stand one after another in premium and
in published text. A *whole*: a unit that is shorter than that but may leak by itself, if it says enough to be told
from chance: a heading, caption or alt text from ``TITLE`` characters and two words on, a sentence, list item, table
cell or line of code from ``LINE`` characters on. Characters are Latin letters or digits of the folded text; a Chinese
or Japanese one counts double, as it says more.

To find stretches, each block gets windows of ``WINDOW`` bytes, at the start of each unit and at most ``STRIDE`` bytes
apart. So any WINDOW + STRIDE - 1 = 63 bytes (ten English words, 21 Chinese characters) that leak contain a window,
and so does each unit of ``EVIDENCE`` characters that leaks by itself. Where a window is found, the match is grown
both ways and measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from site_builder.vault.audit.canonical import weight
from site_builder.vault.audit.units import Block

WINDOW, STRIDE = 20, 44
EVIDENCE, LINE, TITLE = 32, 24, 12
_ONE_WORD = 20  # a title of a single word must be as long as this: an identifier, not "Troubleshooting"
_CHANCE = 8  # neighbouring letters that may agree by chance at either end of a stretch
_SPAN = 48
_CHINESE_OR_JAPANESE = re.compile("[\u2e80-\U0003ffff]")


def windows(run: bytes, units: Sequence[bytes]) -> Iterator[int]:
    """Where the windows of a block begin, given its folded text and the folded units that make it up."""
    last = len(run) - WINDOW
    if last < 0:
        return
    start, taken = 0, -STRIDE
    for unit in units:
        if start <= last and (start - taken >= STRIDE // 2 or len(unit) >= EVIDENCE):
            yield start
            taken = start
        end = start + len(unit)
        while taken + STRIDE < end and taken + STRIDE <= last:
            taken += STRIDE
            yield taken
        start = end
    if taken < last:
        yield last


def wholes(block: Block, units: Sequence[bytes]) -> Iterator[tuple[int, bytes]]:
    """The short units of a block that count by themselves, each with its place in the block's folded text."""
    start = 0
    for unit, folded in zip(block, units, strict=True):
        if len(folded) >= TITLE and varied(folded):
            says = weight(folded)
            if says < EVIDENCE and (says >= LINE or (unit.kind == "title" and _is_phrase(unit.fragments[0][1], says))):
                yield start, folded
        start += len(folded)


def _is_phrase(words: str, says: int) -> bool:
    return says >= TITLE and (says >= _ONE_WORD or len(words.split()) > 1 or bool(_CHINESE_OR_JAPANESE.search(words)))


def varied(folded: bytes) -> bool:
    """Whether a folded text is made of enough different bytes to be text, and not a rule or a row of zeros."""
    return len(set(folded)) >= 6


def cores(run: bytes, *, whole: bool) -> list[bytes]:
    """What must stand in public text to call a match public: all of a whole; of a stretch what is left when a few
    letters, which may agree by chance with the next word, are taken from its ends, in up to three spans."""
    if whole:
        return [run]
    chance = min(_CHANCE, len(run) // 6)
    core = run[chance : len(run) - chance]
    if len(core) <= 3 * _SPAN:
        return [core]
    middle = (len(core) - _SPAN) // 2
    return [core[:_SPAN], core[middle : middle + _SPAN], core[-_SPAN:]]
