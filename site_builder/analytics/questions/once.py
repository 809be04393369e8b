"""A store as one page or report sees it: several questions read the same sums, and each is asked of the engine once."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Protocol

from site_builder.analytics.store import Bound
from site_builder.engagement.manifest import Manifest


class Readable(Protocol):
    """What questions need of a store."""

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        """As in ``Store``."""

    def manifest(self) -> Manifest | None:
        """As in ``Store``."""


class Once:
    """Remembers what was asked for as long as it lives, which is one page: nothing in it grows old."""

    def __init__(self, store: Readable) -> None:
        self._store = store
        self._found: dict[tuple[object, ...], list[tuple[Any, ...]]] = {}

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        """As in ``Store``; whoever gets the same list again leaves it as it is."""
        asked = sql, *((name, value if isinstance(value, int | str) else tuple(value)) for name, value in bound.items())
        if asked not in self._found:
            self._found[asked] = self._store.rows(sql, **bound)
        return self._found[asked]

    def manifest(self) -> Manifest | None:
        return self._manifest

    @cached_property
    def _manifest(self) -> Manifest | None:
        return self._store.manifest()
