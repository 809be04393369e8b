"""What the next build is told of readers: each finding from events that were made for it, and nothing from too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from site_builder.analytics.insights import ALSO_READERS, LEAVING_VIEWS, POPULAR_READERS, STALE_READERS, gather
from site_builder.analytics.period import Period, day_number
from site_builder.analytics.record import DAY, Record
from site_builder.analytics.sqlite_store import SqliteStore
from site_builder.engagement.insights import PostInsights
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import LAST_DAY, events, identifier, manifest

MADE = manifest(20)
IDS = [post.id for post in MADE.posts]
PERIOD = Period.last(30, LAST_DAY)
BEFORE = LAST_DAY - timedelta(40)


@dataclass
class Readers:
    """Makes page views of posts by visitors, and loads them."""

    store: SqliteStore
    records: list[Record] = field(default_factory=list)
    _number: Iterator[int] = field(default_factory=count)

    def read(self, post: int, visitor: int, day: date = LAST_DAY, heading: str = "", scroll: int = 50) -> None:
        number = next(self._number)
        t = day_number(day) * DAY + number
        view = Record(
            id=identifier(number, 2), site=MADE.site, name="pageview", t=t, received=t, pv=identifier(number, 3), url="/",
            post=IDS[post], visitor=f"{visitor:016x}", props={},
        )  # fmt: skip
        told = {"scroll": scroll, "active_ms": 1000, "heading": heading} if heading else {}
        self.records.append(view)
        if told:
            self.records.append(view._replace(id=identifier(number, 4), name="engagement", t=t + 1, props=told))

    def found(self, known: Manifest = MADE) -> dict[str, PostInsights]:
        self.store.load_manifest(known)
        self.store.load(self.records)
        self.store.roll_up()
        return {post.id: post for post in gather(self.store, PERIOD).posts}


@pytest.fixture
def readers(tmp_path: Path) -> Iterator[Readers]:
    with SqliteStore(tmp_path / "events.sqlite") as store:
        yield Readers(store)


def test_readers_are_counted_in_the_period_and_before(readers: Readers) -> None:
    for visitor in range(4):
        readers.read(0, visitor)
        readers.read(0, visitor)  # again on the same day
    readers.read(0, 1, BEFORE)
    readers.read(1, 1, BEFORE)
    found = readers.found()
    assert [(found[IDS[post]].readers, found[IDS[post]].before) for post in (0, 1)] == [(4, 1), (0, 1)]


def test_popular_is_what_has_the_most_readers_and_enough_of_them(readers: Readers) -> None:
    for post, many in ((0, POPULAR_READERS), (1, POPULAR_READERS + 3), (2, POPULAR_READERS - 1)):
        for visitor in range(many):
            readers.read(post, 100 * post + visitor)
    readers.found()
    assert gather(readers.store, PERIOD).popular == (IDS[1], IDS[0])


def test_what_is_read_together_stands_before_what_everybody_reads(readers: Readers) -> None:
    for visitor in range(100):
        readers.read(0, visitor)  # everybody's
    for visitor in range(12):
        readers.read(1, visitor)
        readers.read(2, visitor)
    for visitor in range(20, 20 + ALSO_READERS - 1):
        readers.read(3, visitor)  # too few with anything
    found = readers.found()
    assert found[IDS[1]].also_read == (IDS[2], IDS[0])
    assert found[IDS[3]].also_read == ()


def test_the_heading_at_which_many_leave_is_named_but_the_last_is_not(readers: Readers) -> None:
    for visitor in range(30):
        readers.read(0, visitor, heading="part-2" if visitor < 18 else "part-5")
    for visitor in range(LEAVING_VIEWS - 1):
        readers.read(1, visitor, heading="part-2")
    found = readers.found()
    leaving = found[IDS[0]].leaving
    assert leaving and (leaving.heading, leaving.views, leaving.share) == ("part-2", 30, 0.6)
    assert found[IDS[1]].leaving is None


def test_members_who_read_on_behind_the_gate_have_not_left_at_its_last_public_headings(readers: Readers) -> None:
    """Headings of a gated part are in no manifest."""
    assert MADE.posts[0].access and not MADE.posts[1].access
    for post in (0, 1):
        for visitor in range(60):
            readers.read(post, visitor, heading="hidden" if visitor < 40 else "part-2")
    found = readers.found()
    assert found[IDS[0]].leaving is None
    leaving = found[IDS[1]].leaving  # of a public post it is a heading that is no longer there
    assert leaving and leaving.share == 1.0


@pytest.mark.parametrize(
    ("before", "now", "site", "revised", "stale"),
    [
        (STALE_READERS, 10, 60, 400, True),
        (STALE_READERS, 10, 60, 20, False),  # revised a while ago
        (STALE_READERS - 1, 10, 60, 400, False),  # too few to tell
        (STALE_READERS, 20, 60, 400, False),  # kept most
        (STALE_READERS, 10, 12, 400, False),  # the whole site lost as much
    ],
)
def test_stale_is_what_was_not_revised_and_lost_more_than_the_site(
    readers: Readers, before: int, now: int, site: int, revised: int, stale: bool
) -> None:
    for visitor in range(before):
        readers.read(0, visitor, BEFORE)
    for visitor in range(60):
        readers.read(1, 100 + visitor, BEFORE)
    for visitor in range(now):
        readers.read(0, visitor)
    for visitor in range(site):
        readers.read(1, 100 + visitor)
    updated = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=UTC) - timedelta(revised)
    posts = tuple(post.model_copy(update={"updated": updated}) for post in MADE.posts)
    assert readers.found(MADE.model_copy(update={"posts": posts}))[IDS[0]].stale is stale


def test_posts_that_the_manifest_has_no_longer_are_left_out(readers: Readers) -> None:
    for visitor in range(9):
        readers.read(0, visitor)
        readers.read(1, visitor)
    found = readers.found(MADE.model_copy(update={"posts": MADE.posts[1:]}))
    assert IDS[0] not in found and found[IDS[1]].also_read == ()
    assert gather(readers.store, PERIOD).popular == (IDS[1],)


def test_nobody_can_be_found_in_it_and_no_words(readers: Readers) -> None:
    readers.store.load_manifest(MADE)
    readers.store.load(events(1500, days=10, posts=20))
    readers.store.roll_up()
    raw = gather(readers.store, PERIOD).to_json()
    (visitors,) = zip(*readers.store.rows("SELECT DISTINCT visitor FROM {events} WHERE visitor != ''"), strict=True)
    assert not [one for one in visitors if one.encode() in raw]
    assert b"Post" not in raw and b"http" not in raw and b"m_" not in raw


def test_of_a_store_without_events_it_is_a_file_without_posts(readers: Readers) -> None:
    assert readers.found() == {}


def test_a_store_without_a_manifest_tells_how_it_gets_one(readers: Readers) -> None:
    with pytest.raises(AnalyticsError, match="does not know what the posts are called"):
        gather(readers.store, PERIOD)
