"""Hubs hear of what has changed, once it is deployed, from a real client; they accept, refuse, stall and come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from site_builder.content.items import Item, Passage
from site_builder.errors import Place, PublishError
from site_builder.feeds.matrix import SiteFacts, feeds_of
from site_builder.feeds.options import FeedsOptions
from site_builder.feeds.websub import (
    PublishedFeed,
    changed_since,
    live_record,
    ping,
    published_feeds,
    read_record,
    require_deployed,
    write_record,
)
from site_builder.feeds.write import render
from tests.feeds.hub import Host, host

SECRET = f"feeds/m/{'5a' * 20}"


@pytest.fixture
def there() -> Iterator[Host]:
    with host() as one:
        yield one


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False) as one:
        yield one


@pytest.fixture
def hasty() -> Iterator[httpx.Client]:
    """A client that soon takes silence for an answer."""
    with httpx.Client(timeout=1, trust_env=False) as one:
        yield one


def build(site: Path, there: Host, *, words: str = "Words.", tags: tuple[str, ...] = ("caching",)) -> Path:
    """A site's feeds, as a build writes them: of the site and of each tag, and a members' feed."""
    when = datetime(2026, 11, 1, tzinfo=UTC)
    item = Item(
        id="urn:uuid:1", uri="a.md", url=f"{there.url}a/", title="A", description="", language="en", published=when,
        updated=when, passages=(Passage(f"<p>{words}</p>"),), place=Place("a.md"), tags=tags,
    )  # fmt: skip
    options = FeedsOptions(hubs=(there.hub,), scopes=("site", "tag"), aliases={"old.xml": "rss"})
    facts = SiteFacts(id="test-blog", url=there.url, title="Test & Blog")
    files = dict(render(feeds_of([item], facts, options), facts, options))
    files |= {f"{SECRET}/rss.xml": files["rss.xml"].replace(b"/rss.xml", f"/{SECRET}/rss.xml".encode())}
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content)
    (site / "sitemap.xml").write_text("<urlset/>")
    (site / "search.json").write_text("[]")
    (site / "broken.xml").write_text("<rss><channel>")
    (site / "broken.json").write_text('{"version": "https://jsonfeed.org/version/1.1"')
    return site


def deploy(site: Path, there: Host) -> None:
    there.files = {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def refuse_to_wait(seconds: float) -> None:
    raise AssertionError(f"waited {seconds} s")


def test_the_feeds_of_a_folder_are_found_by_what_they_say(tmp_path: Path, there: Host) -> None:
    found = published_feeds(build(tmp_path, there))
    assert [(one.path, one.format) for one in found] == [
        ("atom.xml", "atom"),
        ("feed.json", "json"),
        ("feeds/tags/caching/atom.xml", "atom"),
        ("feeds/tags/caching/feed.json", "json"),
        ("feeds/tags/caching/rss.xml", "rss"),
        ("rss.xml", "rss"),
    ]
    assert {one.url for one in found} == {f"{there.url}{one.path}" for one in found}
    assert {(one.hubs, one.entries) for one in found} == {((there.hub,), 1)}
    assert found[0].title == "Test & Blog"


def test_members_feeds_are_no_hubs_business(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    site = build(tmp_path, there)
    deploy(site, there)
    found = published_feeds(site)
    list(ping(found, client))
    live_record(found, client)
    assert len(there.heard) == len(there.asked) == 6
    assert "feeds/m/" not in str([found, there.heard, there.asked])


def test_without_a_site_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no such folder"):
        published_feeds(tmp_path / "site")


def test_only_what_has_changed_is_told(tmp_path: Path, there: Host) -> None:
    record = {one.url: one.digest for one in published_feeds(build(tmp_path, there))}
    assert changed_since(published_feeds(tmp_path), record) == ()
    build(tmp_path, there, tags=("caching", "http"))
    assert [one.path for one in changed_since(published_feeds(tmp_path), record)] == [
        one.path for one in published_feeds(tmp_path)
    ]
    record = {one.url: one.digest for one in published_feeds(tmp_path)}
    (tmp_path / "rss.xml").write_bytes((tmp_path / "rss.xml").read_bytes().replace(b"Words.", b"Other words."))
    assert [one.path for one in changed_since(published_feeds(tmp_path), record)] == ["rss.xml"]


def test_a_hub_hears_the_address_of_each_feed(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    found = published_feeds(build(tmp_path, there))
    told = list(ping(found, client, refuse_to_wait))
    assert [(one.hub, one.feed, one.refusal) for one in told] == [(there.hub, one.url, "") for one in found]
    assert there.heard == [{"hub.mode": "publish", "hub.url": one.url} for one in found]


def test_a_refusal_is_told_in_the_hubs_words_and_not_repeated(
    tmp_path: Path, there: Host, client: httpx.Client
) -> None:
    there.answers = [204, 400]
    told = list(ping(published_feeds(build(tmp_path, there)), client, refuse_to_wait))
    assert [one.refusal for one in told] == ["", "400 Bad Request: no such topic here", "", "", "", ""]


def test_a_hub_that_sends_one_elsewhere_is_not_followed(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    there.answers, there.headers = [301], {"Location": "https://hub.example.com/new"}
    first = next(ping(published_feeds(build(tmp_path, there)), client, refuse_to_wait))
    assert first.refusal.startswith("301 Moved Permanently to https://hub.example.com/new")


@pytest.mark.parametrize("trouble", [503, 429, "stall"])
def test_a_hub_in_trouble_is_asked_again(trouble: int | str, tmp_path: Path, there: Host, hasty: httpx.Client) -> None:
    there.answers = [trouble, trouble]
    waits = list[float]()
    first = next(ping(published_feeds(build(tmp_path, there)), hasty, waits.append))
    assert first.refusal == ""
    assert waits == [1, 2]
    assert len(there.heard) == 3


def test_a_hub_says_how_long_to_wait_but_not_for_ever(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    there.answers, there.headers = [503], {"Retry-After": "7"}
    waits = list[float]()
    next(ping(published_feeds(build(tmp_path, there)), client, waits.append))
    there.answers, there.headers = [429], {"Retry-After": "86400"}
    next(ping(published_feeds(tmp_path), client, waits.append))
    there.answers, there.headers = [429], {"Retry-After": "Fri, 31 Dec 2100 23:59:59 GMT"}
    next(ping(published_feeds(tmp_path), client, waits.append))
    assert waits == [7, 60, 1]


@pytest.mark.parametrize("trouble", [500, "stall"])
def test_a_hub_that_stays_silent_is_given_up(
    trouble: int | str, tmp_path: Path, there: Host, hasty: httpx.Client
) -> None:
    there.answers = [trouble] * 4
    waits = list[float]()
    told = list(ping(published_feeds(build(tmp_path, there)), hasty, waits.append))
    assert all(one.refusal.endswith("tried 4 times") for one in told) and len(told) == 6
    assert waits == [1, 2, 4]
    assert len(there.heard) == 4


def test_a_hub_that_is_not_there_is_an_answer_too(client: httpx.Client) -> None:
    with host() as gone:
        pass
    feed = PublishedFeed("rss.xml", "https://blog.example.com/rss.xml", "A", "rss", 1, (gone.hub,), "")
    assert "tried 4 times" in next(ping([feed], client, lambda seconds: None)).refusal


def test_what_is_live_is_noted_and_what_is_not_there_yet_left_out(
    tmp_path: Path, there: Host, client: httpx.Client
) -> None:
    found = published_feeds(build(tmp_path, there))
    assert live_record(found, client, refuse_to_wait) == {}
    deploy(tmp_path, there)
    assert live_record(found, client, refuse_to_wait) == {one.url: one.digest for one in found}


def test_before_the_deploy_nothing_is_told(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    found = published_feeds(build(tmp_path, there))
    waits = list[float]()
    with pytest.raises(PublishError, match="and 5 more is not deployed as it was built"):
        require_deployed(found, client, waits.append)
    assert waits == [1, 2, 4]
    deploy(tmp_path, there)
    require_deployed(found, client, refuse_to_wait)


def test_a_deploy_that_takes_a_moment_is_waited_for(tmp_path: Path, there: Host, client: httpx.Client) -> None:
    site = build(tmp_path, there)
    require_deployed(published_feeds(site), client, lambda seconds: deploy(site, there))


def test_a_record_is_kept_and_a_damaged_one_refused(tmp_path: Path) -> None:
    file = tmp_path / ".site-builder" / "feeds.json"
    assert read_record(file) is None
    write_record(file, {"https://blog.example.com/rss.xml": "abc"})
    assert read_record(file) == {"https://blog.example.com/rss.xml": "abc"}
    file.write_text("[1]")
    with pytest.raises(PublishError, match="no record"):
        read_record(file)
