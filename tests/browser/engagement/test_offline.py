"""What cannot be sent waits in the browser, and comes once: when the network is back, at the next visit, after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from tests.browser.engagement.conftest import Visitor, until
from tests.browser.engagement.reported_blog import DEMOS, LONG

KEY = "site-builder:test-blog:events"


def waiting(page: Page) -> list[dict[str, object]]:
    return page.evaluate(f"JSON.parse(localStorage['{KEY}'] ?? '[]').flatMap(({{ events }}) => events)")  # type: ignore[no-any-return]


def names(visitor: Visitor) -> list[str]:
    return [one.name for one in visitor.kept() if one.name != "engagement"]


@contextmanager
def collector_down(visitor: Visitor) -> Iterator[None]:
    visitor.blog.front.down = True
    try:
        yield
    finally:
        visitor.blog.front.down = False


def test_what_happens_offline_arrives_when_the_network_is_back(visitor: Visitor) -> None:
    page = visitor.open(DEMOS)
    visitor.wait_for("pageview")
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Useful").click()
    until(lambda: waiting(page))
    assert [event["name"] for event in waiting(page)] == ["reaction"]
    visitor.context.set_offline(False)
    visitor.wait_for("reaction")
    until(lambda: not waiting(page))
    assert names(visitor) == ["pageview", "reaction"]
    assert visitor.troubles == [] or visitor.troubles == ["Failed to load resource: net::ERR_INTERNET_DISCONNECTED"]


def test_a_page_that_was_left_offline_tells_of_it_at_the_next_visit(visitor: Visitor) -> None:
    page = visitor.open(DEMOS)
    visitor.wait_for("pageview")
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Useful").click()
    page.goto("about:blank")
    assert names(visitor) == ["pageview"]
    visitor.context.set_offline(False)
    page.goto(visitor.blog.address)
    visitor.wait_for("pageview", times=2)
    visitor.wait_for("reaction")
    until(lambda: not waiting(page))
    assert names(visitor) == ["pageview", "reaction", "pageview"]
    assert [one.url for one in visitor.kept("engagement")] == [f"/{DEMOS}"]


@pytest.mark.parametrize("status", [404, 503])
def test_what_is_not_taken_is_sent_again(visitor: Visitor, status: int) -> None:
    visitor.context.route("**/e", lambda route: route.fulfill(status=status))
    page = visitor.open(DEMOS)
    until(lambda: waiting(page))
    visitor.context.unroute("**/e")
    assert visitor.told == []
    page.get_by_role("button", name="Useful").click()
    visitor.wait_for("reaction")
    visitor.wait_for("pageview")
    until(lambda: not waiting(page))
    assert names(visitor) == ["pageview", "reaction"]


def test_what_a_page_tells_while_it_is_left_waits_if_the_collector_is_down(visitor: Visitor) -> None:
    with collector_down(visitor):
        page = visitor.open(DEMOS)
        until(lambda: waiting(page))
        demo = page.locator("#demo-good")
        demo.get_by_role("button", name="Run").click()
        expect(demo.locator(".code-demo__status")).to_contain_text("Done in")
        ran = page.evaluate("Date.now()")
        page.get_by_role("button", name="Yes", exact=True).click()
        page.goto(f"{visitor.blog.address}{LONG}")
        kept = {str(event["name"]): event["t"] for event in waiting(page) if event["url"] == f"/{DEMOS}"}
        assert set(kept) == {"pageview", "demo_run", "feedback", "engagement"}
        # A run is told late, but with the time at which it began.
        assert kept["demo_run"] <= ran
        assert visitor.kept() == []
    page.get_by_role("button", name="Useful").click()
    visitor.wait_for("reaction")
    until(lambda: not waiting(page))
    happened = [one.name for one in visitor.kept() if one.url == f"/{DEMOS}"]
    assert sorted(happened) == ["demo_run", "engagement", "feedback", "pageview"]
    assert len(visitor.kept("pageview")) == 2
