"""What readers try out: demos, exercises, quizzes, and how far they come in courses."""

from __future__ import annotations

from collections.abc import Callable

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.answers import Rows, answer
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import ALL
from site_builder.analytics.questions.sums import Events, Views, chosen, events, posts_of, share, views
from site_builder.analytics.table import Table, Value

_NOTES = ("visitors", "bots")


def demos(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post, title, demo; runs, ok, failed, worked (the share of runs that did)."""

    def numbers(outcomes: dict[str, Events]) -> tuple[Value, ...]:
        ok, failed = (outcomes.get(name, Events()).events for name in ("ok", "failed"))
        return ok + failed, ok, failed, share(ok, ok + failed)

    return _tasks("demos", "demo", "demo_run", ("runs", "ok", "failed", "worked"), numbers, store, period, where)


def exercises(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post, title, exercise; passes, fails, hints, solutions (times asked for), passed (the share of tries)."""

    def numbers(outcomes: dict[str, Events]) -> tuple[Value, ...]:
        counts = [outcomes.get(name, Events()).events for name in ("pass", "fail", "hint", "solution")]
        return *counts, share(counts[0], counts[0] + counts[1])

    columns = ("passes", "fails", "hints", "solutions", "passed")
    return _tasks("exercises", "exercise", "exercise", columns, numbers, store, period, where)


def quizzes(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """post, title, quiz; answers (times it was handed in), right (the share of its questions)."""

    def numbers(outcomes: dict[str, Events]) -> tuple[Value, ...]:
        found = outcomes.get("", Events())
        return found.events, share(found.amount, found.out_of)

    return _tasks("quizzes", "quiz", "quiz", ("answers", "right"), numbers, store, period, where)


def courses(store: Readable, period: Period, *, where: Filter = ALL) -> Table:
    """course, chapter (from 1), post, title; readers, kept (share of the first chapter's), lost (share of the
    readers of the chapter before who did not come here), finished (share of views).

    In the order of the chapters; those that nobody read too.
    """
    facts = posts_of(store)
    ids = chosen(facts, where)
    within = None if ids is None else set(ids)
    chapters = sorted(
        (post for post in facts.values() if post.course and (within is None or post.id in within)),
        key=lambda post: (post.course, post.chapter or 0, post.id),
    )

    def ask(period: Period) -> Rows:
        read = views(store, period, ids, by=("post",))
        rows: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        course, first, before = "", 0, 0
        for post in chapters:
            found = read.get((post.id,), Views())
            if post.course != course:
                course, first, before = post.course, found.visitors, found.visitors
            lost = share(max(before - found.visitors, 0), before)
            numbers = found.visitors, share(found.visitors, first), lost, found.finished_share
            rows[(post.course, post.chapter, post.id, post.title)] = numbers
            before = found.visitors
        return rows

    about, numbers = ("course", "chapter", "post", "title"), ("readers", "kept", "lost", "finished")
    notes = (*_NOTES, "readers", "finished")
    return answer("courses", about, numbers, ask, period, notes, largest_first=None)


def _tasks(
    name: str,
    what: str,
    event: str,
    columns: tuple[str, ...],
    numbers: Callable[[dict[str, Events]], tuple[Value, ...]],
    store: Readable,
    period: Period,
    where: Filter,
) -> Table:
    facts = posts_of(store)
    ids = chosen(facts, where)

    def ask(period: Period) -> Rows:
        outcomes: dict[tuple[str, str], dict[str, Events]] = {}
        for (post, key, outcome), found in events(
            store, period, ids, [event], by=("post", "key", "outcome"), each=True
        ).items():
            outcomes.setdefault((str(post), str(key)), {})[str(outcome)] = found
        return {
            (post, facts[post].title if post in facts else "", key): numbers(found)
            for (post, key), found in outcomes.items()
        }

    return answer(name, ("post", "title", what), columns, ask, period, _NOTES)
