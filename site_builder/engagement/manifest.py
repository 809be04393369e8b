"""``engagement/manifest.json``: what each post and chapter is about, so that reports join by its id and never read HTML.

Everybody can read it, so that it says of what is for members how much there is, for whom, and at what price.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from site_builder.content.access import may_read
from site_builder.content.items import Item
from site_builder.content.offers import Offers, SiteId
from site_builder.engagement.events import DIALECT, Uuid

_TAG = re.compile(r"<[^>]*>")
# Languages without spaces between words: each sign counts.
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORDS_A_MINUTE, _SIGNS_A_MINUTE = 240, 400


Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
"""Absolute; reports link to it, so that nothing else may stand there."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HeadingFacts(_Frozen):
    """A heading of the public part."""

    id: str
    title: str


class PostFacts(_Frozen):
    """A post or chapter."""

    id: Uuid
    """``post`` of its events; it stays when the page is renamed, moved or translated."""
    url: Address
    title: str
    kind: Literal["post", "chapter"]
    language: str
    authors: tuple[str, ...] = ()
    """Names."""
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    course: str = ""
    chapter: int | None = Field(default=None, ge=1)
    """Which of its course it is."""
    access: tuple[str, ...] = ()
    """The tiers and products that its gated parts name; none: everybody may read all of it."""
    price: str = ""
    """Of what opens all of it, the first that does; as readers are told it."""
    words: int = Field(ge=0)
    """Of all of it. In Chinese and Japanese, signs."""
    minutes: int = Field(ge=1)
    """How long reading it may take."""
    published: datetime
    updated: datetime
    headings: tuple[HeadingFacts, ...] = ()
    hooks: tuple[str, ...] = ()
    """The names of the events that its page may report."""


class OfferFacts(_Frozen):
    """A tier or product."""

    id: str
    kind: Literal["tier", "product"]
    name: str
    price: str = ""


class Manifest(_Frozen):
    """The whole of the file."""

    v: Literal[1] = 1
    site: SiteId
    url: Address
    """The site's."""
    title: str
    language: str
    offers: tuple[OfferFacts, ...] = ()
    """Tiers from the lowest to the highest, then products."""
    posts: tuple[PostFacts, ...] = ()
    """The newest first."""

    def to_json(self) -> bytes:
        """The file: the same facts give the same bytes."""
        return self.model_dump_json(indent=1).encode() + b"\n"

    @classmethod
    def parse(cls, raw: bytes | str) -> Manifest:
        """Read the file. Raises pydantic's ValidationError, which is a ValueError, if it is none."""
        return cls.model_validate_json(raw)


def post_facts(
    item: Item,
    offers: Offers,
    *,
    headings: Iterable[HeadingFacts],
    hooks: Sequence[str],
    chapter: int | None = None,
) -> PostFacts:
    """What the manifest says of an item. ``headings`` are the public ones, ``chapter`` its place in its course, from 1."""
    needed = [passage.entitlements for passage in item.passages if passage.entitlements]
    named = {one for entitlements in needed for one in entitlements}
    opens = (offer for id, offer in offers.by_id.items() if all(may_read(passage, (id,), offers) for passage in needed))
    words, signs = _count(" ".join(passage.html for passage in item.passages))
    return PostFacts(
        id=item.id.removeprefix("urn:uuid:"),
        url=item.url,
        title=item.title,
        kind="chapter" if item.course else "post",
        language=item.language,
        authors=tuple(author.name for author in item.authors),
        categories=item.categories,
        tags=item.tags,
        course=_line(item.course),
        chapter=chapter,
        access=tuple(id for id in offers.by_id if id in named),
        price=next((offer.price for offer in opens if offer.price), "") if needed else "",
        words=words + signs,
        minutes=max(1, round(words / _WORDS_A_MINUTE + signs / _SIGNS_A_MINUTE)),
        published=item.published,
        updated=item.updated,
        headings=tuple(headings),
        hooks=tuple(hooks),
    )


def offer_facts(offers: Offers) -> tuple[OfferFacts, ...]:
    """What is on offer, as the manifest says it."""
    return tuple(
        OfferFacts(id=id, kind="tier" if id in offers.tier_ids else "product", name=offer.name, price=offer.price)
        for id, offer in offers.by_id.items()
    )


def chapters(items: Iterable[Item], order: Mapping[str, int]) -> dict[str, int]:
    """For each chapter, by its ``uri``, its place in its course, from 1: as in the navigation, those that are not in it last.

    ``order`` is the place of a source in the navigation.
    """
    courses: dict[str, list[str]] = {}
    for item in items:
        if item.course:
            courses.setdefault(_line(item.course), []).append(item.uri)
    return {
        uri: number
        for uris in courses.values()
        for number, uri in enumerate(sorted(uris, key=lambda uri: (order.get(uri, len(order)), uri)), 1)
    }


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of ``Manifest``."""
    own = Manifest.model_json_schema(mode="serialization")
    return {"$schema": DIALECT, **own, "title": "What the posts and chapters of a site are about"}


def _line(text: str) -> str:
    return " ".join(text.split())


def _count(text: str) -> tuple[int, int]:
    """The words of HTML, and apart from them the signs of languages that put no spaces between words."""
    plain = html.unescape(_TAG.sub(" ", text))
    left, signs = _SIGN.subn(" ", plain)
    return sum(any(letter.isalnum() for letter in word) for word in left.split()), signs
