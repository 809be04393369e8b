"""From feeds to files: each item is rendered once a format and spliced into every feed that holds it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from site_builder.content.items import Item
from site_builder.errors import ConfigError, Place, PublishError
from site_builder.feeds.entries import Entry, entry_of
from site_builder.feeds.json_feed import json_around, json_item
from site_builder.feeds.mail_feed import email_item
from site_builder.feeds.matrix import Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions, Format
from site_builder.feeds.podcast import podcast_around, podcast_item
from site_builder.feeds.rendered import Rendered
from site_builder.feeds.style import style_link, style_path, style_sheet
from site_builder.feeds.xml_feeds import atom_around, atom_entry, rss_around, rss_item

Around = Callable[[Feed, SiteFacts, FeedsOptions], tuple[bytes, bytes]]

# What renders an item, what stands around the items, and what between two of them: by format, or by scope where that has its own.
_HOW: dict[str, tuple[Callable[[Entry], bytes], Around, bytes]] = {
    "rss": (rss_item, rss_around, b"\n"),
    "atom": (atom_entry, atom_around, b"\n"),
    "json": (json_item, json_around, b",\n"),
    "podcast": (podcast_item, podcast_around, b"\n"),
    "email": (email_item, rss_around, b"\n"),
}


def render(
    feeds: Sequence[Feed], site: SiteFacts, options: FeedsOptions, cache: Path | None = None
) -> Mapping[str, bytes]:
    """All feeds as files: path from the site's root -> bytes. The same feeds give the same bytes, with and without ``cache``.

    ``cache`` is a file that keeps rendered items from build to build, in clear: what is in members' feeds stays out of it.

    Raises:
        ContentError: an item that feeds can't hold, such as one with a file whose length is not known.
        ConfigError: an alias that is the path of a feed.
    """
    public, secret = Rendered(cache), Rendered(None)
    files: dict[str, bytes] = {}
    for feed in feeds:
        rendered = secret if feed.scope == "members" else public
        files |= {path: _file(feed, form, site, options, rendered) for form, path in feed.paths.items()}
    if any(feed.scope != "members" for feed in feeds):
        files[style_path(options)] = style_sheet(site)
    for feed in feeds:
        for alias, form in options.aliases.items() if feed.scope == "site" else ():
            if alias in files:
                raise ConfigError(f"feeds option aliases: {alias} is the path of a feed", hint="Leave it out.")
            # The sheet's address is relative, and the alias may lie in another folder.
            sheet, own = style_link(alias, options), style_link(feed.paths[form], options)
            files[alias] = files[feed.paths[form]].replace(own, sheet, 1)
    public.save()
    return files


def _file(feed: Feed, form: Format, site: SiteFacts, options: FeedsOptions, rendered: Rendered) -> bytes:
    how = feed.scope if feed.scope in _HOW else form
    item_bytes, around, between = _HOW[how]

    def make(item: Item) -> bytes:
        return item_bytes(entry_of(item, options.content))

    head, tail = around(feed, site, options)
    if form != "json":
        declaration, _, root = head.partition(b"\n")
        head = declaration + b"\n" + style_link(feed.paths[form], options) + root
    items = [rendered.item(item, f"{how} {options.content}", make) for item in feed.items] or [b""]
    # Joined in one go: a feed may have megabytes.
    return between.join([head + items[0], *items[1:-1], items[-1] + tail]) if items[1:] else head + items[0] + tail


def write_changed(folder: Path, files: Mapping[str, bytes], previous: Path | None = None) -> list[str]:
    """Write those files whose bytes differ from what stands in ``folder``; returns the paths of what has changed, sorted.

    A site that is built beside the published one names that as ``previous``: a file with the same bytes there is linked, not
    written, so that it keeps its time of change. Raises PublishError if a file can't be written.
    """
    changed: list[str] = []
    for path, content in sorted(files.items()):
        target = folder / path
        published = (previous or folder) / path
        same = _holds(published, content)
        if not same:
            changed.append(path)
        if not same or target != published:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                _put(target, content, published if same else None)
            except OSError as error:
                raise PublishError(f"can't be written: {error.strerror}", place=Place(target)) from error
    return changed


def _put(target: Path, content: bytes, same: Path | None) -> None:
    """Put a file there at once, and never write into one that a published site may share."""
    beside = target.with_name(f".{target.name}.new")
    beside.unlink(missing_ok=True)
    if same is None or not _linked(same, beside):
        beside.write_bytes(content)
    beside.replace(target)


def _linked(file: Path, other: Path) -> bool:
    try:
        os.link(file, other)
    except OSError:  # another file system, or one without links
        return False
    return True


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.stat().st_size == len(content) and file.read_bytes() == content
    except OSError:
        return False
