"""The stores that pages read: opened when there is need, kept open for the next page, and opened anew after an error."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from site_builder.analytics.store import Store

OpenStore = Callable[[], AbstractContextManager[Store]]
IDLE = 2
"""So many wait for a page; SQLite keeps 32 MB of its file in memory for each."""


class Stores:
    """Each page has a store for itself, so that pages at once do not wait for each other."""

    def __init__(self, open_store: OpenStore) -> None:
        self._open = open_store
        self._idle: list[tuple[Store, ExitStack]] = []
        weakref.finalize(self, _close, self._idle)

    @contextmanager
    def one(self) -> Iterator[Store]:
        """A store until the page is made. Raises AnalyticsError if none can be opened."""
        try:
            store, open_until = self._idle.pop()
        except IndexError:
            open_until = ExitStack()
            store = open_until.enter_context(self._open())
        try:
            yield store
        except BaseException:
            open_until.close()
            raise
        if len(self._idle) < IDLE:
            self._idle.append((store, open_until))
        else:
            open_until.close()


def _close(idle: list[tuple[Store, ExitStack]]) -> None:
    for _, open_until in idle:
        open_until.close()
