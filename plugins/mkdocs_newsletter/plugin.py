"""The ``newsletter`` plugin: checks what posts say to the newsletter, and gives the site a page of past issues."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mkdocs.config.base import ConfigErrors, ConfigWarnings, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files

from site_builder.build.archive import add_archive, show_archive
from site_builder.build.documents import require_paywall
from site_builder.build.door import Unread, in_mkdocs_words, site_language
from site_builder.build.items import shared
from site_builder.errors import ConfigError, Place
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.publication import publication


class NewsletterPlugin(BasePlugin[Unread]):  # type: ignore[no-untyped-call]
    """Options: ``site_builder.newsletter.options.NewsletterOptions``."""

    def load_config(
        self, options: dict[str, Any], config_file_path: str | None = None
    ) -> tuple[ConfigErrors, ConfigWarnings]:
        self.config = Unread()
        try:
            self.options = NewsletterOptions.read(options, Place(config_file_path or "mkdocs.yml"))
        except ConfigError as error:
            return [("newsletter", ValidationError(str(error)))], []
        return [], []

    def on_config(self, config: MkDocsConfig) -> None:
        with in_mkdocs_words():
            require_paywall(config)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """The page is there from the start, so that the navigation and other pages can lead to it."""
        if self.options.archive:
            add_archive(config, files, self.options.archive_page)
        return files

    @event_priority(-100)
    def on_env(self, env: object, *, config: MkDocsConfig, files: Files) -> None:
        """After the paywall plugin has rendered the gated parts, when the items of this run are known."""
        with in_mkdocs_words():
            run, place = shared(config), Place(Path(config.config_file_path))
            of = publication(self.options, run.settings, config.site_name, site_language(config), place)
            show_archive(files, run.items, of, run.inputs.today)
