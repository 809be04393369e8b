"""Every Markdown file of the site as a document: who may read it, what of it is public, and what is sealed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from site_builder.content.access import Access, page_access
from site_builder.content.gate import GATE_SYNTAX, MORE, Segment, split
from site_builder.content.references import borrowed_definitions
from site_builder.content.settings import Settings
from site_builder.content.source import Source, is_draft, read_source, written_on
from site_builder.errors import ContentError, SeveralErrors, SiteError

PART_MARK = "<!-- sealed-part {} -->"
END_MARK = "<!-- sealed-end -->"


@dataclass(frozen=True)
class Document:
    """A Markdown file.

    ``uri`` is its path below the docs folder, with ``/``; ``published`` is false for drafts and future posts.
    """

    uri: str
    source: Source
    access: Access
    segments: tuple[Segment, ...]
    published: bool
    generation: int

    @cached_property
    def gated(self) -> tuple[Segment, ...]:
        return tuple(segment for segment in self.segments if segment.number)

    def part(self, segment: Segment) -> str:
        """The part's name in keys and in the page: the file's path without its ending, and the ordinal on its page."""
        return f"{self.uri.removesuffix('.md')}#{segment.number}"

    @property
    def own_access(self) -> bool:
        """Whether the page or its folder says anything of access, so that front matter must be rewritten for other plugins."""
        return self.access.place is not None

    def public_markdown(self) -> str:
        """What other plugins may see: public text, an empty element for each gated part, and definitions that it borrows."""
        parts: list[str] = []
        public = "\n".join(segment.text for segment in self.segments if not segment.number)
        needs_more = self.gated and MORE not in public and self._page_is_gated
        for segment in self.segments:
            if not segment.number:
                parts.append(segment.text)
                continue
            if needs_more:
                parts.append(MORE)
                needs_more = False
            parts.append(f'<premium-content part="{self.part(segment)}"></premium-content>')
        if not public.replace(MORE, "").strip() or self._only_title(public):
            parts.insert(1 if public.strip() else 0, str(self.source.meta.get("description", "")))
        gated = "\n".join(segment.text for segment in self.gated)
        return "\n\n".join([*parts, *borrowed_definitions(public, gated)]) + "\n"

    def whole_markdown(self) -> str:
        """The page with every part in its place and a comment before and after the gated ones: what is rendered privately."""
        parts: list[str] = []
        for segment in self.segments:
            parts += [PART_MARK.format(segment.number), segment.text, END_MARK] if segment.number else [segment.text]
        return "\n\n".join(parts) + "\n"

    def staged(self) -> str:
        """The file that stands in for the source: front matter without ``access``, and the public Markdown."""
        meta: dict[str, Any] = {key: value for key, value in self.source.meta.items() if key != "access"}
        header = yaml.safe_dump(meta, allow_unicode=True, sort_keys=False, width=1000) if meta else ""
        return f"---\n{header}---\n\n{self.public_markdown()}"

    @property
    def _page_is_gated(self) -> bool:
        return not self.access.public

    def _only_title(self, public: str) -> bool:
        return self._page_is_gated and bool(re.fullmatch(r"\s*(#[^\n]*|[^\n]+\n=+)\s*", public.replace(MORE, "")))


def read_document(path: Path, uri: str, settings: Settings, today: date) -> Document:
    """Read, judge and split one file. Raises ContentError naming file and line."""
    source = read_source(path)
    access = page_access(source, settings.docs_dir, settings.offers, today)
    written = written_on(source)
    published = not is_draft(source) and (written is None or written <= today)
    generation = source.meta.get("generation", 0)
    if not isinstance(generation, int) or isinstance(generation, bool) or not 0 <= generation < 1 << 32:
        raise ContentError(
            f"`generation` is {generation!r}", place=source.place("generation"), hint="Write a whole number, from 0."
        )
    has_gates = not access.public or GATE_SYNTAX.search(source.body) is not None
    segments = split(source, access, settings.offers) if has_gates else (Segment(source.body, source.body_line),)
    return Document(uri, source, access, segments, published, generation)


def read_documents(files: Iterable[tuple[Path, str]], settings: Settings, today: date) -> Iterator[Document]:
    """Read many; what is wrong in several files is told in one error, when all were read. Raises SeveralErrors."""
    errors: list[SiteError] = []
    for path, uri in files:
        try:
            document = read_document(path, uri, settings, today)
        except SiteError as error:
            errors.append(error)
        else:
            yield document
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


def find_documents(docs_dir: Path) -> Iterator[tuple[Path, str]]:
    """Every Markdown file below ``docs_dir`` and its uri, sorted; hidden files and folders are left out, as MkDocs does."""
    for path in sorted(docs_dir.rglob("*.md")):
        relative = path.relative_to(docs_dir)
        if not any(step.startswith(".") for step in relative.parts):
            yield path, relative.as_posix()
