"""Posts and chapters become items, once in a build: what feeds, the newsletter and hooks are made of.

The paywall plugin shares what it has cut and rendered with the other plugins of the same run; nothing of it outlives the run.
"""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from material.plugins.blog.structure import Post
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from site_builder.build.documents import require_paywall
from site_builder.build.door import site_language
from site_builder.build.gating import GatedPage, on_site
from site_builder.build.inputs import BuildInputs
from site_builder.build.media import MediaFiles
from site_builder.build.parts import runs
from site_builder.build.run import mkdocs_run
from site_builder.content.facts import ItemFacts, read_facts, refuse_undated
from site_builder.content.items import Author, Episode, Item, Passage, item_id
from site_builder.content.library import Document
from site_builder.content.markup import without_files
from site_builder.content.settings import Settings, load_settings
from site_builder.errors import ConfigError, ContentError, Place
from site_builder.feeds.clean import clean

_SHARED = "_site_builder"


@dataclass(frozen=True, repr=False)
class SiteItems:
    """What one run of MkDocs has found out. ``documents`` and ``gated`` are by the path of their source below the docs folder."""

    config: MkDocsConfig
    files: Files
    settings: Settings
    inputs: BuildInputs
    documents: Mapping[str, Document]
    gated: Mapping[str, GatedPage]
    sealed: Mapping[str, Path]
    """Files that have no public address: address from the site's root -> source file."""

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """One for each published post and chapter, newest first. Made when they are first asked for, from ``on_env`` on.

        Raises:
            ContentError: front matter that is not understood, or names a file that is not there.
            ConfigError: the site has no address.
        """
        return tuple(sorted((self._item(page, document) for page, document in self.pages()), key=_newest_first))

    def pages(self) -> Iterator[tuple[Page, Document]]:
        """The pages that are items, in MkDocs's order."""
        for file in self.files.documentation_pages():
            document = self.documents.get(file.src_uri)
            if file.page and document and document.published and is_item(file.page):
                yield file.page, document

    def _item(self, page: Page, document: Document) -> Item:
        facts = read_facts(page.meta, document.source)
        url = page.canonical_url
        if not self.config.site_url or not url:
            raise no_address(self.config)
        media = MediaFiles(self.files, self.config.site_url, page, document.source)
        return Item(
            id=item_id(self.settings.site, document.uri, facts.id),
            uri=document.uri,
            url=url,
            # MkDocs leaves entities in a title that it takes from the text.
            title=facts.title or html.unescape(str(page.title or "")),
            description=facts.description,
            language=facts.lang or site_language(self.config),
            published=facts.published,
            updated=facts.updated,
            passages=tuple(self._passages(page, document, url)),
            place=document.source.place(),
            authors=tuple(self._authors(page, facts, document)),
            categories=tuple(dict.fromkeys(facts.categories)),
            tags=tuple(dict.fromkeys(facts.tags)),
            course=facts.course,
            image=media.find("image", facts.image) if facts.image else None,
            enclosures=tuple(media.find(key, file, played=True) for key, file in facts.files),
            episode=_episode(facts, media),
            newsletter=facts.newsletter,
        )

    def _passages(self, page: Page, document: Document, url: str) -> Iterator[Passage]:
        gated = self.gated.get(document.uri) or GatedPage(document, page.url, ())
        begins = True
        for text, part in runs(page.content or "", gated):
            if part:
                text = without_files(text, lambda address: on_site(gated.url, address) in self.sealed, url)
            cleaned = clean(text, url, begins=begins)
            begins = begins and not text.strip()
            if cleaned or part:  # that a page has something for members counts even where feeds can't show it
                yield Passage(cleaned, gated.segment(part).entitlements if part else ())

    def _authors(self, page: Page, facts: ItemFacts, document: Document) -> Iterator[Author]:
        known: dict[str, Any] = {}
        for blog in _blogs(self.config):
            known |= getattr(blog, "authors", None) or {}
        for one in facts.authors:
            if one not in known:
                raise ContentError(
                    f"`authors` names {one!r}, who is not in .authors.yml",
                    place=document.source.place("authors"),
                    hint=f"Those there are: {', '.join(known) or 'none'}.",
                )
            url = known[one].url or ""
            if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url):
                url = self._address(url)
            yield Author(known[one].name, "", url if "://" in url else "")  # mailto: and the like lead to no page

    def _address(self, path: str) -> str:
        return f"{self.config.site_url}{path.lstrip('/')}" if path else ""


