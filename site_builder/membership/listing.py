"""Members as plain data for tables, JSON and CSV: who has what until when, and how it came about. Never a key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from site_builder.membership.holding import Member
from site_builder.membership.records import Ending, Grant, Record, Records, Reissue

EXPORT_COLUMNS = ("member", "email", "name", "joined", "state", "entitlement", "active", "until")


def as_data(member: Member) -> dict[str, Any]:
    """A member for JSON; ``until`` is the last day of access, null without end."""
    return {
        "member": member.id,
        "email": member.email,
        "name": member.name,
        "joined": f"{member.joined:%Y-%m-%dT%H:%M:%SZ}",
        "state": member.state,
        "entitlements": [
            {"entitlement": one.entitlement, "active": one.active, "until": str(one.until) if one.until else None}
            for one in member.holdings
        ],
    }


def in_words(member: Member) -> str:
    """What a member has, such as ``pro until 2027-12-31, async-course``."""
    return ", ".join(
        one.entitlement + (f" {'until' if one.active else 'expired on'} {one.until}" if one.until else "")
        for one in member.holdings
    )


def export_rows(members: Iterable[Member]) -> list[tuple[str, ...]]:
    """One row for each thing a member has, under EXPORT_COLUMNS; one with empty cells for who has nothing."""
    rows: list[tuple[str, ...]] = []
    for member in members:
        person = (member.id, member.email, member.name, f"{member.joined:%Y-%m-%d}", member.state)
        for one in member.holdings:
            rows.append((*person, one.entitlement, "yes" if one.active else "no", str(one.until or "")))
        if not member.holdings:
            rows.append((*person, "", "", ""))
    return rows


def history(records: Records, member: str) -> list[dict[str, Any]]:
    """All records about a member, oldest first, those after today too."""
    own = sorted((record.at, record_id) for record_id, record in records.items() if record.member == member)
    return [_event(records[record_id]) for _, record_id in own]


def _event(record: Record) -> dict[str, Any]:
    what = "joined"
    if isinstance(record, Ending):
        what = record.cause
    elif isinstance(record, Grant | Reissue):
        what = "granted" if isinstance(record, Grant) else "new token"
    return {
        "at": f"{record.at:%Y-%m-%dT%H:%M:%SZ}",
        "what": what,
        "granted": {term.entitlement: str(term.until) if term.until else None for term in record.terms},
        "ended": list(record.entitlements) if isinstance(record, Ending) else [],
        "reason": record.reason if isinstance(record, Ending) else "",
    }
