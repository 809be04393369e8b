"""One payment or refund, whoever tells of it, and the parts that the readers of all providers' events are made of."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from site_builder.content.offers import EntitlementId

_MOST = 10**12
_LAST = 253_402_300_799  # the year 9999, in seconds
_POST = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OFFER: TypeAdapter[str] = TypeAdapter(EntitlementId)

Amount = Annotated[int, Field(ge=0, le=_MOST)]
"""In the currency's smallest unit, as the provider has it: cents, or whole yen."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$", to_upper=True)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=255)]
"""What a provider calls a thing of his."""
Seconds = Annotated[int, Field(ge=0, le=_LAST)]


class Told(BaseModel):
    """Part of a provider's event. What it says beside is not read, and so kept nowhere: names, addresses, cards."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False)


class Payment(NamedTuple):
    """What is kept of an event about money."""

    name: Literal["purchase", "refund"]
    key: str
    """What is one payment or refund at the provider's, however often and by which events he tells of it."""
    t: int
    """When, in ms since 1970: the same by whichever event it is told, as ClickHouse knows an event again only near its time."""
    amount: int
    """What was paid or given back, taxes included; in the currency's smallest unit."""
    currency: str
    offer: str = ""
    post: str = ""


class Passed(Exception):  # noqa: N818  (it is an answer)
    """A signed event of which nothing is to be kept. Says why."""


def offer_of(*said: Any) -> str:
    """``offer`` of the first metadata that has an id of a tier or product there, or nothing."""
    for offer in _all("offer", said):
        try:
            return _OFFER.validate_python(offer, strict=True)
        except ValidationError:
            continue
    return ""


def post_of(*said: Any, under: str = "post") -> str:
    """``post`` (or another key) of the first metadata that has the id of a post there, or nothing."""
    return next((post for post in _all(under, said) if isinstance(post, str) and _POST.fullmatch(post)), "")


def _all(key: str, said: tuple[Any, ...]) -> list[Any]:
    return [metadata[key] for metadata in said if isinstance(metadata, dict) and key in metadata]


def dig(value: Any, *steps: str | int) -> Any:
    """What stands at the end of ``steps`` in JSON, or None: metadata is where it is, or is not."""
    for step in steps:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def millis(time: datetime) -> int:
    """ms since 1970 of a time that knows its zone."""
    return round(time.timestamp() * 1000)
