"""Rendering the whole of a gated page with MkDocs, apart from the public pipeline and with the same link validation."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Iterable, Iterator

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from site_builder.content.library import Document
from site_builder.content.markup import names_in
from site_builder.content.rendered import GatedHtml, Heading, cut


def render_gated(page: Page, document: Document, config: MkDocsConfig, files: Files) -> tuple[GatedHtml, ...]:
    """The gated parts of ``page`` as HTML. Its anchors become known to the page, so that links to private headings are valid."""
    twin = copy.copy(page)
    twin.markdown = document.whole_markdown()
    config._current_page, previous = page, config._current_page
    try:
        twin.render(config, files)
    finally:
        config._current_page = previous
    for file, anchors in (twin.links_to_anchors or {}).items():
        page.links_to_anchors = page.links_to_anchors or {}
        page.links_to_anchors.setdefault(file, {}).update(anchors)
    parts = cut(document, twin.content or "", tuple(_headings(twin.toc)), names_in(page.content or ""))
    page.present_anchor_ids = (page.present_anchor_ids or set()) | (twin.present_anchor_ids or set())
    page.present_anchor_ids.update(*(names_in(part.html) for part in parts))
    return parts


def _headings(links: Iterable[AnchorLink]) -> Iterator[Heading]:
    for link in links:
        title = html.unescape(re.sub(r"<[^>]*>", "", link.title))
        yield Heading(link.id, title, link.level)
        yield from _headings(link.children)
