"""The page of past issues: made of the posts alone, so that a build without issue folders, as in CI, gives the same page.

It says nothing that is not public: dates, subjects, titles, and links to the posts, which have gates of their own.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from datetime import date

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from site_builder.build.door import site_language
from site_builder.build.parts import root_from
from site_builder.content.items import Item
from site_builder.newsletter.drafts import Draft, digest_drafts, post_drafts
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.words import words, written_day


def add_archive(config: MkDocsConfig, files: Files, page: str) -> None:
    """Add the page. One that the writer has made stays, and its text stands above the list."""
    if _file(files, page) is None:
        title = words(site_language(config))["archive"]
        content = f"---\nhide: [toc]\n---\n\n# {title}\n"
        level = InclusionLevel.NOT_IN_NAV  # until it is named there
        files.append(File.generated(config, f"{page}index.md", content=content, inclusion=level))


def show_archive(files: Files, items: Sequence[Item], of: Publication, today: date) -> None:
    """Put the list of issues below what stands on the page, if there is to be one.

    Raises ContentError for a post whose ``newsletter`` is not understood, whether there is a page or not.
    """
    drafts = [*post_drafts(items, of), *digest_drafts(items, of, today)]
    drafts.sort(key=lambda draft: (draft.day, draft.id), reverse=True)
    file = _file(files, of.options.archive_page) if of.options.archive else None
    if file and file.page:
        root = root_from(file.url)
        shown = "\n".join(_issue(draft, of, root) for draft in drafts)
        empty = f"<p>{words(of.language)['no issues']}</p>"
        file.page.content = f'{file.page.content or ""}\n<div class="newsletter-archive">\n{shown or empty}\n</div>\n'


def _file(files: Files, page: str) -> File | None:
    """The page's source, as ``newsletter/index.md`` or ``newsletter.md``."""
    return files.get_file_from_path(f"{page}index.md") or files.get_file_from_path(f"{page.rstrip('/')}.md")


def _issue(draft: Draft, of: Publication, root: str) -> str:
    return "\n".join(_lines(draft, of, root))


def _lines(draft: Draft, of: Publication, root: str) -> Iterator[str]:
    subject, day = html.escape(draft.subject), written_day(draft.day, of.language)
    lang = f' lang="{html.escape(draft.language)}"' if draft.language != of.language else ""
    yield f'<article id="{html.escape(draft.id)}">'
    if draft.kind == "post":
        yield f'<h2{lang}><a href="{_from_page(draft.web, of, root)}">{subject}</a></h2>'
        yield f'<p><time datetime="{draft.day}">{day}</time></p>'
        if draft.preview:
            yield f"<p{lang}>{html.escape(draft.preview)}</p>"
    else:
        yield f'<h2>{subject}</h2>\n<p><time datetime="{draft.day}">{day}</time></p>\n<ul>'
        for item in draft.items:
            lang = f' lang="{html.escape(item.language)}"' if item.language != of.language else ""
            yield f'<li{lang}><a href="{_from_page(item.url, of, root)}">{html.escape(item.title)}</a></li>'
        yield "</ul>"
    yield "</article>"


def _from_page(url: str, of: Publication, root: str) -> str:
    """The address relative to the page, as MkDocs writes them, so that a site works under any address."""
    return html.escape(f"{root}{url.removeprefix(of.url)}" if url.startswith(of.url) else url)
