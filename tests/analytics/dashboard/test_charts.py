"""Charts are drawn to scale, and take nothing of what they are told for markup."""

from __future__ import annotations

import json
import re

import pytest

from site_builder.analytics.dashboard.charts import Line, bar, chart, draw, nice
from site_builder.analytics.dashboard.views import Panel
from site_builder.analytics.table import Table

TIME = Panel("over_time", ("at", "views"), "time", ("views",))


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 4), (3, 4), (5, 8), (9, 10), (11, 20), (21, 40), (99, 100), (100.5, 200), (4500, 8000)]
)
def test_the_scale_ends_with_a_round_number(highest: float, top: float) -> None:
    assert nice(highest) == top


def test_a_line_is_drawn_to_scale_and_broken_where_nothing_is_known() -> None:
    svg = draw([Line("views", (0, 10, None, 5, None), 0)], 10)
    assert re.findall(r'class="line c0" d="([^"]+)"', svg) == ["M0.0 300.0L250.0 0.0M750.0 150.0"]


def test_a_single_point_is_a_line() -> None:
    assert "M0.0 150.0H1000" in draw([Line("views", (5,), 0)], 10)


def test_the_compared_period_is_drawn_below_and_dashed() -> None:
    table = Table("over_time", ("at", "views", "at_before", "views_before"), (("2026-01-02", 3, "2026-01-01", 20),))
    drawn = chart(TIME, table, "en")
    assert drawn.svg.index("line c0 before") < drawn.svg.index('line c0"')
    assert drawn.ticks == ("20", "15", "10", "5", "0")
    assert [line["label"] for line in json.loads(drawn.data)["lines"]] == ["Views", "Views (before)"]


def test_bars_stay_in_their_box() -> None:
    assert [re.findall(r'class="part" width="([^"]+)"', bar(share))[0] for share in (-1, 0.256, 3)] == [
        "0.0",
        "25.6",
        "100.0",
    ]


def test_no_chart_has_a_style_of_its_own() -> None:
    assert "style" not in draw([Line("<script>", (1,), 0)], 4) + bar(0.5)
