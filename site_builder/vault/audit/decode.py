"""Everything that can be read in a published file: the file itself, and layer by layer what is written in it in
another form.

Escapes, entities, URL encoding, base64, hexadecimal and compressed streams are undone, in any order, up to ``DEPTH``
of them deep.
"""

from __future__ import annotations

import binascii
import html
import json
import quopri
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote_to_bytes

from site_builder.vault.audit.containers import Budget, UnreadableError, inside, is_media, is_text, unsealed, utf_16

DEPTH = 5
_AROUND = 512  # bytes on either side of an escape that are read with it
_BASE64_LEAST, _HEX_LEAST, _WRAPPED_LEAST = 24, 32, 40
_BLOB = 256
_HEAD, _SAMPLE = 4096, 192
_BASE64_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_BASE64_MASK = bytes(65 if code in _BASE64_LETTERS else 32 for code in range(256))
_HEX_MASK = bytes(65 if code in b"0123456789abcdefABCDEF" else 32 for code in range(256))
_STANDARD = bytes.maketrans(b"-_", b"+/")
_NEXT_LINE = re.compile(rb"[\"'\t ,+]*(?:(?:\\r)?\\n|\r?\n)[\"'\t #*]*([A-Za-z0-9+/_-]+)")
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))
_PACKED = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x5e\x9c\xda]|BZh|\xfd7zXZ\x00|%PDF|\xff\xfe|\xfe\xff")

_ESCAPED = re.compile(
    rb"\\.|%[0-9A-Fa-f]{2}|&(?:lt|#0*60|#[xX]0*3[cC]);/?[A-Za-z!]|&amp;[#A-Za-z]|=(?:\r?\n|20|3D|[89A-F][0-9A-F]=)",
    re.DOTALL,
)
_BACKSLASH = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})"
    rb"|([0-9a-fA-F]{2,6}) ?|(\r?\n)|(.))",
    re.DOTALL,
)
_JSON = "JSON string"
_QUOTED_PRINTABLE = re.compile(rb"=(?:\r?\n|20|3D|[89A-F][0-9A-F]=)")


@dataclass(frozen=True, slots=True)
class Layer:
    """A reading of a published file.

    ``news`` is what is to be searched of its ``content``; ``packed`` names what was undone to get it, outermost first.
    """

    content: bytes
    kind: Literal["text", "binary", "media"]
    news: bytes
    packed: tuple[str, ...] = ()

    @property
    def how(self) -> str:
        return " in ".join(reversed(self.packed)) or "plain text"


def layers(
    content: bytes, name: str, budget: Budget, fresh: Callable[[bytes], bytes], *, in_vault: bool = False
) -> Iterator[Layer]:
    """All readings of a file.

    ``fresh`` takes from a text what was searched before. What lies in the vault is random bytes unless a fault left it
    unsealed, so there only that is tried. Raises TooLargeError and UnreadableError, see ``containers``.
    """
    if in_vault and not is_text(content):
        yield Layer(content, "binary", content)
        for word, plain in unsealed(content, budget):
            yield from _below(plain, name, budget, fresh, (word,))
    else:
        yield from _below(content, name, budget, fresh, ())


def _below(
    content: bytes, name: str, budget: Budget, fresh: Callable[[bytes], bytes], packed: tuple[str, ...]
) -> Iterator[Layer]:
    if not is_text(content):
        yield Layer(content, "media" if is_media(content) else "binary", content, packed)
        if len(packed) >= DEPTH and _PACKED.match(content):
            raise UnreadableError(f"in more than {DEPTH} layers")
        found = inside(content, "" if packed else name, budget) if len(packed) < DEPTH else ()
    else:
        text = content
        if _is_json(content):  # all its text stands in strings: undone at once, it need not be read twice
            text, packed = _BACKSLASH.sub(_character, content), (*packed, _JSON)
        news = fresh(text)
        yield Layer(content, "text", news, packed)
        found = _written_in(news) if len(packed) < DEPTH else ()
    for word, plain in found:
        yield from _below(plain, name, budget, fresh, (*packed, word))


