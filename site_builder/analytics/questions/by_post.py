"""Which posts are read, and so which authors, tags and series: all from the sums of each post, joined with the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import Events, Views, chosen, events, pairs, posts_of, share, views
from site_builder.analytics.table import Table, Value
from site_builder.engagement.manifest import PostFacts

_NOTES = ("visitors", "readers", "bots", "active", "finished")
_NUMBERS = ("views", "readers", "active_minutes", "active_seconds", "depth", "finished")
_EVENTS = {
    "reactions": "reaction", "shares": "share", "paywall_views": "paywall_view", "cta_clicks": "cta_click", "unlocks": "unlock",
    "signups": "newsletter_signup",
}  # fmt: skip


def posts(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post (id), title, url; views, readers, active_minutes (in all), active_seconds (of a view), depth, finished (0 to 1),
    reactions, shares, paywall_views, cta_clicks, unlocks, signups, helpful and unhelpful (counts).

    Pages that are no posts are left out.
    """
    facts = posts_of(store)
    ids = chosen(facts, where)

    def ask(period: Period) -> Rows:
        read = views(store, period, ids, by=("post",))
        done = events(store, period, ids, _EVENTS.values(), by=("name", "post"))
        said = events(store, period, ids, ["feedback"], by=("outcome", "post"), each=True)
        return {
            (id, *_called(facts, id)): (
                *_read(found),
                *(done.get((name, id), Events()).events for name in _EVENTS.values()),
                *(said.get((word, id), Events()).events for word in ("yes", "no")),
            )
            for (id,), found in read.items()
            if id
        }

    numbers = (*_NUMBERS, *_EVENTS, "helpful", "unhelpful")
    return answer("posts", ("post", "title", "url"), numbers, ask, period, _NOTES)


def authors(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """author; views, readers, active_minutes, active_seconds, depth, finished, posts (that were read), unlocks."""
    return _grouped("authors", "author", lambda post: post.authors, store, period, where)


def tags(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """tag; as ``authors``. A post counts for each of its tags."""
    return _grouped("tags", "tag", lambda post: post.tags, store, period, where)


def categories(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """category; as ``authors``."""
    return _grouped("categories", "category", lambda post: post.categories, store, period, where)


def series(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """series (a course's id); as ``authors``. ``courses`` tells where readers leave one."""
    return _grouped("series", "series", lambda post: [post.course] if post.course else [], store, period, where)


def _grouped(
    name: str,
    what: str,
    groups: Callable[[PostFacts], Iterable[str]],
    store: Readable,
    period: Period,
    where: Filter,
) -> Table:
    facts = posts_of(store)
    ids = chosen(facts, where)

    def ask(period: Period) -> Rows:
        sums: dict[str, tuple[int, Views, int]] = {}
        unlocked = events(store, period, ids, ["unlock"], by=("post",))
        for (id,), found in views(store, period, ids, by=("post",)).items():
            for group in groups(facts[str(id)]) if id in facts else ():
                count, before, unlocks = sums.get(group, (0, Views(), 0))
                together = Views(*map(sum, zip(before, found, strict=True)))
                sums[group] = count + 1, together, unlocks + unlocked.get((id,), Events()).events
        return {(group,): (*_read(found), count, unlocks) for group, (count, found, unlocks) in sums.items()}

    return answer(name, (what,), (*_NUMBERS, "posts", "unlocks"), ask, period, _NOTES)


def _read(found: Views) -> tuple[Value, ...]:
    minutes = round(found.active_ms / 60_000, 1)
    return found.views, found.visitors, minutes, found.average_seconds, found.depth, found.finished_share


def _called(facts: Mapping[str, PostFacts], id: object) -> tuple[str, str]:
    """Title and address; of a post that the manifest has no longer, neither."""
    post = facts.get(str(id))
    return (post.title, post.url) if post else ("", "")


def also_read(store: Readable, period: Period, *, where: Filter = ALL, most: int = 10) -> Table:
    """post, title, other, other_title; readers of both on one day, share of the post's readers. Up to ``most`` others a post."""
    facts = posts_of(store)
    ids = chosen(facts, where)
    others: tuple[dict[str, list[tuple[int, str]]], ...] = ({}, {})
    within = None if ids is None else set(ids)
    for one, two, *counts in pairs(store, period, ids):
        for post, other in ((one, two), (two, one)):
            if within is None or post in within:
                for found, count in zip(others, counts, strict=True):
                    if count:
                        found.setdefault(post, []).append((-count, other))

    def ask(asked: Period) -> Rows:
        found = others[0 if asked is period else 1]
        readers = views(store, asked, ids, by=("post",)) if found else {}
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        for post in sorted(found):
            title, total = _called(facts, post)[0], readers.get((post,), Views()).visitors
            for count, other in sorted(found[post])[:most]:
                rows[(post, title, other, _called(facts, other)[0])] = -count, share(-count, total)
        return rows

    about = ("post", "title", "other", "other_title")
    return answer("also_read", about, ("readers", "share"), ask, period, ("also_read", "bots"))
