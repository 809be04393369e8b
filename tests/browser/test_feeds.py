"""The pages that tell readers of feeds: on any screen, without scripts, and with addresses that a click selects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Reader
from tests.browser.instant import expect_instant
from tests.sites import MATERIAL, make_blog

TAG = "feeds/tags/python/"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory, serve: Callable[[Path], str]) -> str:
    """The address of a blog with feeds in two languages."""
    root = tmp_path_factory.mktemp("fed") / "blog"
    address = serve(root / "site")
    blog = make_blog(root, plugins=(*MATERIAL, "feeds"), url=address)
    blog.write("content/index.md", "# Home\n\n[All feeds](feeds/index.md)\n")
    blog.post("a", "# A post with a rather long title, as titles in lists of feeds go\n", header="tags: [python, c++]")
    blog.post("b", "# 二\n\n字。\n\n<!-- paywall -->\n\n会员。\n", header="lang: zh\naccess: pro\ntags: [python]")
    blog.build()
    return address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_they_fit_the_screen_and_nothing_goes_wrong(
    new_reader: Callable[..., Reader], fed: str, width: int, scheme: str
) -> None:
    reader = new_reader(at=fed, viewport={"width": width, "height": 700}, color_scheme=scheme)
    for url in ("feeds/", TAG, "feeds/languages/zh/"):
        page = reader.open(url)
        expect(page.get_by_role("heading", name="How to subscribe")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url
    assert reader.troubles == []


def test_one_click_selects_an_address_and_a_button_copies_it(new_reader: Callable[..., Reader], fed: str) -> None:
    reader = new_reader(at=fed, permissions=["clipboard-read", "clipboard-write"])
    page = reader.open(TAG)
    address = page.locator(".feed-addresses code").first
    address.click()
    assert page.evaluate("getSelection().toString().trim()") == f"{fed}{TAG}rss.xml"
    page.locator(".feed-addresses dd").nth(1).locator("button").click()
    page.wait_for_function(f"async () => (await navigator.clipboard.readText()) === '{fed}{TAG}atom.xml'")
    assert reader.troubles == []


def test_a_reader_without_scripts_has_the_same_addresses(new_reader: Callable[..., Reader], fed: str) -> None:
    page = new_reader(at=fed, java_script_enabled=False).open(TAG)
    expect(page.locator(".feed-addresses code")).to_have_text(
        [f"{fed}{TAG}{name}" for name in ("rss.xml", "atom.xml", "feed.json")]
    )


def test_they_are_reached_from_other_pages_without_a_reload(new_reader: Callable[..., Reader], fed: str) -> None:
    reader = new_reader(at=fed)
    page = reader.open("")
    page.evaluate("window.same = true")
    expect_instant(page)
    page.get_by_role("link", name="All feeds").click()
    page.locator(".feed-list").get_by_role("link", name="python").click()
    expect(page.get_by_role("heading", name="Articles tagged “python”")).to_be_visible()
    assert page.url == f"{fed}{TAG}" and page.evaluate("window.same") is True
    page.get_by_role("link", name="All feeds").click()
    expect(page.get_by_role("heading", name="By language")).to_be_visible()
    assert reader.troubles == []
