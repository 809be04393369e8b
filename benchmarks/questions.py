"""Questions to 2,000,000 events: how long each takes in SQLite and in ClickHouse's engine, and whether the answers are the same.

The events are of 90 days and 200 posts. Every question is asked of all of them, once with a comparison and once of one author.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.results import Row, at_most, show, step
from site_builder.analytics.clickhouse_store import ClickHouseStore
from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import Record
from site_builder.analytics.store import Store, open_store
from site_builder.analytics.table import Table
from tests.analytics.engines import ChDb
from tests.analytics.made_up import LAST_DAY, events, manifest

EVENTS, DAYS, POSTS, BATCH, TIMES = 2_000_000, 90, 200, 25_000, 3
ALLOWED = 300.0
ASKED = {
    "90 days": (Period.last(DAYS, LAST_DAY), Filter()),
    "45 days and the 45 before": (Period.last(DAYS // 2, LAST_DAY, "previous"), Filter()),
    "90 days of one author": (Period.last(DAYS, LAST_DAY), Filter(author="Ada")),
}


def batches() -> Iterator[list[Record]]:
    made = events(EVENTS, days=DAYS, posts=POSTS)
    while batch := list(islice(made, BATCH)):
        yield batch


def fill(store: Store) -> tuple[float, float]:
    """Load everything; seconds of loading and of rolling up."""
    loading = 0.0
    for batch in batches():
        start = time.perf_counter()
        store.load(batch)
        loading += time.perf_counter() - start
    start = time.perf_counter()
    store.roll_up()
    rolling = time.perf_counter() - start
    store.load_manifest(manifest(POSTS))
    return loading, rolling


def ask(store: Store) -> tuple[dict[tuple[str, str], Table], dict[str, float]]:
    """The answers, and the slowest milliseconds of each question: of each way to ask it the best of some times."""
    answers: dict[tuple[str, str], Table] = {}
    slowest: dict[str, float] = {}
    for name, question in QUESTIONS.items():
        for way, (period, where) in ASKED.items():
            best = float("inf")
            for _ in range(TIMES):
                start = time.perf_counter()
                answers[name, way] = question(store, period, where=where)
                best = min(best, (time.perf_counter() - start) * 1000)
            slowest[name] = max(slowest.get(name, 0.0), best)
    return answers, slowest


def main() -> int:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        stores: dict[str, Store] = {
            "SQLite": open_store(Path(folder) / "sqlite").__enter__(),
            "chDB": ClickHouseStore(ChDb(Path(folder) / "chdb")),
        }
        answers: dict[str, dict[tuple[str, str], Table]] = {}
        times: dict[str, dict[str, float]] = {}
        for name, store in stores.items():
            with step(f"{name}: loading {EVENTS:,} events"):
                loading, rolling = fill(store)
            rows.append(Row(f"{name}: loading", f"{EVENTS / loading:,.0f} events/s"))
            rows.append(Row(f"{name}: counting a day anew", f"{rolling / DAYS * 1000:,.0f} ms"))
            with step(f"{name}: asking"):
                answers[name], times[name] = ask(store)
        size = sum(path.stat().st_size for path in (Path(folder) / "sqlite").iterdir())
        rows.append(Row("SQLite: the file", f"{size / 1e6:,.0f} MB"))
        for question in QUESTIONS:
            rows.append(at_most(f"SQLite: {question}", times["SQLite"][question], ALLOWED, "{:,.0f} ms"))
            rows.append(Row(f"chDB: {question}", f"{times['chDB'][question]:,.0f} ms"))
        unlike = sum(answers["SQLite"][key] != answers["chDB"][key] for key in answers["SQLite"])
        rows.append(Row("answers that differ", f"{unlike} of {len(answers['SQLite'])}", "0", unlike == 0))
        for store in stores.values():
            store.close()
    return show(f"{EVENTS:,} events of {DAYS} days, {POSTS} posts: the slowest way to ask each question", rows)


if __name__ == "__main__":
    sys.exit(main())
