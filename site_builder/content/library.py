"""Every Markdown file of the site as a document: who may read it, what of it is public, and what is sealed."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath

import yaml

from site_builder.content.access import Access, page_access
from site_builder.content.gate import MORE, Segment, has_gate, split
from site_builder.content.mapping import shown
from site_builder.content.references import refuse_split_abbreviations, settled
from site_builder.content.settings import Settings
from site_builder.content.source import Source, is_draft, parse_source, read_source, written_on
from site_builder.errors import ContentError, Place, SeveralErrors, SiteError

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
# The endings by which MkDocs 1.6 knows a page.
MARKDOWN = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_MARKDOWN_LIKE = re.compile(r"\.(?:md|markdown|mdown|mkdn|mkd|mdx)\b", re.IGNORECASE)
_TITLE_ONLY = re.compile(r"\s*(#[^\n]*|[^\n]+\n=+)?\s*")


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
        """What other plugins may see: public text, an empty element for each gated part, and definitions that it borrows.

        Footnotes that only gated text refers to are left out.
        """
        public = [segment.text for segment in self.segments if not segment.number]
        runs, borrowed = settled(public, "\n\n".join(segment.text for segment in self.gated))
        left = iter(runs)
        parts = [self._place_of(segment) if segment.number else next(left) for segment in self.segments]
        if self.gated and not self.access.public and not any(MORE in run for run in runs):
            parts.insert(next(index for index, segment in enumerate(self.segments) if segment.number), MORE)
        if self.gated and _TITLE_ONLY.fullmatch("\n".join(runs).replace(MORE, "")):
            parts.insert(0 if self.segments[0].number else 1, str(self.source.meta.get("description") or ""))
        return "\n\n".join([*parts, *borrowed]) + "\n"

    def _place_of(self, segment: Segment) -> str:
        return f'<premium-content part="{html.escape(self.part(segment))}"></premium-content>'

    @cached_property
    def _digest(self) -> str:
        """Nobody can write it into the text that it is made of."""
        return sha256(self.source.body.encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def mark(self, number: int) -> str:
        """The comment that stands before the gated part of that number when the page is rendered privately; 0 ends every part."""
        return f"<!-- sealed-part {self._digest} {number} -->"

    def whole_markdown(self) -> str:
        """The page with every part in its place and a comment before and after the gated ones: what is rendered privately."""
        parts: list[str] = []
        for segment in self.segments:
            parts += [self.mark(segment.number), segment.text, self.mark(0)] if segment.number else [segment.text]
        return "\n\n".join(parts) + "\n"

    def staged(self) -> str:
        """The file that stands in for the source: front matter without ``access``, and the public Markdown."""
        meta = {key: value for key, value in self.source.meta.items() if key != "access"}
        header = yaml.dump(meta, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1000)
        return f"---\n{header}---\n\n{self.public_markdown()}"


def read_document(path: Path, uri: str, settings: Settings, today: date) -> Document:
    """Read, judge and split one file. Raises ContentError naming file and line."""
    source = read_source(path)
    access = page_access(source, settings.docs_dir, settings.offers, today)
    _refuse_closed_door(uri, access, settings)
    written = written_on(source)
    published = not is_draft(source) and (written is None or written <= today)
    generation = source.meta.get("generation", 0)
    if not isinstance(generation, int) or isinstance(generation, bool) or not 0 <= generation < 1 << 32:
        raise ContentError(
            f"`generation` is {shown(generation)}",
            place=source.place("generation"),
            hint="Write a whole number, from 0.",
        )
    segments = split(source, access, settings.offers)
    refuse_split_abbreviations(path, segments)
    return Document(uri, source, access, segments, published, generation)


def _refuse_closed_door(uri: str, access: Access, settings: Settings) -> None:
    """The pages by which a reader becomes a member must be open to those who are none."""
    for option in ("unlock_page", "account_page", "membership_page"):
        if not access.public and _address(uri) == _address(getattr(settings.options, option)):
            raise ContentError(
                f"`access` closes {uri}, which is the `{option}` of mkdocs.yml",
                place=access.place,
                hint="It must be open to those who have no token: write `access: public` in its front matter.",
            )


def _address(written: str) -> PurePosixPath:
    """One form for a page's source, and its address with or without `use_directory_urls`, as an option may have it."""
    path = PurePosixPath(re.sub(r"[?#].*", "", written))
    return path.parent if path.stem in ("index", "README") else path.parent / path.stem


def read_documents(files: Iterable[tuple[Path, str]], settings: Settings, today: date) -> Iterator[Document]:
    """Read many; what is wrong in several files is told in one error, when all were read. Raises SeveralErrors."""
    errors: list[SiteError] = []
    for path, uri in files:
        try:
            document = read_document(path, uri, settings, today)
        except SiteError as error:
            # A mistake in a folder's file is met on each of its pages, and told once.
            if str(error) not in map(str, errors):
                errors.append(error)
        else:
            yield document
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


def refuse_published_sources(files: Iterable[Path]) -> None:
    """Refuse a file that would be published as it is and has ``access`` or a gate: ``post.MD``, or a copy of a page.

    Raises:
        ContentError: naming the file.
    """
    for path in files:
        if _MARKDOWN_LIKE.search(path.name):
            source = parse_source(path, path.read_text("utf-8-sig", "replace"))
            if "access" in source.meta or has_gate(source.body):
                raise ContentError(
                    "has premium text, and MkDocs would publish it as it is",
                    place=Place(path),
                    hint=f"Pages end in {', '.join(MARKDOWN)}, in small letters; keep copies outside of the docs folder.",
                )


def find_documents(docs_dir: Path) -> Iterator[tuple[Path, str]]:
    """Every Markdown file below ``docs_dir`` and its uri, sorted; hidden files and folders are left out, as MkDocs does."""
    found = []
    for folder, folders, files in os.walk(docs_dir, followlinks=True):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in files if name.endswith(MARKDOWN) and not name.startswith(".")]
    for path in sorted(found):
        yield path, path.relative_to(docs_dir).as_posix()
