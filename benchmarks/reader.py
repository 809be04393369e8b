"""A reader's browser, measured from inside: when the article's first sealed paragraph is painted, and what was fetched for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.find import ARGUMENTS, browser_path

MARK = "sealed"
"""The value of the attribute ``elementtiming`` of the paragraph that is waited for (Element Timing, W3C)."""

# A magic link loads the page twice, so the start of the first document is kept for the second. `startTime` is when the
# frame with the paragraph was painted.
_WATCH = """
if (self === top && location.protocol === "http:") {
  sessionStorage.began ??= performance.timeOrigin;
  new PerformanceObserver((list) => {
    for (const { identifier, startTime } of list.getEntries())
      console.debug(identifier, performance.timeOrigin + startTime - Number(sessionStorage.began));
  }).observe({ type: "element", buffered: true });
}
"""


@contextmanager
def browsing() -> Iterator[Browser]:
    """A headless browser."""
    path = browser_path()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def newcomer(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody whose browser has nothing of the site: no file, no key."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(_WATCH)
    yield context
    context.close()


def visit(context: BrowserContext, url: str, *, latency: int = 0) -> float:
    """Milliseconds from the start of navigation in a new tab until what is marked is painted.

    ``latency`` is added to each request, in milliseconds. Raises playwright's TimeoutError after 30 s.
    """
    page = context.new_page()
    if latency:
        conditions = {"offline": False, "latency": latency, "downloadThroughput": -1, "uploadThroughput": -1}
        context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
    return _wait(page, url, MARK)


def fetched(context: BrowserContext, url: str, *, mark: str = MARK) -> set[str]:
    """What a visit asks the host for, by the page or its workers: the addresses, without fragments."""
    page, addresses = context.new_page(), set[str]()
    page.on("request", lambda request: addresses.add(request.url.partition("#")[0]))
    _wait(page, url, mark)
    return {address for address in addresses if address.startswith("http")}


def weight(address: str) -> int:
    """Bytes that come over the network for ``address``, compressed and with their head."""
    with httpx.stream("GET", address, trust_env=False) as response:
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
        return head + sum(len(chunk) for chunk in response.iter_raw())


def _wait(page: Page, url: str, mark: str) -> float:
    with page.expect_console_message(lambda message: message.text.startswith(f"{mark} ")) as shown:
        page.goto(url, wait_until="commit")
    milliseconds = float(shown.value.text.split()[1])
    page.wait_for_load_state("networkidle")
    page.close()
    return milliseconds
