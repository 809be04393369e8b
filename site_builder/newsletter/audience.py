"""Who an issue goes to: readers and members as one list of people, the segments they are in, the variant each may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from site_builder.content.offers import Offers
from site_builder.errors import SendingError
from site_builder.membership.holding import Member
from site_builder.newsletter.addresses import normal_address, person
from site_builder.newsletter.options import Segment
from site_builder.newsletter.subscribers import Subscribers


class HasVariants(Protocol):
    """An issue, as far as this module knows it."""

    def access_set_for(self, held: Collection[str], offers: Offers) -> str: ...


@dataclass(frozen=True)
class Person:
    """Somebody who may get mail: ``held`` are the entitlements that they have today, none for a free reader."""

    address: str
    name: str = ""
    held: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Addressee:
    """One mail of an issue: to whom, and which variant."""

    address: str
    name: str
    variant: str


def people(members: Iterable[Member], subscribers: Subscribers) -> dict[str, Person]:
    """Everybody who may get mail, each once, under what ``person`` makes of the address; sorted by that.

    Members with access that lasts, and free readers; who is both is one person with the member's access and the reader's
    interests. Who has two memberships under one address has what both give. Nobody who withdrew is among them.
    """
    found: dict[str, Person] = {}
    for reader in subscribers.readers():
        interests = frozenset(one.casefold() for one in reader.interests)
        found[person(reader.address)] = Person(reader.address, reader.name, interests=interests)
    withdrawn = {person(one.address) for one in subscribers.withdrawals()}
    for member in sorted(members, key=lambda member: member.id):
        held = frozenset(one.entitlement for one in member.holdings if one.active)
        address = _address(member)
        who = person(address)
        if not held or who in withdrawn:
            continue
        known = found.get(who, Person(address))
        found[who] = Person(address, member.name or known.name, known.held | held, known.interests)
    return dict(sorted(found.items()))


def _address(member: Member) -> str:
    try:
        return normal_address(member.email)
    except ValueError:
        return member.email  # no mail can be made for it: it is named among those that failed


def segment_of(names: Iterable[str], segments: Mapping[str, Segment]) -> tuple[Segment, ...]:
    """The segments of these names. Raises SendingError that names those there are."""
    names = tuple(names)
    if unknown := [name for name in names if name not in segments]:
        raise SendingError(f"there is no segment '{unknown[0]}'", hint=f"The segments are: {', '.join(segments)}.")
    return tuple(segments[name] for name in names)


def is_in(one: Person, segment: Segment, offers: Offers) -> bool:
    """Whether a person is in a segment: one of those it names, and with its interest if it has one."""
    if segment.interest and segment.interest.casefold() not in one.interests:
        return False
    return any(_is(one, who, offers) for who in segment.who)


def _is(one: Person, who: str, offers: Offers) -> bool:
    if who in ("free", "members"):
        return bool(one.held) == (who == "members")
    return who == "everyone" or not one.held.isdisjoint(offers.openers([who]))


def audience(
    issue: HasVariants, everybody: Mapping[str, Person], segments: Iterable[Segment], offers: Offers
) -> list[Addressee]:
    """The mails of an issue to all who are in any of ``segments``, in the order of ``everybody``."""
    segments = tuple(segments)
    return [
        Addressee(one.address, one.name, issue.access_set_for(one.held, offers))
        for one in everybody.values()
        if any(is_in(one, segment, offers) for segment in segments)
    ]
