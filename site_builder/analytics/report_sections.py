"""Which numbers of a report are shown, and in which words: the same lines for the text, the page and the mail."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from site_builder.analytics.money import MONEY, money
from site_builder.analytics.report import SPAN, Report
from site_builder.analytics.report_words import Say, say_in
from site_builder.analytics.table import BEFORE, Table, Value


@dataclass(frozen=True)
class Line:
    """What a row is about, the cells beside it, where it leads, and how long a bar it has, 0 to 1."""

    about: str
    cells: tuple[str, ...] = ()
    url: str = ""
    bar: float | None = None
    words: str = ""
    """Text of a reader's."""


@dataclass(frozen=True)
class Section:
    """A table as it is shown; ``more`` is how many rows are left out."""

    title: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    more: int = 0
    notes: tuple[str, ...] = ()
    """Keys of what is to be known of its numbers."""


@dataclass(frozen=True)
class _Shown:
    """How a table is shown: its title, columns with heads, the most rows, and what else there is to say of a row."""

    title: str
    columns: Mapping[str, str]
    about: Callable[[Mapping[str, Value], Say], str]
    most: int = 10
    bar: str = ""
    url: str = "url"
    keep: Callable[[Mapping[str, Value]], bool] = lambda row: True
    words: str = ""
    sort: str = ""
    """The column by which the largest stand first, if the question has another order."""


def _named(name: str, nothing: str = "") -> Callable[[Mapping[str, Value], Say], str]:
    return lambda row, say: str(row[name] or (say(nothing) if nothing else ""))


_MEASURES = {
    "visitors": "Visitors", "views": "Page views", "active_seconds": "Active time of a view", "depth": "Read down to",
    "finished": "Read to the end", "reaction": "Reactions", "share": "Shares", "feedback": "Answers to “Was this helpful?”",
    "helpful": "Found it helpful", "demo_run": "Demos run", "exercise": "Exercises tried", "quiz": "Quizzes answered",
    "paywall_view": "Paywalls seen", "cta_view": "Offers seen", "cta_click": "Offers followed", "unlock": "Unlocked",
    "gift_open": "Gifts opened", "newsletter_signup": "Newsletter sign-ups", "purchase": "Purchases", "refund": "Refunds",
    "bot_views": "Page views by bots",
}  # fmt: skip
_SHARES = {"depth", "finished", "helpful", "share", "kept", "left", "right"}
_OF_KIND = {"depth", "finished", "helpful", "active_seconds"}
"""Measures of ``overview`` that are no counts; a ``share`` there is a share button's."""
_STEPS = {
    "teaser": "Saw a teaser", "paywall": "Saw the paywall", "offer_seen": "Saw an offer", "offer_clicked": "Followed an offer",
    "unlocked": "Unlocked",
}  # fmt: skip
_TABLES = {
    "posts": _Shown(
        "Most read", {"views": "Views", "readers": "Readers", "active_seconds": "Active", "finished": "To the end"},
        _named("title"), bar="views", keep=lambda row: bool(row["title"] and row["views"]),
    ),
    "sources": _Shown("Where they came from", {"views": "Views", "share": "Of all"}, _named("source", "directly"),
                      bar="share", keep=lambda row: bool(row["views"])),
    "funnel": _Shown("From the teaser to members", {"readers": "Readers", "kept": "Of the step before"},
                     lambda row, say: say(_STEPS[str(row["step"])]), bar="share", keep=lambda row: bool(row["readers"])),
    "purchases": _Shown("Payments", {"purchases": "Purchases", "paid": "Paid", "refunded": "Given back"},
                        _named("offer", "for no offer that is named"), keep=lambda row: bool(row["purchases"] or row["refunds"])),
    "courses": _Shown("Courses", {"readers": "Readers", "kept": "Of the first chapter"},
                      lambda row, say: f"{row['course']} {row['chapter']}: {row['title']}", most=30, bar="kept"),
    "demos": _Shown("Demos that failed", {"runs": "Runs", "failed": "Failed"},
                    lambda row, say: f"{row['title']}: {row['demo']}", keep=lambda row: bool(row["failed"]), sort="failed"),
    "exercises": _Shown("Exercises", {"passes": "Passed", "fails": "Failed", "hints": "Hints", "solutions": "Solutions"},
                        _named("exercise")),
    "quizzes": _Shown("Quizzes", {"answers": "Answers", "right": "Right"}, _named("quiz")),
    "feedback": _Shown("Was it helpful?", {"yes": "Yes", "no": "No"}, _named("title"), most=8),
    "words": _Shown("What readers wrote", {"helpful": "Helpful"}, lambda row, say: f"{row['day']}, {row['title']}", most=20,
                    words="words"),
    "reactions": _Shown("Reactions", {"reactions": "Times"}, _named("kind"), bar="share"),
    "depth": _Shown("How far it was read", {"views": "Views", "share": "Of all"}, lambda row, say: f"{row['at']} %", bar="share",
                    most=20, keep=lambda row: int(row["at"] or 0) % 25 == 0 and int(row["at"] or 0) > 0),
    "headings": _Shown("By its headings", {"views": "Came", "left": "Read no further"}, _named("title"), most=40, bar="share"),
    "also_read": _Shown("Its readers also read", {"readers": "Readers"}, _named("other_title"), most=5,
                        keep=lambda row: bool(row["other_title"])),
    "leaving": _Shown("Where readers leave ({span} days)", {"views": "Came", "left": "Read no further"},
                      lambda row, say: f"{row['title']}: {row['heading_title']}", most=5, bar="left"),
    "stale": _Shown("Going stale ({span} days)", {"updated": "Revised", "readers": "Readers"}, _named("title"), most=5),
}  # fmt: skip


