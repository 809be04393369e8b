"""The files that front matter names, found among those that MkDocs publishes: their addresses, lengths and types."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from site_builder.content.facts import NamedFile
from site_builder.content.items import Media
from site_builder.content.mediatypes import media_type
from site_builder.content.source import Source
from site_builder.errors import ContentError

_KEPT_BACK = (InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)


def named_file(files: Files, page_uri: str, name: str) -> File | None:
    """The file that a page's front matter means: its path from the page, or with a ``/`` before it from the docs folder."""
    path = name.lstrip("/") if name.startswith("/") else posixpath.join(posixpath.dirname(page_uri), name)
    return files.get_file_from_path(posixpath.normpath(path))


@dataclass(frozen=True)
class MediaFiles:
    """Finds those of one page."""

    files: Files
    site_url: str
    page: Page
    source: Source

    def find(self, key: str, named: NamedFile, *, played: bool = False) -> Media:
        """The file that the front matter's ``key`` names; of one that is ``played``, type and length must be known.

        Raises:
            ContentError: there is no such file, or it is not published, or its type or length can't be known.
        """
        place = self.source.place(key)
        kind = named.type or media_type(urlsplit(named.url).path)
        if named.elsewhere:
            url, length = named.url, named.length
        else:
            file = named_file(self.files, self.page.file.src_uri, named.url)
            if file is None or file.is_documentation_page() or file.inclusion in _KEPT_BACK:
                raise ContentError(
                    f"`{key}` names {named.url!r}, and there is no such file on the site",
                    place=place,
                    hint="Write its path from this page, or from the docs folder with a `/` before it.",
                )
            url = urljoin(self.site_url, file.url)
            length = Path(file.abs_src_path).stat().st_size if file.abs_src_path else len(file.content_bytes)
        if not kind or (played and length is None):
            raise ContentError(
                f"`{key}` names {named.url!r}, whose type or length can't be known from here",
                place=place,
                hint="Write `{url: …, type: audio/mpeg, length: 123456}`, with the length in bytes; an image needs no length.",
            )
        return Media(url, kind, length or 0, named.alt)
