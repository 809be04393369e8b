"""How much is read: the numbers of a period at a glance, and over time."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Literal

from site_builder.analytics.period import Filter, Period, day_of
from site_builder.analytics.questions.answers import Rows, answer, counted, side_by_side
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.sums import Events, Views, chosen, events, posts_of, share, views
from site_builder.analytics.table import Table, Value

Step = Literal["hour", "day", "week", "month"]
ALL = Filter()
_COUNTED = (
    "reaction", "share", "feedback", "demo_run", "exercise", "quiz", "paywall_view", "cta_view", "cta_click", "unlock", 
    "gift_open", "newsletter_signup", "purchase", "refund",
)  # fmt: skip


def overview(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """measure, value: visitors, views, active_seconds (of a view that reported any), depth and finished (0 to 1), the
    counts of all other events by their names, helpful (0 to 1), and bot_views, which are in none of the others.
    """
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        people = views(store, period, ids, by=("bot",)).get((0,), Views())
        bots = views(store, period, ids, by=("bot",), bot=1).get((1,), Views())
        counts = events(store, period, ids, _COUNTED)
        said = events(store, period, ids, ["feedback"], by=("outcome",), each=True)
        helpful = said.get(("yes",), Events()).events
        measures: dict[str, Value] = {
            "visitors": people.visitors,
            "views": people.views,
            "active_seconds": people.average_seconds,
            "depth": people.depth,
            "finished": people.finished_share,
            **{name: counts.get((name,), Events()).events for name in _COUNTED},
            "helpful": share(helpful, sum(one.events for one in said.values())),
            "bot_views": bots.views,
        }
        return {(name,): (value,) for name, value in measures.items()}

    notes = (*counted(where), "active", "finished")
    return answer("overview", ("measure",), ("value",), ask, period, notes, largest_first=None)


def over_time(store: Readable, period: Period, *, where: Filter = ALL, step: Step | None = None) -> Table:
    """at (an hour, or the first day of a step), views, visitors, active_minutes (in all), finished (views), unlocks.

    Every step of the period has a row. Without ``step`` it is chosen by the period's length: hours of one day alone, days up to
    92, weeks (from Monday) up to 731 days, then months. Hours of several days are told together: when in a day people read.
    """
    chosen_step = step or usual_step(period)
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> list[tuple[Value, ...]]:
        unlocks: Counter[str] = Counter()
        if chosen_step != "hour":
            for (number,), found in events(store, period, ids, ["unlock"], by=("day",)).items():
                unlocks[_first(day_of(int(number)), chosen_step, period).isoformat()] += found.events
        return [
            (at, one.views, one.visitors, round(one.active_ms / 60_000, 1), one.finished,
             None if chosen_step == "hour" else unlocks[at])
            for at, one in by_step(store, period, ids, chosen_step).items()
        ]  # fmt: skip

    columns = ("at", "views", "visitors", "active_minutes", "finished", "unlocks")
    return side_by_side("over_time", columns, ask, period, (*counted(where), "active", "finished"))


def usual_step(period: Period) -> Step:
    """The step in which a period of this length is told."""
    return "hour" if period.days == 1 else "day" if period.days <= 92 else "week" if period.days <= 731 else "month"


def by_step(store: Readable, period: Period, ids: list[str] | None, step: Step, *, bot: int = 0) -> dict[str, Views]:
    """Page views of every step of the period, by its hour or its first day."""
    if step == "hour":
        hours = views(store, period, ids, dim="hour", bot=bot)
        return {f"{hour:02}:00": hours.get((f"{hour:02}",), Views()) for hour in range(24)}
    sums = {_first(day, step, period): Views() for day in period}
    for (number,), found in views(store, period, ids, by=("day",), bot=bot).items():
        first = _first(day_of(int(number)), step, period)
        sums[first] = Views(*map(sum, zip(sums[first], found, strict=True)))
    return {first.isoformat(): found for first, found in sums.items()}


def _first(day: date, step: Step, period: Period) -> date:
    """The first day of the step that a day is in; of the first step, the period's own."""
    if step == "week":
        day -= timedelta(day.weekday())
    elif step == "month":
        day = day.replace(day=1)
    return max(day, period.since)
