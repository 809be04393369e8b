"""Where a command works: the roster opened, everybody as they stand on a day, the lock held from reading to writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urljoin

from site_builder.content.settings import Settings
from site_builder.membership import changes
from site_builder.membership.bulk import collector_paused
from site_builder.membership.durable import writing
from site_builder.membership.holding import Member, people
from site_builder.membership.keyfile import load_keys
from site_builder.membership.records import Record, Records
from site_builder.membership.roster import Roster, Watch, unwatched

LOCAL_SITE = "http://127.0.0.1:8000/"


@dataclass(frozen=True)
class Desk:
    """All records, and the members by id as they stand on ``day`` (UTC)."""

    settings: Settings
    roster: Roster
    records: Records
    day: date

    @cached_property
    def members(self) -> dict[str, Member]:
        with collector_paused():
            return {member.id: member for member in people(self.records, self.day, self.settings.rotation)}

    def find(self, who: str) -> Member:
        """The member with this id or mail address. Raises RosterError if there is none."""
        return changes.find(self.members, who)

    def add(self, records: list[Record], watch: Watch = unwatched) -> None:
        """Append to the roster, all or nothing. Only inside ``changing``."""
        self.roster.append(records, watch)


def open_desk(settings: Settings, day: date) -> Desk:
    """Read the roster. Raises RosterError or MasterKeyError."""
    roster = Roster(settings.roster, settings.site, load_keys(settings.key_file))
    return Desk(settings, roster, roster.read(), day)


@contextmanager
def changing(settings: Settings, day: date) -> Iterator[Desk]:
    """The same with the roster's lock held, so that two commands at once both see what the other did."""
    with writing(settings.roster):
        yield open_desk(settings, day)


def unlock_url(settings: Settings, token: str) -> str:
    """The magic link: the token stands in the fragment, which no server ever sees."""
    base = settings.site_url or LOCAL_SITE
    return urljoin(base if base.endswith("/") else f"{base}/", settings.unlock_page) + f"#{token}"
