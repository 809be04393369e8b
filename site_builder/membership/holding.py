"""One member's records told in order of time: what the member holds on a day, and which of it has ended by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from site_builder.membership.records import Ending, Join, Record, Records, Reissue, Term

EPOCH_DAY = date(1970, 1, 1)
_ORDER = {"join": 0, "grant": 1, "reissue": 2, "ending": 3}


@dataclass(frozen=True)
class Holding:
    """One entitlement in one member's hands. ``until`` is the last day of access, in UTC; ``None`` is without end."""

    entitlement: str
    active: bool
    until: date | None


@dataclass(frozen=True)
class Member:
    """A person on a given day. Who was revoked has no holdings; who has expired keeps them, inactive."""

    id: str
    email: str
    name: str
    joined: datetime
    last: datetime
    """The time of the latest record, even of one after the day."""
    locator: bytes = field(repr=False)
    kek: bytes = field(repr=False)
    holdings: tuple[Holding, ...]
    endings: tuple[tuple[str, str], ...]
    """(entitlement, ending id) of what has ended by the day. See ``standing.Standing``."""

    @property
    def state(self) -> Literal["active", "expired", "revoked"]:
        """Whether something lasts, all ran out, or nothing was left."""
        if any(holding.active for holding in self.holdings):
            return "active"
        return "expired" if self.holdings else "revoked"


def rotation_day(day: date, rotation: int) -> date:
    """The first day, from ``day`` on, that is a multiple of ``rotation`` days after 1970-01-01."""
    return day + timedelta(days=-(day - EPOCH_DAY).days % rotation)


def people(records: Records, day: date, rotation: int) -> Iterator[Member]:
    """Everybody who had joined by ``day``, as they stood on it. Records after ``day`` do not count; their order never does."""
    lives: defaultdict[str, list[tuple[str, Record]]] = defaultdict(list)
    for record_id, record in records.items():
        lives[record.member].append((record_id, record))
    for life in lives.values():
        life.sort(key=lambda item: (item[1].at, _ORDER[item[1].kind], item[0]))
        past = [(record_id, record) for record_id, record in life if record.at.date() <= day]
        if past and isinstance(past[0][1], Join):
            yield _tell(past, past[0][1], life[-1][1].at, day, rotation)


def _tell(past: Iterable[tuple[str, Record]], join: Join, last: datetime, day: date, rotation: int) -> Member:
    locator, kek = join.locator, join.kek
    story = _Story(join.member, rotation)
    for record_id, record in past:
        today = record.at.date()
        if isinstance(record, Reissue):
            locator, kek = record.locator, record.kek
            for entitlement in story.terms:
                story.end(entitlement, record_id, today)
        if isinstance(record, Ending):
            for entitlement in record.entitlements or tuple(story.terms):
                story.end(entitlement, record_id, today)
                story.terms.pop(entitlement, None)
        for term in record.terms:
            story.grant(term, today)
    holdings = [Holding(entitlement, story.runs(entitlement, day), until) for entitlement, until in story.terms.items()]
    for holding in holdings:
        story.lapse(holding.entitlement, day)
    ended = tuple(sorted(key for key, first in story.ended.items() if first <= day))
    return Member(join.member, join.email, join.name, join.at, last, locator, kek, tuple(holdings), ended)


class _Story:
    """What one member holds while the records are told; ``ended`` has the day from which each ending counts."""

    def __init__(self, member: str, rotation: int) -> None:
        self.member, self.rotation = member, rotation
        self.terms: dict[str, date | None] = {}
        self.ended: dict[tuple[str, str], date] = {}

    def runs(self, entitlement: str, today: date) -> bool:
        """Whether access to ``entitlement``, granted once, lasts on ``today``."""
        until = self.terms[entitlement]
        return until is None or until >= today

    def lapse(self, entitlement: str, today: date, counts_from: date | None = None) -> None:
        """Note a term that ran out before ``today``. It counts from the next rotation day, or an earlier ``counts_from``."""
        until = self.terms[entitlement]
        if until is None or until >= today:
            return
        boundary = rotation_day(until + timedelta(days=1), self.rotation)
        self._note(entitlement, f"{self.member}/{until}", min(boundary, counts_from or boundary))

    def end(self, entitlement: str, ending: str, today: date) -> None:
        """End the keys of ``entitlement`` at once; if its term ran out already, let that count from ``today`` at the latest."""
        if entitlement in self.terms:
            if self.runs(entitlement, today):
                self._note(entitlement, ending, today)
            self.lapse(entitlement, today, counts_from=today)

    def grant(self, term: Term, today: date) -> None:
        """Lengthen a running term to its later last day, or begin a new one after the old ran out."""
        if term.entitlement in self.terms and self.runs(term.entitlement, today):
            until = self.terms[term.entitlement]
            self.terms[term.entitlement] = None if until is None or term.until is None else max(until, term.until)
            return
        if term.entitlement in self.terms:
            self.lapse(term.entitlement, today)
        self.terms[term.entitlement] = term.until

    def _note(self, entitlement: str, ending: str, counts_from: date) -> None:
        key = (entitlement, ending)
        self.ended[key] = min(counts_from, self.ended.get(key, counts_from))
