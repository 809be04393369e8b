"""A report in words: plain text, and one page of HTML without script that browsers and mail programs show alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder.analytics.report import Report
from site_builder.analytics.report_sections import Section, plain, sections
from site_builder.analytics.report_words import note, say_in

WIDTH = 78
_TITLE = 46
"""Columns of plain text that a name may take."""
_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def subject(report: Report) -> str:
    """One line that names the site or post and the days."""
    since, until = report.period.since.isoformat(), report.period.until.isoformat()
    return f"{plain(report.title)}: {_days(report, since, until)}"


def _days(report: Report, since: str, until: str) -> str:
    say = say_in(report.manifest.language)
    return since if since == until else say("{since} to {until}").format(since=since, until=until)


def _compared(report: Report) -> str:
    days = report.period.days
    say = say_in(report.manifest.language)
    return say("Compared with the {days} days before." if days > 1 else "Compared with the day before.").format(
        days=days
    )


def _more(report: Report, more: int) -> str:
    return say_in(report.manifest.language)("and {more} more").format(more=f"{more:,}")


def _lead(report: Report, shown: list[Section]) -> list[str]:
    """What the numbers are compared with; and if there are none, that there are none."""
    views = dict(zip(report.tables[0].column("measure"), report.tables[0].column("value"), strict=True))["views"]
    nothing = [] if views or len(shown) > 1 else ["No reader was counted in these days. Today is told with --until."]
    return [_compared(report), *map(say_in(report.manifest.language), nothing)]


def _notes(report: Report, shown: list[Section]) -> list[str]:
    """What is to be known of the numbers that are shown, each once."""
    keys = dict.fromkeys(key for section in shown for key in section.notes)
    return [note(key, report.manifest.language) for key in keys]


def as_text(report: Report) -> str:
    """For a terminal, and for who reads mail as text: at most ``WIDTH`` columns, but for addresses."""
    shown = sections(report)
    lines = [subject(report), "=" * min(_width(subject(report)), WIDTH), report.url, *_lead(report, shown)]
    for section in shown:
        lines += ["", *_text_section(section, _more(report, section.more))]
    lines += ["", "-" * WIDTH]
    for one in _notes(report, shown):
        lines += _wrapped(f"* {one}", "  ")
    return "\n".join(lines) + "\n"


def _text_section(section: Section, more: str) -> Iterator[str]:
    widths = [
        max([_width(head), *(_width(line.cells[at]) for line in section.lines)])
        for at, head in enumerate(section.heads)
    ]
    longest = max(_width(line.about) for line in section.lines)
    room = min(max(longest, _width(section.title) - 2), _TITLE, WIDTH - 2 - sum(widths) - 2 * len(widths))

    def row(about: str, cells: tuple[str, ...]) -> str:
        told = "".join(f"  {' ' * (wide - _width(cell))}{cell}" for cell, wide in zip(cells, widths, strict=True))
        return f"{about}{' ' * (room + 2 - _width(about))}{told}".rstrip()

    yield row(section.title, section.heads)
    for line in section.lines:
        first, *rest = _wrapped(f"  {line.about}", "    ", room + 2)
        yield row(first, line.cells)
        yield from rest
        if line.words:
            yield from _wrapped(f"    {line.words}", "    ")
    if section.more:
        yield f"  {more}"


def _wrapped(text: str, indent: str, width: int = WIDTH) -> list[str]:
    """Lines of at most ``width`` columns, broken at spaces, and within words that are longer than a line."""
    lines, line = [], text[: len(text) - len(text.lstrip())]
    for word in text.split():
        for at, piece in enumerate([word] if _width(word) <= width - len(indent) else word):
            joint = " " if line.strip() and at == 0 else ""
            if line.strip() and _width(line) + len(joint) + _width(piece) > width:
                lines.append(line)
                line, joint = indent, ""
            line += joint + piece
    return [*lines, line]


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )


def as_html(report: Report) -> str:
    """One page that loads nothing; styles stand on the elements, since mail programs read no others."""
    shown = sections(report)
    page = _PAGES.get_template("report.html").render(
        subject=subject(report),
        title=plain(report.title),
        url=report.url,
        language=report.manifest.language if report.manifest.language.lower().startswith("zh") else "en",
        days=_days(report, report.period.since.isoformat(), report.period.until.isoformat()),
        lead=_lead(report, shown),
        sections=[(section, _more(report, section.more)) for section in shown],
        notes=_notes(report, shown),
    )
    # Afterwards, as css-inline would put what stays a style sheet in front of the character set.
    return _inliner().inline(page).replace("</title>", f"</title>\n<style>{_late_css()}</style>", 1)


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


@cache
def _late_css() -> str:
    """What can't be said on an element: dark mode, and narrow screens."""
    return _PAGES.get_template("report-dark-and-narrow.css").render()
