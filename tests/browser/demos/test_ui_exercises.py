"""Exercises: each test with a result, hints one after another, the solution when it has been earned, and events of all that."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.demos.conftest import DemoOnPage, DemoReader

RIGHT = "function double(n) { return 2 * n; }"


def heard(page: Page) -> list[str]:
    return [str(event) for event in page.evaluate("window.heard.map(({ event, demo }) => `${demo} ${event}`)")]


def listening(reader: DemoReader) -> Page:
    page = reader.open()
    page.evaluate(
        "window.heard = []; document.addEventListener('site-builder:demo', ({ detail }) => heard.push(detail))"
    )
    return page


def test_each_test_has_a_result_with_its_name_and_why(demo_reader: DemoReader) -> None:
    page = listening(demo_reader)
    demo = DemoOnPage(page, "double")
    demo.press("Check")
    results = demo.host.locator(".code-demo__test")
    expect(results).to_have_count(2)
    expect(results.nth(0)).to_contain_text("twice two is four")
    expect(results.nth(0).get_by_role("img", name="failed")).to_be_visible()
    expect(results.nth(0).locator(".code-demo__message")).to_contain_text("4")
    expect(results.nth(1).get_by_role("img", name="passed")).to_be_visible()
    expect(demo.status).to_have_text("1 of 2 tests passed")
    assert heard(page) == ["double fail"]
    demo.type(RIGHT)
    demo.press("Check")
    expect(demo.status).to_have_text("All tests passed")
    expect(results.get_by_role("img", name="failed")).to_have_count(0)
    assert heard(page) == ["double fail", "double pass"]
    assert demo_reader.troubles == []


def test_hints_come_one_after_another(demo_reader: DemoReader) -> None:
    page = listening(demo_reader)
    demo = DemoOnPage(page, "double")
    first, second = demo.host.get_by_text("Hint 1"), demo.host.get_by_text("Hint 2")
    expect(first).to_be_visible()
    expect(second).to_be_hidden()
    first.click()
    expect(second).to_be_visible()
    second.click()
    expect(demo.host.get_by_text("Look at the operator")).to_be_visible()
    page.wait_for_function("heard.length > 1")
    assert heard(page) == ["double hint", "double hint"]


def test_the_solution_can_be_opened_after_so_many_tries_and_stays_so(demo_reader: DemoReader) -> None:
    page = listening(demo_reader)
    demo = DemoOnPage(page, "double")
    solution = demo.host.get_by_text("Solution", exact=True)
    expect(solution).to_be_hidden()
    demo.press("Check")
    expect(demo.host.get_by_text("After one more try")).to_be_visible()
    expect(solution).to_be_hidden()
    demo.press("Check")
    expect(demo.host.get_by_text("The solution can be opened now.")).to_be_visible()
    solution.click()
    expect(demo.host.get_by_text("return n * 2")).to_be_visible()
    page.wait_for_function("heard.length > 2")
    assert heard(page) == ["double fail", "double fail", "double solution"]
    expect(DemoOnPage(demo_reader.open(), "double").host.get_by_text("Solution", exact=True)).to_be_visible()


def test_the_solution_can_be_opened_by_who_has_passed(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(), "double")
    demo.type(RIGHT)
    demo.press("Check")
    expect(demo.host.get_by_text("Solution", exact=True)).to_be_visible()


def test_code_that_does_not_end_passes_no_test_and_counts_as_a_try_only_by_itself(demo_reader: DemoReader) -> None:
    page = listening(demo_reader)
    demo = DemoOnPage(page, "double")
    demo.type("for (;;) {}")
    demo.press("Check")
    expect(demo.status).to_have_text("Running …")
    demo.press("Stop")
    expect(demo.status).to_have_text("Stopped.")
    assert heard(page) == []


def test_running_an_exercise_shows_its_output_without_judging_it(demo_reader: DemoReader) -> None:
    page = listening(demo_reader)
    demo = DemoOnPage(page, "double")
    demo.type("console.log('just looking')")
    demo.run()
    expect(demo.output).to_have_text("just looking")
    expect(demo.host.locator(".code-demo__tests")).to_have_count(0)
    assert heard(page) == ["double run"]
