"""JSON Feed 1.1: one item at a time, and what stands around the items."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from site_builder.feeds.entries import Entry, legal
from site_builder.feeds.matrix import Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions

VERSION = "https://jsonfeed.org/version/1.1"


def json_item(entry: Entry) -> bytes:
    """The item's object, as it stands in every JSON feed that holds it."""
    item = entry.item
    played = item.episode.duration if item.episode else 0
    attachments = [
        {"url": one.url, "mime_type": one.type, "size_in_bytes": one.length}
        | ({"duration_in_seconds": played} if played and number == 0 else {})
        for number, one in enumerate(item.enclosures)
    ]
    return _bytes(
        {
            "id": item.id,
            "url": item.url,
            "title": entry.title,
            "content_html": entry.html,
            "summary": entry.summary,
            "image": item.image.url if item.image else "",
            "date_published": _date(entry.published),
            "date_modified": _date(entry.updated),
            "authors": [_present({"name": one.name, "url": one.url}) for one in entry.authors],
            "tags": list(entry.tags),
            "language": item.language,
            "attachments": attachments,
        },
        keep=("content_html",),
    )


def json_around(feed: Feed, site: SiteFacts, options: FeedsOptions) -> tuple[bytes, bytes]:
    """What stands before and after the items of a JSON feed; between two of them stands a comma."""
    head = _bytes(
        {
            "version": VERSION,
            "title": legal(feed.title),
            "home_page_url": site.address(feed.home or feed.page),
            "feed_url": site.address(feed.paths["json"]),
            "description": legal(feed.description),
            "icon": site.address(options.image) if options.image else "",
            "language": feed.language,
            "authors": [{"name": legal(site.author)}] if legal(site.author) else [],
            "hubs": [{"type": "WebSub", "url": hub} for hub in options.hubs],
        }
    )
    return head.removesuffix(b"}") + b', "items": [\n', b"\n]}\n"


def _present(values: dict[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value or name in keep}


def _bytes(values: dict[str, Any], keep: tuple[str, ...] = ()) -> bytes:
    return json.dumps(_present(values, keep), ensure_ascii=False).encode("utf-8")


def _date(moment: datetime) -> str:
    return moment.isoformat()
