"""The stores that pages read: opened when there is need, kept open for the next page, and opened anew after an error
or when the file is another."""

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
        store, open_until = self._next()
        try:
            yield store
        except BaseException:
            open_until.close()
            raise
        if len(self._idle) < IDLE:
            self._idle.append((store, open_until))
        else:
            open_until.close()

    def _next(self) -> tuple[Store, ExitStack]:
        """One that waits, or a new one. Of a file that was moved or replaced, numbers would be shown that nothing adds to."""
        while True:
            try:
                store, open_until = self._idle.pop()
            except IndexError:
                open_until = ExitStack()
                return open_until.enter_context(self._open()), open_until
            if store.current():
                return store, open_until
            open_until.close()


def _close(idle: list[tuple[Store, ExitStack]]) -> None:
    for _, open_until in idle:
        open_until.close()
