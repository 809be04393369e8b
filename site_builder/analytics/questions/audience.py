"""Who comes, and from where: sources, campaigns, devices, languages, and the bots that are in no other answer."""

from __future__ import annotations

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer, counted, side_by_side
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL, by_step, usual_step
from site_builder.analytics.questions.sums import Views, chosen, posts_of, share, views
from site_builder.analytics.schema import SEPARATOR
from site_builder.analytics.table import Table, Value

_NUMBERS = ("views", "visitors", "active_seconds", "finished", "share")
_DEVICES = ("device", "browser", "os", "language")


def sources(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """source (host; empty for none); views, visitors, active_seconds (of a view), finished, share (of views)."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        found = views(store, period, ids, dim="source")
        total = sum(one.views for one in found.values())
        return {key: _numbers(one, total) for key, one in found.items()}

    return answer("sources", ("source",), _NUMBERS, ask, period, (*counted(where), "active", "finished"))


def campaigns(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """source, medium, campaign (utm_source, utm_medium, utm_campaign of links); as ``sources``.

    Views of no campaign have no row, but count in ``share``.
    """
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        found = views(store, period, ids, dim="campaign")
        total = sum(one.views for one in found.values())
        return {tuple(str(value).split(SEPARATOR)): _numbers(one, total) for (value,), one in found.items() if value}

    about = ("source", "medium", "campaign")
    return answer("campaigns", about, _NUMBERS, ask, period, (*counted(where), "active", "finished"))


def devices(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """kind (device, browser, os, language), value (empty if not known); as ``sources``, with share within the kind."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        for kind in _DEVICES:
            found = views(store, period, ids, dim=kind)
            total = sum(one.views for one in found.values())
            for (value,), one in sorted(found.items(), key=lambda pair: (-pair[1].views, pair[0])):
                rows[(kind, value)] = _numbers(one, total)
        return rows

    notes = (*counted(where), "active", "finished")
    return answer("devices", ("kind", "value"), _NUMBERS, ask, period, notes, largest_first=None)


def bots(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """at (as in ``over_time``); views (by bots), people (views by people), share (of bots in both). Every step has a row."""
    ids = chosen(posts_of(store), where)
    step = usual_step(period)

    def ask(period: Period) -> list[tuple[Value, ...]]:
        by_bots, by_people = (by_step(store, period, ids, step, bot=bot) for bot in (1, 0))
        counts = ((at, found.views, by_people[at].views) for at, found in by_bots.items())
        return [(at, by, people, share(by, by + people)) for at, by, people in counts]

    return side_by_side("bots", ("at", "views", "people", "share"), ask, period)


def _numbers(found: Views, total: int) -> tuple[Value, ...]:
    return found.views, found.visitors, found.average_seconds, found.finished_share, share(found.views, total)
