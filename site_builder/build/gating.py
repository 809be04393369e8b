"""From rendered gated parts to what is sealed: which files only they use, and their HTML with those files' addresses replaced."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from site_builder.content.attachments import withheld_files
from site_builder.content.gate import Segment
from site_builder.content.library import Document
from site_builder.content.markup import leads_elsewhere, seal_addresses, uses
from site_builder.content.rendered import GatedHtml
from site_builder.errors import ContentError, Place

_TAG = re.compile(r"""<[a-zA-Z](?:[^"'>]|"[^"]*"|'[^']*')*>""")
_ATTRIBUTE = re.compile(
    r"""\b(?!(?:alt|title|class|id)\s*=)[\w:-]+\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_STYLE_URL = re.compile(r"""url\(\s*["']?([^"')]+)""", re.IGNORECASE)
_SEALABLE = {"src", "href"}


@dataclass(frozen=True)
class GatedPage:
    """A page with gated parts, rendered; ``url`` is relative to the site's root, as MkDocs has it (``blog/2026/a/``)."""

    document: Document
    url: str
    parts: tuple[GatedHtml, ...]

    def segment(self, part: GatedHtml) -> Segment:
        return self.document.gated[part.number - 1]


def on_site(page_url: str, address: str) -> str | None:
    """Where an address on a page leads, from the site's root, without query and fragment, percent-decoded; None: elsewhere."""
    try:
        path = urlsplit(urljoin(f"http://site/{page_url}", address)).path
    except ValueError:
        return None
    return None if leads_elsewhere(address) else unquote(path.lstrip("/"))


def files_only_gated(
    pages: Iterable[GatedPage],
    public: Iterable[tuple[str, str]],
    media: Mapping[str, Path],
    unpublished: Iterable[str] = (),
) -> dict[str, Path]:
    """The files that may not be published as they are: address from the site's root -> source file.

    They are those that gated parts use, and those that only drafts and future posts name; what any public text uses is not
    among them.

    Args:
        public: (page url, HTML) of every page, as the public sees it; addresses count where they stand in tags.
        media: every file that would be published as it is: address -> source file.
        unpublished: addresses of files that drafts and future posts name.

    Raises:
        ContentError: a gated part shows a file that is not there, or uses one in a way that can't be sealed.
    """
    used = {target: Place(media[target]) for target in unpublished}
    unsealable: dict[str, ContentError] = {}
    for page, part in all_parts(pages):
        for use in uses(part.html):
            target = on_site(page.url, use.address)
            if target and target in media:
                place = used.setdefault(target, _line_of(page, part, use.address))
                if use.attribute not in _SEALABLE:
                    unsealable[target] = ContentError(
                        f"{use.address!r} is used in `{use.attribute}`, where a sealed file can't stand",
                        place=place,
                        hint="Use it in `src` or `href`, or use it on a public page as well.",
                    )
            elif use.attribute != "href":
                raise ContentError(
                    f"{use.address!r} is not a file of this site",
                    place=_line_of(page, part, use.address),
                    hint="In Markdown, write its path from this file; in HTML, from the address of the page.",
                )
    for target in used.keys() & set(_public_files(public, used)):
        del used[target]
    for target in used:
        if target in unsealable:
            raise unsealable[target]
    return {target: media[target] for target in used}


def withheld_addresses(unpublished: Iterable[Document], docs_dir: Path, media: Mapping[str, Path]) -> list[str]:
    """The addresses among ``media`` of files that only drafts and future posts name."""
    named = withheld_files(unpublished, docs_dir)
    return [address for address, source in media.items() if source.resolve() in named] if named else []


def public_use(url: str, addresses: Iterable[str]) -> tuple[str, str]:
    """Front matter, the theme or a style sheet at ``url`` that use files in public, as ``files_only_gated`` reads it."""
    return url, "".join(f'<link href="{html.escape(address)}">' for address in addresses)


def _public_files(public: Iterable[tuple[str, str]], wanted: Iterable[str]) -> Iterator[str]:
    """Where the addresses in public tags lead, of pages on which a wanted file's name stands at all."""
    # Of each file's name, what stays as it is however the address is encoded.
    names = [target.rsplit("/", 1)[-1] for target in wanted]
    plain = {max(re.findall(r"[\w.-]+", name, re.ASCII), key=len, default="") for name in names}
    for url, text in public:
        if any(name in text for name in plain):
            for tag in _TAG.finditer(text):
                values = [
                    html.unescape(found[1] or found[2] or found[3] or "") for found in _ATTRIBUTE.finditer(tag[0])
                ]
                for value in values:
                    for address in (*re.split(r",\s+", value), *_STYLE_URL.findall(value)):
                        yield on_site(url, address.strip().split(" ")[0]) or ""


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
        return labels.setdefault(target, str(len(labels) + 1)) if target and target in sealed else None

    text = seal_addresses(part.html, label)
    return text, {number: sealed[target] for target, number in labels.items()}


def all_parts(pages: Iterable[GatedPage]) -> Iterator[tuple[GatedPage, GatedHtml]]:
    """Each gated part of each page, with its page."""
    for page in pages:
        for part in page.parts:
            yield page, part
