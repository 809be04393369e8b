"""MkDocs with the extensions that Material recommends, to render documents as a build does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from mkdocs_paywall.private import render_gated
from site_builder.content.library import Document
from site_builder.content.rendered import GatedHtml

CONFIG = """
site_name: Test
theme: {name: material, font: false}
plugins: []
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - tables
  - toc: {permalink: true}
  - pymdownx.arithmatex: {generic: true}
  - pymdownx.blocks.admonition
  - pymdownx.blocks.details
  - pymdownx.details
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
  - pymdownx.highlight: {anchor_linenums: true, pygments_lang_class: true}
  - pymdownx.inlinehilite
  - pymdownx.keys
  - pymdownx.mark
  - pymdownx.superfences:
      custom_fences:
        - name: mermaid
          class: mermaid
          format: !!python/name:pymdownx.superfences.fence_code_format
  - pymdownx.tabbed: {alternate_style: true}
  - pymdownx.tasklist: {custom_checkbox: true}
  - mkdocs_paywall.markdown
"""


@dataclass(frozen=True)
class Rendered:
    """A document's public page, its gated parts, and the page as it would be without a gate."""

    page: Page
    parts: tuple[GatedHtml, ...]
    ungated: str

    @property
    def public(self) -> str:
        return plain(self.page.content or "")

    @property
    def unlocked(self) -> str:
        """The public page with every part put into its place."""
        html = self.page.content or ""
        for part in self.parts:
            place = f'<premium-content part="page#{part.number}"></premium-content>'
            assert html.count(place) == 1
            html = html.replace(place, part.html)
        return plain(html)


def plain(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", html.replace("<!-- more -->", "")).strip()


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> MkDocsConfig:
    root = tmp_path_factory.mktemp("rendering")
    (root / "mkdocs.yml").write_text(CONFIG, "utf-8")
    (root / "docs").mkdir()
    (root / "docs/other.md").write_text("# Other\n", "utf-8")
    return load_config(str(root / "mkdocs.yml"))


@pytest.fixture(scope="session")
def render(config: MkDocsConfig) -> Callable[[Document], Rendered]:
    """Renders a document in MkDocs: in public, in private, and without its gates."""

    def rendered(document: Document) -> Rendered:
        page, files = _page(config, document.public_markdown())
        parts = render_gated(page, document, config, files)
        ungated, _ = _page(config, "\n\n".join(segment.text for segment in document.segments))
        return Rendered(page, parts, plain(ungated.content or ""))

    return rendered


def _page(config: MkDocsConfig, markdown: str) -> tuple[Page, Files]:
    docs = Path(config.docs_dir)
    files = Files([File(name, str(docs), config.site_dir, use_directory_urls=True) for name in ("page.md", "other.md")])
    file = files.get_file_from_path("page.md")
    assert file is not None
    page = Page(None, file, config)
    page.markdown, page.meta = markdown, {}
    page.render(config, files)
    return page, files
