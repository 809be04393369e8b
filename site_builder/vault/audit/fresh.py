"""Pages repeat the theme's lines a thousand times: what one file said need not be searched in the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from site_builder.vault.audit.canonical import shown
from site_builder.vault.audit.patterns import CAUGHT

_LONG_LINE = 2000


@dataclass
class KnownLines:
    """Lines met so far that may be left out when they come again.

    Only lines that show nothing, and lines that show enough to have been caught by themselves, are left out. So a leak
    cannot hide by being spread over short lines that each stand elsewhere: what remains of such a text stays together.
    """

    _known: set[bytes] = field(default_factory=set)

    def fresh(self, text: bytes) -> bytes:
        """``text`` without the known lines, whose lines are known from now on."""
        lines = text.split(b"\n")
        if len(text) > _LONG_LINE * len(lines):
            lines = text.replace(b"><", b">\n<").split(b"\n")
        known = self._known
        new = [line for line in lines if line not in known]
        if not new:
            return b""
        news = b"\n".join(new)
        known.update(line for line, letters in zip(new, shown(news), strict=True) if not letters or letters >= CAUGHT)
        return news
