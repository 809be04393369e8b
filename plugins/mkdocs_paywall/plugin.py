"""The ``paywall`` plugin: MkDocs events in, calls to the rooms, results out.

The gated text is cut out before any other plugin can see the file, rendered apart when the public pages are done, and only
its ciphertext is written. See docs/architecture.md.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from mkdocs_paywall import inventory
from mkdocs_paywall.material import forget_folders, prepare
from mkdocs_paywall.private import render_gated
from mkdocs_paywall.stage import Stage
from mkdocs_paywall.words import Once
from site_builder.build.documents import SiteDocuments, share_documents
from site_builder.build.door import Door, in_mkdocs_words, site_language
from site_builder.build.finished import FinishedPages
from site_builder.build.gating import GatedPage, files_only_gated, withheld_addresses
from site_builder.build.inputs import Audience, BuildInputs, build_date
from site_builder.build.items import SiteItems, refuse_undated_posts, share
from site_builder.build.parts import Cards, draft_note
from site_builder.build.sealing import finish
from site_builder.build.templates import compiled
from site_builder.content.access import refuse_late_access
from site_builder.content.gate import find_stray_gate
from site_builder.content.library import Document, read_documents, refuse_published_sources
from site_builder.content.settings import PaywallOptions, Settings, resolve
from site_builder.content.snippets import check_snippets
from site_builder.errors import Place

if TYPE_CHECKING:
    from jinja2 import Environment


class PaywallPlugin(Door, name="paywall", model=PaywallOptions):
    options: PaywallOptions

    inputs: BuildInputs | None = None
    """Set by ``site-builder build``; a plain ``mkdocs build`` finds out for itself."""

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        if command == "serve":
            self.inputs = BuildInputs(build_date(self.options.build_date), Audience.AUTHOR)

    @event_priority(1_000_000)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        self.run = self.inputs or BuildInputs(build_date(self.options.build_date))
        self.settings: Settings = resolve(Path(config.config_file_path), dict(config), self.options)
        self.stage, self.once = Stage(), Once()
        self.documents: dict[str, Document] = {}
        self.unpublished: list[Document] = []
        self.gated: dict[str, GatedPage] = {}
        self.read = 0
        prepare(config)
        return config

    @event_priority(1_000_000)
    def _cut(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Before any other plugin: Material's blog opens the posts' files itself in this event."""
        with in_mkdocs_words():
            for document in read_documents(inventory.sources(files), self.settings, self.run.today):
                self._stage(files, document)
            refuse_published_sources(inventory.media_sources(files).values())
            refuse_undated_posts(config, self.documents.values())
            share_documents(config, SiteDocuments(self.settings, self.run, self.documents))
            check_snippets(self.documents.values(), config.mdx_configs.get("pymdownx.snippets", {}))
        return files

    @event_priority(-25)
    def _forget_folders(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Between Material's meta plugin, which has read the folders' files, and its blog: access is not for merging."""
        forget_folders(config)
        return files

    on_files = CombinedEvent(_cut, _forget_folders)

    def _stage(self, files: Files, document: Document) -> None:
        file = files.get_file_from_path(document.uri)
        assert file
        if not document.published and self.run.audience is not Audience.AUTHOR:
            files.remove(file)
            self.unpublished.append(document)
            return
        self.documents[document.uri] = document
        if document.gated or document.own_access:
            self.stage.put(file, document)

    @event_priority(-1_000_000)
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        with in_mkdocs_words():
            find_stray_gate(html, Place(page.file.src_uri))
            refuse_late_access(page.meta, Place(page.file.src_uri))
        self.read += 1
        self.run.progress("pages rendered", min(self.read, len(self.documents)), len(self.documents))
        document = self.documents.get(page.file.src_uri)
        return draft_note(document) + html if document else html

    @event_priority(100)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """The last event before files are copied: the gated parts are rendered, and the files only they use taken out."""
        env.bytecode_cache = compiled
        with in_mkdocs_words():
            for uri, document in self.documents.items():
                file = files.get_file_from_path(uri)
                if document.gated and file and file.page:
                    parts = render_gated(file.page, document, config, files)
                    self.gated[uri] = GatedPage(document, file.url, parts)
            copied = inventory.media_sources(files)
            unpublished = withheld_addresses(self.unpublished, self.settings.docs_dir, copied)
            public = inventory.public_text(files, config)
            self.sealed = files_only_gated(self.gated.values(), public, copied, unpublished)
        if self.run.audience is not Audience.AUTHOR:
            media = inventory.media(files)
            for uri in self.sealed:
                files.remove(media[uri])
        share(SiteItems(config, files, self.settings, self.run, self.documents, self.gated, self.sealed))
        cards = Cards(env, self.settings.offers, self.run.audience)
        self.finished = FinishedPages(self.settings, cards, self.gated, site_language(config))
        return env

    @event_priority(50)
    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        with in_mkdocs_words():
            return self.finished.page(output, page.file.src_uri, page.url, str(page.title or ""), page.meta)

    def on_post_template(self, output_content: str, *, template_name: str, config: MkDocsConfig) -> str:
        return self.finished.template(output_content) if template_name.endswith(".html") else output_content

    @event_priority(-1_000_000)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """After every other plugin: seal, finish the policy, and let the leak gate read all that would be published."""
        with in_mkdocs_words():
            documents = [*self.documents.values(), *self.unpublished]
            finish(config, self.settings, self.run, self.gated.values(), self.sealed, documents)
        self._clean_up()

    def on_build_error(self, *, error: Exception) -> None:
        self._clean_up()

    def _clean_up(self) -> None:
        self.once.end()
        self.stage.clear()
