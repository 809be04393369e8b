"""The ``demos`` plugin: fences that readers can run are run when the site is built, and shown with what they put out."""

from __future__ import annotations

from pathlib import Path

from markdown import Markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import get_plugin_logger
from mkdocs.structure.files import Files

from mkdocs_demos.markdown import DemoFences
from site_builder.build.demo_assets import install
from site_builder.build.demos import DemoPages, public_words, read_demos
from site_builder.build.documents import require_paywall, shared_documents
from site_builder.build.door import Door, in_mkdocs_words
from site_builder.demos.checking import check
from site_builder.demos.settings import DemosOptions
from site_builder.errors import SeveralErrors

_log = get_plugin_logger("demos")


class DemosPlugin(Door, name="demos", model=DemosOptions):
    options: DemosOptions

    def on_config(self, config: MkDocsConfig) -> None:
        with in_mkdocs_words():
            require_paywall(config)
        config.markdown_extensions.append(DemoFences(self._show))  # type: ignore[arg-type]

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """After the paywall plugin has read all documents, before any page is rendered."""
        with in_mkdocs_words():
            found = shared_documents(config)
            self.read = read_demos(found.documents.values())
            self.checked = check(self.read.demos, found.settings, self.options, found.inputs.progress)
            found.said.extend(public_words(self.read.demos, self.checked.outputs))
            faults = self.checked.faults
            if faults and config.strict:
                raise faults[0] if len(faults) == 1 else SeveralErrors(list(faults))
            for fault in faults:
                _log.warning("%s", fault)
            self.pages = DemoPages(self.read, self.checked, files, config)

    def _show(self, key: str, md: Markdown) -> str:
        return self.pages.show(key, md)

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Before the paywall plugin lets the leak gate read all that would be published."""
        with in_mkdocs_words():
            self.pages.require_shown()
            install(self.read.demos, self.checked, self.options, Path(config.site_dir))
