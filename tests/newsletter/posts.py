"""Posts made by hand, with a canary in each passage, and a newsletter to put them into."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from site_builder.content.items import Author, Item, Passage
from site_builder.content.offers import Offer, Offers
from site_builder.errors import Place
from site_builder.newsletter.building import Built, build_issue
from site_builder.newsletter.drafts import Draft, post_drafts
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.publication import Publication

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter", price="$5 a month"), Offer(id="pro", name="Pro")),
    products=(Offer(id="course", name="Async course", url="https://shop.example.com/async?from={post}"),),
)
OPTIONS: dict[str, Any] = {
    "sender": {"name": "Ada Example", "address": "ada@example.com"},
    "postal_address": "Example Press, 1 Example Street",
    "unsubscribe_url": "https://lists.example.com/u/{recipient}",
    "preferences_url": "https://lists.example.com/p/{recipient}",
}
CANARIES = {
    (): "canary-for-everybody",
    ("supporter",): "canary-for-supporters",
    ("pro",): "canary-for-pro",
    ("course", "pro"): "canary-for-course-or-pro",
}


def publication(language: str = "en", **options: Any) -> Publication:
    """The newsletter of the tests; ``options`` go before those in ``OPTIONS``."""
    read = NewsletterOptions.read({**OPTIONS, **options})
    home = "https://example.com/"
    return Publication(read, OFFERS, "Known Good", home, language, f"{home}membership/")


def post(name: str = "why", *passages: Passage, day: str = "2026-11-20", **facts: Any) -> Item:
    """A post; without passages it has one for each of ``CANARIES``, each with its canary in text, code and a heading."""
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC)
    said = tuple(
        Passage(f"<h2>{word} heading</h2><p>{word} text</p><pre><code>{word} = code</code></pre>", entitlements)
        for entitlements, word in CANARIES.items()
    )
    made = Item(
        id=f"urn:uuid:{name}-00000000",
        uri=f"blog/posts/{name}.md",
        url=f"https://example.com/blog/{name}/",
        title=f"Title of {name}",
        description=f"What {name} is about.",
        language="en",
        published=moment,
        updated=moment,
        passages=passages or said,
        place=Place(f"content/blog/posts/{name}.md", 1),
        authors=(Author("Ada Example"),),
        newsletter={"send": True},
    )
    return replace(made, **facts)


def public(html: str, name: str = "why", **facts: Any) -> Item:
    """A post that anybody may read."""
    return post(name, Passage(html), **facts)


def draft_of(item: Item, **options: Any) -> Draft:
    """The issue of one post."""
    [draft] = post_drafts([item], publication(**options))
    return draft


def build(item: Item, folder: Path, *, again: bool = False, today: date = TODAY, **options: Any) -> Built:
    """The issue of one post, written below ``folder``."""
    return build_issue(draft_of(item, **options), publication(**options), folder, today, again=again)
