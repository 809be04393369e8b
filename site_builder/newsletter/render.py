"""One variant of an issue as HTML and plain text: what its readers may read of the posts, cut before mail programs clip it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder.content.items import Item, Media
from site_builder.content.offers import Offers
from site_builder.newsletter.access_sets import AccessSet
from site_builder.newsletter.blocks import mail_blocks, shown_by_mail
from site_builder.newsletter.drafts import Draft
from site_builder.newsletter.issue import Body
from site_builder.newsletter.options import KILOBYTE
from site_builder.newsletter.plain_text import PlainText
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.words import words, written_day
from site_builder.newsletter.wrapping import WIDTH, one_line, wrap

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "ug", "dv", "ckb"})
_PADDING = "\u200c\xa0" * 90
"""Invisible: mail lists show it behind the preview text, where they would show the mail's first words."""
_PERSONAL = 600
"""Bytes by which a reader's own address and links may be longer than their placeholders."""


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


@dataclass(frozen=True)
class Rendered:
    """A body, and whether it was cut; ``whole`` are the kilobytes of HTML that it would have had."""

    body: Body
    clipped: bool
    kilobytes: int
    whole: int


def render(draft: Draft, access: AccessSet, publication: Publication, placeholders: Mapping[str, str]) -> Rendered:
    """The mail for the readers of ``access``, with the placeholders where a recipient's own address and links belong."""
    stories = tuple(
        _story(item, readable, draft, publication) for item, readable in zip(draft.items, access.readable, strict=True)
    )
    limit = publication.options.clip_limit * KILOBYTE - _PERSONAL
    count = sum(len(story.pieces) for story in stories)

    def page(kept: int) -> str:
        return _html(draft, _cut(stories, kept), publication, placeholders, clipped=kept < count)

    whole = page(count)
    size = len(whole.encode())
    kept = count
    if size > limit:
        kept = max(bisect_right(range(count), limit, key=lambda kept: len(page(kept).encode())) - 1, 0)
    html = whole if kept == count else page(kept)
    text = _text(draft, _cut(stories, kept), publication, placeholders)
    return Rendered(Body(html, text), kept < count, -(-len(html.encode()) // KILOBYTE), -(-size // KILOBYTE))


def _story(item: Item, readable: Sequence[bool], draft: Draft, publication: Publication) -> Story:
    says = words(item.language)
    authors = says["and"].join(one_line(author.name) for author in item.authors)
    day = written_day(item.published.date(), item.language)
    if draft.full:
        pieces, more = tuple(_pieces(item, readable, publication)), ""
    else:
        pieces, more = tuple(_opening(item)), says["read on"]
        if not all(readable):
            more = says["read on with"].format(names=_names(_missing(item, readable), publication.offers, says))
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
    says, hidden = words(item.language), list[str]()
    for passage, may in zip(item.passages, readable, strict=True):
        if not may:
            hidden += passage.entitlements
            continue
        if hidden:
            yield Piece(gate=_gate(hidden, publication, says))
            hidden = []
        for block in mail_blocks(passage.html, item.url, says):
            yield Piece(html=block)
    if hidden:
        yield Piece(gate=_gate(hidden, publication, says))


def _opening(item: Item) -> Iterator[Piece]:
    """Of a post in a short digest: its description, else the first paragraph that is everybody's."""
    if item.description:
        yield Piece(html=f"<p>{escape(one_line(item.description))}</p>")
        return
    for block in mail_blocks(item.public_html, item.url, words(item.language)):
        if block.startswith("<p"):
            yield Piece(html=block)
            return


def _missing(item: Item, readable: Sequence[bool]) -> list[str]:
    return [
        name for passage, may in zip(item.passages, readable, strict=True) if not may for name in passage.entitlements
    ]


def _gate(entitlements: Sequence[str], publication: Publication, says: Mapping[str, str]) -> Gate:
    names = _names(entitlements, publication.offers, says)
    offers = [publication.offers.by_id[one] for one in publication.offers.by_id if one in entitlements]
    return Gate(
        said=says["for"].format(names=names),
        button=says["read on with"].format(names=names),
        offers=tuple(
            {
                "said": says["get"].format(name=offer.name),
                "price": offer.price,
                "url": urljoin(publication.url, offer.url) if offer.url else publication.membership,
            }
            for offer in offers
        ),
    )


def _names(entitlements: Sequence[str], offers: Offers, says: Mapping[str, str]) -> str:
    return says["or"].join(offer.name for id, offer in offers.by_id.items() if id in entitlements)


def _cut(stories: Sequence[Story], kept: int) -> tuple[Story, ...]:
    """The stories with the first ``kept`` pieces of all; one that lost some ends with a button to read on."""
    cut = []
    for story in stories:
        pieces = story.pieces[: max(kept, 0)]
        kept -= len(story.pieces)
        more = story.more or (words(story.lang)["read on"] if len(pieces) < len(story.pieces) else "")
        cut.append(replace(story, pieces=pieces, more=more))
    return tuple(cut)


def _html(
    draft: Draft,
    stories: Sequence[Story],
    publication: Publication,
    placeholders: Mapping[str, str],
    *,
    clipped: bool,
) -> str:
    page = TEMPLATES.get_template("mail.html").render(
        **_common(draft, publication, placeholders),
        padding=_PADDING,
        digest=draft.kind == "digest",
        posts=stories,
        clipped=clipped,
    )
    # Afterwards, as css-inline would put what stays a style sheet in front of the character set.
    return _inliner().inline(page).replace("</title>", f"</title>\n<style>{_late_css()}</style>", 1)


def _text(draft: Draft, stories: Sequence[Story], publication: Publication, placeholders: Mapping[str, str]) -> str:
    writer, parts = PlainText(), list[str]()
    heading = "h2" if draft.kind == "digest" else "h1"
    for story in stories:
        pieces = [piece.html or _gate_html(piece.gate, story) for piece in story.pieces]
        more = f'<p><a href="{escape(story.url)}">{escape(story.more)}</a></p>' if story.more else ""
        title = f"<{heading}>{escape(story.title)}</{heading}><p>{escape(story.by)}</p>"
        parts.append(writer.render(title + "".join(pieces) + more))
    common = _common(draft, publication, placeholders)
    says = words(draft.language)
    if references := writer.references():
        parts.append(f"{says['links']}\n{references}")
    foot = [*wrap(common["why"]), f"{says['unsubscribe']}: {common['unsubscribe']}"]
    if common["preferences"]:
        foot.append(f"{says['preferences']}: {common['preferences']}")
    foot += [f"{says['read on the web']}: {common['web']}", *wrap(common["postal_address"])]
    return "\n\n".join([*parts, "\n".join(["-" * WIDTH, *foot]).rstrip("\n")]) + "\n"


def _gate_html(gate: Gate | None, story: Story) -> str:
    assert gate
    offers = "".join(
        f'<p><a href="{escape(offer["url"])}">{escape(offer["said"])}</a>'
        f"{' (' + escape(offer['price']) + ')' if offer['price'] else ''}</p>"
        for offer in gate.offers
    )
    return (
        f'<div class="sb-note"><p>{escape(gate.said)}</p>'
        f'<p><a href="{escape(story.url)}">{escape(gate.button)}</a></p>{offers}</div>'
    )


def _common(draft: Draft, publication: Publication, placeholders: Mapping[str, str]) -> dict[str, Any]:
    says = words(draft.language)
    return {
        "lang": draft.language,
        "dir": direction(draft.language),
        "subject": draft.subject,
        "preview": draft.preview,
        "newsletter": publication.name,
        "url": publication.url,
        "says": says,
        "why": says["why"].format(address=placeholders["address"], newsletter=publication.name),
        "unsubscribe": placeholders["unsubscribe"],
        "preferences": placeholders.get("preferences", ""),
        "web": draft.web,
        "postal_address": publication.options.postal_address,
    }


def direction(language: str) -> str:
    """``rtl`` for languages that are written from right to left."""
    return "rtl" if language.lower().split("-")[0] in _RIGHT_TO_LEFT else "ltr"


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


@cache
def _late_css() -> str:
    """What can't be said on an element: dark mode, and narrow screens."""
    return TEMPLATES.get_template("dark-and-narrow.css").render()
