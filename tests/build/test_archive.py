"""The page of past issues: part of the site, made of posts alone, with nothing on it that is not public."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date

import pytest

from site_builder.errors import ContentError
from tests.sites import MATERIAL, Blog, tree

PLUGIN = "newsletter: {digests: [{id: weekly, every: week}]}"
GATED = "# Why\n\nTeaser.\n\n<!-- paywall -->\n\ncanary-behind-the-gate\n"
ACCESS = "access: pro\ndescription: What it is about.\n"


@pytest.fixture
def letters(new_blog: Callable[..., Blog]) -> Blog:
    return new_blog("letters", plugins=(*MATERIAL, PLUGIN))


def archive(blog: Blog) -> str:
    return blog.page("newsletter")


def subjects(page: str) -> list[str]:
    inside = page[page.index('<div class="newsletter-archive">') :]
    return re.findall(r"<h2>(?:<a [^>]*>)?(.*?)(?:</a>)?</h2>", inside)


def test_it_lists_issues_newest_first_with_date_subject_and_a_link_to_the_post(letters: Blog) -> None:
    letters.post("why", GATED, header=f"{ACCESS}newsletter: {{subject: Caches & <lies>}}", day="2026-11-10")
    letters.post("plain", "# Plain\n\nText.\n", day="2026-11-11")
    letters.build(today=date(2026, 11, 20))
    page = archive(letters)
    assert subjects(page) == ["Test Blog: week 46 of 2026", "Caches &amp; &lt;lies&gt;"]
    assert (
        '<a href="../blog/2026/11/10/why/">Caches' in page
        and '<time datetime="2026-11-10">10 November 2026</time>' in page
    )
    assert '<li><a href="../blog/2026/11/11/plain/">Plain</a></li>' in page
    assert (letters.site / "blog/2026/11/10/why/index.html").is_file() and "canary" not in page


def test_a_week_that_is_not_over_and_a_post_of_tomorrow_are_not_on_it(letters: Blog) -> None:
    letters.post("now", "# Now\n\nText.\n", header="newsletter: true", day="2026-11-19")
    letters.post("later", "# Later\n\nText.\n", header="newsletter: true", day="2026-11-21")
    letters.post("draft", "# Draft\n\nText.\n", header="newsletter: true\ndraft: true", day="2026-11-18")
    letters.build(today=date(2026, 11, 20))
    assert subjects(archive(letters)) == ["Now"]


def test_without_issues_it_says_so(letters: Blog) -> None:
    letters.build()
    assert "No issue has been sent yet." in archive(letters) and "<h1" in archive(letters)


def test_it_is_the_same_whether_issues_were_built_or_not(letters: Blog) -> None:
    letters.post("why", GATED, header=f"{ACCESS}newsletter: true")
    letters.build()
    before = tree(letters.site)
    letters.write("newsletter/issues/why/public/body.html", "<p>canary-behind-the-gate</p>")
    letters.build()
    assert tree(letters.site) == before


def test_a_page_that_the_writer_made_keeps_its_words_above_the_list(letters: Blog) -> None:
    letters.write("content/newsletter.md", "# Letters\n\nHow to subscribe.\n")
    letters.post("why", GATED, header=f"{ACCESS}newsletter: true")
    letters.build()
    page = archive(letters)
    assert page.index("Letters") < page.index("How to subscribe.") < page.index("newsletter-archive")
    assert not list(letters.site.glob("newsletter/*/index.html"))


def test_it_can_stand_elsewhere_or_be_left_out(new_blog: Callable[..., Blog]) -> None:
    elsewhere = new_blog("a", plugins=(*MATERIAL, "newsletter: {archive_page: letters/past/}"))
    elsewhere.build()
    assert "newsletter-archive" in elsewhere.page("letters/past")
    without = new_blog("b", plugins=(*MATERIAL, "newsletter: {archive: false}"))
    without.build()
    assert not (without.site / "newsletter").exists()


def test_an_unknown_segment_stops_the_build_with_the_posts_place(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("a", plugins=(*MATERIAL, "newsletter: {archive: false}"))
    blog.post("why", GATED, header=f"{ACCESS}newsletter: {{segments: [gold]}}")
    with pytest.raises(ContentError, match="the segment 'gold', which is not known") as error:
        blog.build()
    assert str(error.value.place).partition(":")[0].endswith("content/blog/posts/why.md")
    assert not blog.site.exists()


def test_what_it_says_stands_in_the_search_and_in_its_own_language(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("zh", plugins=(*MATERIAL, PLUGIN))
    blog.write("mkdocs.yml", blog.config.read_text("utf-8").replace("name: material", "name: material\n  language: zh"))
    blog.post("why", GATED, header=f"{ACCESS}newsletter: {{subject: 缓存会说谎}}")
    blog.build()
    page = archive(blog)
    assert (
        subjects(page) == ["Test Blog：2026年第44周", "缓存会说谎"] and "2026年11月1日" in page and "邮件通讯" in page
    )
    found = json.loads((blog.site / "search/search_index.json").read_text("utf-8"))["docs"]
    assert any(
        one["location"].startswith("newsletter/") and "缓存会说谎" in one["title"] + one["text"] for one in found
    )
