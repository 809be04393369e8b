"""Who asks not to be followed is not, and nothing is kept of them; who is asked is counted only after a yes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from site_builder.membership import token as tokens
from site_builder.vault.encoding import lp
from tests.browser.engagement.conftest import AGREED, SIGNALS, Reported, Visitor, until
from tests.browser.engagement.reported_blog import LONG, SEALED

MakeVisitor = Callable[..., Visitor]


def stored(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('site-builder'))")  # type: ignore[no-any-return]


@pytest.mark.parametrize("signal", SIGNALS)
def test_with_a_privacy_signal_nothing_is_sent_and_nothing_kept(new_visitor: MakeVisitor, signal: str) -> None:
    visitor = new_visitor(script=SIGNALS[signal])
    page = visitor.open("account/")
    page.evaluate("localStorage['site-builder:test-blog:events'] = '[]'")
    for url in ("", SEALED, "membership/", "account/", LONG):
        page.goto(f"{visitor.blog.address}{url}")
        page.wait_for_function(
            "performance.getEntriesByType('resource').some(({ name }) => /engagement.js$/.test(name))"
        )
        page.keyboard.press("End")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Useful")).to_be_hidden()
    expect(page.get_by_text("Was this helpful?")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert stored(page) == []
    page.goto("about:blank")
    assert visitor.told == [] and visitor.context.cookies() == []


def question(page: Page) -> None:
    expect(page.get_by_text("May this site count what you read?")).to_be_visible()


def test_nothing_is_told_before_a_yes(new_visitor: MakeVisitor, asking: Reported) -> None:
    visitor = new_visitor(blog=asking)
    page = visitor.open(LONG)
    question(page)
    expect(page.get_by_role("button", name="Useful")).to_be_hidden()
    page.keyboard.press("End")
    page.get_by_role("link", name="To the sealed one").click()
    question(page)
    page.wait_for_load_state("networkidle")
    assert asking.told[visitor.first :] == [] and visitor.kept() == [] and stored(page) == []
    page.get_by_role("button", name="Yes, count me").click()
    until(lambda: visitor.kept())
    first = visitor.kept()[0]
    assert (first.name, first.url, first.member) == ("pageview", f"/{SEALED}", "")


def test_a_no_is_kept_and_can_be_changed(new_visitor: MakeVisitor, asking: Reported) -> None:
    visitor = new_visitor(blog=asking)
    page = visitor.open(LONG)
    page.get_by_role("button", name="No", exact=True).click()
    page.goto(f"{asking.address}{LONG}")
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()
    expect(page.get_by_text("May this site count what you read?")).to_be_hidden()
    assert visitor.kept() == [] and asking.told[visitor.first :] == []

    page.evaluate("document.dispatchEvent(new CustomEvent('site-builder:consent', { detail: true }))")
    visitor.wait_for("pageview")
    page.evaluate("document.dispatchEvent(new CustomEvent('site-builder:consent', { detail: false }))")
    before = visitor.kept()
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("link", name="To the sealed one").click()
    expect(page.get_by_role("heading", level=1, name="A sealed post")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    assert visitor.kept() == before


def test_what_is_on_its_way_when_a_yes_is_taken_back_is_not_kept_if_it_fails(
    new_visitor: MakeVisitor, asking: Reported
) -> None:
    visitor = new_visitor(blog=asking)
    held: list[Route] = []
    visitor.context.route(asking.collecting.endpoint, lambda route: held.append(route))
    page = visitor.open(LONG)
    page.get_by_role("button", name="Yes, count me").click()
    until(lambda: page.evaluate("true") and held)
    page.evaluate("document.dispatchEvent(new CustomEvent('site-builder:consent', { detail: false }))")
    held[0].abort()
    page.wait_for_load_state("networkidle")
    assert stored(page) == ["site-builder:test-blog:counted"]
    assert len(held) == 1 and visitor.kept() == []


def test_a_member_who_agrees_is_known_by_an_id_that_opens_nothing(new_visitor: MakeVisitor, asking: Reported) -> None:
    visitor = new_visitor(blog=asking, script=AGREED)
    page = visitor.open(f"{SEALED}#{asking.token}")
    expect(page.locator("premium-content")).to_have_attribute("state", "open")
    (seen,) = visitor.wait_for("pageview")
    locator = tokens.locator(asking.token)
    told = lp(b"site-builder member in events", b"test-blog", locator)
    assert seen.member == hashlib.sha256(told).hexdigest()[:32]
