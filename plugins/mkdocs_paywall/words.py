"""MkDocs's warnings about pages, each once."""

from __future__ import annotations

import logging


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
