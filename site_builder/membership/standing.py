"""Who stands where on the day of a build: the lockboxes' holders, and the epochs that their keyrings are sealed under."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from site_builder.content.offers import Offers
from site_builder.content.settings import Settings
from site_builder.errors import ConfigError
from site_builder.membership.bulk import collector_paused
from site_builder.membership.holding import Holding, Member, people
from site_builder.membership.keyfile import MasterKeys
from site_builder.membership.records import Records
from site_builder.membership.roster import Roster
from site_builder.vault.keys import MasterKey
from site_builder.vault.lockbox import Entry, Epoch, Holder


@dataclass(frozen=True)
class Standing:
    """What a build needs of the roster.

    ``holders`` have one Entry for their highest active tier and one for each product, and inactive ones for what ran out;
    sorted by locator. Who was revoked is not among them.

    ``endings`` has, for each entitlement that is offered, the sorted ids of its endings up to ``day``. An ending id is the
    16 letters of the roster line that revokes, downgrades or reissues, or ``MEMBER/YYYY-MM-DD`` for a term that ran out, with
    the member's id and the last day of access. Ids come from the records alone: they are the same in every build, and
    survive a rotation of the master key.
    """

    day: date
    holders: tuple[Holder, ...]
    endings: dict[str, tuple[str, ...]]

    def epochs(self, master: MasterKey, site: str) -> dict[str, Epoch]:
        """For each entitlement its epoch: how many endings it has had, and the key that follows from them."""
        return {
            entitlement: Epoch(len(endings), master.epoch_key(site, entitlement, len(endings), endings))
            for entitlement, endings in self.endings.items()
        }


@collector_paused()
def stand(records: Records, offers: Offers, day: date, rotation: int) -> Standing:
    """Judge ``records`` by ``day`` (UTC). A pure function; the order of the records does not matter.

    A term that ran out takes the member's key away on the day after its last, and counts as an ending from the next day that
    is a multiple of ``rotation`` days since 1970-01-01, so that expiries re-key the rest no more often than that. A renewal on
    or before the last day leaves no gap; a later one starts on its own day and does not undo the ending. Endings of other
    kinds count at once. Raises ConfigError if somebody holds what is no longer offered.
    """
    endings: defaultdict[str, list[str]] = defaultdict(list)
    holders = []
    for member in people(records, day, rotation):
        for entitlement, ending in member.endings:
            endings[entitlement].append(ending)
        if entries := tuple(Entry(one.entitlement, one.active, one.until) for one in entitled(member, offers)):
            holders.append(Holder(member.locator, member.kek, member.name, entries))
    holders.sort(key=lambda holder: (holder.locator, holder.kek))
    return Standing(
        day, tuple(holders), {entitlement: tuple(sorted(endings[entitlement])) for entitlement in offers.by_id}
    )


def entitled(member: Member, offers: Offers) -> list[Holding]:
    """What a lockbox says of the member's holdings: the highest active tier, tiers above it that ran out, and products.

    Raises ConfigError if the member holds a tier or product that mkdocs.yml does not have; what ran out of such is dropped.
    """
    known = []
    for holding in member.holdings:
        if holding.entitlement in offers.by_id:
            known.append(holding)
        elif holding.active:
            raise ConfigError(
                f"member {member.id} holds '{holding.entitlement}', which is neither a tier nor a product in mkdocs.yml",
                hint="Keep a tier or product in mkdocs.yml as long as somebody holds it.",
            )
    tiers = sorted(
        (holding for holding in known if holding.entitlement in offers.tier_ids),
        key=lambda holding: offers.tier_ids.index(holding.entitlement),
        reverse=True,
    )
    highest = next((rank for rank, holding in enumerate(tiers) if holding.active), len(tiers))
    products = {holding.entitlement: holding for holding in known}
    return tiers[: highest + 1] + [products[offer.id] for offer in offers.products if offer.id in products]


def read_standing(settings: Settings, keys: MasterKeys, day: date) -> tuple[Standing, dict[str, Epoch]]:
    """Open the roster and judge it by ``day``: for the build. Raises RosterError, MasterKeyError or ConfigError."""
    records = Roster(settings.roster, settings.site, keys).read()
    standing = stand(records, settings.offers, day, settings.rotation)
    return standing, standing.epochs(keys.current, settings.site)
