"""Bytes and their written forms: prefixed fields, padding, base62 and its checksum, base64url. See docs/format.md."""

from __future__ import annotations

import base64
import binascii
import re
import string
import zlib

BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_DIGIT = {letter: value for value, letter in enumerate(BASE62)}
CHECKSUM_LENGTH = 6
SMALLEST_PADDED = 1024


def u32(number: int) -> bytes:
    """Four bytes, big-endian. Raises OverflowError outside 0 to 2³² - 1."""
    return number.to_bytes(4, "big")


def lp(*fields: bytes | str) -> bytes:
    """Each field as a u32 length and its bytes; text is UTF-8. Unambiguous, unlike plain concatenation."""
    parts: list[bytes] = []
    for field in fields:
        raw = field.encode() if isinstance(field, str) else field
        parts += (len(raw).to_bytes(4, "big"), raw)
    return b"".join(parts)


def padme(length: int) -> int:
    """The padded length for ``length`` ≥ 2 (PURBs, 2019, section 4): at most 12 % more, hides all but its magnitude."""
    exponent = length.bit_length() - 1
    step = 1 << (exponent - exponent.bit_length())
    return -(-length // step) * step


def pad(body: bytes) -> bytes:
    """``LP(body)`` filled with zero bytes up to ``padme`` of its length, at least 1,024."""
    prefixed = lp(body)
    return prefixed.ljust(padme(max(SMALLEST_PADDED, len(prefixed))), b"\0")


def unpad(padded: bytes) -> bytes:
    """The body of ``pad``, or of any zero-filled ``LP(body)``. Raises ValueError if length or filling is wrong."""
    length = int.from_bytes(padded[:4], "big")
    end = 4 + length
    if len(padded) < end or padded[end:].strip(b"\0"):
        raise ValueError("padding is damaged")
    return padded[4:end]


def base62(number: int, digits: int) -> str:
    """``number`` in base 62, with leading zeros up to ``digits``. Raises OverflowError if it needs more."""
    letters = ""
    for _ in range(digits):
        number, value = divmod(number, 62)
        letters = BASE62[value] + letters
    if number:
        raise OverflowError(f"needs more than {digits} base62 digits")
    return letters


def from_base62(letters: str) -> int:
    """The number that ``base62`` wrote. Raises ValueError on a letter outside the alphabet."""
    number = 0
    for letter in letters:
        if letter not in _DIGIT:
            raise ValueError("not base62")
        number = number * 62 + _DIGIT[letter]
    return number


def with_checksum(text: str) -> str:
    """``text`` and the six base62 digits of its CRC-32, so that a mistyped letter shows and a scanner can be sure."""
    return text + base62(zlib.crc32(text.encode("ascii")), CHECKSUM_LENGTH)


def checksum_fits(text: str) -> bool:
    """Whether ``text`` is what ``with_checksum`` writes."""
    if not re.fullmatch(r"[0-9A-Za-z_]{7,}", text, re.ASCII):
        return False
    return with_checksum(text[:-CHECKSUM_LENGTH]) == text


def b64u(raw: bytes) -> str:
    """base64url without padding (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_b64u(text: str) -> bytes:
    """The bytes of ``b64u``. Raises ValueError on padding, other letters, or spare bits that are not zero."""
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError("not base64url") from error
    if b64u(raw) != text:
        raise ValueError("not canonical base64url")
    return raw
