"""Single events go after their time or when somebody asks; what was counted stays, and is then what it would be without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from site_builder.analytics import questions
from site_builder.analytics.period import Period, day_number
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import DAY, Record
from site_builder.analytics.retention import SHORTEST, forget_member, forget_visitor, prune
from site_builder.analytics.store import Store, open_store
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import LAST_DAY, events, manifest

MADE = list(events(4000, days=12))
PERIOD = Period.last(14, LAST_DAY)
NOW = day_number(LAST_DAY) * DAY + DAY // 2
MEMBER = next(event.member for event in MADE if event.member)
VISITOR = next(event.visitor for event in MADE if event.post and not event.bot and event.t > NOW - 3 * DAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store") as opened:
        yield filled(opened, MADE)


def filled(store: Store, records: list[Record]) -> Store:
    store.load_manifest(manifest())
    store.load(records)
    store.roll_up()
    return store


def answers(store: Store) -> dict[str, Any]:
    return {name: ask(store, PERIOD).rows for name, ask in QUESTIONS.items()}


@pytest.mark.parametrize(
    ("forget", "theirs"),
    [
        (lambda store: forget_visitor(store, VISITOR), lambda event: event.visitor == VISITOR),
        (lambda store: forget_member(store, MEMBER), lambda event: event.member == MEMBER),
    ],
    ids=["visitor", "member"],
)
def test_who_is_forgotten_might_never_have_been_there(
    forget: Callable[[Store], int], theirs: Callable[[Record], bool], store: Store, tmp_path: Path
) -> None:
    others = [event for event in MADE if not theirs(event)]
    before = answers(store)
    assert forget(store) == len(MADE) - len(others) > 0
    with open_store(tmp_path / "others") as without:
        expected = answers(filled(without, others))
    assert before != answers(store) == expected
    assert forget(store) == 0


def test_nothing_of_a_member_is_left_in_the_files(tmp_path: Path) -> None:
    secret = "f0e9a7d3" * 4
    mine = [event._replace(member=secret) if event.member == MEMBER else event for event in MADE]
    with open_store(tmp_path) as store:
        filled(store, mine)
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert secret.encode() in held
        forget_member(store, secret)
        left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert (tmp_path / "events.sqlite-wal").stat().st_size == 0
    assert secret.encode() not in left


def test_answers_stay_when_events_go(store: Store) -> None:
    before = answers(store)
    old = sum(event.t // DAY < day_number(LAST_DAY) - 9 for event in MADE)
    assert prune(store, 9, NOW) == old > 0
    after = answers(store)
    assert {name for name in before if before[name] != after[name]} == {"words"}
    assert set(after["words"]) < set(before["words"])
    assert prune(store, 9, NOW) == 0


def test_what_was_not_yet_counted_is_counted_before_it_goes(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        store.load(MADE)
        prune(store, 9, NOW)
        store.roll_up()
        views = dict(questions.overview(store, PERIOD).rows)["views"]
    people = {event.pv for event in MADE if event.name == "pageview" and event.bot < 50}
    assert views == len(people)


def test_a_closed_day_takes_no_more_and_is_not_counted_anew(store: Store) -> None:
    prune(store, 9, NOW)
    before = answers(store)
    assert store.load(MADE).new == 0
    closed = [event for event in MADE if event.member == MEMBER and event.t // DAY < day_number(LAST_DAY) - 9]
    assert closed
    forget_member(store, MEMBER)
    assert store.roll_up(range(PERIOD.bounds["since"], day_number(LAST_DAY))) == 13
    first, last = PERIOD.since, LAST_DAY.replace(day=LAST_DAY.day - 10)
    kept = questions.over_time(store, Period(first, last)).rows
    assert kept == before["over_time"][: len(kept)]


def test_a_clock_that_was_ahead_stops_nothing_for_long(store: Store) -> None:
    before = answers(store)
    prune(store, 30, NOW + 3000 * DAY)
    assert store.load([MADE[-1]._replace(id="later", t=NOW + DAY)]).late == 1
    prune(store, 30, NOW)
    assert store.load([MADE[-1]._replace(id="today", t=NOW)]).late == 1
    assert store.load([MADE[-1]._replace(id="tomorrow", t=NOW + DAY)]).new == 1
    store.roll_up()
    assert answers(store) | {"words": ()} == before | {"words": ()}


def test_events_are_kept_until_the_last_may_have_come(store: Store) -> None:
    with pytest.raises(AnalyticsError, match="a week later"):
        prune(store, SHORTEST - 1, NOW)
    assert prune(store, SHORTEST, NOW) > 0


def test_what_names_nobody_is_refused(store: Store) -> None:
    for wrong in ("", "%", "00000000000000AA", VISITOR + "0"):
        with pytest.raises(AnalyticsError):
            forget_visitor(store, wrong)
    for wrong in ("' OR 1=1 --", "%", MEMBER + "0"):
        with pytest.raises(AnalyticsError):
            forget_member(store, wrong)
    assert store.forget(member="' OR 1=1 --") == 0


@pytest.mark.parametrize("member", ["", "m_AnyMember", "ada@example.com"])
def test_who_is_named_as_in_the_roster_is_told_how_events_name_members(tmp_path: Path, member: str) -> None:
    with open_store(tmp_path) as store, pytest.raises(AnalyticsError, match="members show MEMBER --in-events"):
        forget_member(store, member)
