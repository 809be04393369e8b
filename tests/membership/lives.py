"""Records of made-up members, from numbers alone, for the tests of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from site_builder.content.offers import Offers
from site_builder.membership.records import Ending, Grant, Join, Record, Reissue, Term

OFFERS = Offers.parse(
    [{"id": "supporter", "name": "Supporter"}, {"id": "pro", "name": "Pro"}], [{"id": "book", "name": "Book"}]
)
FIRST = date(2026, 11, 1)
"""A Sunday; days are counted from it. Of weeks that begin at 1970-01-01, a Thursday, the next begins on day 4."""


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def at(number: int, second: int = 0) -> datetime:
    return datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=12, seconds=second)


def member_id(number: int) -> str:
    return f"m_{number:010}"


def key(name: str, length: int = 32) -> bytes:
    return sha256(name.encode()).digest()[:length]


def terms(**until: int | None) -> tuple[Term, ...]:
    """``terms(pro=3, book=None)``: pro up to day 3, the book without end."""
    return tuple(Term(entitlement=name, until=None if last is None else day(last)) for name, last in until.items())


def join(number: int, on: datetime, granted: tuple[Term, ...]) -> Join:
    token = f"first token of {number}"
    return Join(
        member=member_id(number),
        at=on,
        email=f"reader{number}@example.com",
        name=f"Reader {number}",
        locator=key(token, 8),
        kek=key(token),
        terms=granted,
    )


def grant(number: int, on: datetime, granted: tuple[Term, ...]) -> Grant:
    return Grant(member=member_id(number), at=on, terms=granted)


def revoke(number: int, on: datetime, *only: str) -> Ending:
    return Ending(member=member_id(number), at=on, cause="revoked", entitlements=only)


def downgrade(number: int, on: datetime, granted: tuple[Term, ...], *ending: str) -> Ending:
    return Ending(member=member_id(number), at=on, cause="downgraded", entitlements=ending, terms=granted)


def reissue(number: int, on: datetime) -> Reissue:
    token = f"token of {number} from {on}"
    return Reissue(member=member_id(number), at=on, locator=key(token, 8), kek=key(token))


def lines(*records: Record) -> dict[str, Record]:
    """Records under line ids that follow from their place: ``0000000000000000``, ``0000000000000001`` …"""
    return {f"{number:016}": record for number, record in enumerate(records)}
