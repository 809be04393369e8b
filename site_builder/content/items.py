"""One item for each post and chapter, already gated: what feeds, the newsletter and the hook manifest read, and nothing else."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from site_builder.content.access import may_read
from site_builder.content.offers import Offers
from site_builder.errors import Place

_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tag:site-builder,2026:items")


@dataclass(frozen=True)
class Author:
    """As in Material's ``.authors.yml``; ``email`` and ``url`` may be empty."""

    name: str
    email: str = ""
    url: str = ""


@dataclass(frozen=True)
class Media:
    """A file at an absolute address: an image, or what is played; ``length`` in bytes, ``type`` as in MIME."""

    url: str
    type: str
    length: int
    alt: str = ""


@dataclass(frozen=True)
class Episode:
    """What a podcast's feed says of an item beside its audio; ``duration`` in seconds."""

    duration: int = 0
    season: int | None = None
    episode: int | None = None
    type: str = "full"
    explicit: bool = False
    image: str = ""
    transcript: Media | None = None


@dataclass(frozen=True)
class Passage:
    """A run of a page's HTML, for everybody if ``entitlements`` is empty: absolute addresses, no scripts, no theme widgets."""

    html: str
    entitlements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Item:
    """A post or a chapter.

    ``uri`` is its source's path below the docs folder, ``url`` its absolute address; times are aware and in UTC. ``passages``
    are the whole page in order, so only what asks ``readable_by`` or ``public_html`` may be published.
    """

    id: str
    uri: str
    url: str
    title: str
    description: str
    language: str
    published: datetime
    updated: datetime
    passages: tuple[Passage, ...]
    place: Place
    authors: tuple[Author, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    course: str = ""
    image: Media | None = None
    enclosures: tuple[Media, ...] = ()
    episode: Episode | None = None
    newsletter: Mapping[str, Any] = field(default_factory=dict)
    """The page's own ``newsletter``, as written; ``true`` is ``{}`` with the key ``send``."""

    @property
    def premium(self) -> bool:
        """Whether some of it is not for everybody."""
        return any(passage.entitlements for passage in self.passages)

    @cached_property
    def public_html(self) -> str:
        """What anybody may read: of a premium item its teaser."""
        return "\n".join(passage.html for passage in self.passages if not passage.entitlements)

    def readable_by(self, held: Collection[str], offers: Offers) -> tuple[bool, ...]:
        """For each passage, whether a holder of the entitlements ``held`` may read it: the item's access set."""
        return tuple(may_read(passage.entitlements, held, offers) for passage in self.passages)

    def html_for(self, held: Collection[str], offers: Offers) -> str:
        """All that a holder of the entitlements ``held`` may read. For members' feeds and mail alone."""
        shown = zip(self.passages, self.readable_by(held, offers), strict=True)
        return "\n".join(passage.html for passage, readable in shown if readable)


def item_id(site: str, uri: str, own: str = "") -> str:
    """An id that no change of slug, title, domain or language touches: a name-based UUID (RFC 9562) as a URN.

    It is made of the site's id and the source's path, or of ``own``, the page's ``id``, which survives a move of the file as
    well. A tag URI would need a domain.
    """
    return uuid.uuid5(_NAMES, f"{site}\n{own or uri}").urn
