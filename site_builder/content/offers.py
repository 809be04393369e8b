"""What the writer sells: ordered tiers, and products beside them. Every entitlement is one or the other."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from site_builder.errors import ConfigError

EntitlementId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
SiteId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
RESERVED = frozenset({"public", "members"})


class Offer(BaseModel):
    """One tier or product: an id that stands in front matter and keys, and words for readers."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    id: EntitlementId
    name: str
    price: str = ""
    description: str = ""
    url: str = ""
    """Where it is to be had. ``{post}`` in it stands for the post whose card or mail leads there, so that a payment can tell."""

    def address(self, post: str) -> str:
        """``url`` as it stands on the card of ``post``, an ``Item.id``; empty if it has none."""
        return self.url.replace("{post}", post.removeprefix("urn:uuid:"))


class Offers(BaseModel):
    """Tiers from the lowest to the highest, and products. A tier includes those before it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tiers: tuple[Offer, ...] = ()
    products: tuple[Offer, ...] = ()

    @model_validator(mode="after")
    def _ids_are_distinct(self) -> Offers:
        seen: set[str] = set(RESERVED)
        for offer in (*self.tiers, *self.products):
            if offer.id in seen:
                raise ValueError(f"the id '{offer.id}' is reserved or stands twice among tiers and products")
            seen.add(offer.id)
        return self

    @classmethod
    def parse(cls, tiers: object, products: object) -> Offers:
        """Validate what mkdocs.yml says. Raises ConfigError naming the option and the value."""
        try:
            return cls.model_validate({"tiers": tiers or (), "products": products or ()})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(step) for step in first["loc"])
            raise ConfigError(
                f"paywall option {where or 'tiers'}: {first['msg']} (found {first['input']!r})",
                hint="An offer is `- id: pro` with `name:` and, if you like, `price:`, `description:`, `url:`.",
            ) from None

    @cached_property
    def by_id(self) -> dict[str, Offer]:
        """Every offer under its id, tiers first."""
        return {offer.id: offer for offer in (*self.tiers, *self.products)}

    @cached_property
    def tier_ids(self) -> tuple[str, ...]:
        return tuple(tier.id for tier in self.tiers)

    def least(self, tiers: Iterable[str], products: Iterable[str]) -> tuple[str, ...]:
        """The entitlements that a part names: the lowest of ``tiers``, for those above include it, and ``products``; sorted."""
        lowest = sorted(tiers, key=self.tier_ids.index)[:1]
        return tuple(sorted({*lowest, *products}))

    def openers(self, entitlements: Iterable[str]) -> tuple[str, ...]:
        """All entitlements whose holders may read a part that names ``entitlements``: the same, and the tiers above."""
        opening = set(entitlements)
        ranks = [self.tier_ids.index(entitlement) for entitlement in opening if entitlement in self.tier_ids]
        if ranks:
            opening.update(self.tier_ids[min(ranks) :])
        return tuple(entitlement for entitlement in self.by_id if entitlement in opening)
