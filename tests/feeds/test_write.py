"""Feeds as files: rendered once for each format, written where they have changed, the same with and without a cache."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from site_builder.errors import ConfigError, PublishError
from site_builder.feeds.matrix import Feed
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.write import render, write_changed
from tests.feeds.samples import ALL, ITEMS, SITE, feeds, item, matrix


def marked(cache: Path) -> int:
    """Put a mark in the place of everything that the cache has; returns how much that is."""
    with closing(sqlite3.connect(cache)) as database, database:
        return database.execute("UPDATE rendered SET bytes = ?", (b"<taken-from-the-cache/>",)).rowcount


def test_an_item_is_rendered_once_for_each_format_however_many_feeds_hold_it(tmp_path: Path) -> None:
    cache, options = tmp_path / "feeds.sqlite", FeedsOptions()
    listed = matrix(item(1), item(2), options=options)
    render(listed, SITE, options, cache)
    assert marked(cache) == 2 * 3
    spliced = b"".join(render(listed, SITE, options, cache).values())
    assert spliced.count(b"<taken-from-the-cache/>") == sum(len(feed.items) for feed in listed) * 3 == 24


def test_a_second_build_renders_only_what_has_changed(tmp_path: Path) -> None:
    cache = tmp_path / ".cache" / "feeds.sqlite"
    assert render(matrix(), SITE, ALL, cache) == feeds()
    assert render(matrix(), SITE, ALL, cache) == feeds()
    marked(cache)
    changed = [*ITEMS[1:], item(1, html="<p>Another text.</p>")]
    written = render(matrix(*changed), SITE, ALL, cache)["rss.xml"]
    assert written.count(b"<taken-from-the-cache/>") == 4
    assert written.count(b"<item>") == 1 and b"Another text." in written


@pytest.mark.parametrize(
    "said",
    [
        {"title": "x"},
        {"description": "x"},
        {"html": "<p>x</p>"},
        {"gated": "<p>x</p>"},
        {"url": "https://blog.example.com/x/"},
        {"language": "zh"},
        {"tags": ("x",)},
        {"categories": ("x",)},
        {"authors": ()},
        {"image": ITEMS[3].image},
        {"enclosures": ITEMS[3].enclosures},
        {"updated": ITEMS[4].updated},
        {"published": ITEMS[4].published},
        {"id": "urn:x:1"},
    ],
    ids=str,
)
def test_whatever_changes_in_an_item_is_seen_through_the_cache(said: dict[str, object], tmp_path: Path) -> None:
    cache = tmp_path / "feeds.sqlite"
    before = render(matrix(item(1)), SITE, ALL, cache)
    after = render(matrix(item(1, **said)), SITE, ALL, cache)
    assert after == feeds(item(1, **said)) != before


def test_a_cache_that_is_damaged_or_locked_or_nowhere_to_be_put_is_done_without(tmp_path: Path) -> None:
    cache = tmp_path / "feeds.sqlite"
    cache.write_bytes(b"no database" * 100)
    assert render(matrix(), SITE, ALL, cache) == feeds()
    assert render(matrix(), SITE, ALL, cache) == feeds()
    with closing(sqlite3.connect(cache)) as held:
        held.execute("BEGIN EXCLUSIVE")
        assert render(matrix(), SITE, ALL, cache) == feeds()
    (tmp_path / "file").write_text("")
    assert render(matrix(), SITE, ALL, tmp_path / "file" / "feeds.sqlite") == feeds()
    assert render(matrix(), SITE, ALL, tmp_path) == feeds()


def test_what_members_read_does_not_come_into_the_cache(tmp_path: Path) -> None:
    cache = tmp_path / "feeds.sqlite"
    public = matrix(item(1))[0]
    secret = Feed(**{**vars(public), "scope": "members", "stem": "secret", "items": (item(2, html="<p>canary</p>"),)})
    written = render([public, secret], SITE, ALL, cache)
    assert b"canary" in written["secret/rss.xml"]
    assert cache.stat().st_size and b"canary" not in cache.read_bytes()


def test_the_cache_forgets_what_is_no_longer_asked_for(tmp_path: Path) -> None:
    cache = tmp_path / "feeds.sqlite"
    for text in ("one", "two", "three"):
        render(matrix(item(1, html=f"<p>{text}</p>"), options=FeedsOptions()), SITE, FeedsOptions(), cache)
    assert marked(cache) == 3


def test_only_files_that_have_changed_are_written(tmp_path: Path) -> None:
    written = feeds()
    assert write_changed(tmp_path, written) == sorted(written)
    times = {path: (tmp_path / path).stat().st_mtime_ns for path in written}
    assert write_changed(tmp_path, written) == []
    newer = feeds(*ITEMS[1:], item(1, title="Another title", tags=("other",)))
    changed = write_changed(tmp_path, newer)
    assert "rss.xml" in changed and "feeds/tags/other/rss.xml" in changed
    assert "feeds/courses/async-in-practice/rss.xml" not in changed
    assert {path: (tmp_path / path).read_bytes() for path in newer} == newer
    assert all((tmp_path / path).stat().st_mtime_ns == times[path] for path in set(newer) - set(changed))


def test_beside_the_published_site_what_is_the_same_keeps_its_time(tmp_path: Path) -> None:
    old, new = tmp_path / "site", tmp_path / "next"
    write_changed(old, feeds())
    for path in feeds():
        os.utime(old / path, (1_700_000_000, 1_700_000_000))
    newer = feeds(*ITEMS[1:], replace(ITEMS[0], title="Another title"))
    changed = write_changed(new, newer, old)
    assert "rss.xml" in changed and "feeds/courses/async-in-practice/rss.xml" not in changed
    assert {path: (new / path).read_bytes() for path in newer} == newer
    assert {path for path in newer if (new / path).stat().st_mtime == 1_700_000_000} == set(newer) - set(changed)


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "feeds").write_text("a file")
    with pytest.raises(PublishError, match=r"feeds/.*can't be written"):
        write_changed(tmp_path, feeds())


def test_the_sites_feed_has_its_former_addresses_too_and_says_its_own() -> None:
    options = FeedsOptions.read({"aliases": {"feed_rss_created.xml": "rss", "blog/index.json": "json"}})
    written = feeds(item(1), options=options)
    assert written["feed_rss_created.xml"] == written["rss.xml"]
    assert written["blog/index.json"] == written["feed.json"]


def test_a_former_address_in_a_folder_finds_the_sheet_as_well() -> None:
    files = feeds(item(1), options=FeedsOptions.read({"aliases": {"blog/feed.xml": "atom"}}))
    assert b' href="feeds/feed.css"?>' in files["atom.xml"] and b' href="../feeds/feed.css"?>' in files["blog/feed.xml"]


@pytest.mark.parametrize("alias", ["rss.xml", "feeds/tags/async/rss.xml"])
def test_a_former_address_that_another_feed_has_is_refused(alias: str) -> None:
    with pytest.raises(ConfigError, match=f"aliases: {alias} is the path of a feed"):
        feeds(item(1), options=FeedsOptions.read({"aliases": {alias: "rss"}}))
