"""Charts as SVG made here: they need no script, stretch with the page, and take their colours from its style sheet."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from markupsafe import Markup

from site_builder.analytics.dashboard.views import Panel
from site_builder.analytics.dashboard.words import Language, column_word, word
from site_builder.analytics.table import BEFORE, Table, Value

WIDTH, HEIGHT = 1000, 300
_TICKS = 4


@dataclass(frozen=True)
class Line:
    """One number over time. Those of the compared period are drawn dashed, in the same colour."""

    label: str
    values: tuple[float | None, ...]
    colour: int
    before: bool = False


@dataclass(frozen=True)
class Chart:
    """What a page needs to draw: ``svg``, words beside it, and ``data`` as JSON for the script that makes it answer."""

    svg: Markup
    lines: tuple[Line, ...]
    ticks: tuple[str, ...]
    """From the top down."""
    at: tuple[str, ...]
    ends: tuple[str, ...]
    """A few of ``at``, from the left to the right."""
    data: str


def chart(panel: Panel, table: Table, language: Language) -> Chart:
    """The panel's ``lines`` over the table's first column. Shares are drawn up to 100 per cent."""
    lines = []
    for colour, name in enumerate(panel.lines):
        label = column_word(name, language, panel.question)
        lines.append(Line(label, _numbers(table.column(name)), colour))
        if name + BEFORE in table.columns:
            then = f"{label} ({word('before', language)})"
            lines.append(Line(then, _numbers(table.column(name + BEFORE)), colour, before=True))
    is_share = panel.drawn == "curve"
    at = tuple(f"{value} %" if is_share else str(value) for value in table.column(table.columns[0]))
    highest = 1.0 if is_share else nice(max((value or 0 for line in lines for value in line.values), default=0))
    steps = [highest * step / _TICKS for step in range(_TICKS, -1, -1)]
    ticks = tuple(f"{step:.0%}" if is_share else f"{step:,.10g}" for step in steps)
    middle = at[len(at) // 2]
    data = {
        "at": at,
        "share": is_share,
        "lines": [
            {"label": line.label, "values": line.values, "colour": line.colour, "before": line.before} for line in lines
        ],
    }
    return Chart(
        draw(lines, highest),
        tuple(lines),
        ticks,
        at,
        (at[0], middle, at[-1]) if len(at) > 2 else at,
        json.dumps(data, ensure_ascii=False, separators=(",", ":")),
    )


def draw(lines: Sequence[Line], highest: float) -> Markup:
    """The lines from left to right, ``highest`` at the top; those of the compared period below the others."""
    grid = "".join(f"M0 {HEIGHT * step / _TICKS:g}H{WIDTH}" for step in range(_TICKS + 1))
    parts = [Markup('<path class="grid" d="{}"/>').format(grid)]
    for line in sorted(lines, key=lambda line: not line.before):
        path = _path(line.values, highest)
        parts.append(Markup('<path class="line c{}{}" d="{}"/>').format(line.colour, " before" * line.before, path))
    return Markup(
        '<svg viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
    ).format(WIDTH, HEIGHT, Markup("").join(parts))


def _path(values: Sequence[float | None], highest: float) -> str:
    """Where a number is not known, the line is broken."""
    step = WIDTH / max(len(values) - 1, 1)
    path, pen = [], "M"
    for number, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        path.append(f"{pen}{number * step:.1f} {HEIGHT - value / highest * HEIGHT:.1f}")
        pen = "L"
    if len(values) == 1 and path:
        path.append(f"H{WIDTH}")
    return "".join(path)


def bar(share: float) -> Markup:
    """A bar as long as a share, 0 to 1."""
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="whole" width="100" height="8"/><rect class="part" width="{:.1f}" height="8"/></svg>'
    ).format(min(max(share, 0.0), 1.0) * 100)


def nice(highest: float) -> float:
    """A round number that is not below ``highest``, and that four steps divide well."""
    if highest <= 4:
        return 4.0
    unit = 10.0 ** floor(log10(highest))
    return next(unit * step for step in (1, 2, 4, 8, 10, 20) if ceil(highest) <= unit * step)


def _numbers(values: Sequence[Value]) -> tuple[float | None, ...]:
    return tuple(None if isinstance(value, str) else value for value in values)
