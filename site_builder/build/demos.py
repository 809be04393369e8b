"""Demos in a run of MkDocs: read from the documents before any page is rendered, and shown on their pages."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown import Markdown, markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from site_builder.build.door import site_language
from site_builder.content.library import Document
from site_builder.content.markup import uses
from site_builder.demos.checking import Checked
from site_builder.demos.committed import read_committed
from site_builder.demos.fences import PageDemos, read_page
from site_builder.demos.model import DataFile, Demo, Language, Output
from site_builder.demos.render import Formats, Links, element, static
from site_builder.demos.runtimes import PYODIDE, SQL_JS
from site_builder.errors import ContentError, Place, SeveralErrors, SiteError
from site_builder.feeds.clean import clean

_RUNTIMES = {Language.PYTHON: PYODIDE.site_path, Language.SQL: SQL_JS.site_path}
_HINTS = ["pymdownx.superfences", "pymdownx.highlight", "tables", "sane_lists"]


@dataclass(frozen=True)
class ReadDemos:
    """All demos of a site, read and not yet run."""

    pages: Mapping[str, PageDemos]
    """By the path of their source below the docs folder; only those that have fences of demos."""
    languages: Mapping[str, str]
    """Of the pages that say theirs."""

    @property
    def demos(self) -> list[Demo]:
        return [demo for page in self.pages.values() for demo in page.demos]


def read_demos(documents: Iterable[Document]) -> ReadDemos:
    """The demos of all documents. Raises ContentError, or SeveralErrors, with file and line of all that is wrong."""
    pages, languages, errors = dict[str, PageDemos](), dict[str, str](), list[SiteError]()
    for document in documents:
        try:
            page = read_page(document)
        except SeveralErrors as several:
            errors += several.errors
        except SiteError as error:
            errors.append(error)
        else:
            if page.by_key:
                pages[document.uri] = page
                languages[document.uri] = str(document.source.meta.get("lang") or "")
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    return ReadDemos(pages, languages)


def public_words(demos: Iterable[Demo], outputs: Callable[[Demo], Iterable[Output]]) -> list[str]:
    """What demos of public parts put out: it is made of public text alone, so what it says is public too."""
    return [text for demo in demos if not demo.part for output in outputs(demo) for text in _texts(output)]


def accepted_words(documents: Iterable[Document], docs_dir: Path) -> list[str]:
    """The same as the writer has accepted it, for who runs nothing."""
    committed = read_committed(docs_dir)
    pages = read_demos(document for document in documents if document.uri in committed and document.published)
    return public_words(pages.demos, lambda demo: committed[demo.page].get(demo.id, ()))


def _texts(output: Output) -> Iterable[str]:
    if isinstance(output.data, str):
        return (output.data,)
    return (text for text in (output.data.get("text"), _cells(output.data)) if isinstance(text, str))


def _cells(table: Mapping[str, Any]) -> str:
    rows = [table.get("columns", ()), *table.get("rows", ())]
    return "\n".join(cell for row in rows for cell in row if cell is not None)


class DemoPages:
    """Writes demos into the pages of one run."""

    def __init__(self, read: ReadDemos, checked: Checked, files: Files, config: MkDocsConfig) -> None:
        self.read, self.checked, self.files, self.config = read, checked, files, config
        self.shown = set[tuple[str, str]]()

    def show(self, key: str, md: Markdown) -> str:
        """The HTML of the fence that has the key, on the page that is being rendered; in lists of posts without its buttons.

        Raises:
            ContentError: the fence stands in no page's source.
        """
        page, source = self.config._current_page, _source(md)
        own = self.read.pages.get(source, PageDemos()).by_key
        if key not in own or page is None:
            raise ContentError(
                "a demo came onto the page from somewhere else than its source",
                place=Place(source or (page.file.src_uri if page else "")),
                hint="A snippet or another plugin has put it there: write it into the page's own file.",
            )
        if (demo := own[key]) is None:
            return ""
        if source != page.file.src_uri:
            return static(demo, self.checked.outputs(demo), self._language(demo), self._formats(md, page, demo))
        shown = self._element(demo, page, md)
        self.shown.add((source, key))
        return shown

    def require_shown(self) -> None:
        """Raise ContentError for a demo that is not on its page: Markdown did not see a fence where its source has one."""
        for uri, page in self.read.pages.items():
            file = self.files.get_file_from_path(uri)
            rendered = file and file.page and file.page.content is not None
            for key, demo in page.by_key.items() if rendered else ():
                if demo and (uri, key) not in self.shown:
                    raise ContentError(
                        "the demo did not get onto its page",
                        place=demo.place,
                        hint="Give its fence a blank line above it, and no more than what indents the text around it.",
                    )

    def _element(self, demo: Demo, page: Page, md: Markdown) -> str:
        links = Links(
            runtime=_RUNTIMES.get(demo.language, ""),
            wheels=self.checked.wheels(demo),
            files={file.name: self._address(file, demo, page) for file in demo.data_files},
            language=self._language(demo),
        )
        return element(demo, self.checked.outputs(demo), links, self._formats(md, page, demo))

    def _language(self, demo: Demo) -> str:
        return self.read.languages[demo.page] or site_language(self.config)

    def _address(self, data: DataFile, demo: Demo, page: Page) -> str:
        uri = posixpath.normpath(posixpath.join(posixpath.dirname(demo.page), data.address))
        file = self.files.get_file_from_path(uri)
        if file is None or not file.inclusion.is_included():  # type: ignore[no-untyped-call]
            raise ContentError(
                f"the data file {data.address!r} is not published with the site",
                place=demo.place,
                hint="It must lie in the docs folder, and not be excluded from the site.",
            )
        return get_relative_url(file.url, page.url)

    def _formats(self, md: Markdown, page: Page, demo: Demo) -> Formats:
        fences = md.preprocessors["fenced_code_block"]
        url = page.canonical_url or "https://site.invalid/"

        def highlight(code: str, language: str, shown: Mapping[str, str]) -> str:
            given = {"options": dict(shown), "classes": [], "id_value": "", "attrs": {}}
            return str(fences.highlight(src=code, language=language, md=md, **given))  # type: ignore[attr-defined]

        return Formats(
            highlight=highlight,
            clean=lambda text: clean(text, url, begins=False),
            markdown=lambda text: _hint(text, demo),
        )


def _hint(text: str, demo: Demo) -> str:
    """A hint's Markdown as HTML. Raises ContentError if it names a file or page from where it is: it is rendered apart."""
    html = markdown(text, extensions=_HINTS)
    for use in uses(html):
        if not use.address.startswith("/"):
            raise ContentError(
                f"a hint of the exercise {demo.id!r} leads to {use.address!r}, which is not found from there",
                place=demo.place,
                hint="Write the whole address, with https://, or let the text around the exercise have the link.",
            )
    return html


def _source(md: Markdown) -> str:
    """The path of the source that is being rendered: in a list of posts not the list's, but the post's.

    Fences of two pages may be alike, and put out what only one of them may show.
    """
    names = md.treeprocessors
    return str(names["relpath"].file.src_uri) if "relpath" in names else ""  # type: ignore[attr-defined]
