"""After unlocking, a page works as any other: contents, copy buttons, tabs, notes, diagrams, images, navigation, policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from site_builder.build.inputs import Audience
from tests.browser.blog import FREE, MIXED, URLS, write_library
from tests.browser.conftest import Reader
from tests.browser.instant import expect_instant
from tests.sites import tree

PART = "premium-content"
CONTENTS = ".md-sidebar--secondary [data-md-component=toc] .md-nav__link"


def opened(reader: Reader, slug: str = "pro") -> Page:
    page = reader.open(URLS[slug], member="pro")
    expect_opened(page)
    return page


def expect_opened(page: Page) -> None:
    """The part is open, and Material has taken it up, which comes later: only now do its keys and links work."""
    expect(page.locator(PART)).to_have_attribute("state", "open")
    expect(page.locator(PART).locator(".md-clipboard, [data-md-type=copy]")).to_have_count(1)


def contents(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(CONTENTS).all_inner_texts()]


def expect_working(page: Page) -> None:
    """All that Material does with a page, done once with the sealed part."""
    expect_opened(page)
    part = page.locator(PART)
    assert contents(page) == ["Inner heading", "Deeper heading"]
    expect(part.locator("pre.mermaid")).to_have_count(0)
    expect(part.locator("div.mermaid")).to_have_count(1)
    for chosen, other in (("Second", "first"), ("First", "second")):
        part.get_by_text(f"{chosen} tab", exact=True).click()
        expect(part.get_by_text(f"Text of the {chosen.lower()} tab.")).to_be_visible()
        expect(part.get_by_text(f"Text of the {other} tab.")).to_be_hidden()
    expect(part.locator(".md-annotation")).to_have_count(1)
    image = part.get_by_role("img", name="A red square")
    image.scroll_into_view_if_needed()
    page.wait_for_function("image => image.naturalWidth === 8", arg=image.element_handle())


def test_everything_works_in_an_opened_part(reader: Reader) -> None:
    page = opened(reader)
    expect_working(page)
    assert reader.troubles == []


def test_the_diagram_is_drawn_by_the_sites_own_copy_of_mermaid(reader: Reader) -> None:
    page = opened(reader)
    expect(page.locator(f"{PART} div.mermaid")).to_have_count(1)
    box = page.locator(f"{PART} div.mermaid").bounding_box()
    assert box is not None and box["height"] > 40
    assert reader.hosts == {reader.address.split("/")[2]}


def test_a_diagram_on_a_public_page_needs_no_foreign_host(reader: Reader) -> None:
    page = reader.open(FREE)
    expect(page.locator("div.mermaid")).to_have_count(1)
    assert reader.hosts == {reader.address.split("/")[2]} and reader.troubles == []


def test_an_attachment_is_downloaded_under_its_name(reader: Reader) -> None:
    page = opened(reader)
    with page.expect_download() as download:
        page.get_by_role("link", name="The data").click()
    assert download.value.suggested_filename == "data-pro.csv"
    assert Path(download.value.path()).read_text() == "a,b\n1,pro\n"


def test_footnotes_of_the_part_can_be_followed(reader: Reader) -> None:
    page = opened(reader)
    page.locator(f"{PART} .footnote-ref").click()
    expect(page).to_have_url(re.compile(r"#fn:n$"))
    expect(page.get_by_text("The sealed footnote.")).to_be_in_viewport()
    expect_working(page)


def test_instant_navigation_there_and_back_keeps_everything_working(reader: Reader) -> None:
    page = opened(reader)
    page.evaluate("window.sameDocument = true")
    expect_instant(page)
    page.get_by_role("link", name="a link").click()
    expect(page.get_by_role("heading", name="A free post")).to_be_visible()
    page.get_by_role("link", name="To pro").click()
    expect_working(page)
    page.go_back()
    expect(page.get_by_role("heading", name="A free post")).to_be_visible()
    page.go_forward()
    expect_working(page)
    assert page.evaluate("window.sameDocument") is True
    assert reader.troubles == []


def test_a_click_in_the_contents_leads_to_a_sealed_heading(reader: Reader) -> None:
    page = opened(reader)
    page.locator(CONTENTS).get_by_text("Deeper heading").click()
    expect(page).to_have_url(re.compile("#deeper-heading$"))
    expect(page.get_by_role("heading", name="Deeper heading")).to_be_in_viewport()
    expect_working(page)


def test_a_link_from_outside_leads_to_a_sealed_heading(reader: Reader) -> None:
    opened(reader)
    page = reader.open(f"{URLS['pro']}#deeper-heading")
    expect(page.get_by_role("heading", name="Deeper heading")).to_be_in_viewport()


def test_pages_without_a_member_break_no_rule_of_the_policy(reader: Reader) -> None:
    page = reader.tab()
    for url in ("", "blog/", FREE, URLS["pro"], MIXED, "unlock/", "account/", "membership/", "404.html"):
        page.goto(f"{reader.address}{url}")
        page.wait_for_load_state("networkidle")
    assert reader.troubles == [] and reader.hosts == {reader.address.split("/")[2]}


def test_search_works_and_finds_no_sealed_word(reader: Reader) -> None:
    page = opened(reader)
    page.keyboard.press("/")
    page.keyboard.type("Public words")
    expect(page.locator(".md-search-result__item").first).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("")
    page.keyboard.type("Sealed")
    expect(page.locator(".md-search-result__meta")).to_contain_text("No matching")
    assert reader.troubles == []


def test_a_site_in_a_folder_of_its_host_works_too(
    reader: Reader, new_reader: Callable[..., Reader], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    for name, content in tree(reader.library.blog.site).items():
        path = tmp_path / "deep/down" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    below = new_reader(at=f"{serve(tmp_path)}deep/down/")
    expect_working(opened(below))


def test_the_authors_preview_shows_the_part_with_a_badge(
    new_reader: Callable[..., Reader], serve: Callable[[Path], str], tmp_path: Path
) -> None:
    address = serve(tmp_path / "blog/site")
    blog = write_library(tmp_path / "blog", address)
    blog.build(audience=Audience.AUTHOR)
    author = new_reader(at=address)
    page = author.open(URLS["pro"])
    expect(page.locator(".premium-badge")).to_contain_text("Pro")
    expect(page.get_by_text("Sealed words for pro")).to_be_visible()
    image = page.get_by_role("img", name="A red square")
    page.wait_for_function("image => image.naturalWidth === 8", arg=image.element_handle())
    assert not (blog.site / "vault").exists() and author.troubles == []
