"""From feeds to files: each item is rendered once a format and spliced into every feed that holds it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from site_builder.content.items import Item
from site_builder.errors import Place, PublishError
from site_builder.feeds.entries import Entry, entry_of
from site_builder.feeds.json import json_around, json_item
from site_builder.feeds.matrix import Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions, Format
from site_builder.feeds.xml import atom_around, atom_entry, rss_around, rss_item

_ITEM: dict[Format, Callable[[Entry], bytes]] = {"rss": rss_item, "atom": atom_entry, "json": json_item}
_AROUND: dict[Format, Callable[[Feed, SiteFacts, FeedsOptions], tuple[bytes, bytes]]] = {
    "rss": rss_around,
    "atom": atom_around,
    "json": json_around,
}
_BETWEEN: dict[Format, bytes] = {"rss": b"\n", "atom": b"\n", "json": b",\n"}


def render(feeds: Iterable[Feed], site: SiteFacts, options: FeedsOptions) -> Mapping[str, bytes]:
    """All feeds as files: path from the site's root -> bytes. The same feeds give the same bytes.

    Raises:
        ContentError: an item that feeds can't hold, such as one with a file whose length is not known.
    """
    rendered: dict[tuple[Format, int], bytes] = {}
    entries: dict[int, Entry] = {}

    def item_bytes(form: Format, item: Item) -> bytes:
        key = form, id(item)
        if key not in rendered:
            if id(item) not in entries:
                entries[id(item)] = entry_of(item, options.content)
            rendered[key] = _ITEM[form](entries[id(item)])
        return rendered[key]

    files: dict[str, bytes] = {}
    for feed in feeds:
        for form, path in feed.paths.items():
            head, tail = _AROUND[form](feed, site, options)
            files[path] = head + _BETWEEN[form].join(item_bytes(form, item) for item in feed.items) + tail
        if feed.scope == "site":
            files |= {alias: files[feed.paths[form]] for alias, form in options.aliases.items()}
    return files


def write_changed(folder: Path, files: Mapping[str, bytes], previous: Path | None = None) -> list[str]:
    """Write those files whose bytes differ from what stands in ``folder``; returns the paths of what has changed, sorted.

    A site that is built beside the published one names that as ``previous``: a file with the same bytes there keeps its time of
    change and is not among those returned.
    """
    changed: list[str] = []
    for path, content in sorted(files.items()):
        target, before = folder / path, (previous or folder) / path
        same = _holds(before, content)
        if not same:
            changed.append(path)
        if not same or target != before:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                if same:
                    status = before.stat()
                    os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))
            except OSError as error:
                raise PublishError(f"can't be written: {error.strerror}", place=Place(target)) from error
    return changed


def _holds(file: Path, content: bytes) -> bool:
    try:
        return file.stat().st_size == len(content) and file.read_bytes() == content
    except OSError:
        return False
