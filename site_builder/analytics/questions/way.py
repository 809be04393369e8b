"""The way to membership: from a teaser to the paywall, the offer, and the unlocked page; and what was paid on it."""

from __future__ import annotations

from itertools import accumulate

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import Events, chosen, events, posts_of, share, views
from site_builder.analytics.schema import OPEN, WAY, WAY_STEPS
from site_builder.analytics.table import Table, Value


def funnel(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """step (teaser, paywall, offer_seen, offer_clicked, unlocked); readers, kept (of the step before), share (of the first).

    Only of posts that have a part for members, and of readers to whom it was not open already. Who came to a step has come to
    those before it, also where a browser did not tell of them.
    """
    facts = posts_of(store)
    within = chosen(facts, where)
    ids = sorted(post.id for post in facts.values() if post.access and (within is None or post.id in within))

    def ask(period: Period) -> Rows:
        came = events(store, period, ids, [WAY], by=("key",), each=True)
        far = [came.get((step,), Events()).visitors for step in WAY_STEPS]
        counts = dict(zip(WAY_STEPS, list(accumulate(reversed(far)))[::-1], strict=True))
        readers = sum(found.visitors for found in views(store, period, ids).values())
        # A paywall that is seen after midnight has its page view on the day before.
        teaser = max(readers - came.get((OPEN,), Events()).visitors, counts["paywall"])
        counts = {"teaser": teaser, **counts}
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        before = first = counts["teaser"]
        for step, count in counts.items():
            rows[(step,)] = count, share(count, before), share(count, first)
            before = count
        return rows

    notes = ("funnel", "visitors", "bots")
    return answer("funnel", ("step",), ("readers", "kept", "share"), ask, period, notes, largest_first=None)


def offers(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """offer (a tier or product; empty for links to none); seen, clicked (events). By which offer a part opened, no event says."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        names = ("cta_view", "cta_click")
        found = events(store, period, ids, names, by=("name", "key"), each=True)
        keys = {key for _, key in found}
        return {
            (key,): tuple(found[(name, key)].events if (name, key) in found else 0 for name in names) for key in keys
        }

    return answer("offers", ("offer",), ("seen", "clicked"), ask, period, ("bots",), largest_first=1)


def purchases(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """offer (empty if the payment named none), currency; purchases, paid, refunds, refunded: counts, and sums in the currency's
    smallest unit, as payment providers told them.

    A refund counts on its own day. With a filter, only what names a post is counted.
    """
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        names = ("purchase", "refund")
        found = events(store, period, ids, names, by=("name", "key", "outcome"), each=True)
        return {
            (offer, currency): tuple(
                number
                for name in names
                for number in (
                    found.get((name, offer, currency), Events()).events,
                    found.get((name, offer, currency), Events()).amount,
                )
            )
            for offer, currency in sorted({key[1:] for key in found})
        }

    numbers = ("purchases", "paid", "refunds", "refunded")
    return answer(
        "purchases", ("offer", "currency"), numbers, ask, period, ("money", *["money_of_posts"] * bool(where))
    )
