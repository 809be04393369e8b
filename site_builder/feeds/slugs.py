"""The paths of feeds: short ASCII that no host, archive or tool changes, and that stays when names are added."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_LONGEST = 48


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A path's step for each name, all distinct; ``names`` in the order in which they came into use.

    A name of ASCII letters, digits, spaces and hyphens is written with them; of several that differ only in case or spaces the
    oldest has that step for itself, so that a new one takes nobody's address. Others end in a hash of the name: ``c-f1deb75f``
    for C++.
    """
    taken: dict[str, str] = {}
    for name in dict.fromkeys(names):
        step = next(step for step in _candidates(name) if step not in taken)
        taken[step] = name
    return {name: step for step, name in taken.items()}


def _candidates(name: str) -> Iterable[str]:
    plain = re.sub(r"[^a-z0-9]+", "-", _ascii(name).lower()).strip("-")
    if plain and len(plain) <= _LONGEST and re.fullmatch(r"[A-Za-z0-9 -]+", name):
        yield plain
    digest = hashlib.sha256(unicodedata.normalize("NFC", name).encode("utf-8", "surrogatepass")).hexdigest()
    start = plain[:_LONGEST].strip("-")
    for length in (8, 16, 64):
        yield f"{start}-{digest[:length]}".strip("-")
    for number in range(2, 1 << 32):  # names that Unicode takes for the same
        yield f"{start}-{digest[:8]}-{number}".strip("-")


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
