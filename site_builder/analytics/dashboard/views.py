"""Which view shows which questions, and how: the list that the navigation, the pages and the tests read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Drawn = Literal["tiles", "time", "curve", "steps", "words", "table"]


@dataclass(frozen=True)
class Panel:
    """A question as a view shows it. ``columns`` are those of its table, in order; all of them are in its CSV and JSON."""

    question: str
    columns: tuple[str, ...] = ()
    drawn: Drawn = "table"
    lines: tuple[str, ...] = ()
    """Columns that a chart draws."""
    bar: str = ""
    """The column that has a bar in each row: a share of the whole, a count of the largest there is."""
    kind: str = ""
    """Only the rows of this ``kind``."""
    one_way: bool = False
    """Of two posts only the first row, though the answer tells of each by itself."""
    one_post: bool = False
    """Whether it says something of one post alone."""

    @property
    def id(self) -> str:
        return f"{self.question}-{self.kind}" if self.kind else self.question


_GROUP = ("views", "readers", "active_seconds", "depth", "finished", "posts", "unlocks")
_VISITS = ("views", "share", "visitors", "active_seconds", "finished")
_TIME = ("at", "views", "visitors", "active_minutes", "finished", "unlocks")
_POSTS = (
    "title", "views", "readers", "active_seconds", "depth", "finished", "reactions", "shares", "paywall_views", "cta_clicks",
    "unlocks", "signups", "helpful", "unhelpful",
)  # fmt: skip

VIEWS: dict[str, tuple[Panel, ...]] = {
    "reading": (
        Panel("overview", drawn="tiles"),
        Panel("over_time", _TIME, "time", ("views", "visitors")),
    ),
    "posts": (
        Panel("posts", _POSTS, bar="views"),
        Panel("also_read", ("title", "other_title", "readers", "share"), bar="share", one_way=True),
    ),
    "groups": tuple(
        Panel(question, (column, *_GROUP), bar="views")
        for question, column in (
            ("authors", "author"),
            ("tags", "tag"),
            ("categories", "category"),
            ("series", "series"),
        )
    ),
    "depth": (
        Panel("depth", ("at", "views", "share"), "curve", ("share",)),
        Panel("headings", ("number", "title", "views", "share", "left"), bar="share", one_post=True),
    ),
    "membership": (
        Panel("funnel", ("step", "readers", "kept", "share"), "steps"),
        Panel("offers", ("offer", "seen", "clicked"), bar="seen"),
        Panel("purchases", ("offer", "purchases", "paid", "refunds", "refunded")),
    ),
    "practice": (
        Panel("demos", ("title", "demo", "runs", "ok", "failed", "worked"), bar="worked"),
        Panel("exercises", ("title", "exercise", "passes", "fails", "hints", "solutions", "passed"), bar="passed"),
        Panel("quizzes", ("title", "quiz", "answers", "right"), bar="right"),
    ),
    "courses": (Panel("courses", ("course", "chapter", "title", "readers", "kept", "lost", "finished"), "steps"),),
    "sources": (
        Panel("sources", ("source", *_VISITS), bar="share"),
        Panel("campaigns", ("source", "medium", "campaign", *_VISITS), bar="share"),
    ),
    "devices": tuple(
        Panel("devices", ("value", *_VISITS), bar="share", kind=kind)
        for kind in ("device", "browser", "os", "language")
    ),
    "feedback": (
        Panel("words", ("day", "title", "helpful", "words"), "words"),
        Panel("feedback", ("title", "yes", "no", "helpful"), bar="helpful"),
        Panel("reactions", ("kind", "reactions", "share"), bar="share"),
        Panel("shares", ("to", "shares", "share"), bar="share"),
        Panel("own_events", ("name", "events", "visitors"), bar="events"),
    ),
    "bots": (Panel("bots", ("at", "views", "people", "share"), "time", ("views", "people")),),
}
FIRST = next(iter(VIEWS))
