"""Readers from the service where the sign-up form lives: every page is read and every entry judged before any is kept."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from site_builder.errors import Place, SendingError, SiteError
from site_builder.newsletter.addresses import normal_address, person
from site_builder.newsletter.signup_services import Entry, SignupService
from site_builder.newsletter.spreadsheet import read_row
from site_builder.newsletter.subscribers import Reader, Withdrawal
from site_builder.newsletter.transports.receipt import Unreachable, one_line


@dataclass(frozen=True)
class SignedUp:
    """What a service says: who wants mail, who does not any more, how many have not confirmed, and what is wrong with others."""

    readers: tuple[Reader, ...]
    gone: tuple[Withdrawal, ...]
    waiting: int
    bad: tuple[SiteError, ...]


def fetch(service: SignupService, now: datetime) -> SignedUp:
    """Read all subscribers, and close the service. ``now`` (UTC) is when somebody left of whom the service does not say it.

    Raises SendingError if a single page can't be had, or is not as it should be. A bad entry is named in ``bad``.
    """
    readers: dict[str, Reader] = {}
    gone: dict[str, Withdrawal] = {}
    bad: list[SiteError] = []
    waiting = 0
    for found in _all(service):
        try:
            entry = service.entry(found)
            if entry.standing == "confirmed":
                reader = _reader(entry, now)
                readers[person(reader.address)] = reader
            elif entry.standing == "waiting":
                waiting += 1
            else:
                address = _address(entry)
                gone[person(address)] = Withdrawal(address, entry.standing, _left(entry, now), entry.detail)
        except SiteError as error:
            place = Place(f"{service.name}, subscriber {one_line(str(found['id']))}")
            bad.append(SendingError(error.what, place=place, hint=error.hint))
    return SignedUp(tuple(readers.values()), tuple(gone.values()), waiting, tuple(bad))


def _all(service: SignupService) -> list[Mapping[str, Any]]:
    """Every subscriber once, by the service's own ids."""
    found: dict[object, Mapping[str, Any]] = {}
    with closing(service):
        try:
            for page in service.pages():
                if not isinstance(page, list) or not all(
                    isinstance(one, dict) and isinstance(one.get("id"), str | int) for one in page
                ):
                    raise SendingError(
                        f"{service.name}'s answer is not a page of subscribers, so nothing was changed",
                        hint="Is its address right, and its version a recent one?",
                    )
                known = len(found)
                found.update((one["id"], one) for one in page)
                if page and len(found) == known:
                    raise SendingError(
                        f"{service.name} answers with the same page again and again, so nothing was changed",
                        hint="Does a cache stand before it?",
                    )
        except Unreachable as error:
            raise SendingError(
                f"{error}, so nothing was changed", hint="Try again later; is the address right?"
            ) from None
    return list(found.values())


def _reader(entry: Entry, now: datetime) -> Reader:
    if not entry.since:
        raise SendingError("found no day on which they asked for mail", hint="Expected the moment of their sign-up.")
    address, name = _address(entry), entry.name if isinstance(entry.name, str) else ""
    if name.casefold() == address.partition("@")[0].casefold():
        name = ""  # which listmonk writes down for those who gave none
    row = {"email": address, "name": name, "consent_date": str(_moment(entry.since).date()), "source": entry.source}
    return read_row(row, now.date())


def _left(entry: Entry, now: datetime) -> datetime:
    try:
        return _moment(entry.since)
    except SendingError:
        return now  # who unsubscribed gets no mail, whatever is wrong with the day


def _address(entry: Entry) -> str:
    try:
        return normal_address(entry.email if isinstance(entry.email, str) else "")
    except ValueError as error:
        raise SendingError(f"found '{one_line(str(entry.email))}' as address", hint=f"Expected: {error}.") from None


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise SendingError(
            f"found '{one_line(str(text))}' as time", hint="Expected one such as 2026-05-31T18:30:00Z."
        ) from None
