"""WebSub: which of the published feeds have changed, and telling their hubs, which then tell subscribers at once.

Works on a built folder alone: a feed says itself where it stands (rel=self) and who its hubs are (rel=hub). Members' feeds are
no hub's business. W3C WebSub leaves open how a publisher tells a hub (section 6); all take what PubSubHubbub 0.4 says in section
7.1: a POST of ``hub.mode=publish`` and ``hub.url``.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
from lxml import etree
from pydantic import TypeAdapter, ValidationError

from site_builder.errors import Place, PublishError
from site_builder.membership.durable import replace_file
from site_builder.vault.feed import FOLDER

PATIENCE = 10.0
"""Seconds for a host to take the connection, and again for each piece of its answer."""
WAITS = (1.0, 2.0, 4.0)
"""Seconds before each further try."""
_LONGEST_WAIT = 60.0
_ATOM = "{http://www.w3.org/2005/Atom}"
_JSON_FEED = b"https://jsonfeed.org/version/"
_HEAD = 512
_RECORD = TypeAdapter(dict[str, str])

Pause = Callable[[float], None]


@dataclass(frozen=True)
class PublishedFeed:
    """A feed as it lies in the site's folder: ``url`` is where it says that it stands, ``digest`` the SHA-256 of its bytes."""

    path: str
    url: str
    title: str
    format: str
    entries: int
    hubs: tuple[str, ...]
    digest: str = field(repr=False)


@dataclass(frozen=True)
class Told:
    """What came of telling a ``hub`` of a feed: ``refusal`` is empty where it was glad to hear it."""

    hub: str
    feed: str
    refusal: str = ""


def published_feeds(site: Path) -> tuple[PublishedFeed, ...]:
    """The public feeds in a built folder, by path; a further file with the same address counts once. Raises PublishError."""
    if not site.is_dir():
        raise PublishError(
            "there is no such folder", place=Place(site), hint="Build the site first, or name it with -d."
        )
    found: dict[str, PublishedFeed] = {}
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.suffix in (".xml", ".json") and not name.startswith(f"{FOLDER}/") and path.is_file():
            feed = _read(path, name)
            # An alias says the address of the feed that it is a copy of.
            if feed and (feed.url not in found or feed.url.endswith(f"/{name}")):
                found[feed.url] = feed
    return tuple(sorted(found.values(), key=lambda feed: feed.path))


def changed_since(feeds: Iterable[PublishedFeed], record: Mapping[str, str]) -> tuple[PublishedFeed, ...]:
    """Those whose bytes are not what the record (address -> digest) has of them."""
    return tuple(feed for feed in feeds if record.get(feed.url) != feed.digest)


def live_record(feeds: Iterable[PublishedFeed], client: httpx.Client, pause: Pause = time.sleep) -> dict[str, str]:
    """What stands at the feeds' addresses now, as a record; one that is not there yet is left out. Raises PublishError."""
    record = {}
    for feed in feeds:
        response = _answer(partial(client.get, feed.url, follow_redirects=True), pause)
        if isinstance(response, str):
            raise PublishError(f"{feed.url} can't be fetched: {response}", hint="Nothing was changed; try again.")
        if response.is_success:
            record[feed.url] = hashlib.sha256(response.content).hexdigest()
        elif response.status_code not in (404, 410):
            raise PublishError(f"{feed.url} can't be fetched: {_said(response)}", hint="Is `site_url` right?")
    return record


def require_deployed(feeds: Iterable[PublishedFeed], client: httpx.Client, pause: Pause = time.sleep) -> None:
    """Raise PublishError unless the feeds stand at their addresses as they are here: a hub would find nothing new there."""
    waiting = tuple(feeds)
    for wait in (*WAITS, None):
        waiting = changed_since(waiting, live_record(waiting, client, pause))
        if not waiting or wait is None:
            break
        pause(wait)  # a host may need a moment to show what was deployed
    if waiting:
        others = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        raise PublishError(
            f"{waiting[0].url}{others} is not deployed as it was built, so a hub would find nothing new there",
            hint="Deploy first, or try again in a minute. For a host that changes files as it serves them: --no-check.",
        )


