"""Records: what comes in at the door, and that it comes back as it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from site_builder.errors import RosterError
from site_builder.membership.records import (
    LONGEST_RECORD,
    Ending,
    Grant,
    Join,
    Record,
    Reissue,
    Term,
    admit,
    clean_mail,
    decode,
    encode,
    new_member_id,
    parse_day,
)
from tests.membership import lives

MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=0)
)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=20)
ENTITLEMENTS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,11}", fullmatch=True)
MEMBERS = st.from_regex(r"m_[0-9A-Za-z]{10}", fullmatch=True)


@st.composite
def records(draw: st.DrawFn) -> Record:
    moment = draw(MOMENTS)
    days = st.none() | st.dates(moment.date(), date.max)
    granted = tuple(
        Term(entitlement=name, until=draw(days))
        for name in draw(st.lists(ENTITLEMENTS, min_size=1, max_size=3, unique=True))
    )
    common = {"member": draw(MEMBERS), "at": moment}
    keys = {"locator": draw(st.binary(min_size=8, max_size=8)), "kek": draw(st.binary(min_size=32, max_size=32))}
    return draw(
        st.sampled_from(
            [
                Join(**common, **keys, email="ada@example.com", name=draw(NAMES), terms=granted),
                Grant(**common, terms=granted),
                Ending(**common, cause="revoked", reason=draw(NAMES)),
                Ending(**common, cause="downgraded", entitlements=("pro",), terms=granted),
                Reissue(**common, **keys),
            ]
        )
    )


@given(records())
def test_a_record_comes_back_as_it_was_written(record: Record) -> None:
    raw = encode(record)
    assert decode(raw) == record
    assert encode(decode(raw)) == raw
    assert len(raw) <= LONGEST_RECORD


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("ada@example.com", "ada@example.com"),
        ("Ada.Lovelace+blog@Example.COM", "Ada.Lovelace+blog@example.com"),
        ("読者@例え.jp", "読者@例え.jp"),
        ("=1+1@example.com", "=1+1@example.com"),
    ],
)
def test_a_plain_mail_address_is_taken_with_its_domain_in_lower_case(text: str, clean: str) -> None:
    assert clean_mail(text) == clean
    assert clean_mail(clean) == clean


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@b@example.com",
        "ada @example.com",
        "ada@example.com\n",
        "ada\u202e@example.com",
        "ada\u00a0@example.com",
        "ada@example",
        "ada@.com",
        "ada@-example.com",
        "ada@exa_mple.com",
        "ada..b@example.com",
        ".ada@example.com",
        "<ada@example.com>",
        "ada@example.com,bob@example.com",
        "a" * 250 + "@example.com",
    ],
)
def test_what_is_no_plain_mail_address_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="a mail address"):
        clean_mail(text)


@given(st.text())
def test_a_mail_address_that_was_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        clean = clean_mail(text + "@" + text)
    except ValueError:
        return
    assert clean_mail(clean) == clean


def admitted(**changes: object) -> Join:
    fields: dict[str, object] = {
        **lives.join(1, lives.at(0), lives.terms(pro=3)).model_dump(exclude={"kind"}),
        **changes,
    }
    return admit(Join, **fields)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "two\nlines"}, "name: it must be one line"),
        ({"name": "left\u202eright"}, "name: it must be one line"),
        ({"name": "x" * 65}, "name: .*64"),
        ({"email": "ada"}, "email: a mail address has one @"),
        ({"terms": lives.terms(pro=-1)}, "before it starts"),
        ({"terms": lives.terms(pro=3) + lives.terms(pro=4)}, "granted once"),
        ({"terms": ()}, "terms"),
        ({"at": datetime(2026, 11, 1)}, "at: .*timezone"),
        ({"at": datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=1)))}, "at: a time is in UTC"),
        ({"member": "m_short"}, "member"),
        ({"kek": b"short"}, "kek"),
        ({"email": "a" * 200 + "@example.com", "name": "名" * 64}, "too long for a roster line"),
    ],
)
def test_a_bad_field_is_refused_at_the_door_with_its_name(changes: dict[str, object], words: str) -> None:
    with pytest.raises(RosterError, match=words):
        admitted(**changes)


def test_a_key_never_stands_in_an_error() -> None:
    with pytest.raises(RosterError) as caught:
        admitted(kek="c2VjcmV0", locator="c2VjcmV0")
    assert "c2VjcmV0" not in str(caught.value)


def test_emoji_names_that_need_joiners_are_names() -> None:
    assert admitted(name="👩\u200d💻 Ada").name == "👩\u200d💻 Ada"


def test_unknown_fields_and_kinds_are_refused() -> None:
    raw = encode(lives.grant(1, lives.at(0), lives.terms(pro=3)))
    for wrong in (
        raw.replace(b'"kind":"grant"', b'"kind":"gift"'),
        raw.replace(b'{"member"', b'{"colour":"red","member"'),
    ):
        assert wrong != raw
        with pytest.raises(ValidationError):
            decode(wrong)


def test_a_revocation_grants_nothing_and_a_downgrade_says_what_ends() -> None:
    with pytest.raises(RosterError, match="granted nothing"):
        admit(Ending, member=new_member_id(), at=lives.at(0), cause="revoked", terms=lives.terms(pro=1))
    with pytest.raises(RosterError, match="which tiers end"):
        admit(Ending, member=new_member_id(), at=lives.at(0), cause="downgraded", terms=lives.terms(supporter=1))


@pytest.mark.parametrize(
    "text", ["2027-W01-1", "20271231", "2027-02-30", "31.12.2027", " 2027-12-31", "２027-12-31", ""]
)
def test_only_iso_days_are_days(text: str) -> None:
    with pytest.raises(ValueError, match="a day such as"):
        parse_day(text)