def _newest_first(item: Item) -> tuple[float, str]:
    return -item.published.timestamp(), item.uri


def _episode(facts: ItemFacts, media: MediaFiles) -> Episode | None:
    told = facts.podcast
    if told is None:
        return None
    return Episode(
        duration=told.duration,
        season=told.season,
        episode=told.episode,
        type=told.type,
        explicit=told.explicit,
        image=media.find("podcast", told.image).url if told.image else "",
        transcript=media.find("podcast", told.transcript) if told.transcript else None,
    )


def is_item(page: Page) -> bool:
    """Posts of Material's blog, and chapters: pages that name their course."""
    return isinstance(page, Post) or page.meta.get("course") is not None


def refuse_undated_posts(config: MkDocsConfig, documents: Iterable[Document]) -> None:
    """Say it before Material's blog does, which names neither the line nor what to write. Raises ContentError."""
    folders = tuple(
        posixpath.normpath(blog.config["post_dir"].format(blog=posixpath.normpath(blog.config["blog_dir"]))) + "/"
        for blog in _blogs(config)
        if blog.config["enabled"]
    )
    for document in documents:
        if document.uri.startswith(folders):
            refuse_undated(document.source.meta, document.source)


def _blogs(config: MkDocsConfig) -> list[Any]:
    return [plugin for name, plugin in config.plugins.items() if name.startswith("material/blog")]


def no_address(config: MkDocsConfig) -> ConfigError:
    """Feeds, mails and the manifest are read elsewhere, where a relative address leads nowhere."""
    return ConfigError(
        "`site_url` is not set, and feeds, the newsletter and the manifest of hooks need absolute addresses",
        place=Place(config.config_file_path),
        hint="Write the address at which the site will be, such as `site_url: https://example.com/`.",
    )


class _Gathered(Exception):  # noqa: N818  (no error: the way out of MkDocs's build)
    def __init__(self, items: tuple[Item, ...]) -> None:
        self.items = items


class _NoOptions(Config):  # type: ignore[no-untyped-call]
    pass


class _Gather(BasePlugin[_NoOptions]):  # type: ignore[no-untyped-call]
    """Ends a run when all plugins have had their last word on what pages are, before a file is written."""

    @event_priority(-1_000_000)
    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        raise _Gathered(shared(config).items)


def gather(config_file: Path, inputs: BuildInputs) -> tuple[Item, ...]:
    """All items of a site, newest first, without writing any of it.

    Raises:
        SiteError: the first thing that is wrong.
    """
    load_settings(config_file)
    with TemporaryDirectory() as folder, mkdocs_run(config_file, Path(folder), inputs) as (config, _):
        config.plugins["site-builder-gather"] = _Gather()
        try:
            mkdocs_build(config)
        except _Gathered as gathered:
            return gathered.items
    raise ConfigError("MkDocs came to no end of its pages", place=Place(config_file))


def share(items: SiteItems) -> None:
    """Let the other plugins of this run have them: for the paywall plugin."""
    setattr(items.config, _SHARED, items)


def shared(config: MkDocsConfig) -> SiteItems:
    """What this run shares, from ``on_env`` on. Raises ConfigError if the paywall plugin has no part in it."""
    require_paywall(config)
    found = getattr(config, _SHARED)
    assert isinstance(found, SiteItems)
    return found
