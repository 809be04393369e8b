"""The ``feeds`` plugin: the items of this run become feeds, their pages, and links in the heads of all pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from site_builder.build.documents import require_paywall
from site_builder.build.door import Door, in_mkdocs_words, site_language
from site_builder.build.feed_words import feed_words
from site_builder.build.feeds import (
    FeedPage,
    Key,
    add_index,
    add_page,
    cache_file,
    feed_page,
    keys_of,
    link_elements,
    refuse_taken,
    require_pictures,
    show_index,
    site_facts,
    with_links,
)
from site_builder.build.items import no_address, shared
from site_builder.build.members_feeds import require_readable
from site_builder.feeds.matrix import feeds_of
from site_builder.feeds.members import on_account_page
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render, write_changed
from site_builder.vault.feed import FOLDER


class FeedsPlugin(Door, name="feeds", model=FeedsOptions):
    options: FeedsOptions

    def on_config(self, config: MkDocsConfig) -> None:
        with in_mkdocs_words():
            require_paywall(config)
            if not config.site_url:
                raise no_address(config)
            require_readable(self.options, Path(config.config_file_path))
        self.pages: dict[str, FeedPage] = {}
        self.by_key: dict[Key, FeedPage] = {}
        self.told: dict[str, Any] = {}
        self.files: Mapping[str, bytes] = {}

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """The page of all feeds is there from the start, so that the navigation and other pages can lead to it."""
        add_index(config, files, self.options.folder)
        return files

    @event_priority(-100)
    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        """After the paywall plugin has rendered the gated parts; the last event in which pages can still be added."""
        with in_mkdocs_words():
            site = site_facts(config)
            feeds = feeds_of(shared(config).items, site, self.options)
            self.files = render(feeds, site, self.options, cache_file(config))
            listing = [f"{FOLDER}/index.html"] if self.options.members else []
            refuse_taken([*self.files, *listing], files, config)
        account = shared(config).settings.options.account_page if self.options.members else ""
        pages = [feed_page(feed, site, add_page(config, files, feed)) for feed in feeds]
        self.pages = {page.page: page for page in pages}
        self.by_key = {page.key: page for page in pages}
        self.told = {
            "feeds": pages,
            "feeds_index": show_index(config, files, self.options.folder),
            "members_account": account,
            "says": feed_words(site.language),
        }

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, nav: Navigation
    ) -> TemplateContext:
        return cast(TemplateContext, {**context, **self.told, "feed": self.pages.get(page.url)})

    @event_priority(100)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        keys = keys_of(page, site_language(config), self.pages.get(page.url))
        output = with_links(output, link_elements(page, keys, self.by_key))
        return on_account_page(output, self.options)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Before the paywall plugin lets the leak gate read all that would be published."""
        with in_mkdocs_words():
            require_pictures(site_facts(config), self.options, config)
            write_changed(Path(config.site_dir), self.files, shared(config).inputs.published)
