"""A reader's way through the blog gives exactly the events that happened, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from site_builder.analytics.record import Record
from tests.browser.engagement.conftest import Reported, Visitor
from tests.browser.engagement.reported_blog import DEMOS, LONG, QUIET, SEALED
from tests.browser.instant import expect_instant

MakeVisitor = Callable[..., Visitor]


def scroll_to_the_end(page: Page) -> None:
    page.evaluate("scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def said(records: list[Record], *, without: str = "engagement") -> list[tuple[str, str, dict[str, Any]]]:
    return [(one.url, one.name, one.props) for one in records if one.name != without]


def test_a_way_through_the_blog_by_instant_navigation_gives_exactly_what_happened(visitor: Visitor) -> None:
    page = visitor.open("?utm_source=letter&secret=1#part")
    page.evaluate("window.sameDocument = true")
    expect_instant(page)
    page.get_by_role("link", name="To the long one").click()
    heading(page, "A long post")
    # Once is enough.
    page.get_by_role("button", name="Useful").click()
    page.get_by_role("button", name="Useful").click(force=True)
    page.get_by_role("link", name="To the sealed one").click()
    heading(page, "A sealed post")
    visitor.wait_for("paywall_view")
    visitor.wait_for("cta_view")
    page.get_by_role("link", name="See what is on offer").click()
    heading(page, "Membership")
    # Who turns back before the page has begun to count has not left the one before.
    visitor.wait_for("pageview", times=4)
    page.go_back()
    heading(page, "A sealed post")
    visitor.wait_for("cta_view", times=2)
    page.get_by_role("link", name="To the demos").click()
    heading(page, "Demos")
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
        (f"/{LONG}", "reaction", {"kind": "like"}),
        *sealed,
        (f"/{SEALED}", "cta_click", {"to": "offers"}),
        ("/membership/", "pageview", lang),
        *sealed,
        (f"/{DEMOS}", "pageview", lang),
        (f"/{LONG}", "pageview", lang),
    ], key=str)  # fmt: skip
    assert visitor.troubles == []


def test_reading_is_told_in_full_with_neither_query_nor_fragment(visitor: Visitor) -> None:
    page = visitor.open(f"{LONG}?utm_source=letter&utm_campaign=first&secret=1#the-middle")
    scroll_to_the_end(page)
    visitor.wait_for("pageview")
    page.goto("about:blank")
    (reading,) = visitor.wait_for("engagement")
    assert reading.props["scroll"] == 100 and reading.props["heading"] == "the-end"
    assert 0 < reading.props["active_ms"] < 30_000
    assert {event.url for body in visitor.bodies for event in body.events} == {
        f"/{LONG}?utm_source=letter&utm_campaign=first"
    }
    (seen,) = visitor.kept("pageview")
    assert (seen.utm_source, seen.utm_campaign, seen.url, seen.width) == ("letter", "first", f"/{LONG}", visitor.width)
    assert seen.bot < 50 and len(seen.post) == 36
    for told in visitor.told:
        assert b"secret" not in told.body and b"the-middle" not in told.body
        assert "cookie" not in told.headers and "secret" not in told.headers.get("referer", "")


def test_who_reads_half_is_told_as_having_read_half(visitor: Visitor) -> None:
    page = visitor.open(LONG)
    article = page.locator("article").first
    half = """article => {
      const [top, end] = [article, article.querySelector("engagement-hooks")].map((one) => one.getBoundingClientRect().top);
      scrollTo(0, scrollY + (top + end) / 2 - innerHeight);
    }"""
    page.evaluate(half, article.element_handle())
    visitor.wait_for("pageview")
    page.goto("about:blank")
    (reading,) = visitor.wait_for("engagement")
    assert reading.props["scroll"] in (49, 50, 51) and reading.props["heading"] == "the-middle"


def test_pages_that_are_loaded_one_by_one_tell_the_same(visitor: Visitor) -> None:
    page = visitor.open(QUIET)
    for url in (LONG, SEALED, DEMOS):
        page.goto(f"{visitor.blog.address}{url}")
        expect(page.get_by_role("button", name="Copy the link")).to_be_visible()
        page.get_by_role("button", name="Useful").click()
    page.goto("about:blank")
    visitor.wait_for("engagement", times=3)
    assert [one.url for one in visitor.kept("pageview")] == [f"/{LONG}", f"/{SEALED}", f"/{DEMOS}"]
    assert [one.url for one in visitor.kept("reaction")] == [f"/{LONG}", f"/{SEALED}", f"/{DEMOS}"]
    assert len({one.pv for one in visitor.kept()}) == 3
    assert visitor.troubles == []


def test_where_a_reader_came_from_is_told_once_and_as_a_host(visitor: Visitor) -> None:
    page = visitor.context.new_page()
    page.goto(visitor.blog.address, referer="https://search.example.com/find?q=something")
    page.get_by_role("link", name="To the long one").click()
    heading(page, "A long post")
    visitor.wait_for("pageview", times=2)
    assert [one.ref for one in visitor.kept("pageview")] == ["search.example.com", ""]
    assert all(b"something" not in told.body for told in visitor.told)


def test_a_page_that_opens_in_the_background_counts_when_it_is_seen(new_visitor: MakeVisitor) -> None:
    visitor = new_visitor(
        script="""
        let shown = false;
        Object.defineProperty(document, "hidden", { get: () => !shown });
        window.showPage = () => { shown = true; document.dispatchEvent(new Event("visibilitychange", { bubbles: true })); };
    """
    )
    page = visitor.open(LONG)
    page.wait_for_load_state("networkidle")
    assert visitor.told == []
    page.evaluate("showPage()")
    assert [one.url for one in visitor.wait_for("pageview")] == [f"/{LONG}"]


def test_nothing_is_told_of_the_preview(new_visitor: MakeVisitor, preview: Reported) -> None:
    visitor = new_visitor(blog=preview)
    page = visitor.open(LONG)
    scroll_to_the_end(page)
    page.get_by_role("button", name="Useful").click()
    page.goto(f"{preview.address}{SEALED}")
    expect(page.get_by_text("The sealed end.")).to_be_attached()
    page.wait_for_load_state("networkidle")
    page.goto("about:blank")
    assert visitor.told == [] and visitor.troubles == []


def test_a_page_that_the_back_button_brings_back_as_it_was_is_seen_once_more(visitor: Visitor) -> None:
    page = visitor.open(LONG)
    visitor.wait_for("pageview")
    # As a browser tells a page of it that is put aside and brought back.
    for event in ("pagehide", "pageshow"):
        page.evaluate("event => dispatchEvent(new PageTransitionEvent(event, { persisted: true }))", event)
    visitor.wait_for("pageview", times=2)
    page.goto("about:blank")
    visitor.wait_for("engagement", times=2)
    assert [one.url for one in visitor.kept("pageview")] == [f"/{LONG}"] * 2
    assert len({one.pv for one in visitor.kept("pageview")}) == len({one.pv for one in visitor.kept("engagement")}) == 2


def test_a_reaction_answers_once_in_words_and_says_that_it_is_done(visitor: Visitor) -> None:
    page = visitor.open(LONG)
    visitor.wait_for("pageview")
    useful = page.get_by_role("button", name="Useful")
    said = page.get_by_role("group", name="Your reaction").get_by_role("status")
    # What is to be read out must be known before it has words.
    expect(said).to_have_count(1)
    expect(said).to_be_empty()
    useful.focus()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Thank you.")
    expect(useful).to_have_attribute("aria-disabled", "true")
    expect(useful).to_be_focused()
    assert useful.get_attribute("aria-pressed") is None
    page.keyboard.press("Enter")
    page.goto("about:blank")
    visitor.wait_for("engagement")
    assert len(visitor.kept("reaction")) == 1
