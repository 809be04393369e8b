"""One evening of one reader, over five pages and every hook: it gives exactly the events that happened, offline and back too, and
with Global Privacy Control none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.engagement.conftest import SIGNALS, Visitor, until
from tests.browser.engagement.reported_blog import DEMOS, LONG, SEALED
from tests.browser.engagement.test_offline import waiting

LANG = {"lang": "en-US"}
EXPECTED: list[tuple[str, str, dict[str, Any]]] = [
    ("/", "pageview", LANG),
    ("/", "newsletter_signup", {"form": "letter"}),
    (f"/{LONG}", "pageview", LANG),
    (f"/{LONG}", "quiz", {"quiz": "caches-quiz", "right": 1, "of": 1}),
    (f"/{LONG}", "x_calculator_seen", {"result_kind": "sum"}),
    (f"/{LONG}", "x_calculator_used", {"result_kind": "sum"}),
    (f"/{LONG}", "reaction", {"kind": "like"}),
    (f"/{LONG}", "feedback", {"helpful": True, "text": "All of it."}),
    (f"/{LONG}", "share", {"to": "copy"}),
    (f"/{SEALED}", "pageview", LANG),
    (f"/{SEALED}", "paywall_view", {"part": "blog/posts/sealed#1"}),
    (f"/{SEALED}", "cta_view", {"offer": "pro"}),
    (f"/{SEALED}", "reaction", {"kind": "insightful"}),
    (f"/{SEALED}", "cta_click", {"offer": "pro"}),
    ("/membership/", "pageview", LANG),
    (f"/{SEALED}", "pageview", LANG),
    (f"/{SEALED}", "unlock", {}),
    (f"/{SEALED}", "x_inside_seen", {"place": "sealed"}),
    (f"/{DEMOS}", "pageview", LANG),
    (f"/{DEMOS}", "demo_run", {"demo": "good", "ok": True}),
    (f"/{DEMOS}", "demo_run", {"demo": "bad", "ok": False}),
    (f"/{DEMOS}", "exercise", {"demo": "double", "event": "fail"}),
    (f"/{DEMOS}", "exercise", {"demo": "double", "event": "hint"}),
]


def arrived(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def demo(page: Page, id: str, press: str, says: str) -> Locator:
    host = page.locator(f"#demo-{id}")
    host.get_by_role("button", name=press).click()
    expect(host.locator(".code-demo__status")).to_contain_text(says)
    return host


def walk(visitor: Visitor, *, counted: bool = True) -> Page:
    """The whole way. Of who is not counted nothing is asked that nobody would hear."""

    def counts(pages: int) -> None:
        if counted:
            visitor.wait_for("pageview", times=pages)

    page = visitor.open("?utm_source=letter&secret=1#part")
    counts(1)
    page.get_by_label("Your address").fill("ada@example.com")
    page.get_by_role("button", name="Subscribe").click()
    arrived(page, "A long post")
    counts(2)

    page.get_by_label("Cache-Control").check()
    page.get_by_role("button", name="Check").click()
    page.get_by_role("button", name="Calculate").click()
    if counted:
        page.get_by_role("button", name="Useful").click()
        page.get_by_role("button", name="Yes").click()
        page.get_by_label("What was good").fill("All of it.")
        page.get_by_role("button", name="Send").click()
        expect(page.locator(".engagement__feedback").get_by_text("Thank you.")).to_be_visible()
    page.get_by_role("button", name="Copy the link").click()

    page.get_by_role("link", name="To the sealed one").click()
    arrived(page, "A sealed post")
    page.get_by_role("link", name="Get Pro").scroll_into_view_if_needed()
    if counted:
        visitor.wait_for("cta_view")
        visitor.context.set_offline(True)
        page.get_by_role("button", name="Learned something").click()
        until(lambda: waiting(page))
        assert visitor.kept("reaction")[1:] == []
        visitor.context.set_offline(False)
        visitor.wait_for("reaction", times=2)
    page.get_by_role("link", name="Get Pro").click()
    arrived(page, "Membership")
    counts(4)

    page.goto(f"{visitor.blog.address}{SEALED}#{visitor.blog.token}")
    expect(page.locator("premium-content")).to_have_attribute("state", "open")
    page.keyboard.press("End")
    expect(page.get_by_text("The sealed end.")).to_be_in_viewport()
    if counted:
        visitor.wait_for("x_inside_seen")
    page.get_by_role("link", name="To the demos").click()
    arrived(page, "Demos")
    counts(6)
    demo(page, "good", "Run", "Done in")
    demo(page, "bad", "Run", "Ended with an error")
    demo(page, "double", "Check", "0 of 1 tests passed").get_by_text("Hint 1").click()
    return page


def test_five_pages_and_every_hook_give_exactly_what_happened(visitor: Visitor) -> None:
    page = walk(visitor)
    visitor.wait_for("exercise", times=2)
    page.goto("about:blank")
    readings = visitor.wait_for("engagement", times=6)
    happened = [(one.url, one.name, one.props) for one in visitor.kept() if one.name != "engagement"]
    assert sorted(happened, key=str) == sorted(EXPECTED, key=str)
    assert {one.url for one in readings} == {url for url, _, _ in EXPECTED}
    assert {one.utm_source for one in visitor.kept("pageview") if one.url == "/"} == {"letter"}
    for told in visitor.told:
        assert not any(private in told.body for private in (b"ada@", b"secret", visitor.blog.token.encode()))
    assert visitor.troubles in ([], ["Failed to load resource: net::ERR_INTERNET_DISCONNECTED"])


def test_of_a_reader_with_global_privacy_control_the_same_way_gives_nothing(
    new_visitor: Callable[..., Visitor],
) -> None:
    visitor = new_visitor(script=SIGNALS["Global Privacy Control"])
    page = walk(visitor, counted=False)
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    assert visitor.told == [] and visitor.kept() == [] and visitor.troubles == []
