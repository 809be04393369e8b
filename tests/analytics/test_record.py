"""An event's record: one line of JSON and back, and a time that no clock can put into the future."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.analytics.record import OLDEST, Record, corrected, from_line

ONE = Record("a", "blog", "pageview", 1, 2, "b", "/", props={"lang": "zh"})
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    texts,
    texts,
    st.integers(0, 2**53),
    st.dictionaries(texts, st.one_of(texts, st.booleans(), st.integers(-(2**53), 2**53))),
)
def test_a_line_gives_the_same_record_again(id: str, member: str, t: int, props: dict[str, object]) -> None:
    record = ONE._replace(id=id, member=member, t=t, props=props)
    line = record.to_line()
    assert b"\n" not in line
    assert from_line(line) == record


def test_a_field_that_only_a_later_version_knows_is_left_out() -> None:
    line = ONE.to_line().replace(b'{"id"', b'{"weather":"rain","id"')
    assert from_line(line) == ONE


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'{"id": 1', b"\xff", b"null"])
def test_what_is_no_record_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):
        from_line(line)


def test_a_clock_that_is_wrong_is_put_right_by_the_time_of_sending() -> None:
    assert corrected(t=1_000, sent=4_000, received=90_000) == 87_000


@pytest.mark.parametrize(
    ("t", "sent", "expected"),
    [(9_000, 4_000, 10 * OLDEST), (0, 20 * OLDEST, 9 * OLDEST), (-5, -1, 10 * OLDEST - 4)],
    ids=["happened after it was sent", "waited too long", "before 1970"],
)
def test_the_time_lies_within_the_week_before_it_came(t: int, sent: int, expected: int) -> None:
    assert corrected(t, sent, received=10 * OLDEST) == expected
