"""What all plugins tell MkDocs: errors in its words, and that their options are validated elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.config import Config
from mkdocs.exceptions import PluginError

from site_builder.errors import SiteError


class Unread(Config):  # type: ignore[no-untyped-call]
    """MkDocs asks for a class of options; ours are validated by a room's own model, in one place for all doors."""


@contextmanager
def in_mkdocs_words() -> Iterator[None]:
    """MkDocs prints a PluginError's words and stops with exit code 1; any other exception is a traceback."""
    try:
        yield
    except SiteError as error:
        raise PluginError(str(error)) from error
