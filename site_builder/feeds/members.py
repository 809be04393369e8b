"""Members' feeds: full text in clear for feed readers, at addresses that only their readers and the build can compute.

From items and the standing of members to files; docs/format.md, "Members' feed", has the addresses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from site_builder.content.access import may_read
from site_builder.content.items import Item, Passage
from site_builder.content.offers import Offers
from site_builder.feeds.matrix import FILES, Feed, SiteFacts, feed_id
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render
from site_builder.membership.standing import Standing
from site_builder.vault.feed import entitlement_feed, member_feed
from site_builder.vault.lockbox import Epoch

# What FeedBurner and others made of the element of HTML pages for feeds, which have none of their own; and what directories
# of podcasts ask for. What the host is told stands in `_headers`.
_NOINDEX = (
    b'<xhtml:meta xmlns:xhtml="http://www.w3.org/1999/xhtml" name="robots" content="noindex"/>'
    b'<itunes:block xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">Yes</itunes:block>'
)
_ROOT = re.compile(rb"<channel\b[^>]*>|<feed\b[^>]*>")
_ACCOUNT = re.compile(r"<membership-account(?=[\s>])")


@dataclass(frozen=True)
class MembersFeed:
    """One of them: its folder from the site's root, which is a secret, and the entitlements of those who know it."""

    folder: str = field(repr=False)
    held: tuple[str, ...]


def members_feeds(
    options: FeedsOptions, site: str, offers: Offers, standing: Standing, epochs: Mapping[str, Epoch]
) -> tuple[MembersFeed, ...]:
    """The feeds that a site has by its option ``members``; ``site`` is the id that names it in keys.

    ``tier``: one for each tier and product that somebody holds, for the length of its epoch. ``member``: one for each member
    who holds something. None else.
    """
    active = [
        (holder.kek, tuple(one for one in offers.by_id if one in {e.entitlement for e in holder.entries if e.active}))
        for holder in standing.holders
    ]
    if options.members == "member":
        return tuple(MembersFeed(member_feed(site, kek), held) for kek, held in active if held)
    if options.members == "tier":
        held_by_some = {one for _, held in active for one in held}
        return tuple(
            MembersFeed(entitlement_feed(site, one, epochs[one]), (one,)) for one in offers.by_id if one in held_by_some
        )
    return ()


def member_files(
    items: Iterable[Item], feeds: Iterable[MembersFeed], site: SiteFacts, offers: Offers, options: FeedsOptions
) -> Iterator[tuple[str, bytes]]:
    """The files of ``feeds``: path from the site's root and bytes, one after another, since there may be many.

    Feeds of the same readers are written once and differ in their own address alone. Raises ContentError as ``render`` does.
    """
    newest = sorted(items, key=lambda item: (item.published, item.id), reverse=True)
    readers: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for feed in feeds:
        readers[feed.held].append(feed.folder)
    for held, folders in readers.items():
        model = _feed(newest, folders[0], held, site, offers, options)
        # No hub hears of such a feed, and none of its files has a second address.
        written = render([model], site, options.model_copy(update={"hubs": (), "aliases": {}, "content": "full"}))
        for path, content in written.items():
            unlisted = (
                _ROOT.sub(lambda root: root[0] + _NOINDEX, content, count=1) if path.endswith(".xml") else content
            )
            for folder in folders:
                yield path.replace(folders[0], folder), unlisted.replace(folders[0].encode(), folder.encode())


def on_account_page(page: str, options: FeedsOptions) -> str:
    """The HTML of a page, where ``<membership-account>`` is told what members' feeds there are."""
    if not options.members:
        return page
    told = f'<membership-account data-feeds="{options.members}" data-feed-file="{FILES[options.formats[0]][0]}"'
    return _ACCOUNT.sub(told, page)


def _feed(
    newest: Sequence[Item], folder: str, held: tuple[str, ...], site: SiteFacts, offers: Offers, options: FeedsOptions
) -> Feed:
    opened = [item for item in newest if _belongs(item, held, offers)]
    shown = tuple(_opened(item, held, offers) for item in (opened[: options.limit] if options.limit else opened))
    languages = {item.language for item in shown}
    names = ", ".join(offers.by_id[one].name for one in held)
    return Feed(
        scope="members",
        name=names,
        title=f"{names} – {options.title or site.title}",
        stem=folder,
        language=languages.pop() if len(languages) == 1 else site.language,
        items=shown,
        id=feed_id(site.id, "members", ",".join(held)),
        page="",
        formats=options.formats,
    )


def _belongs(item: Item, held: Sequence[str], offers: Offers) -> bool:
    """A tier's readers follow the whole site; who has bought a product alone, what it opens."""
    return any(one in offers.tier_ids for one in held) or any(
        passage.entitlements and may_read(passage.entitlements, held, offers) for passage in item.passages
    )


def _opened(item: Item, held: Sequence[str], offers: Offers) -> Item:
    """The item as its readers may read it: for them these passages are public, and what else is gated stays so."""
    readable = zip(item.passages, item.readable_by(held, offers), strict=True)
    return replace(item, passages=tuple(Passage(one.html) if may else one for one, may in readable))
