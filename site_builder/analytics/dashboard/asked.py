"""What an address of the dashboard asks: days, comparison, posts, order and language; and addresses that ask something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import get_args
from urllib.parse import urlencode

from site_builder.analytics.dashboard.words import LANGUAGES, Language
from site_builder.analytics.period import LONGEST, Compare, Filter, Period
from site_builder.errors import AnalyticsError

DAYS = (1, 7, 30, 90, 365)
"""Periods that are one press away."""
USUAL = 30
EVERYTHING = Filter()
FILTERS = tuple(field.name for field in fields(Filter))
_LONGEST_TEXT = 200


class Unclear(ValueError):  # noqa: N818  (it is an answer)
    """The address asks nothing that can be answered; its text is a key of the dashboard's words."""


@dataclass(frozen=True)
class Asked:
    """A question of the page, without which view it is put to."""

    language: Language
    period: Period
    where: Filter = EVERYTHING
    days: int = USUAL
    """So many days up to today; 0 if the days were named."""
    sort: str = ""
    rows: str = ""
    """The panel whose rows are all shown."""

    def address(self, **changes: str | int) -> str:
        """The query, from ``?`` on, of the same question with some of its parameters changed; an empty one is left out."""
        said: dict[str, str | int] = (
            {"days": self.days}
            if self.days
            else {"since": self.period.since.isoformat(), "until": self.period.until.isoformat()}
        )
        said |= {"compare": self.period.compare or ""}
        said |= {name: getattr(self.where, name) for name in FILTERS}
        said |= {"sort": self.sort, "rows": self.rows, "lang": self.language}
        if "days" in changes:
            said = {name: value for name, value in said.items() if name not in ("since", "until")}
        return "?" + urlencode([(name, value) for name, value in (said | changes).items() if value])

    def elsewhere(self, **changes: str | int) -> str:
        """The same for another view, where rows have their own order."""
        return self.address(**{"sort": "", "rows": "", **changes})


def read_asked(said: Mapping[str, str], languages: str, today: date) -> Asked:
    """From the parameters of an address, and Accept-Language. Raises Unclear."""
    language = read_language(said, languages)
    compare = next((one for one in get_args(Compare) if one == said.get("compare")), None)
    since, until = said.get("since", ""), said.get("until", "")
    days = 0 if since or until else _number(said.get("days", ""))
    try:
        if days:
            period = Period.last(days, today, compare)
        else:
            last = _day(until) if until else today
            first = _day(since) if since else Period.last(USUAL, last).since
            if last < first:
                raise Unclear("unclear_order")
            if (last - first).days >= LONGEST:
                raise Unclear("unclear_long")
            period = Period(first, last, compare)
    except AnalyticsError:
        raise Unclear("unclear_compare") from None
    except OverflowError:  # days before the first that there is
        raise Unclear("unclear_day") from None
    where = Filter(**{name: said.get(name, "")[:_LONGEST_TEXT] for name in FILTERS})
    return Asked(language, period, where, days, said.get("sort", "")[:40], said.get("rows", "")[:40])


def usual(said: Mapping[str, str], languages: str, today: date) -> Asked:
    """What is asked by an address that says nothing."""
    return Asked(read_language(said, languages), Period.last(USUAL, today))


def read_language(said: Mapping[str, str], accepted: str) -> Language:
    """The language that the address names, else the first that the browser accepts, else English."""
    for name in (said.get("lang", ""), *(part.strip()[:2].lower() for part in accepted[:200].split(","))):
        for language in LANGUAGES:
            if name == language:
                return language
    return "en"


def _number(text: str) -> int:
    if not text:
        return USUAL
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= LONGEST):
        raise Unclear("unclear_long")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unclear("unclear_day") from None
