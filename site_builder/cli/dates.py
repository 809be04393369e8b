"""Days and moments on the command line: ISO 8601, always UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import click

from site_builder.cli.options import Day

NEVER = date.max


class LastDay(Day):
    """A day, or ``never``, which becomes ``NEVER``."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return NEVER if value == "never" else super().convert(value, param, ctx)


class Moment(click.ParamType[datetime]):
    """A date and time; without an offset it is UTC. The result is in UTC, to the second."""

    name = "datetime"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is not a time such as 2027-12-31T18:30:00Z.", param, ctx)


def now() -> datetime:
    """This second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    """This day, in UTC."""
    return now().date()


def last_day(day: date | None) -> date | None:
    """What a record says: no end is ``None`` there."""
    return None if day == NEVER else day
