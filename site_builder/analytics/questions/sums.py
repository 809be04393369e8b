"""What every question reads: sums of roll-ups over the days of a period, for the whole site or for the posts of a filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.schema import ANY, WHOLE_SITE
from site_builder.analytics.store import Bound
from site_builder.engagement.manifest import Manifest, PostFacts

Key = tuple[str | int, ...]


class Views(NamedTuple):
    """Page views. ``visitors`` are a day's, summed; ``scroll`` is a sum of per cents; ``engaged`` views reported any."""

    views: int = 0
    visitors: int = 0
    engaged: int = 0
    active_ms: int = 0
    scroll: int = 0
    finished: int = 0

    @property
    def average_seconds(self) -> float | None:
        """Active seconds of a page view that reported any."""
        return round(self.active_ms / self.engaged / 1000, 1) if self.engaged else None

    @property
    def depth(self) -> float | None:
        """How far down a page view that reported any came, 0 to 1."""
        return round(self.scroll / self.engaged / 100, 4) if self.engaged else None

    @property
    def finished_share(self) -> float | None:
        return share(self.finished, self.views)


class Events(NamedTuple):
    """Events of one name by people; ``amount`` and ``out_of`` are sums."""

    events: int = 0
    visitors: int = 0
    amount: int = 0
    out_of: int = 0


def share(part: float, whole: float) -> float | None:
    """0 to 1 with four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def posts_of(store: Readable) -> dict[str, PostFacts]:
    """Posts and chapters by their id; empty without a manifest."""
    manifest: Manifest | None = store.manifest()
    return {post.id: post for post in manifest.posts} if manifest else {}


def chosen(posts: Mapping[str, PostFacts], where: Filter) -> list[str] | None:
    """The ids that a filter leaves, sorted; None for the whole site."""
    if not where:
        return None
    if where == Filter(post=where.post):
        return [where.post]  # also one that the manifest has no longer
    return sorted(id for id, post in posts.items() if matches(post, where))


def matches(post: PostFacts, where: Filter) -> bool:
    """Whether all that the filter says holds for a post."""
    return (
        where.post in ("", post.id)
        and (not where.author or where.author in post.authors)
        and (not where.tag or where.tag in post.tags)
        and (not where.category or where.category in post.categories)
        and where.course in ("", post.course)
        and where.language in ("", post.language)
    )


def views(
    store: Readable,
    period: Period,
    ids: list[str] | None,
    *,
    dim: str = "",
    by: tuple[str, ...] = ("value",),
    bot: int = 0,
) -> dict[Key, Views]:
    """Page views by columns of ``daily_views``. Without ``ids`` and without ``post`` in ``by``, visitors are the whole site's."""
    return {
        row[: len(by)]: Views(*row[len(by) :])
        for row in _sums(
            store, "daily_views", Views._fields, period, ids, by, "dim = :dim AND bot = :bot", dim=dim, bot=bot
        )
    }


def events(
    store: Readable,
    period: Period,
    ids: list[str] | None,
    names: Iterable[str],
    *,
    by: tuple[str, ...] = ("name",),
    each: bool = False,
) -> dict[Key, Events]:
    """Events of these names by columns of ``daily_events``: all of a name together, or ``each`` key and outcome by itself."""
    told = "outcome != :any" if each else "outcome = :any"  # a key may be anything that a browser sends, "*" too
    condition = f"name IN :names AND bot = 0 AND {told}"
    return {
        row[: len(by)]: Events(*row[len(by) :])
        for row in _sums(
            store, "daily_events", Events._fields, period, ids, by, condition, names=sorted(names), any=ANY
        )
    }


def pairs(store: Readable, period: Period, ids: list[str] | None) -> list[tuple[str, str, int, int]]:
    """post, other, readers of both on one day in the period, and in the one it is compared with.

    Each two posts stand in one row, in any order; with ``ids``, one of them or both are among these. Both periods come of one
    query: there are as many rows as readers, and reading them takes longer than any other sum.
    """
    if ids is not None and not ids:
        return []
    bound: dict[str, Bound] = dict(period.bounds)
    which = "day + 0 BETWEEN :since AND :until"  # + 0: the table's own order is quicker than SQLite's index of days
    before = "0"
    if earlier := period.earlier():
        bound |= {"first": earlier.bounds["since"], "last": earlier.bounds["until"]}
        which = f"({which} OR day + 0 BETWEEN :first AND :last)"
        before = "sum(CASE WHEN day < :since THEN visitors ELSE 0 END)"
    if ids is not None:
        bound["ids"] = ids
        which += " AND (post IN :ids OR other IN :ids)"
    found = store.rows(
        f"SELECT post, other, sum(visitors), {before} FROM daily_pairs "  # noqa: S608
        f"WHERE {which} GROUP BY post, other",
        **bound,
    )
    return [(post, other, both - then, then) for post, other, both, then in found]


def _sums(
    store: Readable,
    table: str,
    sums: tuple[str, ...],
    period: Period,
    ids: list[str] | None,
    by: tuple[str, ...],
    condition: str,
    **bound: Bound,
) -> list[tuple[int, ...]]:
    if ids is not None:
        if not ids:
            return []
        condition += " AND post IN :ids"
        bound["ids"] = ids
        # day + 0: else SQLite reads all posts by an index of days, only to have the groups in order
        by = tuple("day + 0" if name == "day" else name for name in by)
    else:
        condition += f" AND post {'!=' if 'post' in by else '='} :site"
        bound["site"] = WHOLE_SITE
    columns = ", ".join([*by, *(f"sum({name})" for name in sums)])
    return store.rows(
        f"SELECT {columns} FROM {table} WHERE {condition} AND day BETWEEN :since AND :until GROUP BY {', '.join(by)}",  # noqa: S608
        **period.bounds,
        **bound,
    )
