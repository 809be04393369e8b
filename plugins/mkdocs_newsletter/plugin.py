"""The ``newsletter`` plugin: checks what posts say to the newsletter, and gives the site a page of past issues."""

from __future__ import annotations

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files

from site_builder.build.archive import add_archive, show_archive
from site_builder.build.documents import require_paywall
from site_builder.build.door import Door, in_mkdocs_words, site_language
from site_builder.build.items import shared
from site_builder.errors import Place
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.publication import publication


class NewsletterPlugin(Door, name="newsletter", model=NewsletterOptions):
    options: NewsletterOptions

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
