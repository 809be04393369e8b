"""What a question is about: the days, what they are compared with, and which posts. All days are UTC's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Literal

from site_builder.errors import AnalyticsError

EPOCH = date(1970, 1, 1)
LONGEST = 3660
"""Days that a period may have; a day without readers costs a row of answers too."""

Compare = Literal["previous", "year"]


@dataclass(frozen=True)
class Period:
    """From ``since`` up to and with ``until``, set against the days before it, the same days a year ago, or nothing.

    Raises AnalyticsError if it ends before it begins, or is longer than ``LONGEST`` days.
    """

    since: date
    until: date
    compare: Compare | None = None

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise AnalyticsError(
                f"the period ends on {self.until}, before it begins on {self.since}", hint="Give the earlier day first."
            )
        if self.days > LONGEST:
            raise AnalyticsError(
                f"the period has {self.days} days", hint=f"Ask about {LONGEST} at most: an answer has a row a day."
            )
        if self.compare and (self.since - EPOCH).days < max(self.days, 366):
            raise AnalyticsError(f"there is nothing to compare {self.since} with", hint="Choose a later period.")

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def bounds(self) -> dict[str, int]:
        """``since`` and ``until`` as stores number days: since 1970."""
        return {"since": day_number(self.since), "until": day_number(self.until)}

    def __iter__(self) -> Iterator[date]:
        return (self.since + timedelta(n) for n in range(self.days))

    def earlier(self) -> Period | None:
        """What it is compared with, as long as it is itself."""
        if self.compare is None:
            return None
        back = timedelta(self.days) if self.compare == "previous" else self.since - _year_before(self.since)
        return Period(self.since - back, self.until - back)

    @classmethod
    def last(cls, days: int, today: date, compare: Compare | None = None) -> Period:
        """The last so many days, today among them."""
        return cls(today - timedelta(days - 1), today, compare)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def day_number(day: date) -> int:
    """Days since 1970, as stores keep them."""
    return (day - EPOCH).days


def day_of(number: int) -> date:
    return EPOCH + timedelta(number)


@dataclass(frozen=True)
class Filter:
    """Only posts for which all that is not empty holds; with nothing in it, the whole site and its other pages too."""

    post: str = ""
    """An id as in the manifest."""
    author: str = ""
    tag: str = ""
    category: str = ""
    course: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))
