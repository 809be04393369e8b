"""The site's documents, read once in a run: the paywall plugin shares them with the plugins that come after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mkdocs.config.defaults import MkDocsConfig

from site_builder.build.inputs import BuildInputs
from site_builder.content.library import Document
from site_builder.content.settings import Settings
from site_builder.errors import ConfigError, Place

_SHARED = "_site_builder_documents"


@dataclass(frozen=True)
class SiteDocuments:
    """Those that this run publishes, by their path below the docs folder; the author's preview has drafts too."""

    settings: Settings
    inputs: BuildInputs
    documents: Mapping[str, Document]
    said: list[str] = field(default_factory=list)
    """What a plugin has made of public text alone, such as the output of public code: the leak gate takes it for public."""


def share_documents(config: MkDocsConfig, found: SiteDocuments) -> None:
    """Let the other plugins of this run have them: for the paywall plugin."""
    setattr(config, _SHARED, found)


def shared_documents(config: MkDocsConfig) -> SiteDocuments:
    """What this run shares, from ``on_files`` on. Raises ConfigError if the paywall plugin has no part in it."""
    require_paywall(config)
    found = getattr(config, _SHARED)
    assert isinstance(found, SiteDocuments)
    return found


def require_paywall(config: MkDocsConfig) -> None:
    """Raise ConfigError if the paywall plugin has no part in this run."""
    if "paywall" not in config.plugins:
        raise ConfigError(
            "the paywall plugin is not among `plugins`, and it is what tells other plugins who may read what",
            place=Place(config.config_file_path),
            hint="Add `- paywall`, without options if nothing is for members.",
        )
