"""How much is read: the numbers of a period at a glance, and over time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from site_builder.analytics.period import Filter, Period, day_of
from site_builder.analytics.questions.answers import Rows, answer, counted
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.sums import Events, Views, chosen, events, posts_of, share, views
from site_builder.analytics.table import BEFORE, Table, Value

Step = Literal["hour", "day", "week", "month"]
ALL = Filter()
_COUNTED = (
    "reaction", "share", "feedback", "demo_run", "exercise", "quiz", "paywall_view", "cta_view", "cta_click", "unlock", 
    "gift_open", "newsletter_signup", "purchase",
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
    step = step or (
        "hour" if period.days == 1 else "day" if period.days <= 92 else "week" if period.days <= 731 else "month"
    )
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> list[tuple[Value, ...]]:
        if step == "hour":
            hours = views(store, period, ids, dim="hour")
            return [_point(f"{hour:02}:00", hours.get((f"{hour:02}",), Views()), None) for hour in range(24)]
        days = views(store, period, ids, by=("day",))
        unlocked = events(store, period, ids, ["unlock"], by=("day",))
        sums: dict[date, tuple[Views, int]] = {}
        for day in period:
            before, unlocks = sums.get(first := _first(day, step, period), (Views(), 0))
            sums[first] = before, unlocks
        for (number,), found in days.items():
            first = _first(day_of(int(number)), step, period)
            sums[first] = Views(*map(sum, zip(sums[first][0], found, strict=True))), sums[first][1]
        for (number,), one in unlocked.items():
            first = _first(day_of(int(number)), step, period)
            sums[first] = sums[first][0], sums[first][1] + one.events
        return [_point(first.isoformat(), found, unlocks) for first, (found, unlocks) in sums.items()]

    columns: tuple[str, ...] = ("at", "views", "visitors", "active_minutes", "finished", "unlocks")
    rows = ask(period)
    if earlier := period.earlier():  # side by side in their order, since their days are others
        before = ask(earlier)
        nothing = (None,) * len(columns)
        rows = [(*row, *(before[at] if at < len(before) else nothing)) for at, row in enumerate(rows)]
        columns += tuple(f"{column}{BEFORE}" for column in columns)
    return Table("over_time", columns, tuple(rows), (*counted(where), "active", "finished"), period)


def _point(at: str, found: Views, unlocks: int | None) -> tuple[Value, ...]:
    return at, found.views, found.visitors, round(found.active_ms / 60_000, 1), found.finished, unlocks


def _first(day: date, step: Step, period: Period) -> date:
    """The first day of the step that a day is in; of the first step, the period's own."""
    if step == "week":
        day -= timedelta(day.weekday())
    elif step == "month":
        day = day.replace(day=1)
    return max(day, period.since)
