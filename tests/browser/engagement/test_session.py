"""A reader's way through the blog gives exactly the events that happened, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from site_builder.analytics.record import Record
from tests.browser.engagement.conftest import Visitor
from tests.browser.engagement.reported_blog import DEMOS, LONG, QUIET, SEALED

MakeVisitor = Callable[..., Visitor]


def scroll_to_the_end(page: Page) -> None:
    page.keyboard.press("End")
    page.wait_for_function("() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def said(records: list[Record], *, without: str = "engagement") -> list[tuple[str, str, dict[str, Any]]]:
    return [(one.url, one.name, one.props) for one in records if one.name != without]


def test_a_way_through_the_blog_by_instant_navigation_gives_exactly_what_happened(visitor: Visitor) -> None:
    page = visitor.open("?utm_source=letter&secret=1#part")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="To the long one").click()
    heading(page, "A long post")
    page.get_by_role("button", name="Calculate").click()
    scroll_to_the_end(page)
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("button", name="Yes").click()
    page.get_by_label("What was good").fill("All of it.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("link", name="To the sealed one").click()
    heading(page, "A sealed post")
    visitor.wait_for("paywall_view")
    visitor.wait_for("cta_view")
    page.get_by_role("link", name="See what is on offer").click()
    heading(page, "Membership")
    page.go_back()
    heading(page, "A sealed post")
    visitor.wait_for("cta_view", times=2)
    page.get_by_role("link", name="To the demos").click()
    heading(page, "Demos")
    for demo, says in (("good", "Done in"), ("bad", "Ended with an error")):
        page.locator(f"#demo-{demo}").get_by_role("button", name="Run").click()
        expect(page.locator(f"#demo-{demo} .code-demo__status")).to_contain_text(says)
    page.get_by_role("link", name="To the quiet one").click()
    heading(page, "A quiet post")
    page.get_by_role("link", name="To the long one").click()
    heading(page, "A long post")
    assert page.evaluate("window.sameDocument") is True
    visitor.wait_for("pageview", times=7)
    page.goto("about:blank")

    visitor.wait_for("engagement", times=7)
    lang = {"lang": "en-US"}
    sealed = [
        (f"/{SEALED}", "pageview", lang),
        (f"/{SEALED}", "paywall_view", {"part": "blog/posts/sealed#1"}),
        (f"/{SEALED}", "cta_view", {"offer": "pro"}),
    ]
    assert sorted(said(visitor.kept()), key=str) == sorted([
        ("/", "pageview", lang),
        (f"/{LONG}", "pageview", lang),
        (f"/{LONG}", "x_calculator_seen", {"result_kind": "sum"}),
        (f"/{LONG}", "x_calculator_used", {"result_kind": "sum"}),
        (f"/{LONG}", "reaction", {"kind": "like"}),
        (f"/{LONG}", "feedback", {"helpful": True, "text": "All of it."}),
        (f"/{LONG}", "share", {"to": "copy"}),
        *sealed,
        (f"/{SEALED}", "cta_click", {"to": "offers"}),
        ("/membership/", "pageview", lang),
        *sealed,
        (f"/{DEMOS}", "pageview", lang),
        (f"/{DEMOS}", "demo_run", {"demo": "good", "ok": True}),
        (f"/{DEMOS}", "demo_run", {"demo": "bad", "ok": False}),
        (f"/{LONG}", "pageview", lang),
    ], key=str)  # fmt: skip
    assert visitor.troubles == []
