"""Pages with demos for tests: Markdown of a page that lies in a real docs folder, read as a build reads it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from site_builder.content.access import Access, parse_access
from site_builder.content.gate import split
from site_builder.content.library import Document
from site_builder.content.source import read_source
from site_builder.demos.fences import read_page
from site_builder.demos.model import Demo
from site_builder.errors import Place
from tests.content.pages import OFFERS, TODAY

URI = "blog/posts/page.md"


def written(root: Path, body: str, access: str | None = None) -> Document:
    """The page ``blog/posts/page.md`` of the docs folder ``root``; the first line of ``body`` is the file's."""
    path = root / URI
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(dedent(body).lstrip("\n"), "utf-8")
    source = read_source(path)
    readers = Access() if access is None else parse_access(access, OFFERS, TODAY, Place(path))
    return Document(URI, source, readers, split(source, readers, OFFERS), published=True, generation=0)


def demos(root: Path, body: str, access: str | None = None) -> tuple[Demo, ...]:
    return read_page(written(root, body, access)).demos


def demo(root: Path, info: str, code: str = "1") -> Demo:
    """The one demo of a page with nothing else."""
    (found,) = demos(root, f"```{info}\n{code}\n```\n")
    return found
