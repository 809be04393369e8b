"""Which readers get the same mail: those who may read the same passages of its posts, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from site_builder.content.items import Item
from site_builder.content.offers import Offers
from site_builder.errors import ContentError

MOST = 64
EVERYBODY = "public"
"""The variant of those who hold nothing that matters here. No offer can have this id."""

Readable = tuple[tuple[bool, ...], ...]


@dataclass(frozen=True)
class AccessSet:
    """For each post and passage whether it may be read, and the fewest entitlements that lead there, in the offers' order."""

    held: tuple[str, ...]
    readable: Readable

    @property
    def name(self) -> str:
        return "+".join(self.held) or EVERYBODY


def access_sets(items: Sequence[Item], offers: Offers) -> tuple[AccessSet, ...]:
    """All that differ, from what everybody may read upwards.

    Raises:
        ContentError: there are more than ``MOST``, as when a digest has posts of many single products.
    """
    named = {name for item in items for passage in item.passages for name in passage.entitlements}
    matter = [name for name in offers.by_id if name in offers.openers(named)]
    found: dict[Readable, tuple[str, ...]] = {}
    coming: list[tuple[str, ...]] = [()]
    while coming:
        further: list[tuple[str, ...]] = []
        for held in coming:
            readable = tuple(item.readable_by(held, offers) for item in items)
            if readable in found:
                continue
            found[readable] = held
            if len(found) > MOST:
                raise ContentError(
                    f"an issue of {len(items)} posts would need more than {MOST} different mails",
                    place=items[0].place,
                    hint="Its posts are for readers of too many single products: divide the digest, by tag for example.",
                )
            further += _with_one_more(held, matter)
        coming = further
    return tuple(AccessSet(held, readable) for readable, held in found.items())


def _with_one_more(held: tuple[str, ...], matter: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for name in matter:
        if name not in held:
            yield tuple(sorted((*held, name), key=matter.index))