def _is_json(text: bytes) -> bool:
    if b"\\" not in text or text[:1] not in b"{[":
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _written_in(text: bytes) -> Iterator[tuple[str, bytes]]:
    if unescaped := _unescaped(text):
        yield unescaped
    if len(text[:_HEAD].translate(None, _CONTROLS)) < len(text[:_HEAD]) * 7 // 8:
        yield from utf_16(text)
    yield from _base64(text)
    for start, end in _runs(text.translate(_HEX_MASK), _HEX_LEAST):
        plain = bytes.fromhex(text[start : end - (end - start) % 2].decode())
        if _says_something(plain):
            yield "hexadecimal", plain


def _unescaped(text: bytes) -> tuple[str, bytes] | None:
    """The surroundings of all escapes with these undone, and their names."""
    words: set[str] = set()
    parts = []
    for part in _around(text):
        # What carries whole messages is undone first: within it, the others may be cut in two by a line's end.
        if _QUOTED_PRINTABLE.search(part):
            words.add("quoted-printable")
            part = quopri.decodestring(part)
        if b"%" in part and (plain := unquote_to_bytes(part)) != part:
            words.add("URL encoding")
            part = plain
        if b"\\" in part:
            words.add(_JSON)
            part = _BACKSLASH.sub(_character, part)
        if b"&" in part and (plain := html.unescape(part.decode("utf-8", "ignore")).encode("utf-8", "ignore")) != part:
            words.add("HTML entities")
            part = plain
        parts.append(_whole_characters(part))
    return (" and ".join(sorted(words)), b"\n".join(parts)) if words else None


def _around(text: bytes) -> Iterator[bytes]:
    """Each escape with what stands around it; neighbours together."""
    start, end = 0, 0
    for match in _ESCAPED.finditer(text):
        if match.start() - _AROUND > end:
            if end:
                yield _whole_characters(text[start:end])
            start = match.start() - _AROUND
        end = match.end() + _AROUND
    if end:
        yield _whole_characters(text[start:end])


def _whole_characters(text: bytes) -> bytes:
    return text if text.isascii() else text.decode("utf-8", "ignore").encode()


def _character(escape: re.Match[bytes]) -> bytes:
    """What a backslash escape of JSON, JavaScript or CSS stands for."""
    if escape[1]:
        return bytes.fromhex((escape[1] + escape[2]).decode()).decode("utf-16-be").encode()
    if digits := escape[3] or escape[4] or escape[5] or escape[6]:
        code = int(digits, 16)
        return chr(code).encode("utf-8", "ignore") if code < 0x110000 else b""
    if escape[7]:
        return b""
    return b" " if escape[8] in b"nrtbfv0" else escape[8]


def _runs(mask: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Start and end of each run of at least ``least`` marked bytes; a search for marks is much faster than one for a
    class of letters."""
    marks, start = b"A" * least, 0
    while (start := mask.find(marks, start)) >= 0:
        end = mask.find(b" ", start)
        end = len(mask) if end < 0 else end
        yield start, end
        start = end


def _base64(text: bytes) -> Iterator[tuple[str, bytes]]:
    done = 0
    for start, end in _runs(text.translate(_BASE64_MASK), _BASE64_LEAST):
        if start < done:
            continue
        lines = [text[start:end]]
        while len(lines[-1]) >= _WRAPPED_LEAST and (more := _NEXT_LINE.match(text, end)):
            lines.append(more[1])
            end = more.end()
        run, done = b"".join(lines), end
        if run.islower() or run.isdigit():
            continue
        run = run.translate(_STANDARD)
        for skipped in range(4):
            plain = _from_base64(run[skipped:])
            if _says_something(plain) or (len(plain) > _BLOB and not skipped):
                yield "base64", plain
                break


def _from_base64(run: bytes) -> bytes:
    """The bytes of a run without padding; one letter too many is left out."""
    spare = len(run) % 4
    return binascii.a2b_base64(run[:-1] if spare == 1 else run + b"=" * (-spare % 4))


def _says_something(plain: bytes) -> bool:
    """Whether decoded bytes begin as text or as something packed does, and not as chance would have it."""
    if _PACKED.match(plain) or is_media(plain):
        return True
    head = plain[: len(plain) * 3 // 4 + 1][:_SAMPLE]  # what is glued to a run decodes to noise at its end
    if len(head.translate(None, _CONTROLS)) < len(head):
        return False
    return any(is_text(head[: len(head) - cut]) for cut in range(min(4, len(head))))
