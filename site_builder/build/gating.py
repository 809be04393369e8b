"""From rendered gated parts to what is sealed: which files only they use, and their HTML with those files' addresses replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from site_builder.content.gate import Segment
from site_builder.content.library import Document
from site_builder.content.rendered import GatedHtml, seal_addresses, uses
from site_builder.errors import ContentError, Place

_ADDRESS = re.compile(r"""\b(?:src|href|srcset|poster|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_SEALABLE = {"src", "href"}


@dataclass(frozen=True)
class GatedPage:
    """A page with gated parts, rendered; ``url`` is relative to the site's root, as MkDocs has it (``blog/2026/a/``)."""

    document: Document
    url: str
    parts: tuple[GatedHtml, ...]

    def segment(self, part: GatedHtml) -> Segment:
        return self.document.gated[part.number - 1]


def on_site(page_url: str, address: str) -> str:
    """Where an address on a page leads, from the site's root, without query and fragment, percent-decoded."""
    return unquote(urlsplit(urljoin(f"http://site/{page_url}", address)).path.lstrip("/"))


def files_only_gated(
    pages: Iterable[GatedPage], public: Iterable[tuple[str, str]], media: Mapping[str, Path]
) -> dict[str, Path]:
    """The files that gated parts use and no public text does: address from the site's root -> source file.

    Args:
        public: (page url, HTML) of every page, as the public sees it.
        media: every file that would be published as it is: address -> source file.

    Raises:
        ContentError: a gated part shows a file that is not there, or uses one in a way that can't be sealed.
    """
    used: dict[str, tuple[GatedPage, GatedHtml, str, str]] = {}
    for page in pages:
        for part in page.parts:
            for use in uses(part.html):
                target = on_site(page.url, use.address)
                if target in media:
                    used.setdefault(target, (page, part, use.attribute, use.address))
                    if use.attribute not in _SEALABLE:
                        used[target] = (page, part, use.attribute, use.address)
                elif use.attribute != "href":
                    raise ContentError(
                        f"{use.address!r} is not a file of this site", place=_line_of(page, part, use.address)
                    )
    if used:
        for url, text in public:
            for found in _ADDRESS.finditer(text):
                for address in re.split(r",\s+", found[1] or found[2] or found[3] or ""):
                    used.pop(on_site(url, address.split(" ")[0]), None)
    for page, part, attribute, address in used.values():
        if attribute not in _SEALABLE:
            raise ContentError(
                f"{address!r} is used in `{attribute}`, where a sealed file can't stand",
                place=_line_of(page, part, address),
                hint="Use it in `src` or `href`, or use it on a public page as well.",
            )
    return {target: media[target] for target in used}


def _line_of(page: GatedPage, part: GatedHtml, address: str) -> Place:
    segment = page.segment(part)
    name = unquote(address).rsplit("/", 1)[-1]
    for offset, line in enumerate(segment.text.split("\n")):
        if name and name in unquote(line):
            return Place(page.document.source.path, segment.line + offset)
    return Place(page.document.source.path, segment.line)


def with_sealed_files(page: GatedPage, part: GatedHtml, sealed: Mapping[str, Path]) -> tuple[str, dict[str, Path]]:
    """The part's HTML with sealed files by label, and label -> source file; labels count from 1 in order of use."""
    labels: dict[str, str] = {}

    def label(address: str) -> str | None:
        target = on_site(page.url, address)
        return labels.setdefault(target, str(len(labels) + 1)) if target in sealed else None

    text = seal_addresses(part.html, label)
    return text, {number: sealed[target] for target, number in labels.items()}


def all_parts(pages: Iterable[GatedPage]) -> Iterator[tuple[GatedPage, GatedHtml]]:
    """Each gated part of each page, with its page."""
    for page in pages:
        for part in page.parts:
            yield page, part
