"""A reader runs, changes, stops and resets demos, by mouse and by keyboard; who does not, loads next to nothing."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.demos.conftest import DemoBlog, DemoOnPage, DemoReader
from tests.browser.demos.ui_blog import CHINESE, DEMOS, OTHER
from tests.browser.instant import expect_instant

ELEMENT = ["assets/demos/element.js", "assets/demos/code-demo.css"]


def test_who_only_reads_loads_the_element_and_its_styles(demo_reader: DemoReader, demo_blog: DemoBlog) -> None:
    page = demo_reader.open()
    expect(page.get_by_role("button", name="Run", exact=True)).to_have_count(11)
    expect(page.get_by_role("button", name="Edit")).to_have_count(10)
    expect(DemoOnPage(page, "sum").output).to_have_text("6")
    page.wait_for_load_state("networkidle")
    assert sorted(url for url in demo_reader.fetched if "assets/demos/" in url) == sorted(ELEMENT)
    assert sum(len(gzip.compress((demo_blog.blog.site / name).read_bytes(), 9)) for name in ELEMENT) <= 4096
    assert demo_reader.troubles == []


def test_a_page_without_demos_loads_nothing_of_them(demo_reader: DemoReader) -> None:
    demo_reader.open(OTHER).wait_for_load_state("networkidle")
    assert not [url for url in demo_reader.fetched if "assets/demos/" in url]


def test_without_script_code_and_output_are_there_and_answers_can_be_opened(
    new_demo_reader: Callable[..., DemoReader],
) -> None:
    page = new_demo_reader(java_script_enabled=False).open()
    sum_ = DemoOnPage(page, "sum")
    expect(sum_.code).to_contain_text("numbers.reduce")
    expect(sum_.output).to_have_text("6")
    expect(page.get_by_role("button", name="Run")).to_have_count(0)
    expect(page.get_by_text("Hint 2")).to_be_visible()
    expect(page.get_by_text("Solution")).to_be_visible()


def test_run_shows_what_the_code_puts_out(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(), "quick")
    expect(demo.output).to_have_count(0)
    demo.run()
    expect(demo.output).to_have_text("quick 42")
    expect(demo.output).to_have_attribute("aria-live", "polite")
    expect(demo.output).not_to_have_attribute("aria-busy", "true")
    expect(demo.host.locator("progress")).to_have_count(0)
    demo.run()
    expect(demo.output).to_have_text("quick 42")
    assert not [url for url in demo_reader.fetched if url.endswith("editor.js")]
    assert demo_reader.troubles == []


def test_the_editor_changes_what_runs_and_reset_brings_back_code_and_output(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    demo.type("console.log('mine')")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(demo.output).to_have_text("mine")
    expect(demo.notice).to_contain_text("Your version")
    demo.press("Reset")
    expect(demo.output).to_have_text("6")
    expect(demo.code).to_contain_text("numbers.reduce")
    expect(demo.host.locator(".cm-editor")).to_have_count(0)
    expect(demo.host.get_by_role("button", name="Edit")).to_be_focused()
    demo.notice.get_by_role("button", name="Show your earlier one").click()
    expect(demo.code).to_have_text("console.log('mine')")
    assert demo_reader.troubles == []


def test_all_of_it_can_be_done_by_keyboard(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    demo.host.get_by_role("button", name="Edit").focus()
    expect(demo.host.get_by_text("+Enter: run · Esc: stop, leave")).to_be_visible()
    page.keyboard.press("Enter")
    expect(demo.host.locator(".cm-content")).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("if (true) {")
    page.keyboard.press("Enter")
    page.keyboard.type("console.log('by keyboard');")
    page.keyboard.press("Escape")
    expect(demo.host.get_by_role("button", name="Run", exact=True)).to_be_focused()
    demo.host.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+End")
    page.keyboard.type("\n}")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(demo.output).to_have_text("by keyboard")


def test_tab_indents_in_the_editor(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    demo.type("x")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(demo.host.locator(".cm-content")).to_be_focused()
    assert demo.host.locator(".cm-line").first.text_content() == "  x"


def test_an_endless_loop_is_stopped_and_the_next_run_works(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "endless")
    run = demo.host.get_by_role("button", name="Run", exact=True)
    for way in ("Stop", "Escape"):
        demo.press("Run")
        expect(demo.status).to_have_text("Running …")
        expect(run).to_have_attribute("aria-disabled", "true")
        if way == "Stop":
            demo.press("Stop")
        else:
            page.keyboard.press("Escape")
        expect(demo.status).to_have_text("Stopped.")
        expect(demo.host.get_by_role("button", name="Stop")).to_have_count(0)
    DemoOnPage(page, "quick").run()
    expect(DemoOnPage(page, "quick").output).to_have_text("quick 42")


def test_an_error_marks_its_line_in_the_block_and_in_the_editor(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "broken")
    demo.run(says="Ended with an error")
    expect(demo.output.locator(".code-demo__error")).to_contain_text("TypeError")
    mark, line = demo.host.locator(".code-demo__line"), demo.code.get_by_text("nothing", exact=True).last
    expect(mark).to_be_visible()
    marked, written = mark.bounding_box(), line.bounding_box()
    assert marked and written and abs(marked["y"] - written["y"]) < 4
    demo.press("Edit")
    demo.run(says="Ended with an error")
    expect(demo.host.locator(".cm-error-line")).to_have_text("nothing.name;")
    page.keyboard.press("ControlOrMeta+Home")
    demo.host.locator(".cm-content").click()
    page.keyboard.type("x")
    expect(demo.host.locator(".cm-error-line")).to_have_count(0)


def test_a_demo_of_a_session_first_runs_those_before_it(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    first, last = DemoOnPage(page, "first"), DemoOnPage(page, "last")
    first.run()
    first.host.locator(".code-demo__output[data-demo-ui]").evaluate("box => box.append('still there')")
    last.run()
    expect(last.output).to_have_text("last 12")
    expect(first.output).to_contain_text("still there")
    assert demo_reader.troubles == []


def test_a_session_in_which_code_runs_again_begins_anew(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    first, last = DemoOnPage(page, "first"), DemoOnPage(page, "last")
    last.run()
    expect(first.output).to_have_text("first 1")
    expect(first.status).to_contain_text("Done in")
    for _ in range(2):
        last.run()
        expect(last.output).to_have_text("last 12")
    first.run()
    first.type("let count = 100;")
    last.run()
    expect(last.output).to_have_text("last 111")
    first.press("Reset")
    last.run()
    expect(last.output).to_have_text("last 12")


def test_a_program_that_asks_is_answered_from_the_input_box(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "greet")
    demo.press("Copy")
    page.get_by_label("Input").fill("Ada")
    demo.run()
    expect(demo.output).to_contain_text("Hello Ada")


def test_copy_takes_the_code_that_is_shown(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "fixed")
    demo.press("Copy")
    expect(demo.status).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'console.log("fixed");'


def test_a_query_is_answered_with_a_table(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(), "people")
    demo.run()
    expect(demo.output.locator("td")).to_have_text(["Ada", "1815", "Grace", "1906"])
    assert demo_reader.troubles == []


def test_what_cannot_be_loaded_is_said_and_can_be_tried_again(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "quick")
    page.route("**/demos/ui.js", lambda route: route.abort())
    demo.press("Run")
    expect(demo.status).to_contain_text("could not be loaded")
    page.unroute("**/demos/ui.js")
    demo.run()


def test_a_chinese_page_speaks_chinese(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(CHINESE), "he")
    demo.press("运行")
    expect(demo.status).to_contain_text("完成，用时")
    expect(demo.output).to_have_text("和 3")


def test_a_demo_that_leaves_the_page_stops(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "endless")
    demo.press("Run")
    expect(demo.status).to_have_text("Running …")
    page.evaluate("window.gone = document.querySelector('#demo-endless'); gone.remove()")
    page.wait_for_function("gone.querySelector('.code-demo__status').textContent === 'Stopped.'")


def test_a_demo_that_is_moved_runs_on(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "endless")
    demo.press("Run")
    expect(demo.status).to_have_text("Running …")
    page.evaluate("document.querySelector('.md-content').append(document.querySelector('#demo-endless'))")
    expect(demo.host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    page.wait_for_timeout(100)
    expect(demo.status).to_have_text("Running …")
    demo.press("Stop")


def test_a_clone_of_a_used_demo_is_a_demo_of_its_own(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    demo.type("console.log('mine')")
    demo.run()
    page.evaluate(
        "const copy = document.querySelector('#demo-sum').cloneNode(true); copy.id = 'demo-copy';"
        "document.querySelector('.md-content__inner').append(copy)"
    )
    copy = DemoOnPage(page, "copy")
    expect(copy.host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    expect(copy.host.locator(".cm-editor")).to_have_count(0)
    expect(copy.output).to_have_text("6")
    copy.run()
    expect(copy.output).to_have_text("mine")


def test_demos_work_after_instant_navigation_there_and_back(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    DemoOnPage(page, "quick").run()
    page.evaluate("window.sameDocument = true")
    expect_instant(page)
    page.get_by_role("link", name="Other").click()
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    page.get_by_role("link", name="Demos").first.click()
    demo = DemoOnPage(page, "quick")
    expect(demo.host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    expect(demo.output).to_have_count(0)
    demo.run()
    expect(demo.output).to_have_text("quick 42")
    button = demo.host.get_by_role("button", name="Run", exact=True)
    box = button.bounding_box()
    # The styles are still there.
    assert box and box["height"] > 20 and page.evaluate("window.sameDocument")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(f"{demo_reader.address}{DEMOS}")
    DemoOnPage(page, "quick").run()
    assert demo_reader.troubles == []


def test_on_paper_there_is_the_code_that_is_shown_once_and_nothing_to_press(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    changed, live = DemoOnPage(page, "sum"), DemoOnPage(page, "box")
    changed.type("console.log('mine')")
    changed.run()
    page.emulate_media(media="print")
    visible = "elements => elements.filter((element) => element.checkVisibility()).map((element) => element.className)"
    assert page.locator("code-demo :is(button, textarea)").evaluate_all(visible) == []
    assert changed.host.locator(":scope > .highlight").evaluate_all(visible) == []
    expect(changed.code).to_be_visible()
    expect(changed.output).to_have_text("mine\n")
    assert len(live.host.locator(":scope > .highlight").evaluate_all(visible)) == 3


def test_long_output_scrolls_and_does_not_push_the_article_away(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    printing, querying = DemoOnPage(page, "sum"), DemoOnPage(page, "people")
    printing.type("for (let i = 0; i < 900; i++) console.log(i)")
    querying.type("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n")
    for demo in (printing, querying):
        demo.run()
        height, whole = demo.output.evaluate("box => [box.offsetHeight, box.firstElementChild.scrollHeight]")
        assert height < 800 < 9000 < whole
