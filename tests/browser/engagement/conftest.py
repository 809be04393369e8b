"""Blogs that report, their collector in a process of its own, and readers whose events can be looked at."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen

import pytest
from jsonschema import Draft202012Validator
from playwright.sync_api import Browser, BrowserContext, Page

from site_builder.analytics.record import Record
from site_builder.analytics.spool import Position, read
from site_builder.build.inputs import Audience
from site_builder.engagement.events import Body
from tests.browser.engagement.front import HOST, Front, Told, serve_front, serve_services
from tests.browser.engagement.reported_blog import build_reported
from tests.browser.instant import NOTES_THE_MAP
from tests.ports import free_port
from tests.sites import command, environment

PATIENCE = 15.0
AGREED = "if (location.protocol !== 'about:') localStorage['site-builder:test-blog:counted'] = 'yes'"
SIGNALS = {
    "Global Privacy Control": "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })",
    "Do Not Track": "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })",
}
Found = TypeVar("Found")
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"


def until(ready: Callable[[], Found]) -> Found:
    """What ``ready`` gives as soon as it is something. Fails if that does not come."""
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        assert time.monotonic() < end, "it did not come in time"
        time.sleep(0.02)
    return found


@cache
def published(address: str) -> Draft202012Validator:
    """The schema of events that a site publishes."""
    with urlopen(f"{address}engagement/events.schema.json") as answer:
        return Draft202012Validator(json.load(answer))


@dataclass(frozen=True)
class Collecting:
    """A collector that runs."""

    endpoint: str
    spool: Path

    @property
    def records(self) -> list[Record]:
        """What is on its disk, each event once."""
        found: dict[str, Record] = {}
        position = Position()
        while (reading := read(self.spool, position)).position != position:
            found |= {record.id: record for record in reading.records}
            position = reading.position
        return list(found.values())


@dataclass(frozen=True)
class Reported:
    """A built blog that reports, and the address at which it is served."""

    address: str
    token: str
    """Of a member who may read all of it."""
    collecting: Collecting
    told: list[Told]
    """What came to the endpoint, or to other services."""
    front: Front


@dataclass
class Visitor:
    """One person's browser: what came of it to the collector, and all that went wrong in it."""

    context: BrowserContext
    blog: Reported
    width: int
    """Of the window, by which one visitor is told from another here."""
    first: int
    """How much had been told before."""
    troubles: list[str] = field(default_factory=list)

    def open(self, url: str = "") -> Page:
        page = self.context.new_page()
        page.on("console", lambda said: self.troubles.extend([said.text] if said.type == "error" else []))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.goto(f"{self.blog.address}{url}")
        return page

    @property
    def told(self) -> list[Told]:
        """What its pages have sent to the site's own host."""
        return [told for told in self.blog.told[self.first :] if f'"width":{self.width},'.encode() in told.body]

    @property
    def bodies(self) -> list[Body]:
        """The same, as the collector understands it, strictly; and as the site's own schema has it."""
        for told in self.told:
            published(self.blog.address).validate(json.loads(told.body))
        return [Body.model_validate_json(told.body) for told in self.told]

    def kept(self, *names: str) -> list[Record]:
        """What the collector has of it, or what of that has one of the names, as it happened."""
        mine = [one for one in self.blog.collecting.records if one.width == self.width]
        found = [one for one in mine if not names or one.name in names]
        return sorted(found, key=lambda one: one.t)

    def wait_for(self, *names: str, times: int = 1) -> list[Record]:
        """Events of these names, as soon as there are as many."""
        return until(lambda: found if len(found := self.kept(*names)) >= times else [])


@pytest.fixture(scope="session")
def collecting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Collecting]]:
    """Starts a collector for the site at an address."""
    running: list[subprocess.Popen[str]] = []

    def start(origin: str) -> Collecting:
        data = tmp_path_factory.mktemp("collected")
        port = str(free_port())
        options = ("--site", "test-blog", "--origin", origin, "--data", str(data), "--port", port, "--rate", "0")
        process = subprocess.Popen(
            command("analytics", "serve", *options), env=environment(), stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stderr
        said = process.stderr.readline()
        assert "collecting at" in said, said
        return Collecting(f"http://{HOST}:{port}/e", data / "spool")

    yield start
    for process in running:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory, collecting: Callable[[str], Collecting]) -> Iterator[Reported]:
    """The blog as most are: its collector is at ``/e`` of its own host."""
    root = tmp_path_factory.mktemp("reported") / "blog"
    front = Front(root / "site")
    running = serve_front(front)
    collector = collecting(running.address)
    front.collector = collector.endpoint
    _, token = build_reported(root, running.address)
    yield Reported(running.address, token, collector, front.told, front)
    running.stop()


@pytest.fixture(scope="session")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reported]:
    """The blog as its author sees it while writing."""
    root = tmp_path_factory.mktemp("preview") / "blog"
    front = Front(root / "site")
    running = serve_front(front)
    build_reported(root, running.address, audience=Audience.AUTHOR)
    yield Reported(running.address, "", Collecting("", root), front.told, front)
    running.stop()


ADAPTERS = ("plausible", "umami", "goatcounter", "matomo", "ga4")


@pytest.fixture(scope="session")
def asking(tmp_path_factory: pytest.TempPathFactory, collecting: Callable[[str], Collecting]) -> Iterator[Reported]:
    """A blog that asks before it counts, and then tells a collector on another host, and all other services."""
    root = tmp_path_factory.mktemp("asking") / "blog"
    told: list[Told] = []
    services = serve_services(told)
    front = Front(root / "site")
    running = serve_front(front)
    collector = collecting(running.address)
    own: dict[str, dict[str, object]] = {
        "plausible": {"domain": "blog.example.com"},
        "umami": {"website": "b59e9c65-ae32-47f1-8400-119fcf4861c4"},
        "goatcounter": {},
        "matomo": {"site_id": 3},
        "ga4": {"measurement_id": "G-ABC123", "api_secret": "published"},
    }
    adapters = [{"kind": kind, "endpoint": f"{services.address}{kind}", **own[kind]} for kind in ADAPTERS]
    options = json.dumps({"endpoint": collector.endpoint, "consent": "ask", "adapters": adapters})
    _, token = build_reported(root, running.address, options)
    yield Reported(running.address, token, collector, told, front)
    running.stop()
    services.stop()


_visitors = count(1)


@pytest.fixture
def new_visitor(browser: Browser, reported: Reported) -> Iterator[Callable[..., Visitor]]:
    """Makes a visitor; ``blog=…`` for another, ``script=…`` to run before each page's own, options as for new_context."""
    visitors: list[Visitor] = []

    def make(*, blog: Reported | None = None, script: str = "", **options: Any) -> Visitor:
        number = next(_visitors)
        at, agent, width = blog or reported, AGENT.format(100 + number), 1280 + number
        context = browser.new_context(**{"viewport": {"width": width, "height": 800}, "user_agent": agent, **options})
        context.grant_permissions(["clipboard-write"])
        context.add_init_script(NOTES_THE_MAP)
        if script:
            context.add_init_script(script)
        visitors.append(Visitor(context, at, width, len(at.told)))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
    # Whatever a test is about: nothing was sent that the collector would not take.
    assert [body for visitor in visitors for body in visitor.bodies if not body.events] == []


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    return new_visitor()
