"""What the next build may know of readers: popular posts, what else they read, where they leave, and what goes stale.

Small numbers say nothing, and may say too much of single readers, so each finding needs a few of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from site_builder.analytics.period import Period
from site_builder.analytics.questions.by_post import also_read, posts
from site_builder.analytics.questions.depth import headings
from site_builder.analytics.store import Store
from site_builder.analytics.table import Table
from site_builder.engagement.insights import Insights, Leaving, PostInsights
from site_builder.engagement.manifest import Manifest, PostFacts
from site_builder.errors import AnalyticsError

DAYS = 90
POPULAR = 20
POPULAR_READERS = 5
ALSO_READ = 5
ALSO_READERS = 3
"""Who read both posts on one day, at least."""
LEAVING_VIEWS = 20
LEAVING_SHARE = 0.35
STALE_DAYS = 180
"""Without a revision."""
STALE_READERS = 30
"""In the days before."""
STALE_REST = 0.6
"""Of the readers before, that are left, where the site as a whole has kept its own."""


def known_posts(store: Store) -> Manifest:
    """What the store knows of the posts. Raises AnalyticsError if it was never told."""
    manifest = store.manifest()
    if manifest is None:
        raise AnalyticsError(
            "the store does not know what the posts are called",
            hint="Start `site-builder analytics serve` with --manifest, the address of the site's engagement/manifest.json.",
        )
    return manifest


def gather(store: Store, period: Period) -> Insights:
    """The insights of a period, compared with as many days before. Posts that the manifest has no longer are left out.

    Raises AnalyticsError if the store can't be used or has no manifest.
    """
    manifest = known_posts(store)
    period = replace(period, compare="previous")
    read = [row for row in posts(store, period).records() if row["title"]]
    readers = {str(row["post"]): _count(row["readers"]) for row in read}
    before = {str(row["post"]): _count(row["readers_before"]) for row in read}
    finished = {str(row["post"]): row["finished"] for row in read}
    facts = {post.id: post for post in manifest.posts}
    others = _also_read(also_read(store, replace(period, compare=None), most=4 * ALSO_READ), readers)
    left = leaving(headings(store, replace(period, compare=None)))
    stale = set(going_stale(facts.values(), readers, before, period))
    most = sorted(readers, key=lambda id: (-readers[id], id))
    return Insights(
        site=manifest.site,
        since=period.since,
        until=period.until,
        popular=tuple(id for id in most if readers[id] >= POPULAR_READERS)[:POPULAR],
        posts=tuple(
            PostInsights(
                id=id,
                readers=readers[id],
                before=before[id],
                finished=finished[id] if isinstance(finished[id], float) else None,
                stale=id in stale,
                leaving=left.get(id),
                also_read=others.get(id, ()),
            )
            for id in sorted(readers)
        ),
    )


def leaving(asked: Table) -> dict[str, Leaving]:
    """By post, of the answer to ``headings`` the heading after which the most leave. The last one is where everybody does."""
    by_post: dict[str, list[Leaving]] = {}
    for row in asked.records():
        share = row["left"] if isinstance(row["left"], float) else 0.0
        found = Leaving.model_construct(heading=str(row["heading"]), views=_count(row["views"]), share=share)
        by_post.setdefault(str(row["post"]), []).append(found)
    worst = {
        post: max(found[:-1], key=lambda one: one.share * (one.views >= LEAVING_VIEWS))
        for post, found in by_post.items()
        if len(found) > 1
    }
    return {post: one for post, one in worst.items() if one.views >= LEAVING_VIEWS and one.share >= LEAVING_SHARE}


def going_stale(
    facts: Iterable[PostFacts], readers: Mapping[str, int], before: Mapping[str, int], period: Period
) -> list[str]:
    """The ids of posts that nobody has revised for long, and that lost more of their readers than the site did; sorted.

    ``readers`` and ``before`` count each post's readers in the period and in the one before.
    """
    then = sum(before.values())
    trend = min(1.0, sum(readers.values()) / then) if then else 1.0
    oldest = period.until - timedelta(STALE_DAYS)
    return sorted(
        post.id
        for post in facts
        if post.updated.date() <= oldest
        and before.get(post.id, 0) >= STALE_READERS
        and readers.get(post.id, 0) <= before[post.id] * STALE_REST * trend
    )


def _also_read(asked: Table, known: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """By post. What everybody reads is read with everything: others stand in the order of how much more often than by chance."""
    total = sum(known.values()) or 1
    scored: dict[str, list[tuple[float, str]]] = {}
    for row in asked.records():
        post, other, both = str(row["post"]), str(row["other"]), _count(row["readers"])
        if both >= ALSO_READERS and known.get(post) and known.get(other):
            # Damped by a constant, so that three readers of something rare don't outdo thirty of something known.
            lift = both / (known[post] * known[other] / total + ALSO_READERS)
            scored.setdefault(post, []).append((-lift, other))
    return {post: tuple(other for _, other in sorted(found)[:ALSO_READ]) for post, found in scored.items()}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0
