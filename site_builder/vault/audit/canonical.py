"""What is left of a text when everything that may hide it is taken away: the one form in which premium and published
text are compared.

Entities are decoded, markup is stripped, and of the rest only letters and digits stay: compatibility-decomposed
(NFKD), case-folded, without accents. Each character is folded by itself, so a text can be cut anywhere and its pieces
folded one by one.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

MARKUP = re.compile(rb"<[^<>]*>")
_LONG_TEXT = re.compile(rb">[^<>]{64,}")
_ENTITY = re.compile(rb"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_LOWER = bytes(range(256)).lower()
_DROPPED = bytes(code for code in range(128) if not chr(code).isalnum())
_MARKUP_IN_LINE = re.compile(rb"<[^<>\n]*>")
_DROPPED_BUT_LINES = _DROPPED.replace(b"\n", b"")
_ONLY_ASCII = bytes(range(128)) + b"\n" * 128
_MARKS = re.compile(r"[^\w\s]|\n")
_SPACELESS = "\u2e80"  # the first of the Chinese and Japanese letters, whose words no space parts
SPACELESS = _SPACELESS.encode()
# Letters by their Unicode category that show nothing or only stretch a word: Arabic tatweel, Hangul fillers.
_IDLE_LETTERS = "\u0640\u115f\u1160"


class _Folding(dict[int, str]):
    """Code point -> its letters and digits, filled as characters are met, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        self[code] = letters = "".join(c for c in folded if c.isalnum() and c not in _IDLE_LETTERS)
        return letters


_FOLDING = _Folding()


def _fold_run(run: re.Match[bytes]) -> bytes:
    return run[0].decode("utf-8", "ignore").translate(_FOLDING).encode()


def fold(text: bytes) -> bytes:
    """Letters and digits of UTF-8 ``text``, folded. Bytes that are no UTF-8 are left out."""
    kept = text.translate(_LOWER, _DROPPED)
    return kept if kept.isascii() else _NOT_ASCII.sub(_fold_run, kept)


def shown(lines: bytes) -> list[int]:
    """About how many bytes ``fold`` would leave of each line's text, its markup stripped."""
    return [len(line) for line in _MARKUP_IN_LINE.sub(b"", lines).translate(None, _DROPPED_BUT_LINES).split(b"\n")]


def fold_lines(text: bytes) -> list[bytes]:
    """``fold`` of each line, in one go."""
    kept = text.translate(_LOWER, _DROPPED_BUT_LINES)
    return (kept if kept.isascii() else _NOT_ASCII.sub(_fold_run, kept)).split(b"\n")


@cache
def _character(entity: bytes) -> bytes:
    """What an entity stands for; but a decoded ``<`` must not become markup."""
    return html.unescape(entity.decode()).replace("<", " ").replace(">", " ").encode("utf-8", "ignore")


def decode_entities(text: bytes) -> bytes:
    """``text`` with its HTML entities decoded once, but for those of ``<`` and ``>``, which become spaces."""
    return _ENTITY.sub(lambda entity: _character(entity[0]), text) if b"&" in text else text


@dataclass(frozen=True, slots=True)
class Reading:
    """A published text ``folded``, as it was, and with the markup that was stripped of it, if any was."""

    folded: bytes
    text: bytes
    marked: bytes | None = None

    @property
    def edges(self) -> set[int]:
        """The places in ``folded`` where a mark, markup or the end of a line stood: there titles begin and end."""
        text = self.text if self.marked is None else MARKUP.sub(b"\n", self.marked)
        pieces = _MARKS.split(text.decode("utf-8", "ignore"))
        return set(accumulate(map(len, fold_lines("\n".join(pieces).encode())), initial=0))


def readings(text: bytes) -> Iterator[Reading]:
    """Both readings of a published text: without its markup, so that tags between letters do not part them, and with it,
    so that attributes and comments count. The second leaves out long texts between tags, which the first has."""
    decoded = decode_entities(text)
    stripped = MARKUP.sub(b"", decoded)
    if len(stripped) == len(decoded):
        yield Reading(fold(decoded), decoded)
        return
    yield Reading(fold(stripped), stripped, decoded)
    marked = _LONG_TEXT.sub(b">\n", decoded)
    yield Reading(fold(marked), marked)


def reading_of_binary(content: bytes) -> Reading:
    """The ASCII letters and digits of bytes that are no text."""
    text = content.translate(_ONLY_ASCII)
    return Reading(fold(text), text)


def weight(folded: bytes) -> int:
    """How much a folded text says, in Latin letters: one for each character, two for those of the Chinese and
    Japanese scripts."""
    if folded.isascii():
        return len(folded)
    text = folded.decode("utf-8", "ignore")
    return len(text) + sum(c >= _SPACELESS for c in text)
