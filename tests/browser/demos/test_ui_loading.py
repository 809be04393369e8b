"""What readers find while something is being loaded, and when it can't be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.demos.conftest import DemoOnPage, DemoReader

FAILED = "This could not be loaded. Check the connection and try again."


def missing(route: Route) -> None:
    route.fulfill(status=404, body="<p>Not found</p>", content_type="text/html")


def held(page: Page, pattern: str) -> Callable[[], None]:
    """Keeps what matches from arriving; gives what lets it go on."""
    routes: list[Route] = []
    page.route(pattern, lambda route: routes.append(route))

    def release() -> None:
        for route in routes:
            route.continue_()
        page.unroute(pattern)

    return release


@pytest.mark.parametrize("lost", ["sandbox.html", "sandbox/frame.js", "sandbox/javascript.js", "runtime.js", "ui.js"])
def test_what_is_not_there_is_told_at_once_and_the_authors_output_stays(demo_reader: DemoReader, lost: str) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    page.route(f"**/assets/demos/{lost}", missing)
    demo.press("Run")
    expect(demo.status).to_have_text(FAILED)
    expect(demo.output).to_have_text("6\n")
    expect(demo.host.get_by_role("button", name="Stop")).to_be_hidden()


@pytest.mark.parametrize("lost", ["sandbox.html", "sandbox/live.js", "sandbox/inmate.js"])
def test_a_live_page_that_could_not_be_loaded_says_so_and_can_be_tried_again(
    demo_reader: DemoReader, lost: str
) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "box")
    page.route(f"**/assets/demos/{lost}", missing)
    demo.press("Run")
    expect(demo.status).to_have_text(FAILED)
    expect(demo.host.locator("iframe")).to_have_count(0)
    page.unroute(f"**/assets/demos/{lost}")
    demo.run(says="The page is live")
    expect(demo.output).to_contain_text("the page is there")
    expect(demo.host.locator("iframe")).to_have_attribute("title", "HTML demo box")
    assert not [trouble for trouble in demo_reader.troubles if "404" not in trouble]


@pytest.mark.parametrize(("id", "awaited"), [("sum", "runtime.js"), ("people", "*.sql"), ("box", "sandbox/live.js")])
def test_stop_is_heeded_while_something_is_still_on_its_way(demo_reader: DemoReader, id: str, awaited: str) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, id)
    release = held(page, f"**/{awaited}")
    with page.expect_request(f"**/{awaited}"):
        demo.press("Run")
    demo.press("Stop")
    expect(demo.status).to_have_text("Stopped.")
    if id == "sum":
        expect(demo.output).to_have_text("6\n")
    release()
    demo.run(says="The page is live" if id == "box" else "Done in")


def test_an_editor_that_comes_after_an_error_marks_its_line(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "broken")
    release = held(page, "**/assets/demos/editor.js")
    demo.press("Edit")
    demo.run(says="Ended with an error")
    release()
    expect(demo.host.locator(".cm-error-line")).to_have_text("nothing.name;")


def test_a_press_is_answered_before_what_does_it_is_there(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "sum")
    release = held(page, "**/assets/demos/ui.js")
    demo.press("Copy")
    expect(demo.status).to_have_text("Loading …")
    release()
    expect(demo.status).to_have_text("Copied")
