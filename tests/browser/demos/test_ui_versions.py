"""Drafts are kept, links carry code that is marked as foreign and runs only when asked to, and nothing gets lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.demos.conftest import DemoOnPage, DemoReader
from tests.browser.demos.ui_blog import DEMOS

KEY = "site-builder:test-blog:demos:draft:blog/posts/demos.md#sum"


def link_from(page: Page, demo: DemoOnPage) -> str:
    demo.press("Share")
    expect(demo.status).to_have_text("The link with this code is copied.")
    return str(page.evaluate("navigator.clipboard.readText()"))


def shared(reader: DemoReader, code: str) -> str:
    page = reader.open()
    demo = DemoOnPage(page, "sum")
    demo.type(code)
    return link_from(page, demo).removeprefix(reader.address)


def test_a_link_shows_foreign_code_and_does_not_run_it(new_demo_reader: Callable[..., DemoReader]) -> None:
    link = shared(new_demo_reader(), "console.log('from a friend')")
    assert re.fullmatch(re.escape(DEMOS) + r"#demo-sum=[\w-]+", link)
    reader = new_demo_reader()
    page = reader.open(link)
    demo = DemoOnPage(page, "sum")
    expect(demo.notice).to_contain_text("not the author's")
    expect(demo.code).to_have_text("console.log('from a friend')")
    expect(demo.output).to_have_text("6")
    expect(demo.host).to_be_in_viewport()
    page.wait_for_load_state("networkidle")
    assert not [url for url in reader.fetched if re.search("runtime|editor", url)]
    assert page.evaluate(f"localStorage.getItem({KEY!r})") is None
    demo.run()
    expect(demo.output).to_have_text("from a friend")
    demo.press("Reset")
    expect(demo.code).to_contain_text("numbers.reduce")
    expect(demo.output).to_have_text("6")
    assert page.url.endswith("#demo-sum")
    assert reader.troubles == []


def test_a_link_that_is_followed_on_the_page_itself_is_shown_too(demo_reader: DemoReader) -> None:
    link = shared(demo_reader, "console.log('other')")
    page = demo_reader.open()
    DemoOnPage(page, "sum").press("Reset")
    page.evaluate(f"location.hash = {link.split('#')[1]!r}")
    expect(DemoOnPage(page, "sum").notice).to_contain_text("not the author's")


def test_a_link_of_the_authors_code_carries_none(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    assert link_from(page, DemoOnPage(page, "last")) == f"{demo_reader.address}{DEMOS}#demo-last"


def test_a_damaged_link_shows_the_authors_code_and_says_so(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(f"{DEMOS}#demo-sum=____"), "sum")
    expect(demo.status).to_contain_text("damaged")
    expect(demo.code).to_contain_text("numbers.reduce")


def test_foreign_code_of_an_earlier_demo_is_not_run_for_a_later_one(
    new_demo_reader: Callable[..., DemoReader],
) -> None:
    page = new_demo_reader().open()
    first = DemoOnPage(page, "first")
    first.type("let count = 500;")
    link = link_from(page, first)
    reader = new_demo_reader()
    page = reader.open(link.removeprefix(reader.address))
    expect(DemoOnPage(page, "first").notice).to_contain_text("not the author's")
    last = DemoOnPage(page, "last")
    last.run()
    expect(last.output).to_have_text("last 12")


def test_a_draft_is_there_again_without_the_editor(demo_reader: DemoReader) -> None:
    DemoOnPage(demo_reader.open(), "sum").type("console.log('draft')")
    demo_reader.fetched.clear()
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    expect(demo.code).to_have_text("console.log('draft')")
    expect(demo.notice).to_contain_text("Your version, kept in this browser.")
    assert not [url for url in demo_reader.fetched if url.endswith("editor.js")]
    demo.run()
    expect(demo.output).to_have_text("draft")
    demo.press("Reset")
    expect(demo.code).to_contain_text("numbers.reduce")
    assert page.evaluate(f"localStorage.getItem({KEY!r})") is None


def test_who_has_a_draft_of_changed_code_is_offered_both(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    kept = json.dumps({"mine": "console.log('old draft')", "of": "0" * 16, "tries": 0, "passed": False})
    page.evaluate(f"localStorage.setItem({KEY!r}, {kept!r})")
    demo = DemoOnPage(demo_reader.open(), "sum")
    expect(demo.code).to_have_text("console.log('old draft')")
    expect(demo.notice).to_contain_text("The author has changed the code since")
    demo.notice.get_by_role("button", name="Show the author's").click()
    expect(demo.code).to_contain_text("numbers.reduce")
    demo.notice.get_by_role("button", name="Show yours").click()
    expect(demo.code).to_have_text("console.log('old draft')")


def test_ones_own_draft_survives_a_link(new_demo_reader: Callable[..., DemoReader]) -> None:
    link = shared(new_demo_reader(), "console.log('foreign')")
    reader = new_demo_reader()
    DemoOnPage(reader.open(), "sum").type("console.log('mine')")
    demo = DemoOnPage(reader.open(link), "sum")
    expect(demo.code).to_have_text("console.log('foreign')")
    demo.notice.get_by_role("button", name="Show yours").click()
    expect(demo.code).to_have_text("console.log('mine')")


def test_where_nothing_can_be_kept_all_works_without(demo_reader: DemoReader) -> None:
    refuse = (
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    page = demo_reader.context.new_page()
    page.add_init_script(f"if (self === top) {refuse}")
    page.goto(f"{demo_reader.address}{DEMOS}")
    demo = DemoOnPage(page, "sum")
    demo.type("console.log('not kept')")
    demo.run()
    expect(demo.output).to_have_text("not kept")


def test_demos_run_by_themselves_only_after_the_reader_has_agreed(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "quick")
    agree = "Run the demos of this page automatically"
    expect(demo.host.get_by_role("button", name=agree)).to_have_attribute("aria-pressed", "false")
    expect(demo.output).to_have_count(0)
    demo.press(agree)
    expect(demo.output).to_have_text("quick 42")
    page = demo_reader.open()
    demo = DemoOnPage(page, "quick")
    expect(demo.output).to_have_text("quick 42")
    expect(demo.host.get_by_role("button", name=agree)).to_have_attribute("aria-pressed", "true")
    demo.press(agree)
    page = demo_reader.open()
    page.wait_for_load_state("networkidle")
    expect(DemoOnPage(page, "quick").output).to_have_count(0)
