"""A blog with demos, served, and readers who use them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import close
from tests.browser.demos.ui_blog import DEMOS, build_demos
from tests.browser.instant import NOTES_THE_MAP
from tests.sites import Blog


@dataclass(frozen=True)
class DemoBlog:
    """The built blog and the address at which it is served."""

    blog: Blog
    token: str
    """Of a member who may read all of it."""
    address: str


@dataclass
class DemoReader:
    """One person's browser on that blog, and all that went wrong or was fetched in it."""

    context: BrowserContext
    address: str
    troubles: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def open(self, url: str = DEMOS) -> Page:
        page = self.context.new_page()
        page.add_init_script(NOTES_THE_MAP)
        page.on("console", lambda said: self.troubles.extend([said.text] if said.type == "error" else []))
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("request", lambda request: self.fetched.append(request.url.removeprefix(self.address)))
        page.goto(f"{self.address}{url}")
        return page


@dataclass(frozen=True)
class DemoOnPage:
    """A demo as its reader finds it."""

    page: Page
    id: str

    @property
    def host(self) -> Locator:
        return self.page.locator(f"#demo-{self.id}")

    @property
    def status(self) -> Locator:
        return self.host.locator(".code-demo__status")

    @property
    def output(self) -> Locator:
        """What is shown as output: the author's until it is run."""
        return self.host.locator(":scope > .code-demo__output:not([hidden])")

    @property
    def notice(self) -> Locator:
        return self.host.locator(".code-demo__notice")

    @property
    def code(self) -> Locator:
        """What is shown as code: the author's block, plain text, or the editor's."""
        return self.host.locator(
            ":scope > .highlight:not([hidden]) code, .code-demo__plain code, .code-demo__editor .cm-content"
        )

    def press(self, name: str) -> None:
        self.host.get_by_role("button", name=name, exact=True).click()

    def run(self, *, says: str = "Done in") -> None:
        # What it says of the run before is not what is waited for.
        self.status.evaluate("status => (status.textContent = '')")
        self.press("Run")
        expect(self.status).to_contain_text(says)

    def type(self, text: str) -> None:
        """Put other code in, by the editor."""
        if not self.host.locator(".cm-content").count():
            self.press("Edit")
        self.host.locator(".cm-content").first.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)


@pytest.fixture(scope="session")
def demo_blog(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> DemoBlog:
    root = tmp_path_factory.mktemp("demos") / "blog"
    address = serve(root / "site")
    return DemoBlog(*build_demos(root, address), address)


@pytest.fixture
def new_demo_reader(browser: Browser, demo_blog: DemoBlog) -> Iterator[Callable[..., DemoReader]]:
    """Makes a reader; options as Playwright's new_context has them."""
    contexts: list[BrowserContext] = []

    def make(**options: Any) -> DemoReader:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        return DemoReader(context, demo_blog.address)

    yield make
    for context in contexts:
        close(context)


@pytest.fixture
def demo_reader(new_demo_reader: Callable[..., DemoReader]) -> DemoReader:
    return new_demo_reader()
