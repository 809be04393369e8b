"""Tables as CSV (RFC 4180), whatever their columns: rows with their lines, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from site_builder.csv_text import csv_text
from site_builder.errors import Place, SiteError

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula (CWE-1236)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def unguarded(cell: str) -> str:
    """The cell without that apostrophe, and without white space around it."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text with guarded cells and a line feed after each row."""
    return csv_text([header, *([guarded(cell) for cell in row] for row in rows)])


def read_rows(file: Path, error: type[SiteError]) -> Iterator[tuple[Place, list[str]]]:
    """Rows of a file in UTF-8 that are not empty, each with the line on which it begins. Raises ``error`` for what is no CSV."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = wrong.object.count(b"\n", 0, wrong.start) + 1
        raise error(
            "this is not UTF-8 text", place=Place(file, line), hint="Save it as UTF-8, in spreadsheets “CSV UTF-8”."
        ) from None
    except OSError as wrong:
        raise error(f"the file can't be read: {wrong.strerror}", place=Place(file)) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Place(file, begins), cells
            begins = reader.line_num + 1
    except csv.Error as wrong:
        hint = "Expected commas between cells, and quotes doubled inside quotes (RFC 4180)."
        raise error(f"this is not CSV: {wrong}", place=Place(file, begins), hint=hint) from None
