"""Newcomers as CSV: all rows or none."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from site_builder.content.offers import Offers
from site_builder.errors import Place, RosterError, SeveralErrors, SiteError
from site_builder.membership import changes
from site_builder.membership.csv_table import read_rows, unguarded
from site_builder.membership.records import Join, parse_day

COLUMNS = ("email", "name", "tier", "products", "expires")


def read_newcomers(file: Path, members: changes.Members, offers: Offers, at: datetime) -> list[tuple[Join, str]]:
    """A record and a token for each row of ``file`` (UTF-8, with or without a byte order mark).

    Columns may stand in any order; ``products`` are separated by spaces or semicolons; without ``expires`` there is no end.
    Raises SeveralErrors with every bad row, by file and line, saying what was found and what is expected.
    """
    rows = read_rows(file, RosterError)
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
                join, token = _newcomer(dict(zip(names, map(unguarded, cells), strict=True)), offers, at)
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
