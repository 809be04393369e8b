"""One variant of an issue as HTML and plain text: what its readers may read of the posts, cut before mail programs clip it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from site_builder.newsletter.access_sets import AccessSet
from site_builder.newsletter.drafts import Draft
from site_builder.newsletter.issue import Body
from site_builder.newsletter.options import KILOBYTE
from site_builder.newsletter.plain_text import PlainText
from site_builder.newsletter.publication import Publication
from site_builder.newsletter.stories import Gate, Story, cut, story
from site_builder.newsletter.words import direction, words
from site_builder.newsletter.wrapping import WIDTH, wrap

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_PADDING = "\u200c\xa0" * 90
"""Invisible: mail lists show it behind the preview text, where they would show the mail's first words."""
_PERSONAL = 600
"""Bytes by which a reader's own address and links may be longer than their placeholders."""


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
        story(item, readable, publication, full=draft.full)
        for item, readable in zip(draft.items, access.readable, strict=True)
    )
    limit = publication.options.clip_limit * KILOBYTE - _PERSONAL
    count = sum(len(story.pieces) for story in stories)

    def page(kept: int) -> str:
        return _html(draft, cut(stories, kept), publication, placeholders, clipped=kept < count)

    whole = page(count)
    size = len(whole.encode())
    kept = count
    if size > limit:
        kept = max(bisect_right(range(count), limit, key=lambda kept: len(page(kept).encode())) - 1, 0)
    html = whole if kept == count else page(kept)
    text = _text(draft, cut(stories, kept), publication, placeholders)
    return Rendered(Body(html, text), kept < count, -(-len(html.encode()) // KILOBYTE), -(-size // KILOBYTE))


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
    for one in stories:
        pieces = [piece.html or _gate_html(piece.gate, one) for piece in one.pieces]
        more = f'<p><a href="{escape(one.url)}">{escape(one.more)}</a></p>' if one.more else ""
        title = f"<{heading}>{escape(one.title)}</{heading}><p>{escape(one.by)}</p>"
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


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(load_remote_stylesheets=False)


@cache
def _late_css() -> str:
    """What can't be said on an element: dark mode, and narrow screens."""
    return TEMPLATES.get_template("dark-and-narrow.css").render()
