"""Questions of one page read the same sums, and these are asked of the engine once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.questions.once import Once
from site_builder.analytics.store import Bound, Store, open_store
from site_builder.engagement.manifest import Manifest
from tests.analytics.made_up import LAST_DAY, events, manifest


class Asked:
    """A store, and what it was asked."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.queries: list[str] = []

    def rows(self, sql: str, **bound: Bound) -> list[tuple[Any, ...]]:
        self.queries.append(sql)
        return self.store.rows(sql, **bound)

    def manifest(self) -> Manifest | None:
        return self.store.manifest()


def test_questions_of_one_page_ask_the_engine_once_and_answer_the_same(tmp_path: Path) -> None:
    names, period = ("authors", "tags", "categories", "series"), Period.last(5, LAST_DAY, "previous")
    with open_store(tmp_path) as store:
        store.load(events(3000, days=12))
        store.roll_up()
        store.load_manifest(manifest())
        asked = Asked(store)
        page = Once(asked)
        for name in (*names, *names):
            for where in (Filter(), Filter(tag="sql")):
                table = QUESTIONS[name](page, period, where=where)
                assert table == QUESTIONS[name](store, period, where=where) and table.rows
    assert len(asked.queries) == 8  # sums and unlocks, of both periods, of all posts and of some
