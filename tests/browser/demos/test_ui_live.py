"""An HTML demo: its parts under tabs, and the page itself once the reader wants it."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, expect

from tests.browser.demos.conftest import DemoOnPage, DemoReader


def inside(demo: DemoOnPage) -> FrameLocator:
    """The live page: in a frame of its own, within the sandbox's."""
    return demo.host.locator("iframe").content_frame.locator("iframe").content_frame


def test_tabs_show_one_part_at_a_time_by_mouse_and_by_keyboard(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "box")
    tab = {name: demo.host.get_by_role("tab", name=name) for name in ("HTML", "CSS", "JavaScript")}
    expect(demo.host.get_by_role("tabpanel")).to_have_text(['<p class="box">Press me</p>'])
    tab["CSS"].click()
    expect(demo.host.get_by_role("tabpanel")).to_contain_text([".box {"])
    page.keyboard.press("ArrowRight")
    expect(tab["JavaScript"]).to_be_focused()
    expect(tab["JavaScript"]).to_have_attribute("aria-selected", "true")
    expect(demo.host.get_by_role("tabpanel")).to_contain_text(["onclick"])
    page.keyboard.press("ArrowRight")
    expect(tab["HTML"]).to_be_focused()


def test_the_page_runs_in_a_frame_with_its_style_and_script(demo_reader: DemoReader) -> None:
    demo = DemoOnPage(demo_reader.open(), "box")
    expect(demo.host.locator("iframe")).to_have_count(0)
    demo.run(says="The page is live")
    box = inside(demo).locator(".box")
    expect(box).to_have_css("color", "rgb(1, 2, 3)")
    box.click()
    expect(box).to_have_text("Press me!")
    expect(demo.output).to_contain_text("the page is there")


def test_a_changed_part_changes_the_page_and_a_reset_ends_it(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "box")
    demo.press("Edit")
    demo.host.get_by_role("tab", name="CSS").click()
    editor = demo.host.locator('.code-demo__editor[data-part="css"] .cm-content')
    editor.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.insert_text(".box { color: rgb(9, 8, 7); }")
    demo.run(says="The page is live")
    expect(inside(demo).locator(".box")).to_have_css("color", "rgb(9, 8, 7)")
    demo.press("Reset")
    expect(demo.host.locator("iframe")).to_have_count(0)
    expect(demo.host.get_by_role("tabpanel")).to_have_text([".box { color: rgb(1, 2, 3); }"])


def test_a_link_carries_all_parts(demo_reader: DemoReader) -> None:
    page = demo_reader.open()
    demo = DemoOnPage(page, "box")
    demo.type("<p class='box'>Shared</p>")
    demo.press("Share")
    expect(demo.status).to_contain_text("copied")
    link = str(page.evaluate("navigator.clipboard.readText()"))
    page.evaluate("localStorage.clear()")
    other = DemoOnPage(demo_reader.open(link.removeprefix(demo_reader.address)), "box")
    expect(other.notice).to_contain_text("not the author's")
    expect(other.host.get_by_role("tabpanel")).to_have_text(["<p class='box'>Shared</p>"])
