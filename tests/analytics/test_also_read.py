"""Posts that are read on the same day: of all posts and of some."""

from __future__ import annotations

from pathlib import Path

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions import also_read
from site_builder.analytics.store import Store, open_store
from tests.analytics.made_up import LAST_DAY, events, manifest

PERIOD = Period.last(5, LAST_DAY, "previous")
EVENTS = list(events(3000, days=12))


def filled(store: Store) -> Store:
    store.load(EVENTS)
    store.roll_up()
    store.load_manifest(manifest())
    return store


def test_posts_read_together_are_the_same_from_all_and_from_some(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        whole = also_read(filled(store), PERIOD).records()
        for tag in ("sql", "python"):
            ids = {post.id for post in manifest().posts if tag in post.tags}
            some = also_read(store, PERIOD, where=Filter(tag=tag)).records()
            assert some == [row for row in whole if row["post"] in ids] != []
