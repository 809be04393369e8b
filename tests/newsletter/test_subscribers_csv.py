"""Subscribers as CSV: a bad row is named with its line, what was found, and what would be right."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import SendingError, SiteError
from site_builder.membership.csv_table import write_csv
from site_builder.newsletter.addresses import normal_address, person
from site_builder.newsletter.spreadsheet import COLUMNS, Sheet, read_sheet, sheet_rows
from site_builder.newsletter.subscribers import Reader

TODAY = date(2026, 11, 22)
HEADER = "email,name,consent_date,source,interests\n"


def read(folder: Path, text: str | bytes, **more: object) -> Sheet:
    file = folder / "readers.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_sheet(file, TODAY, **more)  # type: ignore[arg-type]


def only(sheet: Sheet) -> SiteError:
    (error,) = sheet.bad
    return error


def test_each_row_is_a_reader(tmp_path: Path) -> None:
    sheet = read(
        tmp_path,
        "\ufeffEmail,Consent Date,Interests,Name\r\n"
        'ADA@Example.com,2026-05-31,asyncio; rust ;,"Ada ""the first"" Example"\r\n\r\n'
        "bob@bücher.example,2026-11-22,,\r\n",
    )
    assert sheet.bad == ()
    assert sheet.readers == (
        Reader(
            address="ADA@example.com", name='Ada "the first" Example', consented=date(2026, 5, 31),
            interests=("asyncio", "rust"),
        ),
        Reader(address="bob@xn--bcher-kva.example", consented=TODAY),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "what", "hint"),
    [
        ("ada,,2026-05-31,,", "found 'ada' as email", "Expected: a mail address has one @"),
        ("jürgen@example.com,,2026-05-31,,", "found 'jürgen@example.com' as email", "ASCII letters before the @"),
        (",,2026-05-31,,", "found '' as email", "Expected: a mail address"),
        ("a@example.com\x07,,2026-05-31,,", "found 'a@example.com�' as email", "no spaces or control characters"),
        ("ada@example.com,,31.5.2026,,", "found '31.5.2026' as consent_date", "Expected a day such as 2027-12-31."),
        ("ada@example.com,,2026-02-30,,", "found '2026-02-30' as consent_date", "Expected a day"),
        ("ada@example.com,,,,", "found no consent_date", "Expected the day on which they asked for mail"),
        ("ada@example.com,,2026-11-23,,", "found 2026-11-23 as consent_date", "Expected 2026-11-22 or before."),
        ("ada@example.com,A\x00da,2026-05-31,,", "found 'A�da' as name", "one line without control characters"),
        (f"ada@example.com,{'A' * 99},2026-05-31,,", "AAA...' as name", "at most 64 characters"),
        ("ada@example.com,,2026-05-31", "found 3 cells", "Expected 5: email,name,consent_date,source,interests."),
    ],
)
def test_a_bad_row_says_what_was_found_and_what_is_expected(tmp_path: Path, row: str, what: str, hint: str) -> None:
    sheet = read(tmp_path, f"{HEADER}bob@example.com,,2026-05-31,,\n{row}\n")
    error = only(sheet)
    assert error.place and (error.place.file, error.place.line) == (tmp_path / "readers.csv", 3)
    assert what in error.what and hint in error.hint
    assert [reader.address for reader in sheet.readers] == ["bob@example.com"]


def test_lines_are_counted_as_an_editor_shows_them(tmp_path: Path) -> None:
    sheet = read(tmp_path, f'{HEADER}\nada@example.com,"Ada\n",2026-05-31,,\n\nbob,,2026-05-31,,\n')
    assert [error.place.line for error in sheet.bad if error.place] == [6]


def test_an_address_that_stands_twice_is_told_with_both_lines(tmp_path: Path) -> None:
    sheet = read(tmp_path, f"{HEADER}ada@example.com,,2026-05-31,,\nADA@EXAMPLE.COM,,2026-05-31,,\n")
    assert only(sheet).what == "found ADA@example.com, which is on line 2 too"


def test_a_day_and_a_source_given_once_hold_for_rows_without(tmp_path: Path) -> None:
    sheet = read(tmp_path, "email,source\nada@example.com,talk\nbob@example.com,\n", consented=TODAY, source="old list")
    assert [(reader.consented, reader.source) for reader in sheet.readers] == [(TODAY, "talk"), (TODAY, "old list")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "found the header ''"),
        ("name,consent_date\nAda,2026-05-31\n", "found the header 'name,consent_date'"),
        ("email,email,consent_date\n", "found the header"),
        ("email,password\n", "found the header 'email,password'"),
        (HEADER, "found no row below the header"),
        (f'{HEADER}"ada@example.com,,2026-05-31,,\n', "this is not CSV"),
        (b"email\n\xff\n", "this is not UTF-8 text"),
    ],
)
def test_what_is_no_table_of_readers_is_refused_as_a_whole(tmp_path: Path, text: str | bytes, what: str) -> None:
    with pytest.raises(SendingError, match=what) as caught:
        read(tmp_path, text)
    assert caught.value.place


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SendingError, match=r"nobody\.csv: the file can't be read"):
        read_sheet(tmp_path / "nobody.csv", TODAY)


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["ada@example.com", "b@bücher.example", "2026-05-31", "=1+1", "'@x", "a;b", "\r\nBcc: x", "-5"]),
)


@given(st.lists(st.tuples(CELL, CELL, CELL, CELL, CELL), min_size=1, max_size=5))
def test_every_row_is_either_a_sound_reader_or_a_named_error(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *rows])
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    try:
        sheet = read(tmp_path_factory.getbasetemp(), text.getvalue())
    except SendingError as error:
        assert not filled or "not CSV" in error.what or "UTF-8" in error.what
        return
    assert len(sheet.readers) + len(sheet.bad) == len(filled)
    assert len({person(reader.address) for reader in sheet.readers}) == len(sheet.readers)
    for reader in sheet.readers:
        assert normal_address(reader.address) == reader.address and reader.consented <= TODAY
        assert reader.name.isprintable() or "\n" not in reader.name
    for error in sheet.bad:
        assert error.place and error.place.line and error.hint and "\n" not in error.what


READERS = st.builds(
    lambda number, name, day, source, interests: Reader(
        address=f"reader{number}@example.com", name=name, consented=day, source=source, interests=tuple(interests)
    ),
    st.integers(0, 99),
    st.sampled_from(["", "Ada", "=Ada", 'A"d,a', "小明", "-"]),
    st.dates(date(2000, 1, 1), TODAY),
    st.sampled_from(["", "landing page", "+1", "@home"]),
    st.lists(st.sampled_from(["rust", "c++", "=x", "two words"]), unique=True),
)


@given(st.lists(READERS, min_size=1, unique_by=lambda reader: reader.address))
def test_what_is_exported_is_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, readers: list[Reader]
) -> None:
    text = write_csv(COLUMNS, sheet_rows(readers))
    sheet = read(tmp_path_factory.getbasetemp(), text)
    assert sheet == Sheet(tuple(readers), ())