def sections(report: Report) -> list[Section]:
    """What is shown, without tables that have nothing to show."""
    within, say = report.post.title if report.post else "", say_in(report.manifest.language)
    found = [
        _overview(report.tables[0], say),
        *(_section(table, _TABLES[table.name], within, say) for table in report.tables[1:]),
    ]
    return [section for section in found if section.lines]


def _overview(table: Table, say: Say) -> Section:
    lines = []
    for row in table.records():
        name, value, before = str(row["measure"]), row["value"], row[f"value{BEFORE}"]
        if name in ("visitors", "views") or value or before:
            kind = name if name in _OF_KIND else "count"
            lines.append(Line(say(_MEASURES[name]), (_cell(kind, value, say), change(kind, value, before, say))))
    return Section(say("At a glance"), ("", say("Change")), tuple(lines), notes=table.notes)


def _section(table: Table, shown: _Shown, within: str, say: Say) -> Section:
    """``within``: the title of the post that all is about, which no row repeats."""
    rows = [row for row in table.records() if shown.keep(row)]
    # The chapters of a course are there without readers too.
    rows = rows if any(row[name] for row in rows for name in shown.columns) else []
    if shown.sort:
        rows.sort(key=lambda row: -_number(row[shown.sort]))
    largest = max((_number(row[shown.bar]) for row in rows), default=0.0) if shown.bar else 0.0
    first = next(iter(shown.columns))
    compared = f"{first}{BEFORE}" in table.columns
    lines = [
        Line(
            plain(shown.about(row, say).removeprefix(f"{within}: ").removesuffix(f", {within}")),
            _beside(
                [_cell(name, row[name], say, str(row.get("currency"))) for name in shown.columns],
                [change(first, row[first], row[f"{first}{BEFORE}"], say)] if compared else [],
            ),
            str(row.get(shown.url) or ""),
            _number(row[shown.bar]) / max(largest, 1.0 if shown.bar in _SHARES else 1e-9) if shown.bar else None,
            plain(str(row[shown.words])) if shown.words else "",
        )
        for row in rows[: shown.most]
    ]
    heads = _beside([say(head) for head in shown.columns.values()], [say("Change")] if compared else [])
    more = max(len(rows) - shown.most, 0)
    return Section(say(shown.title).format(span=SPAN), heads, tuple(lines), more, table.notes)


def _beside(cells: list[str], moved: list[str]) -> tuple[str, ...]:
    """How the first number moved stands right after it."""
    return (cells[0], *moved, *cells[1:])


def change(name: str, value: Value, before: Value, say: Say) -> str:
    """How a number moved: in per cent of what it was, and shares by points; nothing where there is nothing to compare."""
    if not isinstance(before, int | float) or not isinstance(value, int | float):
        return say("new") if isinstance(value, int | float) and value and before is None and name not in _SHARES else ""
    if name in _SHARES:
        points = round(100 * (value - before))
        if not points:
            return say("as before")
        return say("{points} points" if abs(points) > 1 else "{points} point").format(points=_signed(points))
    if not before:
        return say("new") if value else ""
    moved = round(100 * (value - before) / before)
    return f"{_signed(moved)} %" if moved else say("as before")


def _signed(number: int) -> str:
    return f"+{number:,}" if number > 0 else f"−{-number:,}"


def _cell(name: str, value: Value, say: Say, currency: str = "") -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return say(value) if name == "helpful" else plain(value)
    if name in MONEY:
        return money(int(value), currency)
    if name in _SHARES:
        return f"{100 * value:.0f} %"
    if name == "active_seconds":
        minutes, seconds = divmod(round(value), 60)
        return say("{minutes} min {seconds} s" if minutes else "{seconds} s").format(minutes=minutes, seconds=seconds)
    return f"{value:,}"


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def plain(text: str) -> str:
    """What came from outside, as one line without anything that a terminal would obey."""
    return " ".join("".join(" " if unicodedata.category(one)[0] == "C" else one for one in text).split())
