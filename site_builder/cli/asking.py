"""Opening a store to ask it: unlike the collector's commands, these make none where there is none."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

from site_builder.analytics.sqlite_store import FILE
from site_builder.analytics.store import Store, named, open_store
from site_builder.cli.dates import today
from site_builder.errors import AnalyticsError, Place


def asked(data: Path, store: str) -> AbstractContextManager[Store]:
    """The store that ``--data`` and ``--store`` name. Raises AnalyticsError if there is none, ConfigError if it can be none."""
    where = named(store, data)
    if store == "sqlite" and not (data / FILE).is_file():
        raise AnalyticsError(
            "there is no store of events",
            place=Place(data / FILE),
            hint="Name the collector's folder with --data, or its store with --store.",
        )
    return open_store(where)


def yesterday() -> date:
    """The last day that is over, in UTC."""
    return today() - timedelta(1)
