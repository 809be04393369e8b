"""A collector with its dashboard in a process of its own, and the author at a browser; shared by the tests that look at it."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

from site_builder.analytics.collector import Rules
from site_builder.analytics.dashboard.door import COOKIE
from site_builder.analytics.dashboard.key import begin_session, make_key, read_lock
from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics.made_up import EVENING, SITE
from tests.ports import free_port

STORE = "events.sqlite"


def run(data: Path, port: int, ready: Connection) -> None:
    """The collector with its dashboard, on the last day of the made-up events."""
    from site_builder.analytics.dashboard.app import Settings, routes
    from site_builder.analytics.serve import Service, serve

    shown = routes(lambda: SqliteStore(data / STORE), Settings(data, now=lambda: EVENING))
    serve(Service(Rules(SITE, (f"http://127.0.0.1:{port}",)), data, port=port, routes=shown, ready=ready.send))


@dataclass(frozen=True)
class Board:
    address: str
    key: str
    session: str
    """The cookie of who has shown the key."""


@contextmanager
def showing(data: Path) -> Iterator[Board]:
    """The dashboard of the store in a folder, until it is left."""
    key, port = make_key(data), free_port()
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=run, args=(data, port, there))
    process.start()
    lock = read_lock(data)
    assert lock
    yield Board(f"{here.recv()}/dashboard/", key, begin_session(lock, int(time.time())))
    process.terminate()
    process.join()


@dataclass
class Desk:
    """The author's browser, and all that went wrong in it."""

    context: BrowserContext
    board: Board
    troubles: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("console", lambda message: self.troubles.append(message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", lambda dialog: (self.troubles.append(dialog.message), dialog.dismiss()))
        page.on("request", lambda request: self.hosts.add(request.url.split("/dashboard/")[0]))
        return page

    def signed_in(self, view: str = "") -> Page:
        self.context.add_cookies([{"name": COOKIE, "value": self.board.session, "url": self.board.address}])
        page = self.page()
        page.goto(self.board.address + view)
        page.wait_for_selector("#numbers")
        return page

    def close(self) -> None:
        """What went wrong in it fails the test."""
        self.context.close()
        assert self.troubles == []
        assert self.hosts <= {self.board.address.removesuffix("/dashboard/")}
