"""How a day's events become its roll-ups: one text of SQL for all engines, always the whole day anew.

So a roll-up is right however often events came twice, late, or were forgotten. A page view is of the day on which it began;
what is reported of it up to ``FOLLOWED`` after midnight belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from site_builder.analytics.record import BOT, DAY, Record
from site_builder.analytics.schema import (
    ANY,
    DAILY_EVENTS,
    DAILY_PAIRS,
    DAILY_VIEWS,
    HOUR,
    OPEN,
    VIEWS,
    WAY,
    WAY_EVENTS,
    WAY_STEPS,
    WHOLE_SITE,
    day_of_ms,
)

FOLLOWED = 6 * HOUR
FINISHED = 90
"""Per cent of the height of an article's text from which on it counts as read to its end."""
MOST_POSTS = 50
"""Who opens more posts than this on a day says nothing of what is read together."""
DIMENSIONS = ("", "hour", "source", "campaign", "device", "browser", "os", "language", "depth", "heading")
"""What page views are counted by; nothing stands for all of them."""

NOTHING = "''"
_PAGE_VIEW = "CASE WHEN name = 'pageview' AND day = :day THEN {} ELSE '' END"


def days_touched(records: Iterable[Record]) -> set[int]:
    """The days whose roll-ups change with these events."""
    days = set()
    for record in records:
        day = day_of_ms(record.t)
        days.add(day)
        if record.name == "engagement" and record.t - day * DAY < FOLLOWED:
            days.add(day - 1)
    return days


def views_of_day(views: str = "views") -> str:
    """SQL that fills the table ``views`` with a day's page views; asked with ``bounds_of_day``."""
    told = (
        "post", "visitor", "hour", "source", "campaign", "device", "browser", "os", "language",
    )  # fmt: skip
    columns = {
        "pv": "pv",
        "bot": f"CASE WHEN max(bot) >= {BOT} THEN 1 ELSE 0 END",
        **{name: f"max({_PAGE_VIEW.format(name)})" for name in told},
        "active_ms": "max(active_ms)",
        "scroll": "max(scroll)",
        "depth": "substring(max(reach), 1, 3)",
        "heading": "substring(max(reach), 12)",
    }
    assert columns.keys() == VIEWS.keys()
    return (
        f"INSERT INTO {views} ({', '.join(VIEWS)}) SELECT {', '.join(columns[name] for name in VIEWS)} FROM {{events}} "  # noqa: S608
        "WHERE (day = :day OR day = :next AND t < :last) AND name IN ('pageview', 'engagement') GROUP BY pv "
        "HAVING sum(CASE WHEN name = 'pageview' AND day = :day THEN 1 ELSE 0 END) > 0"
    )


def bounds_of_day(day: int) -> dict[str, int]:
    """What the SQL here is asked with."""
    return {"day": day, "next": day + 1, "last": (day + 1) * DAY + FOLLOWED}


def roll_ups(views: str = "views", tables: str = "{}") -> Iterator[str]:
    """SQL that counts the day ``:day`` from ``views`` and the events into each roll-up, named as ``tables`` says."""
    for name, columns, counts in (
        ("daily_views", DAILY_VIEWS, _views(views)),
        ("daily_events", DAILY_EVENTS, [*_events(), _way()]),
        ("daily_pairs", DAILY_PAIRS, [_pairs(views)]),
    ):
        yield f"INSERT INTO {tables.format(name)} ({', '.join(columns)}) {' UNION ALL '.join(counts)}"


def _views(views: str) -> Iterator[str]:
    for dim in DIMENSIONS:
        for post in ("post", f"'{WHOLE_SITE}'"):
            groups = [one for one in ("bot", post, dim) if one and not one.startswith("'")]
            yield (
                f"SELECT '{dim}', {post}, :day, bot, {dim or NOTHING}, count(*), count(DISTINCT visitor), "  # noqa: S608
                "sum(CASE WHEN depth != '' THEN 1 ELSE 0 END), sum(active_ms), sum(scroll), "
                f"sum(CASE WHEN scroll >= {FINISHED} THEN 1 ELSE 0 END) FROM {views} GROUP BY {', '.join(groups)}"
            )


def _events() -> Iterator[str]:
    bot = f"CASE WHEN bot >= {BOT} THEN 1 ELSE 0 END"
    for post in ("post", f"'{WHOLE_SITE}'"):
        for key, outcome in (("key", "outcome"), (f"'{ANY}'", f"'{ANY}'")):
            groups = [one for one in ("name", bot, post, key, outcome) if not one.startswith("'")]
            yield (
                f"SELECT name, {post}, :day, {bot}, {key}, {outcome}, count(*), "  # noqa: S608
                "count(DISTINCT visitor), sum(amount), sum(out_of) FROM {events} "
                f"WHERE day = :day AND name NOT IN ('pageview', 'engagement') GROUP BY {', '.join(groups)}"
            )


def _way() -> str:
    """How far each reader came whom a post showed its paywall, and who never saw one, since the post was open to them."""
    bot = f"CASE WHEN bot >= {BOT} THEN 1 ELSE 0 END"
    done = {name: f"sum(CASE WHEN name = '{name}' THEN 1 ELSE 0 END) > 0" for name in WAY_EVENTS}
    came = " ".join(f"WHEN {done[name]} THEN '{step}'" for step, name in reversed(WAY_STEPS.items()))
    readers = (
        f"SELECT post, {bot} AS kind, visitor, "  # noqa: S608
        f"CASE WHEN NOT ({done['paywall_view']}) THEN '{OPEN}' {came} ELSE '' END AS came "
        f"FROM {{events}} WHERE day = :day AND name IN ({', '.join(map(repr, WAY_EVENTS))}) "
        f"GROUP BY post, {bot}, visitor HAVING {done['paywall_view']} OR {done['unlock']}"
    )
    return (
        f"SELECT '{WAY}', post, :day, kind, came, '', count(*), count(*), 0, 0 FROM ({readers}) AS w "  # noqa: S608
        "GROUP BY post, kind, came"
    )


def _pairs(views: str) -> str:
    read = f"SELECT visitor, post FROM {views} WHERE bot = 0 AND post != '' AND visitor != '' GROUP BY visitor, post"  # noqa: S608
    few = f"SELECT visitor FROM ({read}) AS r GROUP BY visitor HAVING count(*) BETWEEN 2 AND {MOST_POSTS}"  # noqa: S608
    read = read.replace(" GROUP BY", f" AND visitor IN ({few}) GROUP BY")
    return (
        f"SELECT a.post, b.post, :day, count(*) FROM ({read}) AS a INNER JOIN ({read}) AS b ON a.visitor = b.visitor "  # noqa: S608
        "WHERE a.post < b.post GROUP BY a.post, b.post"
    )
