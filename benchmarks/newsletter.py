"""5,000 personal mails of one issue, and the issue itself: an article as long as Gmail shows, in four variants."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.results import Row, at_most, show, step
from site_builder.content.items import Item, Passage
from site_builder.content.offers import Offer, Offers
from site_builder.errors import Place
from site_builder.newsletter.building import build_issue
from site_builder.newsletter.drafts import post_drafts
from site_builder.newsletter.issue import load_issue
from site_builder.newsletter.message import Recipient, compose
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.publication import Publication

RECIPIENTS = 5_000
SECONDS_ALLOWED = 10
TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="course", name="Course"),),
)
HELD = ((), ("supporter",), ("pro",), ("course",))
OPTIONS = NewsletterOptions.read(
    {
        "sender": {"name": "Ada Example", "address": "ada@example.com"},
        "postal_address": "Example Press, 1 Example Street",
        "unsubscribe_url": "https://lists.example.com/u/{recipient}",
        "one_click_url": "https://lists.example.com/one-click/{recipient}",
    }
)
PUBLICATION = Publication(OPTIONS, OFFERS, "Benchmark", "https://example.com/", "en", "https://example.com/membership/")
SECTION = (
    "<h2>A section</h2><p>Words with <code>code</code>, <em>stress</em> and <a href='https://example.com/'>a link</a>, "
    + "and more words. " * 20
    + "</p><pre><code>def answer():\n    return 42  # 答案\n</code></pre><ul><li>one</li><li>two</li></ul>"
)


def post() -> Item:
    """A post of four passages, for everybody, supporters, Pro and the course, of about 90 KB as a mail."""
    named: tuple[tuple[str, ...], ...] = ((), ("supporter",), ("pro",), ("course",))
    passages = tuple(Passage(SECTION * 20, names) for names in named)
    return Item(
        "urn:uuid:benchmark", "blog/posts/a.md", "https://example.com/blog/a/", "Ein Titel: 标题 🚀", "What it is about.",
        "en", NOON, NOON, passages, Place("a.md"), newsletter={"send": True},
    )  # fmt: skip


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    with tempfile.TemporaryDirectory() as folder:
        with step("the issue") as building:
            [draft] = post_drafts([post()], PUBLICATION)
            built = build_issue(draft, PUBLICATION, Path(folder), TODAY)
        with step("read and verified") as reading:
            issue = load_issue(built.folder)
        with step(f"{RECIPIENTS:,} mails") as composing:
            size = 0
            for number in range(RECIPIENTS):
                recipient = Recipient(
                    f"reader-{number}@example.com", f"Reader {number} 读者", OPTIONS.links(f"token-{number:032x}")
                )
                variant = issue.access_set_for(HELD[number % len(HELD)], OFFERS)
                size += len(compose(issue, variant, recipient, NOON).raw)
    html = max(len(body.html.encode()) for body in issue.bodies.values())
    rows = [
        Row(f"the issue, {len(issue.bodies)} variants", f"{building.seconds * 1000:,.0f} ms"),
        Row("its longest HTML", f"{html / 1024:,.0f} KB"),
        Row("read again, every hash compared", f"{reading.seconds * 1000:,.0f} ms"),
        at_most(f"{RECIPIENTS:,} personal mails", composing.seconds, SECONDS_ALLOWED, "{:.1f} s"),
        Row("size of a mail", f"{size / RECIPIENTS / 1024:,.0f} KB"),
    ]
    return show(f"Newsletter: {RECIPIENTS:,} personal mails of one issue", rows)


if __name__ == "__main__":
    sys.exit(main())
