"""MkDocs's files in the words of the rooms: sources, media, and what the public sees of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from site_builder.build.gating import public_use
from site_builder.build.media import named_file
from site_builder.content.mapping import texts_in


def sources(files: Files) -> list[tuple[Path, str]]:
    """Every Markdown file and its path below the docs folder."""
    return [(Path(file.abs_src_path), file.src_uri) for file in files.documentation_pages() if file.abs_src_path]


def media(files: Files) -> dict[str, File]:
    """Address -> file, of all that would be copied into the site."""
    return {file.dest_uri: file for file in files.media_files() if file.abs_src_path}


def media_sources(files: Files) -> dict[str, Path]:
    """Address -> source file, of the same."""
    return {address: Path(str(file.abs_src_path)) for address, file in media(files).items()}


def public_text(files: Files, config: MkDocsConfig) -> Iterator[tuple[str, str]]:
    """(address, HTML) of every page as the public sees it, and of all else that shows files in public.

    That is front matter (a social image, say), mkdocs.yml (a logo), the authors' pictures, and style sheets.
    """
    for file in files.documentation_pages():
        if file.page:
            yield file.url, file.page.content or ""
            yield public_use("", _named_in(file.page, files))
    settings = [Path(config.config_file_path), *sorted(Path(config.docs_dir).rglob(".authors.yml"))]
    words = {word for path in settings for word in re.findall(r"[^\s\"',\[\]{}]+", path.read_text("utf-8"))}
    yield public_use("", (word.lstrip("/") for word in words))
    for address, source in media_sources(files).items():
        if address.endswith(".css"):
            text = source.read_text("utf-8", "replace")
            yield public_use(address, re.findall(r"""url\(\s*["']?([^"')]+)""", text))


def _named_in(page: Page, files: Files) -> Iterator[str]:
    """What the page's front matter may name: from the site's root, as templates use it, or from the page, as our own keys do."""
    for value in texts_in(page.meta):
        yield value.lstrip("/")
        if file := named_file(files, page.file.src_uri, value):
            yield file.url
