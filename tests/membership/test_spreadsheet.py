"""CSV: all rows or none, every bad one named; and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.errors import RosterError, SeveralErrors, SiteError
from site_builder.membership.csv_table import guarded, write_csv
from site_builder.membership.holding import Member, people
from site_builder.membership.records import Join
from site_builder.membership.spreadsheet import read_newcomers
from site_builder.membership.token import kek, locator
from tests.membership.lives import OFFERS, at, join, lines, member_id, revoke, terms


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def current() -> dict[str, Member]:
    """Reader 1 is a member, reader 2 was revoked."""
    records = lines(join(1, at(0), terms(pro=30)), join(2, at(0), terms(pro=30)), revoke(2, at(1)))
    return {member.id: member for member in people(records, at(2).date(), 7)}


def read(file: Path, content: str | bytes) -> list[Join]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [record for record, _ in read_newcomers(file, current(), OFFERS, at(2))]


def problems(file: Path, content: str | bytes) -> list[tuple[int | None, str]]:
    """(line, words) of each bad row."""
    with pytest.raises(SiteError) as caught:
        read(file, content)
    errors = caught.value.errors if isinstance(caught.value, SeveralErrors) else [caught.value]
    assert all(error.place is not None and error.place.file == file for error in errors)
    return [(error.place.line if error.place else None, f"{error.what} {error.hint}") for error in errors]


def test_rows_become_members_with_tokens(file: Path) -> None:
    file.write_text("email,name,tier,products,expires\nada@example.com,Ada,pro,,2026-12-31\nbob@example.com,,,book,\n")
    (ada, token), (bob, _) = read_newcomers(file, current(), OFFERS, at(2))
    assert (ada.email, ada.name, ada.terms) == ("ada@example.com", "Ada", terms(pro=60))
    assert (bob.email, bob.name, bob.terms) == ("bob@example.com", "", terms(book=None))
    assert (ada.locator, ada.kek) == (locator(token), kek(token))
    assert ada.member != bob.member


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffemail,tier\nada@example.com,pro\n",
        "Email , TIER\r\n ada@example.com , pro \r\n\r\n",
        'tier,email\n"pro","ada@example.com"',
        "email,products,tier\nada@example.com,,pro\n",
    ],
)
def test_forms_that_spreadsheets_write_are_read(file: Path, content: str) -> None:
    (ada,) = read(file, content)
    assert (ada.email, ada.terms) == ("ada@example.com", terms(pro=None))


@pytest.mark.parametrize("products", ["book", "book book", "book;", " ; book"])
def test_products_are_separated_by_spaces_or_semicolons(file: Path, products: str) -> None:
    (ada,) = read(file, f"email,products\nada@example.com,{products}\n")
    assert ada.terms == terms(book=None)


def test_every_bad_row_is_named_with_its_line_what_was_found_and_what_is_expected(file: Path) -> None:
    found = problems(
        file,
        "email,name,tier,products,expires\n"
        "good@example.com,Good,pro,,\n"
        "bad,,pro,,\n"
        '"ada@example.com","two\nlines",pro,,\n'
        "bob@example.com,,gold,,\n"
        "cyd@example.com,,,poster,\n"
        "dan@example.com,,,,\n"
        "eve@example.com,,pro,,31.12.2027\n"
        "fay@example.com,,pro,,2026-11-02\n"
        "gus@example.com,,pro\n"
        "GOOD@example.com,,pro,,\n"
        "reader1@example.com,,pro,,\n",
    )
    assert [line for line, _ in found] == [3, 4, 6, 7, 8, 9, 10, 11, 12, 13]
    for (_, words), expected in zip(
        found,
        (
            "'bad'",
            "one line",
            "'gold' Tiers in mkdocs.yml: supporter, pro",
            "'poster' Products in mkdocs.yml: book",
            "neither tier nor products",
            "'31.12.2027' as expires Expected a day such as 2027-12-31",
            "2026-11-02, is in the past Give 2026-11-03",
            "found 3 cells Expected 5",
            "there already: line 2",
            f"there already: {member_id(1)}",
        ),
        strict=True,
    ):
        assert expected in words


def test_who_was_revoked_may_join_anew(file: Path) -> None:
    assert len(read(file, "email,tier\nreader2@example.com,pro\n")) == 1


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", None, "header"),
        ("ada@example.com,pro\n", 1, "found the header 'ada@example.com,pro' Expected columns: email,name,tier"),
        ("email;tier\nada@example.com;pro\n", 1, "email;tier"),
        ("email,tier,tier\n", 1, "header"),
        ("email,name\n", 1, "header"),
        ("email,tier\n", None, "no row"),
        (b"email,tier\nada@example.com,pro\nb\xe9a@example.com,pro\n", 3, "UTF-8"),
        ('email,tier\nada@example.com,pro\n"bob"@example.com,pro\n', 3, "not CSV"),
        ('email,tier\nada@example.com,"pro\n', 2, "not CSV"),
    ],
)
def test_what_is_no_such_file_is_refused(file: Path, content: str | bytes, line: int | None, words: str) -> None:
    ((where, what),) = problems(file, content)
    assert where == line
    assert words in what


def test_a_missing_file_is_an_error_in_words(file: Path) -> None:
    with pytest.raises(RosterError, match="can't be read"):
        read_newcomers(file, {}, OFFERS, at(0))


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2)))
@example([["", "\r\t"]])
def test_no_written_cell_begins_a_formula(rows: list[list[str]]) -> None:
    for row in csv.reader(io.StringIO(write_csv(("a", "b"), rows), newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("name", ["=1+1", "+Ada", "-Ada", "@Ada", "'Ada", "O'Hara", "＝1"])
def test_a_guarded_name_comes_back_from_a_spreadsheet_as_it_was(file: Path, name: str) -> None:
    (ada,) = read(file, write_csv(("email", "name", "tier"), [("ada@example.com", name, "pro")]))
    assert ada.name == name
    assert guarded(name) == name or guarded(name) == f"'{name}"
