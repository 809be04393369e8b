"""In a part for members demos work as in any other, once it is open: with sealed files, and a session that began in public."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.demos.conftest import DemoBlog, DemoOnPage, DemoReader
from tests.browser.demos.ui_blog import SEALED
from tests.browser.instant import expect_instant


def test_a_demo_in_an_opened_part_reads_its_sealed_file(demo_reader: DemoReader, demo_blog: DemoBlog) -> None:
    page = demo_reader.open(f"{SEALED}#{demo_blog.token}")
    expect(page.locator("premium-content")).to_have_attribute("state", "open")
    demo = DemoOnPage(page, "sealed")
    expect(demo.host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    expect(demo.output).to_have_text("from the public part a sealed file")
    for _ in range(2):
        demo.run()
        expect(demo.output).to_have_text("from the public part a sealed file")
    assert demo_reader.troubles == []


def test_its_file_can_still_be_downloaded(demo_reader: DemoReader, demo_blog: DemoBlog) -> None:
    page = demo_reader.open(f"{SEALED}#{demo_blog.token}")
    DemoOnPage(page, "sealed").run()
    with page.expect_download() as download:
        page.get_by_role("link", name="secret.txt").click()
    assert download.value.suggested_filename == "secret.txt"


def test_it_works_after_instant_navigation_there_and_back(demo_reader: DemoReader, demo_blog: DemoBlog) -> None:
    page = demo_reader.open(f"{SEALED}#{demo_blog.token}")
    expect(page.locator("premium-content")).to_have_attribute("state", "open")
    expect_instant(page)
    page.get_by_role("link", name="To the others").click()
    expect(page.get_by_role("heading", name="Other")).to_be_visible()
    page.go_back()
    demo = DemoOnPage(page, "sealed")
    expect(demo.host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    demo.run()
    expect(demo.output).to_have_text("from the public part a sealed file")
    assert demo_reader.troubles == []


def test_who_may_not_read_it_gets_neither_code_nor_output(demo_reader: DemoReader, demo_blog: DemoBlog) -> None:
    page = demo_reader.open(SEALED)
    expect(DemoOnPage(page, "public").host.get_by_role("button", name="Run", exact=True)).to_have_count(1)
    expect(DemoOnPage(page, "sealed").host).to_have_count(0)
    for path in demo_blog.blog.site.rglob("*"):
        assert not path.is_file() or b"a sealed file" not in path.read_bytes(), path
