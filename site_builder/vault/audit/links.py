"""Links to the source of a gated page, as edit buttons are: whoever can read the source reads all of it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from site_builder.errors import Place

SOURCE_LINK = "link to the source"
_PAGES = (".html", ".htm")
_LONGEST = 1024  # of an address
_HREF = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""", re.IGNORECASE)


@dataclass(frozen=True)
class Sources:
    """The sources of gated pages: path below the docs folder -> place; ``own`` are the pages of those at its top."""

    places: Mapping[str, Place]
    own: Mapping[str, str]
    endings: frozenset[bytes]

    @classmethod
    def of(cls, places: Mapping[str, Place]) -> Sources:
        own = {page: path for path in places if "/" not in path for page in _pages_of(path)}
        return cls(places, own, frozenset(PurePosixPath(path).suffix.encode() for path in places))

    def linked(self, file: Path, content: bytes, news: bytes) -> Iterator[tuple[Place, str]]:
        """(source, address) of each link in the ``news`` of a page whose address, at whatever host, ends in a source's path.

        A path without a folder, such as ``index.md``, is that of many a project: it counts only on the page that MkDocs makes
        of it, and there in all its ``content``.
        """
        if not any(suffix in _PAGES for suffix in file.suffixes):
            return
        own = self.own.get(file.as_posix())
        for address in self._addresses(content if own else news):
            for path in (unquote(address).partition("#")[0], unquote(address.partition("?")[0])):
                source = next((end for end in _ends(path) if end in self.places), "")
                if "/" in source or (source and source == own):
                    yield self.places[source], address
                    break

    def _addresses(self, text: bytes) -> Iterator[str]:
        """Those in which a source's ending stands. They are looked for from there, since few pages have one at all."""
        for ending in self.endings:
            at = text.find(ending)
            while at >= 0:
                for found in _HREF.finditer(text, max(0, at - _LONGEST), at + _LONGEST):
                    if found.start() < at < found.end():
                        yield html.unescape((found[1] or found[2] or found[3]).decode("utf-8", "replace"))
                at = text.find(ending, at + 1)


def _ends(path: str) -> Iterator[str]:
    """What stands behind each slash of an address."""
    at = path.find("/")
    while at >= 0:
        yield path[at + 1 :]
        at = path.find("/", at + 1)


def _pages_of(source: str) -> set[str]:
    """The files that MkDocs makes of a source at the top of the docs folder, with directory URLs and without."""
    stem = PurePosixPath(source).stem
    return {f"{stem}.html", f"{stem}/index.html"} | ({"index.html"} if stem in ("index", "README") else set())
