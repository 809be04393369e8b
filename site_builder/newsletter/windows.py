"""The weeks and months that digests are of, in UTC: a week is Monday to Sunday and counted as in ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from site_builder.newsletter.words import words, written_month

Every = Literal["week", "month"]


@dataclass(frozen=True, order=True)
class Window:
    """From ``start`` to the day before ``end``."""

    start: date
    end: date
    every: Every

    @property
    def name(self) -> str:
        """``2026-W47`` or ``2026-11``."""
        if self.every == "month":
            return f"{self.start:%Y-%m}"
        year, week, _ = self.start.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def last(self) -> date:
        """The last day that belongs to it."""
        return self.end - timedelta(days=1)

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment.astimezone(UTC).date() < self.end

    def over(self, today: date) -> bool:
        """Whether nothing can be added to it any more."""
        return self.end <= today

    def written(self, language: str) -> str:
        """``week 47 of 2026``, ``November 2026``, or the same in Chinese."""
        if self.every == "month":
            return written_month(self.start, language)
        year, week, _ = self.start.isocalendar()
        return words(language)["week"].format(number=week, year=year)


def window_of(day: date, every: Every) -> Window:
    """The week or month that has ``day`` in it."""
    if every == "week":
        start = day - timedelta(days=day.weekday())
        return Window(start, start + timedelta(days=7), every)
    start = day.replace(day=1)
    return Window(start, (start + timedelta(days=31)).replace(day=1), every)


def last_over(today: date, every: Every) -> Window:
    """The newest week or month that is over."""
    return window_of(window_of(today, every).start - timedelta(days=1), every)


def named(name: str, every: Every) -> Window | None:
    """The window that is called so; None if that is no such name."""
    try:
        if every == "week" and (found := re.fullmatch(r"(\d{4})-W(\d\d)", name)):
            return window_of(date.fromisocalendar(int(found[1]), int(found[2]), 1), every)
        if every == "month" and (found := re.fullmatch(r"(\d{4})-(\d\d)", name)):
            return window_of(date(int(found[1]), int(found[2]), 1), every)
    except (ValueError, OverflowError):
        pass
    return None
