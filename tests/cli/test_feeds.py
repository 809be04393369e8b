"""`site-builder feeds`: what is there, what hubs are told, and what the exit code says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.feeds.hub import Host, host
from tests.feeds.test_websub import SECRET, build, deploy
from tests.sites import Blog


@pytest.fixture
def there() -> Iterator[Host]:
    with host() as one:
        yield one


@pytest.fixture
def site(blog: Blog, there: Host, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return build(blog.site, there)


def test_the_list_shows_public_feeds_alone(blog: Blog, there: Host, site: Path) -> None:
    shown = blog.run("feeds", "list").stdout
    assert "Test & Blog" in shown and "feeds/tags/" in shown.replace("\n", "")
    assert SECRET not in shown and "feeds/m/" not in shown
    first, *others = json.loads(blog.run("feeds", "list", "--json").stdout)
    assert len(others) == 5
    assert first["path"] == "atom.xml" and first["url"] == f"{there.url}atom.xml" and first["hubs"] == [there.hub]


def test_hubs_are_told_once_of_each_change(blog: Blog, there: Host, site: Path) -> None:
    deploy(site, there)
    first = json.loads(blog.run("feeds", "ping", "--json").stdout)
    assert len(first["changed"]) == len(first["told"]) == 6 and first["failed"] == []
    assert blog.run("feeds", "ping").stderr == "0 of 6 feeds have changed\n"
    assert len(there.heard) == 6
    build(site, there, words="Other words.")
    deploy(site, there)
    blog.run("feeds", "ping")
    assert len(there.heard) == 12
    blog.run("feeds", "ping", "--all")
    assert len(there.heard) == 18


def test_where_nothing_is_kept_the_live_site_says_what_was_there(blog: Blog, there: Host, site: Path) -> None:
    deploy(site, there)
    (site / "rss.xml").write_bytes((site / "rss.xml").read_bytes().replace(b"Words.", b"Other words."))
    record = blog.root / "elsewhere" / "before.json"
    assert json.loads(blog.run("feeds", "record", "--record", str(record), "--json").stdout) == {"feeds": 6, "live": 6}
    deploy(site, there)
    told = json.loads(blog.run("feeds", "ping", "--record", str(record), "--json").stdout)
    assert told["changed"] == [f"{there.url}rss.xml"]
    assert [one["hub.url"] for one in there.heard] == [f"{there.url}rss.xml"]


def test_a_dry_run_asks_nobody(blog: Blog, there: Host, site: Path) -> None:
    shown = blog.run("feeds", "ping", "--dry-run")
    assert f"would tell {there.hub} of {there.url}rss.xml" in shown.stdout
    assert len(json.loads(blog.run("feeds", "ping", "--dry-run", "--json").stdout)["would_tell"]) == 6
    assert not there.heard and not there.asked
    assert not (blog.root / ".site-builder" / "feeds.json").exists()


def test_a_refusal_is_an_error_and_is_made_good_the_next_time(blog: Blog, there: Host, site: Path) -> None:
    deploy(site, there)
    there.answers = [204, 403, 204, 204, 204, 204]
    done = blog.run("feeds", "ping", "--no-check", check=False)
    assert done.returncode == 1
    assert f"{there.hub} did not take {there.url}feed.json: 403 Forbidden: no such topic here" in done.stderr
    there.heard.clear()
    blog.run("feeds", "ping")
    assert [one["hub.url"] for one in there.heard] == [f"{there.url}feed.json"]


def test_without_a_hub_there_is_nobody_to_tell(blog: Blog, there: Host) -> None:
    blog.write("site/rss.xml", "<rss><channel><title>A</title></channel></rss>")
    done = blog.run("feeds", "ping", check=False)
    assert done.returncode == 1
    assert "no feed names a hub" in done.stderr and "hubs:" in done.stderr
