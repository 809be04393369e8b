"""Lines of plain text: as wide as they look, broken between words, and between Chinese characters where the script allows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

WIDTH = 72
_NEVER_FIRST = frozenset("，。、；：！？）】》」』〉〕…—～％”’·,.;:!?)]}%ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ")
_NEVER_LAST = frozenset("（【《「『〈〔“‘([{￥＄")
_BETWEEN_LINES = re.compile(r"(.)[ \t\r\n]*\n[ \t\r\n]*(?=(.))")


@lru_cache(maxsize=4096)
def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """How many columns ``text`` takes in a font of fixed width: two for a Chinese character (UAX 11)."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def collapse(text: str) -> str:
    """Runs of white space as one space, as browsers show them; a line break between two Chinese characters is none at all."""

    def joined(found: re.Match[str]) -> str:
        return found[1] if _cells(found[1]) == 2 == _cells(found[2]) else f"{found[1]} "

    return re.sub(r"[ \t\r\n\f]+", " ", _BETWEEN_LINES.sub(joined, text))


def one_line(text: str) -> str:
    """White space and control characters as single spaces: a title may be anything, a header may not."""
    shown = (" " if unicodedata.category(one) in ("Cc", "Zl", "Zp", "Cs") else one for one in text)
    return " ".join("".join(shown).split())


def wrap(text: str, columns: int = WIDTH) -> list[str]:
    """``text`` in lines of at most ``columns``; a single longer word keeps a line to itself. Line breaks in it are kept."""
    return [line for part in text.split("\n") for line in _wrap_line(part, columns)]


def _wrap_line(text: str, columns: int) -> Iterator[str]:
    line, taken = "", 0
    for piece in _pieces(text):
        cells = width(piece.rstrip(" "))
        if line and taken + cells > columns:
            yield line.rstrip(" ")
            line, taken, piece = "", 0, piece.lstrip(" ")
        line += piece
        taken += width(piece)
    yield line.rstrip(" ")


def _pieces(text: str) -> Iterator[str]:
    """What stays together, each with the spaces after it: words, and Chinese characters with the punctuation they carry."""
    start = 0
    for at in range(1, len(text)):
        before, after = text[at - 1], text[at]
        if before == " " and after != " ":
            breakable = True
        elif after == " " or before == " ":
            breakable = False
        else:
            wide = _cells(before) == 2 or _cells(after) == 2
            breakable = wide and after not in _NEVER_FIRST and before not in _NEVER_LAST and _cells(after) > 0
        if breakable:
            yield text[start:at]
            start = at
    if text[start:]:
        yield text[start:]
