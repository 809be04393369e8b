"""What a command may add to the roster: each change checked against who stands where, and made into one record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError, RosterError
from site_builder.membership import token as tokens
from site_builder.membership.holding import Holding, Member
from site_builder.membership.records import Ending, Grant, Join, Reissue, Term, admit, new_member_id
from site_builder.membership.standing import entitled

Members = Mapping[str, Member]
_SKEW = timedelta(minutes=1)


def find(members: Members, who: str) -> Member:
    """The member with this id or mail address; among several of one address, the one who was not revoked."""
    if who in members:
        return members[who]
    found = [member for member in members.values() if member.email.casefold() == who.casefold()]
    current = [member for member in found if member.state != "revoked"] or found
    if len(current) > 1:
        ids = ", ".join(member.id for member in current)
        raise RosterError(
            f"{len(current)} members have the mail address {who}: {ids}", hint="Name one of them by the id."
        )
    if not current:
        raise RosterError(
            f"there is no member '{who}'", hint="`site-builder members list --all` shows ids and mail addresses."
        )
    return current[0]


def terms(
    offers: Offers, tier: str | None, products: Iterable[str], until: date | None, today: date
) -> tuple[Term, ...]:
    """A term for the tier and for each product. Raises ConfigError for what is not offered, RosterError for a day in the past."""
    wanted = dict.fromkeys([tier] if tier else [])
    if tier and tier not in offers.tier_ids:
        raise ConfigError(f"there is no tier '{tier}'", hint=_choice("Tiers", offers.tier_ids))
    for product in products:
        if product not in offers.by_id or product in offers.tier_ids:
            raise ConfigError(
                f"there is no product '{product}'", hint=_choice("Products", [one.id for one in offers.products])
            )
        wanted[product] = None
    if until is not None and until < today:
        raise RosterError(f"the last day of access, {until}, is in the past", hint=f"Give {today} or a later day.")
    return tuple(Term(entitlement=entitlement, until=until) for entitlement in wanted)


def _choice(what: str, ids: Iterable[str]) -> str:
    return f"{what} in mkdocs.yml: {', '.join(ids) or 'none'}."


def join(email: str, name: str, granted: tuple[Term, ...], at: datetime) -> tuple[Join, str]:
    """A new member and the token, which nothing keeps. Raises RosterError for what is no mail address or no name."""
    token = tokens.new_token()
    keys = {"locator": tokens.locator(token), "kek": tokens.kek(token)}
    return admit(Join, member=new_member_id(), at=at, email=email, name=name, terms=granted, **keys), token


def refuse_twice(members: Members, email: str) -> None:
    """Raises RosterError if somebody who was not revoked has this mail address."""
    for member in members.values():
        if member.state != "revoked" and member.email.casefold() == email.casefold():
            raise RosterError(
                f"{email} is a member already: {member.id}",
                hint=f"`site-builder members extend {member.id}` renews or adds; `members reissue` gives a new token.",
            )


def renewal(member: Member, offers: Offers, until: date | None) -> tuple[Term, ...]:
    """Terms up to ``until`` for all that the member holds with an end; for who has expired, for what expired last."""
    held = [one for one in entitled(member, offers) if one.active]
    if not held:
        ran_out = [one for one in entitled(member, offers) if one.until is not None]
        latest = max((one.until for one in ran_out if one.until), default=None)
        held = [one for one in ran_out if one.until == latest]
    if not held:
        raise RosterError(f"{member.id} was revoked", hint="Say what to grant again: --tier or --product.")
    return tuple(Term(entitlement=one.entitlement, until=until) for one in held if one.until is not None)


def extension(member: Member, granted: tuple[Term, ...], at: datetime) -> Grant:
    """A grant of the terms that give more than the member has. Raises RosterError if none does."""
    running = {one.entitlement: one for one in member.holdings if one.active}
    more = tuple(term for term in granted if _gives_more(term, running.get(term.entitlement)))
    if not more:
        has = ", ".join(f"{one.entitlement} {_to(one.until)}" for one in running.values())
        raise RosterError(f"{member.id} has as much already: {has}", hint="To end access sooner, use `members revoke`.")
    return admit(Grant, member=member.id, at=moment(member, at), terms=more)


def _gives_more(term: Term, held: Holding | None) -> bool:
    return held is None or (held.until is not None and (term.until is None or term.until > held.until))


def _to(until: date | None) -> str:
    return f"until {until}" if until else "without end"


def revocation(member: Member, only: tuple[str, ...], reason: str, at: datetime) -> Ending:
    """The end of all that the member has, or ``only`` of that. Raises RosterError if there is nothing to end."""
    held = {one.entitlement for one in member.holdings}
    if not held:
        raise RosterError(f"{member.id} was revoked before")
    if missing := [entitlement for entitlement in only if entitlement not in held]:
        raise RosterError(
            f"{member.id} does not have {', '.join(missing)}", hint=f"There is: {', '.join(sorted(held))}."
        )
    return admit(Ending, member=member.id, at=moment(member, at), cause="revoked", entitlements=only, reason=reason)


def downgrade(member: Member, offers: Offers, term: Term, at: datetime) -> Ending:
    """The end of the tiers above that of ``term``, which is granted in their place."""
    above = offers.tier_ids[offers.tier_ids.index(term.entitlement) + 1 :]
    ending = tuple(one.entitlement for one in member.holdings if one.entitlement in above and one.active)
    if not ending:
        raise RosterError(
            f"{member.id} has no tier above '{term.entitlement}'",
            hint="To grant a higher tier, use `members extend --tier`.",
        )
    return admit(
        Ending, member=member.id, at=moment(member, at), cause="downgraded", entitlements=ending, terms=(term,)
    )


def reissue(member: Member, at: datetime) -> tuple[Reissue, str]:
    """A new token for the member. Raises RosterError for who was revoked, since it would open nothing."""
    if member.state == "revoked":
        raise RosterError(
            f"{member.id} was revoked: a new token would open nothing", hint="Grant something first: `members extend`."
        )
    token = tokens.new_token()
    keys = {"locator": tokens.locator(token), "kek": tokens.kek(token)}
    return admit(Reissue, member=member.id, at=moment(member, at), **keys), token


def moment(member: Member, at: datetime) -> datetime:
    """``at``, or one second after the member's last record, so that records of one second keep their order.

    Raises RosterError when ``at`` is over a minute before that record: history can't be told again.
    """
    if at > member.last:
        return at
    if member.last - at > _SKEW:
        raise RosterError(
            f"the roster has a later record about {member.id}, of {member.last:%Y-%m-%dT%H:%M:%SZ}",
            hint="Give a later time with --at, or check the clock.",
        )
    return member.last + timedelta(seconds=1)
