"""Members as CSV (RFC 4180): reading newcomers, all rows or none, and writing cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from site_builder.content.offers import Offers
from site_builder.errors import Place, RosterError, SeveralErrors, SiteError
from site_builder.membership import changes
from site_builder.membership.records import Join, parse_day

COLUMNS = ("email", "name", "tier", "products", "expires")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def guarded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula (CWE-1236)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """CSV text with guarded cells and a line feed after each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue()


def read_newcomers(file: Path, members: changes.Members, offers: Offers, at: datetime) -> list[tuple[Join, str]]:
    """A record and a token for each row of ``file`` (UTF-8, with or without a byte order mark).

    Columns may stand in any order; ``products`` are separated by spaces or semicolons; without ``expires`` there is no end.
    Raises SeveralErrors with every bad row, by file and line, saying what was found and what is expected.
    """
    rows = _rows(file)
    place, header = next(rows, (Place(file), []))
    names = [cell.strip().lower() for cell in header]
    if (
        "email" not in names
        or not {"tier", "products"} & set(names)
        or not set(names) <= set(COLUMNS)
        or len({*names}) < len(names)
    ):
        raise RosterError(
            f"found the header '{','.join(header)}'", place=place, hint=f"Expected columns: {','.join(COLUMNS)}."
        )
    taken = {member.email.casefold(): member.id for member in members.values() if member.state != "revoked"}
    newcomers: list[tuple[Join, str]] = []
    bad: list[SiteError] = []
    try:
        for place, cells in rows:
            try:
                if len(cells) != len(names):
                    raise RosterError(f"found {len(cells)} cells", hint=f"Expected {len(names)}: {','.join(names)}.")
                join, token = _newcomer(dict(zip(names, map(_unguarded, cells), strict=True)), offers, at)
                if (who := taken.setdefault(join.email.casefold(), f"line {place.line}")) != f"line {place.line}":
                    raise RosterError(
                        f"found {join.email}, who is there already: {who}", hint="Expected each newcomer once."
                    )
                newcomers.append((join, token))
            except SiteError as error:
                bad.append(RosterError(error.what, place=place, hint=error.hint))
    except RosterError as error:
        bad.append(error)
    if not newcomers and not bad:
        bad.append(
            RosterError("found no row below the header", place=Place(file), hint="Expected one row for each member.")
        )
    if bad:
        raise SeveralErrors(bad)
    return newcomers


def _rows(file: Path) -> Iterator[tuple[Place, list[str]]]:
    """Rows that are not empty, each with the line on which it begins."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RosterError(
            "this is not UTF-8 text", place=Place(file, line), hint="Save it as UTF-8, in spreadsheets “CSV UTF-8”."
        ) from None
    except OSError as error:
        raise RosterError(f"the file can't be read: {error.strerror}", place=Place(file)) from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Place(file, begins), cells
            begins = reader.line_num + 1
    except csv.Error as error:
        hint = "Expected commas between cells, and quotes doubled inside quotes (RFC 4180)."
        raise RosterError(f"this is not CSV: {error}", place=Place(file, begins), hint=hint) from None


def _newcomer(row: dict[str, str], offers: Offers, at: datetime) -> tuple[Join, str]:
    until = None
    if expires := row.get("expires"):
        try:
            until = parse_day(expires)
        except ValueError as error:
            raise RosterError(f"found '{expires}' as expires", hint=f"Expected {error}, or nothing.") from None
    products = row.get("products", "").replace(";", " ").split()
    granted = changes.terms(offers, row.get("tier") or None, products, until, at.date())
    if not granted:
        raise RosterError("found neither tier nor products", hint="Expected at least one of them.")
    return changes.join(row["email"], row.get("name", ""), granted, at)
