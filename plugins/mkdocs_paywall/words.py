"""Errors and warnings as MkDocs has them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from mkdocs.exceptions import PluginError

from site_builder.errors import SiteError


@contextmanager
def in_mkdocs_words() -> Iterator[None]:
    """MkDocs prints a PluginError's words and stops with exit code 1; any other exception is a traceback."""
    try:
        yield
    except SiteError as error:
        raise PluginError(str(error)) from error


class Once(logging.Filter):
    """Lets each of MkDocs's warnings about pages through once: the public text of a gated page is rendered twice."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: set[str] = set()
        self._logger = logging.getLogger("mkdocs.structure.pages")
        self._logger.addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if message in self._seen:
            return False
        self._seen.add(message)
        return True

    def end(self) -> None:
        """Let all through again."""
        self._logger.removeFilter(self)
