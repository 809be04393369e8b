"""All feeds of the demo blog, built as readers get it: valid, the same in every format, and read by a real feed reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copy, copytree

import feedparser
import pytest

from site_builder.build.inputs import Audience, BuildInputs
from site_builder.build.run import build
from site_builder.content.settings import load_settings
from site_builder.membership.keyfile import write_keys
from tests.feeds.test_newsboat import Host, host
from tests.feeds.validity import atom_faults, json_faults, podcast_faults, rss_faults
from tests.sites import MASTER, TODAY

CHECKOUT = Path(__file__).parent.parent.parent
CHECKS: dict[str, Callable[[bytes, str], Iterator[str]]] = {
    "rss.xml": rss_faults,
    "atom.xml": atom_faults,
    "feed.json": json_faults,
}
__all__ = ["host"]  # the fixture


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's sources with a key of their own, built."""
    root = tmp_path_factory.mktemp("demo")
    copy(CHECKOUT / "mkdocs.yml", root)
    copytree(CHECKOUT / "content", root / "content")
    (root / ".site-builder").mkdir()
    write_keys(root / ".site-builder" / "master.key", MASTER)
    build(root / "mkdocs.yml", None, BuildInputs(TODAY, Audience.READERS), strict=True)
    return root / "site"


@pytest.fixture(scope="module")
def feeds(demo: Path) -> dict[str, bytes]:
    """All public feeds: path from the root -> bytes."""
    return {
        path.relative_to(demo).as_posix(): path.read_bytes() for path in sorted(demo.rglob("*")) if path.name in CHECKS
    }


def test_every_feed_of_the_demo_is_valid(demo: Path, feeds: dict[str, bytes]) -> None:
    address = load_settings(demo.parent / "mkdocs.yml").site_url
    assert len(feeds) > 60
    for path, raw in feeds.items():
        check = podcast_faults if "/podcast/" in path else CHECKS[path.rpartition("/")[2]]
        assert list(check(raw, f"{address}{path}")) == [], path


def test_feedparser_reads_every_feed_of_the_demo_to_the_same_items(feeds: dict[str, bytes]) -> None:
    for path, raw in feeds.items():
        if not path.endswith(".xml"):
            continue
        read = feedparser.parse(raw, sanitize_html=False, resolve_relative_uris=False)
        assert not read.bozo and read.entries, path
        beside = feeds.get(path.replace("rss.xml", "feed.json").replace("atom.xml", "feed.json"))
        if not beside:  # podcasts and mail services know RSS alone
            continue
        told = json.loads(beside)["items"]
        assert [one.id for one in read.entries] == [one["id"] for one in told], path
        assert [one.title for one in read.entries] == [one["title"] for one in told], path
        assert [one.content[0].value for one in read.entries] == [one["content_html"] for one in told], path
        assert [[tag.term for tag in one.get("tags", [])] for one in read.entries] == [
            one.get("tags", []) for one in told
        ]


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml"])
def test_newsboat_reads_the_demos_own_feed(host: Host, feeds: dict[str, bytes], path: str) -> None:
    (host.folder / path).write_bytes(feeds[path])
    told = json.loads(feeds["feed.json"])["items"]
    read = {one["guid"]: (one["title"], one["url"], one["content"]) for one in host.read(path)}
    assert read == {one["id"]: (one["title"], one["url"], one["content_html"]) for one in told}
