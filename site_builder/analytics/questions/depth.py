"""How far one post is read: by per cent of its height, and by its headings."""

from __future__ import annotations

from itertools import accumulate

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer, counted
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import chosen, posts_of, share, views
from site_builder.analytics.table import Table, Value

STEP = 5


def depth(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """at (0, 5 … 100 per cent); views that came so far, share of all views. Of all posts together without a filter."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        stopped: dict[int, int] = {}
        for (value,), found in views(store, period, ids, dim="depth").items():
            at = int(value or 0)  # nothing: closed before anything was reported
            stopped[at] = stopped.get(at, 0) + found.views
        steps = range(100, -1, -STEP)
        reached = list(accumulate(stopped.get(at, 0) for at in steps))
        return {(at,): (count, share(count, reached[-1])) for at, count in sorted(zip(steps, reached, strict=True))}

    return answer("depth", ("at",), ("views", "share"), ask, period, (*counted(where), "finished"), largest_first=None)


def headings(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post, number (from 1), heading (id), title; views that reached it, share of the post's views, left (the share of those who
    reached it and no later one). In the order of the page; without a filter, of every post that has headings.
    """
    facts = posts_of(store)
    ids = chosen(facts, where)

    def ask(period: Period) -> Rows:
        all_views = views(store, period, ids, by=("post",))
        furthest: dict[str, dict[str, int]] = {}
        for (id, value), found in views(store, period, ids, dim="heading", by=("post", "value")).items():
            furthest.setdefault(str(id), {})[str(value)] = found.views
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        for post in sorted(facts.values(), key=lambda post: post.id):
            if (post.id,) not in all_views:
                continue
            total = all_views[(post.id,)].views
            seen = furthest.get(post.id, {})
            stopped = [seen.get(one.id, 0) for one in post.headings]
            # The manifest has no heading of a gated part: who came to one has passed all that it has.
            beyond = sum(seen.values()) - seen.get("", 0) - sum(stopped) if post.access else 0
            reached = list(accumulate(reversed(stopped), initial=beyond))[:0:-1]
            for at, heading in enumerate(post.headings):
                key = post.id, at + 1, heading.id, heading.title
                rows[key] = reached[at], share(reached[at], total), share(stopped[at], reached[at])
        return rows

    about = ("post", "number", "heading", "title")
    notes = (*counted(where), "headings")
    return answer("headings", about, ("views", "share", "left"), ask, period, notes, largest_first=None)
