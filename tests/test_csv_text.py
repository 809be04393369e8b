"""CSV comes back cell by cell as it was written, whatever is in it."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.csv_text import csv_text


@given(st.lists(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=2, max_size=4)))
@example([["", "\r\t"], ["a\rb", "\n"], ["\r\n", '"'], ["", ""]])
def test_every_cell_comes_back(rows: list[list[str]]) -> None:
    assert list(csv.reader(io.StringIO(csv_text(rows), newline=""), strict=True)) == rows


def test_rows_end_with_a_line_feed() -> None:
    assert csv_text([("a", 1), ("b,c", None)]) == 'a,1\n"b,c",\n'
