"""1,000 posts in 60 feeds, each as RSS, Atom and JSON Feed: written cold, again, and with one post changed.

Beside it, in the same run, feedgen alone, which renders every post anew for every feed that holds it and knows no JSON Feed.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from random import Random

from feedgen.feed import FeedGenerator

from benchmarks.blog import Author as Writer
from benchmarks.results import Row, at_most, show, step
from site_builder.content.items import Author, Item, Passage, item_id
from site_builder.errors import Place
from site_builder.feeds.matrix import Feed, SiteFacts, feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render, write_changed

POSTS, FEEDS = 1000, 60
COLD_ALLOWED, CHANGED_ALLOWED = 3.0, 0.3
CHANGES = 5
SITE = SiteFacts(id="benchmark", url="https://blog.example.com/", title="A blog", author="Ada Example")
# The default limit of items, and all of them.
LIMITS = (FeedsOptions().limit, 0)


def post(number: int, writer: Writer, chance: Random) -> Item:
    """A post of 8 KB, some of it code, with two of 42 tags, one of ten categories and one of seven authors."""
    paragraphs = [f"<p>{writer.paragraph()}</p>" for _ in range(12)]
    code = "\n".join(f"    {' '.join(writer.some(4))} = {chance.randint(0, 99)}  # <&>" for _ in range(20))
    html = "\n".join([*paragraphs[:6], f"<pre><code>{escape(code)}\n</code></pre>", *paragraphs[6:]])
    uri, moment = f"blog/posts/{number}.md", datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=number)
    return Item(
        id=item_id(SITE.id, uri),
        uri=uri,
        url=f"{SITE.url}blog/{number}/",
        title=f"{writer.title()} {number}",
        description=writer.sentence(),
        language="en",
        published=moment,
        updated=moment,
        passages=(Passage(html),),
        place=Place(uri),
        authors=(Author(f"Author {number % 7}"),),
        categories=(f"Category {number % 10}",),
        tags=tuple(f"tag {tag}" for tag in sorted({number % 42, chance.randrange(42)})),
    )


def feedgen_alone(feeds: tuple[Feed, ...]) -> int:
    """Bytes of the same feeds as RSS and Atom, as feedgen's own documentation has it."""
    written = 0
    for feed in feeds:
        writer = FeedGenerator()
        writer.id(feed.id)
        writer.title(feed.title)
        writer.description(feed.title)
        writer.link(href=SITE.url, rel="alternate")
        for item in feed.items:
            entry = writer.add_entry(order="append")
            entry.id(item.id)
            entry.title(item.title)
            entry.link(href=item.url)
            entry.author(name=item.authors[0].name)
            entry.category([{"term": tag} for tag in (*item.categories, *item.tags)])
            entry.summary(item.description)
            entry.content(item.public_html, type="html")
            entry.published(item.published)
            entry.updated(item.updated)
        written += len(writer.rss_str()) + len(writer.atom_str())
    return written


def measured(items: list[Item], limit: int, folder: Path) -> list[Row]:
    """The rows for one limit: from items to files in a folder that is built beside the one before."""
    options = FeedsOptions(limit=limit)
    cache, sites = folder / "cache.sqlite", iter(folder / f"site-{number}" for number in range(CHANGES + 2))
    held = f"{limit} items a feed" if limit else "all items in each feed"

    def build(listed: list[Item], previous: Path | None) -> tuple[Path, int, list[str]]:
        feeds = feeds_of(listed, SITE, options)
        assert len(feeds) == FEEDS
        files, site = render(feeds, SITE, options, cache), next(sites)
        return site, sum(map(len, files.values())), write_changed(site, files, previous)

    with step(f"{held}: cold") as cold:
        before, size, _ = build(items, None)
    with step("again") as again:
        before, _, unchanged = build(items, before)
    quickest, rewritten = float("inf"), list[str]()
    for newer in range(1, CHANGES + 1):
        changed = replace(items[-newer], passages=(Passage(f"{items[-newer].public_html}<p>More.</p>"),))
        items = [*items[:-newer], changed, *items[len(items) - newer + 1 :]]
        with step("with one post changed") as one:
            before, _, rewritten = build(items, before)
        quickest = min(quickest, one.seconds)
    with step("feedgen alone") as peer:
        feedgen_alone(feeds_of(items, SITE, options))
    return [
        at_most(f"{held}, {size / 1e6:,.0f} MB: cold", cold.seconds, COLD_ALLOWED, "{:.2f} s"),
        Row("again, nothing new", f"{again.seconds:.2f} s"),
        at_most("files that change then", len(unchanged), 0, "{}"),
        at_most(f"one post changed, the quickest of {CHANGES}", quickest, CHANGED_ALLOWED, "{:.2f} s"),
        Row("files that change then", f"{len(rewritten)} of {FEEDS * 3}"),
        Row("feedgen alone, RSS and Atom, unwritten", f"{peer.seconds:.2f} s, each time"),
    ]


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    writer, chance = Writer(7), Random(7)
    items = [post(number, writer, chance) for number in range(POSTS)]
    rows: list[Row] = []
    for limit in LIMITS:
        with tempfile.TemporaryDirectory() as folder:
            rows += measured(items, limit, Path(folder))
    return show(f"Feeds: {POSTS:,} posts, {FEEDS} feeds, three formats", rows)


if __name__ == "__main__":
    sys.exit(main())
