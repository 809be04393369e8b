"""What is between MkDocs and all plugins: errors in its words, options that are validated elsewhere, the site's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.config import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError

from site_builder.errors import SiteError


class Unread(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a class of options; ours are validated by a room's own model, in one place for all doors."""


def site_language(config: MkDocsConfig) -> str:
    """The language of pages that don't say theirs."""
    return str(config.theme.get("language") or "en")


@contextmanager
def in_mkdocs_words() -> Iterator[None]:
    """MkDocs prints a PluginError's words and stops with exit code 1; any other exception is a traceback."""
    try:
        yield
    except SiteError as error:
        raise PluginError(str(error)) from error
