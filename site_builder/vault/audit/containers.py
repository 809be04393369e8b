"""What binary files hold: compressed streams and archives, text in other encodings, words in pictures.

Streams are found by their signatures wherever they stand, so damaged, nested and embedded archives (a PDF's, say) are
read as far as they go. All that is inflated counts against a budget for the published file it came from: no archive
can fill the memory.
"""

from __future__ import annotations

import bz2
import lzma
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

INFLATED = 64 * 1024 * 1024
PNG = b"\x89PNG\r\n"
_PIECE = 1024
_LEAST = 12
_SIGNATURE = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x5e\x9c\xda]")
_MEDIA = re.compile(
    rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|RIFF....WAVE|wOF[F2]|\x00\x00\x01\x00|....ftyp|ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|\x1aE\xdf\xa3",
    re.DOTALL,
)
_TEXT_RUN = re.compile(
    rb"(?:[\t\n\r -~]|[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}){24,}"
)
_BYTE_ORDERS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_NO_CONTROLS = bytes(set(range(256)) - {*range(9), *range(14, 32)})


class TooLargeError(Exception):
    """What a file holds would inflate beyond the budget."""


class UnreadableError(Exception):
    """A file is packed in a way that nothing here can undo; says how."""


@dataclass
class Budget:
    """How many bytes may still be inflated out of one published file."""

    left: int = INFLATED

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise TooLargeError


def is_text(content: bytes) -> bool:
    """Whether ``content`` is UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_media(content: bytes) -> bool:
    """Whether ``content`` is a picture, font, sound or film: compressed data that holds words only beside it."""
    return _MEDIA.match(content) is not None


def inside(content: bytes, name: str, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """What bytes that are no UTF-8 hold, each with the word for how it was packed; ``name`` is that of the published
    file. Raises TooLargeError, and UnreadableError for Brotli, which has no signature and no decoder in the standard
    library."""
    if content.startswith(PNG):
        yield from _png_words(content)
    elif is_media(content):
        yield "text in a media file", b"\n".join(_TEXT_RUN.findall(content))
    elif name.endswith(".br"):
        raise UnreadableError("with Brotli")
    elif content.startswith(b"\x1f\x8b\x08"):
        yield from _streams(content, budget)
    elif content.startswith(b"BZh"):
        yield "bzip2", _inflated(content, 0, bz2.BZ2Decompressor(), budget)[0]
    elif content.startswith(b"\xfd7zXZ\x00"):
        yield "xz", _inflated(content, 0, lzma.LZMADecompressor(), budget)[0]
    else:
        yield "text in a binary file", b"\n".join(_TEXT_RUN.findall(content))
        yield from utf_16(content)
        yield from _older_encodings(content)
        yield from unsealed(content, budget)
        yield from _streams(content, budget)


def utf_16(content: bytes) -> Iterator[tuple[str, bytes]]:
    """``content`` read as UTF-16, in either order of bytes unless it tells which; what is none gives nothing or noise."""
    told = _BYTE_ORDERS.get(content[:2])
    for encoding in [told] if told else _BYTE_ORDERS.values():
        try:
            yield "UTF-16", content[: len(content) // 2 * 2].decode(encoding).encode()
        except UnicodeDecodeError:
            continue


def _older_encodings(content: bytes) -> Iterator[tuple[str, bytes]]:
    """``content`` read as what was usual before UTF-8, unless it has control characters, as text has none."""
    if content[:2] not in _BYTE_ORDERS and not content[:4096].translate(None, _NO_CONTROLS):
        for encoding in ("gb18030", "shift_jis", "cp1252"):
            yield encoding, content.decode(encoding, "replace").encode()


def unsealed(content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Raw DEFLATE, with or without the length that padding puts in front: what a file of the vault holds if a fault
    left it unsealed."""
    for start in (0, 4):
        inflated, end = _inflated(content, start, zlib.decompressobj(-15), budget)
        if end and len(inflated) >= _LEAST:
            yield "DEFLATE", inflated


def _streams(content: bytes, budget: Budget) -> Iterator[tuple[str, bytes]]:
    """Every gzip member, zlib stream and ZIP member in ``content``. Check sums are not asked: damaged text is text."""
    position = 0
    while found := _SIGNATURE.search(content, position):
        position = found.end()
        if found[0] == b"PK\x03\x04":
            flags, method, name_length, extra_length = struct.unpack(
                "<2xHH16xHH", content[found.start() + 4 : found.start() + 30].ljust(26, b"\0")
            )
            start = found.start() + 30 + name_length + extra_length
            yield "file name", content[found.start() + 30 : found.start() + 30 + name_length]
            if method != 8 or flags & 1:  # stored members stand in the archive as they are; encrypted ones are sealed
                continue
            label = "ZIP"
        elif found[0].startswith(b"\x1f"):
            label, start = "gzip", _after_gzip_header(content, found.start())
        else:
            label, start = "zlib", found.end()
        inflated, end = _inflated(content, start, zlib.decompressobj(-15), budget)
        if len(inflated) >= _LEAST:
            yield label, inflated
        position = max(position, end)


def _after_gzip_header(content: bytes, start: int) -> int:
    """Where the DEFLATE data of a gzip member begin (RFC 1952, section 2.3)."""
    flags = content[start + 3 : start + 4] or b"\0"
    position = start + 10
    if flags[0] & 4:
        position += 2 + int.from_bytes(content[position : position + 2], "little")
    for flag in (8, 16):  # the original name and a comment, each ended by a zero byte
        if flags[0] & flag:
            position = content.find(b"\0", position) + 1 or len(content)
    return position + (2 if flags[0] & 2 else 0)


def _inflated(
    content: bytes, start: int, stream: zlib._Decompress | bz2.BZ2Decompressor | lzma.LZMADecompressor, budget: Budget
) -> tuple[bytes, int]:
    """What can be inflated from ``start`` on, and where the stream ended; 0 if it is damaged or cut short."""
    view, parts = memoryview(content), []
    try:
        for position in range(start, len(content), _PIECE):
            part = stream.decompress(view[position : position + _PIECE], budget.left + 1)
            budget.take(len(part))
            parts.append(part)
            if stream.eof:
                return b"".join(parts), min(position + _PIECE, len(content)) - len(stream.unused_data)
    except (zlib.error, OSError, lzma.LZMAError):
        pass
    return b"".join(parts), 0


def _png_words(content: bytes) -> Iterator[tuple[str, bytes]]:
    """All chunks of a PNG but those it is shown by (PNG specification, third edition, section 11.2)."""
    for kind, chunk in png_chunks(content):
        if kind[:1].islower() and len(chunk) >= _LEAST:
            yield "PNG text", chunk


def png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(kind, data) of each chunk of a PNG (PNG specification, third edition, section 5.3)."""
    position = 8
    while position + 8 <= len(content):
        length, kind = struct.unpack(">I4s", content[position : position + 8])
        yield kind, content[position + 8 : position + 8 + length]
        position += 12 + length
