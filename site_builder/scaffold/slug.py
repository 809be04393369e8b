"""The name of a file, and the last part of an address, made of a title."""

from __future__ import annotations

import unicodedata

LONGEST = 200
"""Bytes of UTF-8, so that the name and an ending fit into the 255 that file systems allow."""

_APOSTROPHES = str.maketrans("", "", "'’")


def slugify(title: str) -> str:
    """Lower-case letters, their accents and digits of any script, with one hyphen between words; empty if there are none.

    Full-width and other compatibility forms become the plain ones: ``Ｐｙｔｈｏｎ`` in a Chinese title is ``python``.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).lower()).translate(_APOSTROPHES)
    words = "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain).split()
    return "-".join(words).encode()[:LONGEST].decode(errors="ignore").strip("-")
