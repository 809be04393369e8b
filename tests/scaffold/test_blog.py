from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from site_builder.errors import ConfigError
from site_builder.scaffold.blog import describe, name_of

TODAY = date(2026, 11, 22)


def test_two_blogs_of_one_name_have_different_site_ids() -> None:
    sites = {describe("My Blog", "Ada", "https://example.com", "en", TODAY).site for _ in range(20)}
    assert len(sites) == 20
    assert all(len(site) == len("my-blog-") + 8 and site.startswith("my-blog-") for site in sites)


def test_a_site_id_fits_however_long_or_foreign_the_name_is() -> None:
    assert len(describe("x" * 200, "Ada", "https://example.com", "en", TODAY).site) == 63
    assert describe("木瓜的笔记", "张三", "https://example.com", "zh", TODAY).site.startswith("site-")


@pytest.mark.parametrize("url", ["https://example.com", "https://example.com/", "https://example.com//"])
def test_the_address_ends_with_one_slash(url: str) -> None:
    assert describe("My Blog", "Ada", url, "en", TODAY).url == "https://example.com/"


@pytest.mark.parametrize("url", ["http://localhost:8000/blog", "http://127.0.0.1/", "http://[::1]:8000/"])
def test_an_address_on_this_machine_may_be_plain_http(url: str) -> None:
    assert describe("My Blog", "Ada", url, "en", TODAY).url == url.rstrip("/") + "/"


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "example.com",
        "ftp://example.com/",
        "https://",
        "https:///blog",
        "https://example.com/?a=b",
        "https://example.com/#top",
        "https://ada:secret@example.com/",
        "https://example.com/a b",
        "https://[example/",
        "",
    ],
)
def test_an_address_that_would_not_work_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="the address is"):
        describe("My Blog", "Ada", url, "en", TODAY)


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "a\x00b", "<script>alert(1)</script>", "a\u2028b"])
def test_a_name_that_would_break_pages_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match="the name is"):
        describe(name, "Ada", "https://example.com/", "en", TODAY)
    with pytest.raises(ConfigError, match="the author is"):
        describe("My Blog", name, "https://example.com/", "en", TODAY)


def test_a_language_without_pages_is_refused() -> None:
    with pytest.raises(ConfigError, match="'fr'"):
        describe("My Blog", "Ada", "https://example.com/", "fr", TODAY)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("my-blog", "My Blog"), ("notes", "Notes"), ("SQL_and_me", "SQL And Me"), ("木瓜", "木瓜"), ("-", "-")],
)
def test_a_blog_is_called_after_its_folder(folder: str, name: str) -> None:
    assert name_of(Path("/somewhere", folder)) == name
