"""`site-builder audit` beside the build: links to gated sources, sources that are public, targets that keep history."""

from __future__ import annotations

import json

import pytest

from site_builder.errors import LeakError
from tests.sites import Blog

POST = "# A post\n\nPublic.\n\n<!-- paywall -->\n\nSealed words that nobody may read without a membership.\n"
LINK = '<a href="https://git.example.com/me/blog/src/content/blog/posts/a.md">source</a>'


@pytest.fixture
def blog(blog: Blog) -> Blog:
    blog.post("a", POST, header="access: pro")
    return blog


def test_a_link_to_a_gated_source_stops_the_build(blog: Blog) -> None:
    blog.post("b", f"# Open\n\n{LINK}\n")
    with pytest.raises(LeakError, match=r"links to the source of a gated page: https://git\.example\.com") as refused:
        blog.build()
    assert refused.value.place is not None and str(refused.value.place.file) == "blog/2026/11/01/open/index.html"
    assert not blog.site.exists()


def test_edit_buttons_of_open_pages_are_no_fault(blog: Blog) -> None:
    config = blog.config.read_text().replace("features: [", "features: [content.action.edit, ")
    blog.write("mkdocs.yml", config + "\nrepo_url: https://git.example.com/me/blog\nedit_uri: edit/content/\n")
    blog.post("b", "# Open\n\nPublic.\n")
    blog.build()
    assert "edit/content/blog/posts/b.md" in blog.page("blog/2026/11/01/open")
    assert "edit/content/blog/posts/a.md" not in blog.page("blog/2026/11/01/a-post")
    assert blog.run("audit").returncode == 0


def test_the_audit_finds_a_link_that_came_in_after_the_build(blog: Blog) -> None:
    blog.build()
    page = blog.site / "blog/index.html"
    page.write_text(page.read_text().replace("</article>", f"{LINK}</article>"))
    done = blog.run("audit", "--json", check=False)
    assert done.returncode == 1
    (leak,) = json.loads(done.stdout)["leaks"]
    assert (leak["file"], leak["how"]) == ("blog/index.html", "link to the source")
    assert leak["source"].endswith("content/blog/posts/a.md") and leak["found"] in LINK
    assert "links to the source of a gated page" in done.stderr
