"""What readers say: whether a post helped and why, reactions, and where they passed it on."""

from __future__ import annotations

from site_builder.analytics.period import Filter, Period, day_of
from site_builder.analytics.questions.answers import Rows, answer
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import Events, chosen, events, posts_of, share
from site_builder.analytics.record import BOT, DAY
from site_builder.analytics.table import Table, Value


def feedback(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post, title; yes, no (whether it helped), helpful (the share of yes)."""
    facts = posts_of(store)
    ids = chosen(facts, where)

    def ask(period: Period) -> Rows:
        found = events(store, period, ids, ["feedback"], by=("post", "outcome"), each=True)
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        for id in {str(post) for post, _ in found}:
            yes, no = (found.get((id, word), Events()).events for word in ("yes", "no"))
            rows[(id, facts[id].title if id in facts else "")] = yes, no, share(yes, yes + no)
        return rows

    return answer("feedback", ("post", "title"), ("yes", "no", "helpful"), ask, period, ("bots",), largest_first=1)


def words(store: Readable, period: Period, *, where: Filter = ALL, most: int = 500) -> Table:
    """day, post, title, helpful (yes or no), words: what readers wrote, the newest first, up to ``most``. No comparison."""
    facts = posts_of(store)
    ids = chosen(facts, where)
    found = [] if ids == [] else store.rows(
        "SELECT day, post, outcome, words FROM {events} WHERE name = 'feedback' AND words != '' AND bot < :bot "  # noqa: S608
        + ("AND post IN :ids " if ids is not None else "")
        + "AND t BETWEEN :first AND :last ORDER BY t DESC, id LIMIT :most",
        bot=BOT,
        most=most,
        **({} if ids is None else {"ids": ids}),
        first=period.bounds["since"] * DAY,
        last=(period.bounds["until"] + 1) * DAY - 1,
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (day_of(day).isoformat(), post, facts[post].title if post in facts else "", helpful, text)
        for day, post, helpful, text in found
    ]
    return Table("words", ("day", "post", "title", "helpful", "words"), tuple(rows), ("words",), period)


def reactions(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """kind; reactions, share."""
    return _kinds("reactions", "kind", "reaction", store, period, where)


def shares(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """to (where a post was passed on); shares, share."""
    return _kinds("shares", "to", "share", store, period, where)


def own_events(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """name (of the site's own events, ``x_…``); events, visitors."""
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        names = [name for (name,) in store.rows(
            "SELECT DISTINCT name FROM daily_events WHERE name >= 'x_' AND name < 'x`' AND day BETWEEN :since AND :until",
            **period.bounds,
        )]  # fmt: skip
        found = events(store, period, ids, names) if names else {}
        return {key: (one.events, one.visitors) for key, one in found.items()}

    return answer("own_events", ("name",), ("events", "visitors"), ask, period, ("visitors", "bots"))


def _kinds(name: str, what: str, event: str, store: Readable, period: Period, where: Filter) -> Table:
    ids = chosen(posts_of(store), where)

    def ask(period: Period) -> Rows:
        found = events(store, period, ids, [event], by=("key",), each=True)
        total = sum(one.events for one in found.values())
        return {key: (one.events, share(one.events, total)) for key, one in found.items()}

    return answer(name, (what,), (name, "share"), ask, period, ("bots",))
