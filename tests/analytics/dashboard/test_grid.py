"""Numbers in words, and what changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from site_builder.analytics.dashboard.asked import Asked, read_asked
from site_builder.analytics.dashboard.grid import MOST_ROWS, change, empty, grid, number_text, steps, told_before
from site_builder.analytics.dashboard.views import VIEWS, Panel
from site_builder.analytics.table import Table, Value

SOURCES = Panel("sources", ("source", "views", "share"), bar="share")
PLAIN = read_asked({}, "en", date(2026, 11, 22))


def sources(*rows: tuple[Value, ...]) -> Table:
    return Table("sources", ("source", "views", "share", "views_before", "share_before"), rows)


def texts(table: Table, asked: Asked = PLAIN) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid(SOURCES, table, asked, post_href="{}").rows]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("views", 1234567, "1,234,567"),
        ("views", 0, "0"),
        ("share", 0.1234, "12.3 %"),
        ("kept", 37.789, "3,778.9 %"),
        ("share", None, "–"),
        ("active_seconds", 61.6, "1:01"),
        ("active_minutes", 59.6, "60 min"),
        ("active_minutes", 6000.0, "100 h"),
    ],
)
def test_numbers_are_written_as_people_read_them(name: str, value: Value, text: str) -> None:
    assert number_text(name, value) == text


@pytest.mark.parametrize(
    ("name", "value", "before", "text"),
    [
        ("views", 150, 100, "▲ 50.0 %"),
        ("views", 50, 100, "▼ 50.0 %"),
        ("views", 100, 100, "="),
        ("views", 340, 100, "▲ 240 %"),
        ("views", 5, 0, "new"),
        ("views", 5, None, "new"),
        ("views", 0, 0, ""),
        ("views", None, 5, ""),
        ("share", 0.5, 0.25, "▲ 25.0 points"),
        ("share", 0.25, 0.0, "▲ 25.0 points"),
        ("share", 0.5, None, ""),
        ("active_seconds", 90.0, 60.0, "▲ 50.0 %"),
        ("active_seconds", 90.0, None, ""),
    ],
)
def test_changes_are_in_per_cent_and_of_shares_in_points(name: str, value: Value, before: Value, text: str) -> None:
    assert change(name, value, before, "en") == text


def test_what_has_no_name_gets_one() -> None:
    assert texts(sources(("", 3, 0.5, 1, 0.5), ("a.example.com", 3, 0.5, 1, 0.5)))[0][0] == "direct, or not told"


def test_heights_are_per_cent_from_nought_on() -> None:
    panel = VIEWS["depth"][0]
    table = Table("depth", ("at", "views", "share"), ((0, 8, 1.0), (5, 4, 0.5)))
    rows = grid(panel, table, PLAIN, post_href="{}").rows
    assert [[cell.text for cell in row] for row in rows] == [["0 %", "8", "100.0 %"], ["5 %", "4", "50.0 %"]]


def test_rows_stand_in_the_order_that_is_asked_for_and_what_is_unknown_last() -> None:
    table = sources(("b", 1, None, 0, None), ("a", 3, 0.2, 0, None), ("c", 2, 0.9, 0, None))
    for sort, order in (("", "bac"), ("views", "acb"), ("share", "cab"), ("source", "abc"), ("nothing", "bac")):
        asked = read_asked({"sort": sort}, "en", date(2026, 11, 22))
        assert "".join(row[0] for row in texts(table, asked)) == order


def test_bars_are_a_share_of_the_whole_and_counts_of_the_largest() -> None:
    table = sources(("a", 4, 0.8, 4, 0.8), ("b", 1, 0.2, 1, 0.2), ("c", None, None, 1, 0.2))
    for bar, lengths in (("share", [0.8, 0.2, None]), ("views", [1.0, 0.25, None])):
        rows = grid(replace(SOURCES, bar=bar), table, PLAIN, post_href="{}").rows
        assert [
            cell.bar for row in rows for cell, name in zip(row, SOURCES.columns, strict=True) if name == bar
        ] == lengths


def test_long_tables_are_cut_until_all_is_asked_for() -> None:
    table = sources(*((str(number), 1, 0.1, 0, None) for number in range(MOST_ROWS + 5)))
    short = grid(SOURCES, table, PLAIN, post_href="{}")
    assert (len(short.rows), short.all) == (MOST_ROWS, MOST_ROWS + 5)
    asked = read_asked({"rows": "sources"}, "en", date(2026, 11, 22))
    assert len(grid(SOURCES, table, asked, post_href="{}").rows) == MOST_ROWS + 5
    another = read_asked({"rows": "campaigns"}, "en", date(2026, 11, 22))
    assert len(grid(SOURCES, table, another, post_href="{}").rows) == MOST_ROWS


def test_two_posts_stand_in_one_row_unless_one_of_them_is_asked_about() -> None:
    panel = next(one for one in VIEWS["posts"] if one.question == "also_read")
    rows = (("a", "A", "b", "B", 9, 0.5), ("b", "B", "a", "A", 9, 0.9), ("a", "A", "c", "C", 2, 0.1))
    table = Table("also_read", ("post", "title", "other", "other_title", "readers", "share"), rows)

    def titles(said: dict[str, str]) -> list[str]:
        found = grid(panel, table, read_asked(said, "en", date(2026, 11, 22)), post_href="{}")
        return [row[0].text + row[1].text for row in found.rows]

    assert titles({}) == ["AB", "AC"] and titles({"post": "a"}) == ["AB", "BA", "AC"]


def test_a_compared_period_with_nothing_in_it_is_left_out() -> None:
    assert told_before(sources(("a", 1, 0.1, 0, None), ("b", 1, 0.1, None, None))).columns == (
        "source",
        "views",
        "share",
    )
    assert told_before(sources(("a", 1, 0.1, 1, 0.1))).columns[-1] == "share_before"


def test_empty_is_what_has_no_number_but_zeros() -> None:
    assert empty(sources()) and empty(sources(("a", 0, None, 0, None)))
    assert not empty(sources(("a", 0, None, 1, 1.0)))
    assert not empty(
        Table("words", ("day", "post", "title", "helpful", "words"), (("2026-01-01", "", "", "yes", "x"),))
    )


def test_chapters_of_two_courses_are_two_ways() -> None:
    (panel,) = VIEWS["courses"]
    rows = (
        ("a", 1, "", "One", 4, 1.0, 0.0, None),
        ("a", 2, "", "Two", 1, 0.25, 0.75, None),
        ("b", 1, "", "Ж", 0, None, None, None),
    )
    table = Table("courses", ("course", "chapter", "post", "title", "readers", "kept", "lost", "finished"), rows)
    (a, first), (b, second) = steps(panel, table, "en")
    assert (a, b) == ("a", "b") and [step.kept for step in first] == ["", "25.0 %"]
    assert (second[0].label, second[0].share) == ("1. Ж", 0.0)


def test_the_longest_bar_of_a_way_is_the_step_that_most_came_to() -> None:
    (panel,) = VIEWS["courses"]
    rows = (("a", 1, "", "One", 10, 1.0, 0.0, None), ("a", 2, "", "Two", 40, 4.0, 0.0, None))
    table = Table("courses", ("course", "chapter", "post", "title", "readers", "kept", "lost", "finished"), rows)
    ((_, way),) = steps(panel, table, "en")
    assert [step.share for step in way] == [0.25, 1.0] and way[1].kept == "400.0 %"
