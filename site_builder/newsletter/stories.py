"""A post as it stands in a mail: in pieces, with gates where the reader may not read, and cut where the mail gets too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urljoin

from site_builder.content.items import Item, Media, Passage
from site_builder.newsletter.blocks import mail_blocks, shown_by_mail
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.words import direction, words, written_day
from site_builder.newsletter.wrapping import one_line


@dataclass(frozen=True)
class Gate:
    """What stands in place of passages that the reader may not read."""

    said: str
    button: str
    offers: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Piece:
    """A block of HTML, or a gate."""

    html: str | None = None
    gate: Gate | None = None


@dataclass(frozen=True)
class Story:
    """A post as it stands in the mail; ``more`` are the words on a last button that leads to it, if there is one."""

    title: str
    url: str
    by: str
    lang: str
    dir: str
    image: Media | None
    pieces: tuple[Piece, ...]
    more: str = ""


def story(item: Item, readable: Sequence[bool], publication: Publication, *, full: bool) -> Story:
    """The post for those who may read these of its passages: all that they may read if ``full``, else a few words."""
    says = words(item.language)
    authors = says["and"].join(one_line(author.name) for author in item.authors)
    day = written_day(item.published.date(), item.language)
    if full:
        pieces, more = tuple(_pieces(item, readable, publication)), ""
    else:
        pieces, more = tuple(_opening(item)), says["read on"]
        if hidden := [passage for passage, may in zip(item.passages, readable, strict=True) if not may]:
            more = _gate(item.id, hidden, publication, says).button
    return Story(
        title=one_line(item.title),
        url=item.url,
        by=f"{authors} · {day}" if authors else day,
        lang=item.language,
        dir=direction(item.language),
        image=item.image if item.image and shown_by_mail(item.image.url) else None,
        pieces=pieces,
        more=more,
    )


def _pieces(item: Item, readable: Sequence[bool], publication: Publication) -> Iterator[Piece]:
    """Readable passages in blocks; one gate for each run of others."""
    says, hidden = words(item.language), list[Passage]()
    for passage, may in zip(item.passages, readable, strict=True):
        if not may:
            hidden.append(passage)
            continue
        if hidden:
            yield Piece(gate=_gate(item.id, hidden, publication, says))
            hidden = []
        for block in mail_blocks(passage.html, item.url, says):
            yield Piece(html=block)
    if hidden:
        yield Piece(gate=_gate(item.id, hidden, publication, says))


def _opening(item: Item) -> Iterator[Piece]:
    """Of a post in a short digest: its description, else the first paragraph that is everybody's."""
    if item.description:
        yield Piece(html=f"<p>{escape(one_line(item.description))}</p>")
        return
    for block in mail_blocks(item.public_html, item.url, words(item.language)):
        if block.startswith("<p"):
            yield Piece(html=block)
            return


def _gate(post: str, hidden: Sequence[Passage], publication: Publication, says: Mapping[str, str]) -> Gate:
    named = {name for passage in hidden for name in passage.entitlements}
    offers = [offer for name, offer in publication.offers.by_id.items() if name in named]
    # Of passages that different things open, no single one opens all.
    alike = len({passage.entitlements for passage in hidden}) == 1
    names = says["or" if alike else "and"].join(offer.name for offer in offers)
    return Gate(
        said=says["for"].format(names=names),
        button=says["read on with"].format(names=names) if alike else says["read on"],
        offers=tuple(
            {
                "said": says["get"].format(name=offer.name),
                "price": offer.price,
                "url": urljoin(publication.url, offer.address(post)) if offer.url else publication.membership,
            }
            for offer in offers
        ),
    )


def cut(stories: Sequence[Story], kept: int) -> tuple[Story, ...]:
    """The stories with the first ``kept`` pieces of all; one that lost some ends with a button to read on."""
    shorter = []
    for story in stories:
        pieces = story.pieces[: max(kept, 0)]
        kept -= len(story.pieces)
        more = story.more or (words(story.lang)["read on"] if len(pieces) < len(story.pieces) else "")
        shorter.append(replace(story, pieces=pieces, more=more))
    return tuple(shorter)
