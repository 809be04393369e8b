"""A table as CSV: what spreadsheet programs make of it."""

from __future__ import annotations

import csv

import pytest

from site_builder.analytics.table import Table, Value


def as_csv(value: Value) -> str:
    return Table("words", ("day", "text"), (("2026-11-22", value),)).csv()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "＝1+1",
        "a;=1+1",
        "a; =1+1",
        "a\t=1+1",
        "two\n=1+1",
        "two\r\n -1;+2",
        ";=1",
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_cell_begins_as_a_formula_whatever_a_program_takes_for_a_separator(text: str, separator: str) -> None:
    for line in as_csv(text).splitlines():
        for quoted in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE):
            [cells] = csv.reader([line], delimiter=separator, quoting=quoted)
            assert not [cell for cell in cells if cell.lstrip(' "')[:1] in ("=", "+", "-", "@", "＝")], cells


@pytest.mark.parametrize("text", ["Well; I liked it", "a - b = c", "It's clear.", "1+1=2", "a, b"])
def test_words_that_are_no_formula_stay_as_they_are(text: str) -> None:
    assert list(csv.reader(as_csv(text).splitlines()))[1] == ["2026-11-22", text]


def test_what_a_formula_would_begin_with_gets_an_apostrophe() -> None:
    assert as_csv("=1+1").endswith(",'=1+1\n") and as_csv("a;=1").endswith(",a;'=1\n")


def test_numbers_stay_numbers() -> None:
    assert as_csv(-0.5) == "day,text\n2026-11-22,-0.5\n" and as_csv(None) == "day,text\n2026-11-22,\n"
