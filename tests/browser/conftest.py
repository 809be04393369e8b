"""A real browser, a static server on loopback, and a built blog with members of every kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.blog import Library, build_library
from tests.browser.find import ARGUMENTS, browser_path
from tests.browser.instant import NOTES_THE_MAP

HOST = "127.0.0.1"
# A name that is not loopback is no secure context: the browser withholds its cryptography there.
INSECURE = "insecure.example.com"
# As long as Playwright waits for everything else: a machine may have much to do, and what has come is waited for no longer.
expect.set_options(timeout=30_000)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """Serves a folder as any static host would, until the tests end; gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(folder: Path) -> str:
        server = ThreadingHTTPServer((HOST, 0), partial(_Quiet, directory=str(folder)))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://{HOST}:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def no_loop_of_a_browser() -> None:
    """Here Playwright's event loop is needed as it is."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browser_path()
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, f"--host-resolver-rules=MAP {INSECURE} {HOST}"]
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> Library:
    """The blog that readers visit, built once, for the address at which it is served."""
    root = tmp_path_factory.mktemp("library") / "blog"
    return build_library(root, serve(root / "site"))


@pytest.fixture(scope="session")
def address(library: Library) -> str:
    return library.blog.settings.site_url


@dataclass
class Reader:
    """One person's browser: its own storage, as many tabs as wanted, and all that went wrong in them."""

    context: BrowserContext
    address: str
    library: Library
    troubles: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def tab(self) -> Page:
        page = self.context.new_page()
        page.add_init_script(NOTES_THE_MAP)
        page.on("console", lambda message: message.type == "error" and self.troubles.append(message.text))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.hosts.add(request.url.split("/")[2]))
        return page

    def open(self, url: str, *, member: str | None = None) -> Page:
        """Open a page, by a magic link if ``member`` is named."""
        page = self.tab()
        page.goto(f"{self.address}{url}" + (f"#{self.library.tokens[member]}" if member else ""))
        return page


@pytest.fixture
def new_reader(browser: Browser, address: str, library: Library) -> Iterator[Callable[..., Reader]]:
    """Makes a reader; ``address=…`` for another site, further options as Playwright's new_context has them."""
    contexts: list[BrowserContext] = []

    def make(*, at: str | None = None, **options: Any) -> Reader:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        return Reader(context, at or address, library)

    yield make
    for context in contexts:
        close(context)


def close(context: BrowserContext) -> None:
    """An answer that a test made up may still be under way; its failure would be told to the next test."""
    for page in context.pages:
        page.unroute_all(behavior="ignoreErrors")
    context.unroute_all(behavior="ignoreErrors")
    context.close()


@pytest.fixture
def reader(new_reader: Callable[..., Reader]) -> Reader:
    return new_reader()
