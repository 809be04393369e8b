"""A real feed reader, newsboat, subscribes to feeds on a local server: what it has then is what was published."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from site_builder.content.items import Author, Item
from site_builder.feeds.entries import entry_of
from site_builder.feeds.matrix import SiteFacts, feeds_of
from site_builder.feeds.write import render, write_changed
from tests.feeds.find import VARIABLE, newsboat_path
from tests.feeds.samples import ALL, ITEMS, SITE, item

HOSTILE = item(
    9,
    title="Q & A: a < b ]]> 🦀 异步 مرحبا",
    html='<pre><code>if a &lt; b &amp;&amp; c:\n    return "]]&gt;"\n</code></pre><p>中文 🦀</p>',
    authors=(Author("Zoë & Lin"),),
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@dataclass
class Host:
    """A folder on loopback, and what newsboat keeps of it."""

    folder: Path
    url: str
    reader: Path

    def publish(self, *items: Item) -> None:
        site = SiteFacts(**{**vars(SITE), "url": self.url})
        own = [replace(one, url=one.url.replace(SITE.url, self.url)) for one in items]
        write_changed(self.folder, render(feeds_of(own, site, ALL), site, ALL))

    def read(self, path: str) -> list[dict[str, object]]:
        """Have newsboat fetch the feed; all articles that it has of it, newest first."""
        (self.reader / "urls").write_text(f"{self.url}{path}\n")
        (self.reader / "config").write_text("")
        named = {"-C": "config", "-u": "urls", "-c": "cache.db"}
        arguments = [part for flag, name in named.items() for part in (flag, str(self.reader / name))]
        done = subprocess.run(
            [newsboat_path(), *arguments, "-x", "reload"],
            capture_output=True,
            text=True,
            timeout=60,
            env={"PATH": os.environ["PATH"], "HOME": str(self.reader), "LANG": "C.UTF-8", "TERM": "dumb"},
        )
        assert done.returncode == 0, done.stderr
        with closing(sqlite3.connect(self.reader / "cache.db")) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute("SELECT * FROM rss_item ORDER BY pubDate DESC")]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    folder, reader = tmp_path / "site", tmp_path / "reader"
    folder.mkdir()
    reader.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield Host(folder, f"http://127.0.0.1:{server.server_port}/", reader)
        server.shutdown()


@pytest.mark.parametrize("path", ["rss.xml", "atom.xml"])
def test_newsboat_has_every_article_as_it_was_published(host: Host, path: str) -> None:
    published = [*reversed(ITEMS), HOSTILE]
    host.publish(*published)
    told = sorted(published, key=lambda one: one.published, reverse=True)
    read = host.read(path)
    assert [(one["guid"], one["title"]) for one in read] == [(one.id, one.title) for one in told]
    assert [one["url"] for one in read] == [one.url.replace(SITE.url, host.url) for one in told]
    assert [one["pubDate"] for one in read] == [int(one.published.timestamp()) for one in told]
    assert [one["content"] for one in read] == [entry_of(one).html.replace(SITE.url, host.url) for one in told]
    assert [one["author"] for one in read][:2] == ["Zoë & Lin", "Ada Example"]
    heard = {one["title"]: (one["enclosure_url"], one["enclosure_type"]) for one in read if one["enclosure_url"]}
    assert heard["Number 4"] == ("https://blog.example.com/4.mp3", "audio/mpeg")


def test_an_article_that_is_renamed_and_moved_is_the_same_article(host: Host) -> None:
    host.publish(item(1), item(2))
    assert len(host.read("rss.xml")) == 2
    host.publish(item(1), replace(item(2), title="Another title", url=f"{SITE.url}another/"), item(3))
    read = host.read("rss.xml")
    assert [one["title"] for one in read] == ["Number 3", "Another title", "Number 1"]
    assert [one["guid"] for one in read] == [item(number).id for number in (3, 2, 1)]


@pytest.mark.parametrize("path", ["feeds/tags/async/rss.xml", "feeds/podcast/rss.xml", "feeds/email/rss.xml"])
def test_newsboat_reads_the_other_feeds_too(host: Host, path: str) -> None:
    host.publish(*ITEMS)
    assert "Number 4" in [one["title"] for one in host.read(path)]


def test_where_newsboat_is_missing_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(LookupError, match="apt-get install newsboat"):
        newsboat_path.__wrapped__()