def ping(feeds: Iterable[PublishedFeed], client: httpx.Client, pause: Pause = time.sleep) -> Iterator[Told]:
    """Tell each feed's hubs that it has changed, and say what came of it. A hub that does not answer is not asked again."""
    silent: dict[str, str] = {}
    for feed in feeds:
        for hub in feed.hubs:
            if hub not in silent:
                form = {"hub.mode": "publish", "hub.url": feed.url}
                response = _answer(partial(client.post, hub, data=form), pause)
                if not isinstance(response, str):
                    yield Told(hub, feed.url, "" if response.is_success else _said(response))
                    continue
                silent[hub] = response
            yield Told(hub, feed.url, silent[hub])


def read_record(file: Path) -> dict[str, str] | None:
    """The record in a file, None if there is none yet. Raises PublishError if it is damaged."""
    try:
        return _RECORD.validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError):
        raise PublishError(
            "is no record of feeds", place=Place(file), hint="Delete it: then all feeds count."
        ) from None


def write_record(file: Path, record: Mapping[str, str]) -> None:
    """Keep a record for the next time. Raises SiteError if the file can't be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    replace_file(file, json.dumps(dict(sorted(record.items())), indent=1).encode() + b"\n", mode=0o644)


def _answer(ask: Callable[[], httpx.Response], pause: Pause) -> httpx.Response | str:
    """What a host says, asked again while it is overloaded or can't be reached; else why there is no answer, in words."""
    for wait in (*WAITS, None):
        try:
            response = ask()
        except httpx.TimeoutException:
            reason = "it does not answer"
        except httpx.HTTPError as error:
            reason = str(error) or type(error).__name__
        except httpx.InvalidURL as error:
            return str(error)
        else:
            if response.status_code != 429 and response.status_code < 500:
                return response
            reason = _said(response)
            wait = wait and _asked_for(response, wait)
        if wait is None:
            break
        pause(wait)
    return f"{reason}, tried {len(WAITS) + 1} times"


def _asked_for(response: httpx.Response, wait: float) -> float:
    """How long to wait where a host says it itself (RFC 9110, section 10.2.3, in seconds)."""
    after = response.headers.get("Retry-After", "")
    return min(max(wait, float(after)), _LONGEST_WAIT) if after.isascii() and after.isdigit() else wait


def _said(response: httpx.Response) -> str:
    """A refusal in the host's own words: the status, where it sends one instead, and the first line of its text."""
    to = f" to {response.headers['Location']}" if "Location" in response.headers else ""
    kind = response.headers.get("Content-Type", "text/plain")
    line = next(iter(response.text.strip().splitlines()), "") if kind.startswith("text/plain") else ""
    return f"{response.status_code} {response.reason_phrase}{to}".strip() + (f": {line[:200]}" if line else "")


def _read(path: Path, name: str) -> PublishedFeed | None:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if path.suffix == ".json":
        return _read_json(path.read_bytes(), name) if _JSON_FEED in head else None
    return _read_xml(path.read_bytes(), name) if b"<rss" in head or b"<feed" in head else None


def _read_json(content: bytes, name: str) -> PublishedFeed | None:
    try:
        feed = json.loads(content)
        hubs = tuple(str(hub["url"]) for hub in feed.get("hubs", ()))
        return PublishedFeed(
            name, str(feed["feed_url"]), str(feed["title"]), "json", len(feed["items"]), hubs, _digest(content)
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # somebody else's file, which is no feed by its own fault


def _read_xml(content: bytes, name: str) -> PublishedFeed | None:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except etree.XMLSyntaxError:
        return None
    rss = root.tag == "rss" and len(root) > 0
    channel = root[0] if rss else root
    if not rss and root.tag != f"{_ATOM}feed":
        return None
    links = channel.findall(f"{_ATOM}link")
    own = [link.get("href", "") for link in links if link.get("rel") == "self"]
    if not own or not own[0]:
        return None
    return PublishedFeed(
        path=name,
        url=own[0],
        title=channel.findtext("title" if rss else f"{_ATOM}title", ""),
        format="rss" if rss else "atom",
        entries=len(channel.findall("item" if rss else f"{_ATOM}entry")),
        hubs=tuple(link.get("href", "") for link in links if link.get("rel") == "hub"),
        digest=_digest(content),
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
