"""The way to membership: from a teaser to the paywall, the offer, and the unlocked page."""

from __future__ import annotations

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import chosen, events, posts_of, share, views
from site_builder.analytics.store import Store
from site_builder.analytics.table import Table, Value

_STEPS = {"paywall": "paywall_view", "offer_seen": "cta_view", "offer_clicked": "cta_click", "unlocked": "unlock"}


def funnel(store: Store, period: Period, *, where: Filter = ALL) -> Table:
    """step (teaser, paywall, offer_seen, offer_clicked, unlocked); readers, kept (of the step before), share (of the first).

    Only of posts that have a part for members.
    """
    facts = posts_of(store)
    within = chosen(facts, where)
    ids = sorted(post.id for post in facts.values() if post.access and (within is None or post.id in within))

    def ask(period: Period) -> Rows:
        done = events(store, period, ids, _STEPS.values())
        counts = {"teaser": sum(found.visitors for found in views(store, period, ids).values())}
        counts |= {step: done[(name,)].visitors if (name,) in done else 0 for step, name in _STEPS.items()}
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        before = first = counts["teaser"]
        for step, count in counts.items():
            rows[(step,)] = count, share(count, before), share(count, first)
            before = count
        return rows

    notes = ("funnel", "visitors", "bots")
    return answer("funnel", ("step",), ("readers", "kept", "share"), ask, period, notes, largest_first=None)


def offers(store: Store, period: Period, *, where: Filter = ALL) -> Table:
    """offer (a tier or product; empty for links to none); seen, clicked, unlocked (events)."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        names = ("cta_view", "cta_click", "unlock")
        found = events(store, period, ids, names, by=("name", "key"), each=True)
        keys = {key for _, key in found}
        return {
            (key,): tuple(found[(name, key)].events if (name, key) in found else 0 for name in names) for key in keys
        }

    return answer("offers", ("offer",), ("seen", "clicked", "unlocked"), ask, period, ("bots",), largest_first=1)
