"""The ``engagement`` plugin: hooks in every page, and the manifest that tells what each post and chapter is about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from site_builder.build.documents import require_paywall
from site_builder.build.door import Door, in_mkdocs_words
from site_builder.build.engagement import Hooks, items_by_uri, refuse_taken, site_manifest, with_hosts, write_files
from site_builder.build.insights import ReaderInsights
from site_builder.build.items import no_address
from site_builder.engagement.insights import FILE
from site_builder.engagement.options import EngagementOptions

if TYPE_CHECKING:
    from jinja2 import Environment


class EngagementPlugin(Door, name="engagement", model=EngagementOptions):
    options: EngagementOptions

    def on_config(self, config: MkDocsConfig) -> None:
        with in_mkdocs_words():
            require_paywall(config)
            if not config.site_url:
                raise no_address(config)
            refuse_taken(config)
        config.extra_css.append("assets/css/engagement.css")

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        self.nav = nav

    @event_priority(-100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """After the paywall plugin has rendered the gated parts, without which no item is whole."""
        with in_mkdocs_words():
            self.hooks = Hooks.of(self.options, env, config)
            self.insights = ReaderInsights.of(self.options, config)
            self.items = items_by_uri(config)
            self.manifest = site_manifest(self.hooks, self.nav)

    @event_priority(100)
    def _hook(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        with in_mkdocs_words():
            item = self.items.get(page.file.src_uri)
            return self.insights.into(self.hooks.into(output, page, item), page, item)

    @event_priority(25)
    def _allow(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """After the paywall plugin has given the page its policy."""
        return with_hosts(output, self.options)

    on_post_page = CombinedEvent(_hook, _allow)

    @event_priority(-25)
    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        return with_hosts(output_content, self.options) if template_name.endswith(".html") else output_content

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object) -> None:
        """A new file of insights is a change of the site."""
        if (insights := Path(config.config_file_path).parent / FILE).exists():
            server.watch(str(insights))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Before the paywall plugin lets the leak gate read all that would be published."""
        with in_mkdocs_words():
            write_files(Path(config.site_dir), self.manifest, self.options)
