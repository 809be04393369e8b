"""A view as a page: its questions asked, each answer made ready to draw, and what the form above them offers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from heapq import nsmallest
from typing import Any

from site_builder.analytics.dashboard.asked import Asked
from site_builder.analytics.dashboard.charts import Chart, chart
from site_builder.analytics.dashboard.grid import Grid, Step, Tile, empty, grid, steps, tiles, told_before
from site_builder.analytics.dashboard.views import VIEWS, Panel
from site_builder.analytics.dashboard.words import note
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.questions.once import Readable
from site_builder.analytics.questions.reading import usual_step
from site_builder.analytics.questions.sums import views
from site_builder.analytics.table import BEFORE, Table
from site_builder.engagement.manifest import Manifest

MOST_POSTS = 200
"""That the form offers; every other has a link in a table."""


@dataclass(frozen=True)
class Shown:
    """A panel with its answer."""

    panel: Panel
    empty: str
    """The key of the word that stands in place of an answer."""
    grid: Grid | None = None
    chart: Chart | None = None
    tiles: tuple[Tile, ...] = ()
    steps: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    """Each way that readers take, by its name, which may be empty."""
    remark: str = ""
    """The key of a word below the answer."""
    notes: tuple[str, ...] = ()
    """Keys of ``NOTES``."""


@dataclass(frozen=True)
class Choice:
    """A field of the form: its name, and values with what they are called."""

    name: str
    values: tuple[tuple[str, str], ...]


def shown(view: str, store: Readable, asked: Asked, base: str, now: datetime) -> list[Shown]:
    """The panels of a view. ``base`` is where the dashboard stands, ``now`` the time in UTC."""
    answers: dict[str, Table] = {}
    found = []
    for panel in VIEWS[view]:
        if panel.one_post and not asked.where.post:
            found.append(Shown(panel, "pick_post"))
            continue
        if panel.question not in answers:
            table = QUESTIONS[panel.question](store, asked.period, where=asked.where)
            today = usual_step(asked.period) == "hour" and asked.period.until == now.date()
            answers[panel.question] = until_now(table, now.hour) if today and panel.drawn == "time" else table
        found.append(_shown(panel, answers[panel.question], asked, base))
    return found


def _shown(panel: Panel, table: Table, asked: Asked, base: str) -> Shown:
    if empty(table):
        return Shown(panel, f"empty_{panel.question}")
    told = told_before(table)
    remark = "" if told is table else "nothing_before"
    table = told
    if panel.drawn == "tiles":
        return Shown(panel, "", tiles=tuple(tiles(table, asked.language)), remark=remark, notes=table.notes)
    href = f"{base}/depth{asked.elsewhere(post='')}&post={{}}"
    return Shown(
        panel,
        "",
        grid(panel, table, asked, post_href=href),
        chart(panel, table, asked.language) if panel.lines else None,
        steps=steps(panel, table, asked.language) if panel.drawn == "steps" else (),
        remark=remark,
        notes=table.notes,
    )


def until_now(table: Table, hour: int) -> Table:
    """A day's hours without numbers for those after ``hour``, which have not come yet; the compared day has had all of them."""
    ours = [not name.endswith(BEFORE) and name != "at" for name in table.columns]
    rows = (
        tuple(None if mine and at > hour else value for mine, value in zip(ours, row, strict=True))
        for at, row in enumerate(table.rows)
    )
    return replace(table, rows=tuple(rows))


def notes(panels: Iterable[Shown], asked: Asked) -> tuple[str, ...]:
    """How the numbers of a page are to be read, each thing said once."""
    return tuple(note(key, asked.language) for key in dict.fromkeys(key for one in panels for key in one.notes))


def choices(asked: Asked, manifest: Manifest | None) -> list[Choice]:
    """What the questions can be about: authors, tags and the like of the manifest; nothing where there is but one."""
    if not manifest:
        return []
    posts = manifest.posts
    offered = {
        "author": (name for post in posts for name in post.authors),
        "tag": (name for post in posts for name in post.tags),
        "category": (name for post in posts for name in post.categories),
        "course": (post.course for post in posts if post.course),
        "language": (post.language for post in posts),
    }
    found = []
    for name, values in offered.items():
        known = sorted({*values, *filter(None, [getattr(asked.where, name)])}, key=str.casefold)
        if known:
            found.append(Choice(name, tuple((value, value) for value in known)))
    return found


def post_choice(store: Readable, asked: Asked, manifest: Manifest | None) -> Choice:
    """The posts that are most read, and the one that is asked about."""
    titles = {post.id: post.title for post in manifest.posts} if manifest else {}
    read = [(-found.views, str(id)) for (id,), found in views(store, asked.period, None, by=("post",)).items()]
    most = {id: titles[id] for _, id in nsmallest(MOST_POSTS, (one for one in read if one[1] in titles))}
    if asked.where.post:
        most.setdefault(asked.where.post, titles.get(asked.where.post, asked.where.post))
    return Choice("post", tuple(most.items()))


def post_title(manifest: Manifest | None, post: str) -> str:
    """What a post is called; empty if it is not known."""
    return next((one.title for one in manifest.posts if one.id == post), "") if manifest else ""


def hidden(asked: Asked, offered: Iterable[Choice]) -> dict[str, Any]:
    """What the form carries along unseen."""
    names = {choice.name for choice in offered}
    kept = {"post": asked.where.post} if "post" not in names else {}
    return {**{name: value for name, value in kept.items() if value}, "lang": asked.language}
