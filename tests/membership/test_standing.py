"""Who stands where: single lives told day by day, then any lives at all."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import ConfigError
from site_builder.membership.holding import people, rotation_day
from site_builder.membership.records import Record, Records, Term
from site_builder.membership.standing import Standing, stand
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Entry
from tests.membership.lives import (
    FIRST,
    OFFERS,
    at,
    day,
    downgrade,
    grant,
    join,
    key,
    lines,
    member_id,
    reissue,
    revoke,
    terms,
)

ROTATION = 7


def on(number: int, *records: Record) -> Standing:
    return stand(lines(*records), OFFERS, day(number), ROTATION)


def entries(standing: Standing) -> list[tuple[Entry, ...]]:
    return [holder.entries for holder in standing.holders]


def active(entitlement: str, last: int | None) -> Entry:
    return Entry(entitlement, True, None if last is None else day(last))


def expired(entitlement: str, last: int) -> Entry:
    return Entry(entitlement, False, day(last))


def counts(standing: Standing) -> dict[str, int]:
    return {entitlement: len(endings) for entitlement, endings in standing.endings.items() if endings}


def test_without_members_every_entitlement_is_at_its_first_epoch() -> None:
    assert on(0) == Standing(FIRST, (), {"supporter": (), "pro": (), "book": ()})


def test_a_member_counts_from_the_day_of_joining() -> None:
    ada = join(1, at(3), terms(pro=20))
    assert on(2, ada).holders == ()
    (holder,) = on(3, ada).holders
    assert (holder.name, holder.locator, holder.kek) == ("Reader 1", ada.locator, ada.kek)
    assert holder.entries == (active("pro", 20),)


def test_access_lasts_through_its_last_day_and_the_ending_waits_for_the_rotation_day() -> None:
    ada = join(1, at(0), terms(pro=8))
    assert entries(on(8, ada)) == [(active("pro", 8),)]
    assert entries(on(9, ada)) == [(expired("pro", 8),)]
    assert [rotation_day(day(number), ROTATION) for number in (4, 5, 11, 12)] == [day(4), day(11), day(11), day(18)]
    assert counts(on(10, ada)) == {}
    assert on(11, ada).endings["pro"] == (f"{member_id(1)}/{day(8)}",)
    assert on(400, ada).endings == on(11, ada).endings
    assert entries(on(400, ada)) == [(expired("pro", 8),)]


def test_expiries_of_one_rotation_are_gathered_on_one_day() -> None:
    several = [join(number, at(0), terms(pro=4 + number)) for number in range(7)]
    assert counts(on(10, *several)) == {}
    assert counts(on(11, *several)) == {"pro": 7}


def test_what_ran_out_on_the_eve_of_a_rotation_day_counts_on_that_day() -> None:
    assert counts(on(11, join(1, at(0), terms(pro=10)))) == {"pro": 1}


@pytest.mark.parametrize("renewed", [2, 8])
def test_a_renewal_before_the_end_leaves_no_gap(renewed: int) -> None:
    life = join(1, at(0), terms(pro=8)), grant(1, at(renewed), terms(pro=30))
    assert entries(on(9, *life)) == [(active("pro", 30),)]
    assert counts(on(30, *life)) == {}


@pytest.mark.parametrize("renewed", [9, 10, 11, 50])
def test_a_renewal_after_the_end_starts_on_its_own_day_and_the_ending_stays(renewed: int) -> None:
    life = join(1, at(0), terms(pro=8)), grant(1, at(renewed), terms(pro=90))
    assert entries(on(renewed, *life)) == [(active("pro", 90),)]
    assert on(51, *life).endings["pro"] == (f"{member_id(1)}/{day(8)}",)


def test_a_shorter_grant_takes_nothing_away() -> None:
    life = join(1, at(0), terms(pro=30, book=None)), grant(1, at(1), terms(pro=5, book=5))
    assert entries(on(6, *life)) == [(active("pro", 30), active("book", None))]


def test_a_revoked_member_is_gone_at_once_and_every_entitlement_ends() -> None:
    life = join(1, at(0), terms(supporter=60, pro=30, book=None)), revoke(1, at(2))
    assert counts(on(1, *life)) == {}
    assert on(2, *life).holders == ()
    assert on(2, *life).endings == dict.fromkeys(("supporter", "pro", "book"), ("0000000000000001",))
    assert counts(on(90, *life)) == {"supporter": 1, "pro": 1, "book": 1}


def test_added_and_revoked_on_one_day_is_revoked() -> None:
    life = join(1, at(0, 0), terms(pro=30)), revoke(1, at(0, 1))
    assert on(0, *life).holders == ()
    assert counts(on(0, *life)) == {"pro": 1}


def test_in_one_second_the_ending_comes_last() -> None:
    ending, renewal = revoke(1, at(3)), grant(1, at(3), terms(pro=60))
    for life in ((ending, renewal), (renewal, ending)):
        assert on(3, join(1, at(0), terms(pro=30)), *life).holders == ()


def test_revoked_and_granted_again_on_one_day_is_a_member_with_a_new_epoch() -> None:
    life = join(1, at(0), terms(pro=30)), revoke(1, at(3, 0)), grant(1, at(3, 1), terms(supporter=9))
    assert entries(on(3, *life)) == [(active("supporter", 9),)]
    assert counts(on(3, *life)) == {"pro": 1}


def test_one_product_can_end_and_leave_the_rest() -> None:
    life = join(1, at(0), terms(pro=30, book=None)), revoke(1, at(3), "book")
    assert entries(on(3, *life)) == [(active("pro", 30),)]
    assert counts(on(3, *life)) == {"book": 1}


def test_a_revocation_brings_a_waiting_expiry_forward() -> None:
    life = join(1, at(0), terms(pro=8)), revoke(1, at(9))
    assert counts(on(8, *life)) == {}
    assert counts(on(9, *life)) == {"pro": 1}
    assert counts(on(50, *life)) == {"pro": 1}


def test_a_reissue_brings_a_waiting_expiry_forward_and_it_stays_there() -> None:
    life = join(1, at(0), terms(pro=8)), reissue(1, at(9))
    assert [counts(on(number, *life)) for number in (8, 9, 10, 11)] == [{}, {"pro": 1}, {"pro": 1}, {"pro": 1}]


def test_a_downgrade_ends_the_higher_tier_at_once() -> None:
    life = join(1, at(0), terms(pro=30)), downgrade(1, at(5), terms(supporter=60), "pro")
    assert entries(on(4, *life)) == [(active("pro", 30),)]
    assert entries(on(5, *life)) == [(active("supporter", 60),)]
    assert counts(on(5, *life)) == {"pro": 1}
    assert counts(on(90, *life)) == {"pro": 1, "supporter": 1}


def test_an_upgrade_shows_the_higher_tier_alone_and_ends_nothing() -> None:
    life = join(1, at(0), terms(supporter=60)), grant(1, at(5), terms(pro=30))
    assert entries(on(5, *life)) == [(active("pro", 30),)]
    assert counts(on(30, *life)) == {}
    assert entries(on(31, *life)) == [(expired("pro", 30), active("supporter", 60))]


def test_a_reissue_kills_the_old_keys_at_once_and_keeps_what_is_held() -> None:
    life = join(1, at(0), terms(pro=30, book=None)), reissue(1, at(5))
    (before,), (after,) = on(4, *life).holders, on(5, *life).holders
    assert before.entries == after.entries
    assert {before.kek, before.locator}.isdisjoint({after.kek, after.locator})
    assert after.kek == key(f"token of 1 from {at(5)}")
    assert counts(on(5, *life)) == {"pro": 1, "book": 1}


def test_what_is_no_longer_offered_stops_a_build_while_somebody_holds_it() -> None:
    life = join(1, at(0), terms(pro=30, gold=5))
    with pytest.raises(ConfigError, match=f"{member_id(1)} holds 'gold'"):
        on(5, life)
    assert entries(on(6, life)) == [(active("pro", 30),)]


def test_an_epoch_is_its_number_and_the_key_of_its_endings() -> None:
    master = MasterKey(bytes(range(32)))
    standing = on(3, join(1, at(0), terms(pro=30)), revoke(1, at(2)))
    epochs = standing.epochs(master, "a-site")
    assert {name: epoch.number for name, epoch in epochs.items()} == {"supporter": 0, "pro": 1, "book": 0}
    assert epochs["pro"].key == master.epoch_key("a-site", "pro", 1, ["0000000000000001"])
    assert epochs["book"].key == master.epoch_key("a-site", "book", 0, [])


ENTITLEMENTS = ("supporter", "pro", "book")
DAYS = 25


@st.composite
def histories(draw: st.DrawFn, actions: int = 12) -> list[Record]:
    """Up to three members, and what happens to them in order of time."""
    moments = sorted(draw(st.lists(st.tuples(st.integers(0, DAYS), st.integers(0, 3)), max_size=actions)))
    records: list[Record] = [join(number, at(0), draw(granted(0))) for number in range(draw(st.integers(1, 3)))]
    number_of = st.integers(0, len(records) - 1)
    return records + [draw(action(draw(number_of), number, second)) for number, second in moments]


@st.composite
def granted(draw: st.DrawFn, first: int) -> tuple[Term, ...]:
    chosen = draw(st.lists(st.sampled_from(ENTITLEMENTS), min_size=1, unique=True))
    return terms(**{one: draw(st.none() | st.integers(first, first + 20)) for one in chosen})


@st.composite
def action(draw: st.DrawFn, number: int, on_day: int, second: int) -> Record:
    moment = at(on_day, second)
    some = draw(st.lists(st.sampled_from(ENTITLEMENTS), unique=True))
    return draw(
        st.sampled_from(
            [
                grant(number, moment, draw(granted(on_day))),
                revoke(number, moment, *some),
                reissue(number, moment),
                downgrade(number, moment, terms(supporter=on_day + 5), "pro"),
            ]
        )
    )


def endings(records: Records, number: int, rotation: int = ROTATION) -> Counter[tuple[str, str]]:
    found = stand(records, OFFERS, day(number), rotation).endings
    return Counter((entitlement, ending) for entitlement, ids in found.items() for ending in ids)


@given(histories(), st.data(), st.integers(0, DAYS + 30))
def test_the_order_of_lines_says_nothing(records: list[Record], data: st.DataObject, number: int) -> None:
    named = lines(*records)
    shuffled = dict(data.draw(st.permutations(list(named.items()))))
    assert stand(shuffled, OFFERS, day(number), ROTATION) == stand(named, OFFERS, day(number), ROTATION)


@given(histories(), st.integers(1, 10))
def test_an_ending_once_counted_is_counted_on_every_later_day(records: list[Record], rotation: int) -> None:
    told = [endings(lines(*records), number, rotation) for number in range(DAYS + 40)]
    assert all(earlier <= later for earlier, later in pairwise(told))
    assert all(one == 1 for one in told[-1].values())


@given(histories(), st.data())
def test_what_is_appended_later_takes_back_no_ending(records: list[Record], data: st.DataObject) -> None:
    last: datetime = max(record.at for record in records)
    number = data.draw(st.integers((last.date() - FIRST).days, DAYS + 20))
    who = data.draw(st.sampled_from([int(record.member[2:]) for record in records]))
    later = data.draw(action(who, number, 30))
    for before in range(number + 1):
        assert endings(lines(*records), before) <= endings(lines(*records, later), before)


def held(records: Records, number: int, rotation: int) -> set[tuple[bytes, str]]:
    """(key of a lockbox, entitlement) of all that is open on a day."""
    return {
        (member.kek, holding.entitlement)
        for member in people(records, day(number), rotation)
        for holding in member.holdings
        if holding.active
    }


@given(histories(), st.integers(1, 10))
def test_nobody_keeps_an_epoch_key_longer_than_a_rotation_after_losing_access(
    records: list[Record], rotation: int
) -> None:
    named = lines(*records)
    days = range(DAYS + 40)
    standings = [stand(named, OFFERS, day(number), rotation) for number in days]
    for number in days[:-rotation]:
        today, tomorrow = held(named, number, rotation), held(named, number + 1, rotation)
        for _, entitlement in today - tomorrow:
            was, will_be = (standings[one].endings[entitlement] for one in (number, number + rotation))
            assert set(was) < set(will_be)


@given(histories(), st.integers(0, DAYS))
def test_a_build_before_a_record_does_not_know_of_it(records: list[Record], number: int) -> None:
    past = {name: record for name, record in lines(*records).items() if record.at.date() <= day(number)}
    assert stand(past, OFFERS, day(number), ROTATION) == stand(lines(*records), OFFERS, day(number), ROTATION)


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.integers(1, 365))
def test_a_rotation_day_is_the_next_multiple_since_1970(today: date, rotation: int) -> None:
    boundary = rotation_day(today, rotation)
    assert (boundary - date(1970, 1, 1)).days % rotation == 0
    assert 0 <= (boundary - today).days < rotation
