"""The stores behind pages: kept open, one for each page at once, and opened anew after an error."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from site_builder.analytics.dashboard.stores import IDLE, Stores
from site_builder.analytics.sqlite_store import SqliteStore
from site_builder.analytics.store import Bound
from site_builder.errors import AnalyticsError
from tests.analytics.dashboard.asking import signed_in
from tests.analytics.made_up import events


class Opening:
    """Opens the store of a file, and remembers those that it opened."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened: list[SqliteStore] = []

    def __call__(self) -> SqliteStore:
        self.opened.append(SqliteStore(self.path))
        return self.opened[-1]


def is_closed(store: SqliteStore) -> bool:
    try:
        store.rows("SELECT 1")
    except AnalyticsError as error:
        if "closed database" not in error.what:
            raise
        return True
    return False


def test_pages_one_after_the_other_share_a_store(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "events.sqlite")
    author = signed_in(tmp_path, opening)
    assert [author.ask(view).status_code for view in ("reading", "posts", "groups")] == [200] * 3
    assert len(opening.opened) == 1 and not is_closed(opening.opened[0])


def test_pages_at_once_have_a_store_each_and_few_stay_open(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "events.sqlite")
    stores = Stores(opening)
    inside = threading.Barrier(IDLE + 2)

    def read() -> None:
        with stores.one() as store:
            inside.wait()
            store.rows("SELECT 1")

    threads = [threading.Thread(target=read) for _ in range(IDLE + 1)]
    for thread in threads:
        thread.start()
    inside.wait()
    for thread in threads:
        thread.join()
    assert len(opening.opened) == IDLE + 1
    assert sum(is_closed(store) for store in opening.opened) == 1


def test_after_an_error_the_store_is_opened_anew(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "events.sqlite")
    author = signed_in(tmp_path, opening)
    assert author.ask("reading").status_code == 200
    with SqliteStore(opening.path):  # so that its files stay
        opening.opened[0].close()  # as a server that has gone away
        assert author.ask("reading").status_code in (500, 503)
        assert author.ask("reading").status_code == 200
    assert len(opening.opened) == 2


@pytest.mark.parametrize("replaced", [False, True])
def test_a_store_whose_file_was_moved_away_is_closed_and_the_next_page_reads_what_is_there_now(
    tmp_path: Path, replaced: bool
) -> None:
    opening = Opening(tmp_path / "events.sqlite")
    stores = Stores(opening)
    with stores.one() as one, stores.one() as other:
        one.load(events(30, days=1))
        assert other.rows("SELECT count(*) FROM events") == [(30,)]
    (tmp_path / "old").mkdir()
    for path in tmp_path.glob("events.sqlite*"):
        path.rename(tmp_path / "old" / path.name)
    if replaced:
        with SqliteStore(opening.path) as fresh:
            fresh.load(events(7, days=1))
    with stores.one() as store:
        assert store.rows("SELECT count(*) FROM events") == [(7 if replaced else 0,)]
        assert [is_closed(one) for one in opening.opened] == [True, True, False]


def test_a_query_that_is_wrong_does_not_count_as_a_closed_store(tmp_path: Path) -> None:
    class Broken(SqliteStore):
        def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
            return super().rows("SELECT a FROM nowhere")

    with Broken(tmp_path / "events.sqlite") as store, pytest.raises(AnalyticsError, match="no such table"):
        is_closed(store)


def test_what_can_not_be_opened_is_tried_again_by_the_next_page(tmp_path: Path) -> None:
    path = tmp_path / "events.sqlite"
    path.write_bytes(b"no database, and long enough to see it" * 30)
    stores = Stores(Opening(path))
    with pytest.raises(AnalyticsError), stores.one():
        raise AssertionError("opened")
    path.unlink()
    with stores.one() as store:
        assert store.rows("SELECT count(*) FROM events") == [(0,)]


def test_stores_that_wait_are_closed_with_the_dashboard(tmp_path: Path) -> None:
    opening = Opening(tmp_path / "events.sqlite")
    stores = Stores(opening)
    with stores.one():
        pass
    del stores
    assert is_closed(opening.opened[0])
