"""A store with made-up readers, and one that nobody has been to."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics.dashboard.asking import Author, signed_in
from tests.analytics.made_up import events, manifest


@pytest.fixture(scope="session")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 events of sixty days, with posts' names."""
    path = tmp_path_factory.mktemp("dashboard") / "events.sqlite"
    with SqliteStore(path) as store:
        store.load_manifest(manifest())
        store.load(events(20_000, days=60))
        store.roll_up()
    return path


@pytest.fixture(scope="session")
def author(tmp_path_factory: pytest.TempPathFactory, store_path: Path) -> Author:
    """Has signed in, and stays so."""
    return signed_in(tmp_path_factory.mktemp("author"), store_path)


@pytest.fixture(scope="session")
def new_author(tmp_path_factory: pytest.TempPathFactory) -> Author:
    """Has signed in to a dashboard whose store has nothing in it."""
    data = tmp_path_factory.mktemp("new_author")
    return signed_in(data, data / "empty.sqlite")
