"""What addresses ask."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.analytics.dashboard.asked import FILTERS, Unclear, read_asked, usual
from site_builder.analytics.period import Filter, Period

TODAY = date(2026, 11, 22)


def test_an_address_that_says_nothing_asks_for_thirty_days() -> None:
    assert read_asked({}, "", TODAY) == usual({}, "", TODAY)
    assert usual({}, "", TODAY).period == Period(date(2026, 10, 24), TODAY)


def test_days_may_be_counted_or_named() -> None:
    assert read_asked({"days": "7"}, "", TODAY).period == Period(date(2026, 11, 16), TODAY)
    named = read_asked({"since": "2026-02-01", "until": "2026-02-03", "compare": "year"}, "", TODAY)
    assert named.period == Period(date(2026, 2, 1), date(2026, 2, 3), "year") and named.days == 0
    assert read_asked({"since": "2026-11-20"}, "", TODAY).period.days == 3
    assert read_asked({"until": "2026-01-30"}, "", TODAY).period == Period(date(2026, 1, 1), date(2026, 1, 30))


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ({"since": "yesterday"}, "unclear_day"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "unclear_order"),
        ({"since": "1990-01-01"}, "unclear_long"),
        ({"days": "0"}, "unclear_long"),
        ({"days": "²"}, "unclear_long"),
        ({"days": "99999999999"}, "unclear_long"),
        ({"until": "0001-01-05"}, "unclear_day"),
        ({"since": "1970-01-02", "until": "1970-01-03", "compare": "previous"}, "unclear_compare"),
    ],
)
def test_what_can_not_be_answered_says_why(said: dict[str, str], key: str) -> None:
    with pytest.raises(Unclear, match=f"^{key}$"):
        read_asked(said, "", TODAY)


@pytest.mark.parametrize(
    ("lang", "accepted", "language"),
    [
        ("zh", "en", "zh"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "fr, en-GB", "en"),
        ("xx", "", "en"),
        ("", "de,zh-TW", "zh"),
    ],
)
def test_the_language_is_named_or_the_browsers(lang: str, accepted: str, language: str) -> None:
    assert read_asked({"lang": lang}, accepted, TODAY).language == language


@given(
    st.fixed_dictionaries({name: st.text(max_size=20) for name in FILTERS}),
    st.sampled_from(["", "previous", "year"]),
    st.sampled_from([{"days": "90"}, {"since": "2026-01-02", "until": "2026-03-04"}]),
)
def test_an_address_that_a_page_writes_asks_the_same_again(
    where: dict[str, str], compare: str, days: dict[str, str]
) -> None:
    try:
        " ".join(where.values()).encode()
    except UnicodeEncodeError:
        return
    asked = read_asked({**where, **days, "compare": compare, "sort": "views", "rows": "all", "lang": "zh"}, "", TODAY)
    said = dict(parse_qsl(asked.address().removeprefix("?"), keep_blank_values=True))
    assert read_asked(said, "", TODAY) == asked and asked.where == Filter(**where)


def test_another_period_forgets_the_named_days_and_another_view_the_order() -> None:
    asked = read_asked({"since": "2026-01-02", "until": "2026-03-04", "sort": "views", "tag": "a&b"}, "", TODAY)
    assert asked.address(days=7) == "?tag=a%26b&sort=views&lang=en&days=7"
    assert asked.elsewhere(tag="") == "?since=2026-01-02&until=2026-03-04&lang=en"
