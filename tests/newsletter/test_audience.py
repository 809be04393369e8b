"""Members and free readers as one audience: each person once, in their segments, with what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.errors import SendingError
from site_builder.membership.holding import Holding, Member
from site_builder.newsletter.addresses import normal_address, person
from site_builder.newsletter.audience import Person, audience, is_in, people, segment_of
from site_builder.newsletter.letters import recipient_names
from site_builder.newsletter.options import NewsletterOptions, Segment
from site_builder.newsletter.subscribers import Reader, Subscribers
from site_builder.vault.keys import MasterKey
from tests.newsletter.sendable import OFFERS, an_issue

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
SEGMENTS = NewsletterOptions.read({"segments": {"rust": {"who": "everyone", "interest": "Rust"}}}).all_segments(OFFERS)


@pytest.fixture
def subscribers(tmp_path: Path) -> Iterator[Subscribers]:
    with Subscribers(tmp_path / "subscribers.db") as opened:
        yield opened


def member(number: int, email: str, *held: str, lapsed: tuple[str, ...] = (), name: str = "") -> Member:
    holdings = [Holding(one, True, None) for one in held] + [Holding(one, False, date(2026, 1, 1)) for one in lapsed]
    return Member(f"m_{number:010}", email, name, NOON, NOON, b"l" * 8, b"k" * 32, tuple(holdings), ())


def reader(address: str, *interests: str) -> Reader:
    return Reader(address=address, consented=NOON.date(), interests=interests)


def test_who_is_reader_and_member_is_one_person_with_the_members_access(subscribers: Subscribers) -> None:
    subscribers.add([reader("Ada@example.com", "rust"), reader("bob@example.com")])
    found = people(
        [member(1, "ada@EXAMPLE.com", "pro", name="Ada"), member(2, "ADA@example.com", "course")], subscribers
    )
    assert list(found) == ["ada@example.com", "bob@example.com"]
    ada = found["ada@example.com"]
    assert (ada.name, ada.held, ada.interests) == ("Ada", frozenset({"pro", "course"}), frozenset({"rust"}))


def test_who_has_no_access_any_more_is_only_what_they_subscribed_to(subscribers: Subscribers) -> None:
    subscribers.add([reader("ada@example.com")])
    members = [member(1, "ada@example.com", lapsed=("pro",)), member(2, "bob@example.com", lapsed=("pro",))]
    assert people(members, subscribers) == {"ada@example.com": Person("ada@example.com")}


def test_a_withdrawal_wins_over_membership(subscribers: Subscribers) -> None:
    subscribers.withdraw("ADA@example.com", "unsubscribed", NOON)
    assert people([member(1, "ada@example.com", "pro")], subscribers) == {}


HELD = {
    "free": frozenset[str](),
    "supporter": frozenset({"supporter"}),
    "pro": frozenset({"pro"}),
    "course": frozenset({"course"}),
}


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("everyone", {"free", "supporter", "pro", "course"}),
        ("free", {"free"}),
        ("members", {"supporter", "pro", "course"}),
        ("supporter", {"supporter", "pro"}),
        ("pro", {"pro"}),
        ("course", {"course"}),
        ("rust", set()),
    ],
)
def test_a_segment_has_those_it_names(name: str, who: set[str]) -> None:
    (segment,) = segment_of([name], SEGMENTS)
    assert {one for one, held in HELD.items() if is_in(Person(f"{one}@example.com", held=held), segment, OFFERS)} == who


def test_an_interest_narrows_a_segment_whatever_its_case() -> None:
    rust = Segment.model_validate({"who": ["free"], "interest": "Rust"})
    assert is_in(Person("a@example.com", interests=frozenset({"rust"})), rust, OFFERS)
    assert not is_in(Person("a@example.com", interests=frozenset({"rustic"})), rust, OFFERS)
    assert not is_in(Person("a@example.com", held=frozenset({"pro"}), interests=frozenset({"rust"})), rust, OFFERS)


def test_an_unknown_segment_names_those_there_are() -> None:
    with pytest.raises(SendingError, match="there is no segment 'gold'") as caught:
        segment_of(["everyone", "gold"], SEGMENTS)
    assert caught.value.hint == "The segments are: everyone, free, members, supporter, pro, course, rust."


NAMES = st.sampled_from(["ada", "Ada", "ADA", "bob", "cy", "Cy"])
MEMBERS = st.lists(st.tuples(NAMES, st.sets(st.sampled_from(["supporter", "pro", "course"]))), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(MEMBERS, st.lists(NAMES, max_size=6), st.lists(NAMES, max_size=3), st.sampled_from(sorted(SEGMENTS)))
def test_nobody_is_there_twice_and_nobody_who_withdrew(
    tmp_path_factory: pytest.TempPathFactory,
    members: list[tuple[str, set[str]]],
    readers: list[str],
    withdrawn: list[str],
    segment: str,
) -> None:
    folder = tmp_path_factory.mktemp("audience")
    issue = an_issue(folder / "floats")
    with Subscribers(folder / "subscribers.db") as subscribers:
        subscribers.add([reader(f"{name}@example.com") for name in readers])
        for name in withdrawn:
            subscribers.withdraw(f"{name}@example.com", "unsubscribed", NOON)
        everybody = people(
            [member(number, f"{name}@example.com", *held) for number, (name, held) in enumerate(members)], subscribers
        )
    found = audience(issue, everybody, segment_of([segment], SEGMENTS), OFFERS)
    who = [person(one.address) for one in found]
    assert len(who) == len(set(who))
    assert not set(who) & {f"{name.lower()}@example.com" for name in withdrawn}
    all_held = {name.lower(): set[str]() for name, _ in members}
    for name, held in members:
        all_held[name.lower()] |= held
    for one in found:
        held = all_held.get(person(one.address).partition("@")[0], set())
        assert one.variant == ("pro" if "pro" in held else "supporter" if "supporter" in held else "public")
    if segment == "everyone":
        subscribed = {name.lower() for name in readers} | {name for name, held in all_held.items() if held}
        assert set(who) == {f"{name}@example.com" for name in subscribed - {name.lower() for name in withdrawn}}


def test_what_names_a_reader_in_a_link_tells_nothing_of_them_and_is_the_same_each_time() -> None:
    key, other = MasterKey(bytes(range(32))), MasterKey(bytes(32))
    names = recipient_names(key, "site", ["ada@example.com", "ADA@example.com", "bob@example.com"])
    assert names["ada@example.com"] == names["ADA@example.com"] != names["bob@example.com"]
    assert len({*names.values(), *recipient_names(other, "site", names).values()}) == 4
    assert recipient_names(key, "other", names) != names
    assert all(len(name) == 22 and "ada" not in name for name in names.values())


def test_what_names_a_reader_is_as_it_always_was() -> None:
    """Links in mails that went out must go on working."""
    names = recipient_names(MasterKey(bytes(range(32))), "test-blog", [normal_address("ada@example.com")])
    assert names == {"ada@example.com": "072PJ-pZLhRCLHZ36Xf6rg"}
