"""What happened in a week, or to one post: the answers that a writer reads, as data. ``report_page`` makes words of it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from site_builder.analytics.insights import going_stale, known_posts, leaving
from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions.audience import sources
from site_builder.analytics.questions.by_post import also_read, posts
from site_builder.analytics.questions.depth import depth, headings
from site_builder.analytics.questions.reading import overview
from site_builder.analytics.questions.said import feedback, reactions, words
from site_builder.analytics.questions.tasks import courses, demos, exercises, quizzes
from site_builder.analytics.questions.way import funnel, purchases
from site_builder.analytics.store import Store
from site_builder.analytics.table import BEFORE, Table, Value
from site_builder.engagement.manifest import Manifest, PostFacts
from site_builder.errors import AnalyticsError

DAYS = 7
SPAN = 90
"""Days back from the report's last one, over which it says where readers leave and what goes stale: a week says too little."""
ABOUT = {
    "overview": 1, "posts": 3, "sources": 1, "funnel": 1, "purchases": 2, "courses": 4, "demos": 3, "exercises": 3, "quizzes": 3,
    "feedback": 2, "words": 4, "reactions": 1, "depth": 1, "headings": 4, "also_read": 4, "leaving": 5, "stale": 4,
}  # fmt: skip
"""How many of a table's first columns say what a row is about."""


@dataclass(frozen=True)
class Report:
    """Of a site, or of one post; ``tables`` in the order in which they are read, whole and also where they are empty."""

    manifest: Manifest
    period: Period
    tables: tuple[Table, ...]
    post: PostFacts | None = None

    @property
    def title(self) -> str:
        return self.post.title if self.post else self.manifest.title

    @property
    def url(self) -> str:
        return self.post.url if self.post else self.manifest.url

    def json(self) -> str:
        """One object: site, post (its id, or null), title, url, since, until, and ``tables`` as each question has them."""
        data = {
            "site": self.manifest.site,
            "post": self.post.id if self.post else None,
            "title": self.title,
            "url": self.url,
            "since": self.period.since.isoformat(),
            "until": self.period.until.isoformat(),
            "tables": [json.loads(table.json()) for table in self.tables],
        }
        return json.dumps(data, ensure_ascii=False, indent=1)

    def csv(self) -> str:
        """One table of all numbers: table, about, measure, value, before (the compared period's, where there is one)."""
        rows: list[tuple[Value, ...]] = []
        for table in self.tables:
            first = ABOUT[table.name]
            for record in table.records():
                about = " / ".join(
                    str(record[name]) for name in table.columns[:first] if record[name] not in ("", None)
                )
                for name in table.columns[first:]:
                    if not name.endswith(BEFORE):
                        rows.append((table.name, about, name, record[name], record.get(f"{name}{BEFORE}")))
        return Table("report", ("table", "about", "measure", "value", "before"), tuple(rows)).csv()


def make_report(store: Store, since: date, until: date, post: str = "") -> Report:
    """The report on these days, set against as many before; on one post, as ``find_post`` takes it, or on the site.

    Raises AnalyticsError if the store can't be used or has no manifest, there is no such post, or the days make no period.
    """
    manifest = known_posts(store)
    period = Period(since, until, "previous")
    plain = replace(period, compare=None)
    if not post:
        span = Period.last(max(SPAN, period.days), until, "previous")
        tables: Sequence[Table] = (
            overview(store, period),
            posts(store, period),
            sources(store, period),
            *([funnel(store, period)] if any(one.access for one in manifest.posts) else []),
            purchases(store, period),
            *([courses(store, plain)] if any(one.course for one in manifest.posts) else []),
            demos(store, plain),
            feedback(store, plain),
            words(store, plain),
            _leaving(store, manifest, span),
            _stale(store, manifest, span),
        )
        return Report(manifest, period, tuple(tables))
    facts = find_post(manifest, post)
    where = Filter(post=facts.id)
    tables = (
        overview(store, period, where=where),
        depth(store, plain, where=where),
        headings(store, plain, where=where),
        sources(store, period, where=where),
        *([funnel(store, period, where=where)] if facts.access else []),
        purchases(store, period, where=where),
        demos(store, plain, where=where),
        exercises(store, plain, where=where),
        quizzes(store, plain, where=where),
        reactions(store, plain, where=where),
        words(store, plain, where=where),
        also_read(store, plain, where=where),
    )
    return Report(manifest, period, tables, facts)


def find_post(manifest: Manifest, named: str) -> PostFacts:
    """The post of this id, address, path, last step of its path, or title. Raises AnalyticsError for none or several."""
    wanted = named.strip().strip("/")
    for names in (_exact, _last_step, _title):
        found = [post for post in manifest.posts if wanted.casefold() in names(post)]
        if len(found) == 1:
            return found[0]
        if found:
            there = ", ".join(urlsplit(post.url).path for post in found)
            raise AnalyticsError(f"{named!r} may be several posts", hint=f"Name one by its path: {there}.")
    raise AnalyticsError(f"there is no post {named!r}", hint=_nearest(manifest, wanted))


def _nearest(manifest: Manifest, wanted: str) -> str:
    """How a post may be named, and which may be meant."""
    called = {name: post for post in manifest.posts for name in (*_title(post), *_last_step(post), *_exact(post))}
    near = difflib.get_close_matches(wanted.casefold(), called, n=5, cutoff=0.7)
    paths = list(dict.fromkeys(urlsplit(called[name].url).path for name in near))[:3]
    how = "Name it by its address, its path, its title, or its id in engagement/manifest.json."
    return f"Is it {' or '.join(paths)}? {how}" if paths else how


def _exact(post: PostFacts) -> set[str]:
    return {one.strip("/").casefold() for one in (post.id, post.url, urlsplit(post.url).path)}


def _last_step(post: PostFacts) -> set[str]:
    return {urlsplit(post.url).path.rstrip("/").rpartition("/")[2].casefold()}


def _title(post: PostFacts) -> set[str]:
    return {post.title.casefold()}


def _leaving(store: Store, manifest: Manifest, span: Period) -> Table:
    """post, title, url, heading, heading_title; views that came to it, left (0 to 1): the worst first."""
    facts = {post.id: post for post in manifest.posts}
    rows: list[tuple[Value, ...]] = []
    for id, found in leaving(headings(store, replace(span, compare=None))).items():
        post = facts[id]
        called = next(heading.title for heading in post.headings if heading.id == found.heading)
        rows.append((id, post.title, post.url, found.heading, called, found.views, found.share))
    rows.sort(key=lambda row: (-float(row[5] or 0) * float(row[6] or 0), str(row[0])))
    columns = ("post", "title", "url", "heading", "heading_title", "views", "left")
    return Table("leaving", columns, tuple(rows), ("headings",), replace(span, compare=None))


def _stale(store: Store, manifest: Manifest, span: Period) -> Table:
    """post, title, url, updated (day); readers, readers_before: those that lost the most first."""
    asked = {str(row["post"]): row for row in posts(store, span).records()}
    now, before = (
        {id: found if isinstance(found := row[name], int) else 0 for id, row in asked.items()}
        for name in ("readers", "readers_before")
    )
    facts = {post.id: post for post in manifest.posts}
    gone = sorted(going_stale(manifest.posts, now, before, span), key=lambda id: (now.get(id, 0) - before[id], id))
    rows = [
        (id, facts[id].title, facts[id].url, facts[id].updated.date().isoformat(), now.get(id, 0), before[id])
        for id in gone
    ]
    return Table(
        "stale", ("post", "title", "url", "updated", "readers", "readers_before"), tuple(rows), ("readers",), span
    )
