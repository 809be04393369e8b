"""The sandbox's page in each browser that there is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.demos.sandbox.desk import Desk, Driven, Site, Trap, firefox, firefox_path, serving, trapping
from tests.browser.find import ARGUMENTS, browser_path

BROWSERS = ["chromium", *(["firefox"] if firefox_path() else [])]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("sandbox")) as site:
        yield site


@pytest.fixture
def trap() -> Iterator[Trap]:
    with trapping() as trap:
        yield trap


@pytest.fixture(scope="session")
def desk(browser: Browser, site: Site) -> Iterator[Desk]:
    """One page for all tests, as a reader stays on one: whatever a test does to it, the next must find it whole."""
    page = browser.new_page()
    page.goto(site.address)
    page.wait_for_function("() => Boolean(window.desk)")
    yield Driven(page)
    page.close()


@pytest.fixture(scope="session", params=BROWSERS)
def each_desk(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The same page, and one in Firefox where there is one: for what hangs on the browser more than on the sandbox's scripts."""
    if request.param == "chromium":
        yield request.getfixturevalue("desk")
    else:
        with firefox(site, tmp_path_factory.mktemp("profile")) as asking:
            yield asking


@pytest.fixture(scope="session")
def desk_apart(browser: Browser, site: Site) -> Iterator[Desk]:
    """Chromium as people have it on a computer, where a sandboxed frame has a process of its own; Playwright's has not."""
    apart = browser.browser_type.launch(executable_path=browser_path(), args=[*ARGUMENTS, "--site-per-process"])
    page = apart.new_page()
    page.goto(site.address)
    page.wait_for_function("() => Boolean(window.desk)")
    yield Driven(page)
    apart.close()
