"""What can be asked of a store. Every question is ``(store, period, *, where=Filter()) -> Table``, and reads roll-ups alone.

The columns stand in each question's own words; with a comparison each number has a second column, ``…_before``. ``QUESTIONS`` has
all of them by name, in the order in which they are to be shown.
"""

from __future__ import annotations

from typing import Protocol

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.audience import bots, campaigns, devices, sources
from site_builder.analytics.questions.by_post import also_read, authors, categories, posts, series, tags
from site_builder.analytics.questions.depth import depth, headings
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import over_time, overview
from site_builder.analytics.questions.said import feedback, own_events, reactions, shares, words
from site_builder.analytics.questions.tasks import courses, demos, exercises, quizzes
from site_builder.analytics.questions.way import funnel, offers, purchases
from site_builder.analytics.table import Table


class Question(Protocol):
    def __call__(self, store: Readable, period: Period, *, where: Filter = ...) -> Table: ...


_ALL: tuple[Question, ...] = (
    overview, over_time, posts, authors, tags, categories, series, depth, headings, funnel, offers, purchases, demos, exercises,
    quizzes, courses, sources, campaigns, devices, feedback, words, reactions, shares, own_events, also_read, bots,
)  # fmt: skip
QUESTIONS: dict[str, Question] = {question.__name__: question for question in _ALL}  # type: ignore[attr-defined]

__all__ = ["QUESTIONS", "Question", *QUESTIONS]
