"""The places of gated parts in finished pages: a card for readers, nothing on other pages, clear text for the author.

The author is told of what is not published yet, too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from site_builder.build.gating import GatedPage
from site_builder.build.inputs import Audience
from site_builder.content.library import Document
from site_builder.content.offers import Offers
from site_builder.content.rendered import GatedHtml
from site_builder.content.settings import PaywallOptions
from site_builder.content.source import is_draft, written_on
from site_builder.errors import ContentError, Place

if TYPE_CHECKING:
    from jinja2 import Environment

_PLACE = re.compile(r'<premium-content part="([^"]*)"></premium-content>')


class Cards:
    """Renders the paywall card of the theme."""

    def __init__(self, env: Environment, offers: Offers, audience: Audience) -> None:
        self.template = env.get_template("partials/paywall-card.html")
        self.offers, self.audience = offers, audience

    def names(self, entitlements: tuple[str, ...]) -> str:
        """The readable names of what opens a part."""
        return " · ".join(self.offers.by_id[entitlement].name for entitlement in entitlements)

    def card(
        self, part: str, entitlements: tuple[str, ...], language: str, unlock: str, pricing: str, post: str
    ) -> str:
        """What stands in a page in place of a gated part. ``post`` is the page's id, for the addresses that are to have it."""
        openers = (self.offers.by_id[opener] for opener in self.offers.openers(entitlements))
        return self.template.render(
            part=part,
            offers=[{**offer.model_dump(), "url": offer.address(post)} for offer in openers],
            entitlements=entitlements,
            lang=language,
            unlock_url=unlock,
            pricing_url=pricing,
        ).strip()


def fill(
    output: str, page: GatedPage | None, cards: Cards, url: str, options: PaywallOptions, language: str, post: str = ""
) -> str:
    """Put each gated part of ``page`` in its place in ``output``; places of other pages' parts, as in excerpts, go away.

    ``post`` is the page's ``item_id``.

    Raises:
        ContentError: a place that is not one of this page's, or one that got lost: another plugin has changed the page.
    """
    if "<premium-content" not in output:
        if page:
            raise _lost(page)
        return output
    own = {page.document.part(page.segment(part)): part for part in page.parts} if page else {}
    language = "zh" if language.lower().startswith("zh") else "en"
    root = root_from(url)
    first: dict[tuple[str, ...], str] = {}

    def place(found: re.Match[str]) -> str:
        name = html.unescape(found[1])
        if page is None or name not in own:
            return ""
        part = own.pop(name)
        access = page.segment(part).entitlements
        names = cards.names(access)
        if cards.audience is Audience.AUTHOR:
            badge = f'<p class="premium-badge">{html.escape(names)}</p>'
            return f'<premium-content class="premium" part="{found[1]}" preview>{badge}\n{part.html}</premium-content>'
        follow = " follow" if first.setdefault(access, name) != name else ""
        card = (
            ""
            if follow
            else cards.card(name, access, language, root + options.unlock_page, root + options.membership_page, post)
        )
        if cards.audience is Audience.ANYBODY:
            return f'<div class="premium">{card}</div>'
        return (
            f'<premium-content class="premium" part="{found[1]}" entitlements="{" ".join(access)}"'
            f' names="{html.escape(names)}" lang="{language}"{follow}>{card}</premium-content>'
        )

    output = _PLACE.sub(place, output)
    if page and own:
        raise _lost(page)
    return output


def runs(content: str, page: GatedPage) -> Iterator[tuple[str, GatedHtml | None]]:
    """The page's public HTML and its gated parts in order: (HTML, the part that it is of, None for everybody).

    Raises:
        ContentError: the place of a part got lost.
    """
    own = {page.document.part(page.segment(part)): part for part in page.parts}
    position = 0
    for found in _PLACE.finditer(content):
        yield content[position : found.start()], None
        position = found.end()
        if part := own.pop(html.unescape(found[1]), None):
            yield part.html, part
    yield content[position:], None
    if own:
        raise _lost(page)


def root_from(url: str) -> str:
    """The site's root, relative to the page at ``url``: empty, or ``../`` for each folder."""
    return "../" * url.removeprefix("./").count("/")


def draft_note(document: Document) -> str:
    """What stands above a page that is not published yet, in the author's preview; nothing above others."""
    if document.published:
        return ""
    why = "it is a draft" if is_draft(document.source) else f"its day is {written_on(document.source)}"
    return f'<div class="admonition warning"><p class="admonition-title">Not published: {why}.</p></div>\n'


def _lost(page: GatedPage) -> ContentError:
    return ContentError(
        "the place of a gated part is not on the finished page",
        place=Place(page.document.source.path, page.document.gated[0].line),
        hint="Another plugin or a template has taken <premium-content> out of the page; its order in `plugins` may matter.",
    )
