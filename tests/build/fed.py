"""A blog with feeds: posts of two authors in two languages, with odd tags, and a course."""

from __future__ import annotations

from tests.sites import MATERIAL, Blog

PLUGINS = (*MATERIAL, "feeds")
SITE = "https://blog.example.com/"


def fill(blog: Blog) -> None:
    """Posts of two authors in two languages, with odd tags, and a course."""
    authors = "authors:\n" + "".join(
        f"  {one}: {{name: {name}, description: Author, avatar: /a.png}}\n"
        for one, name in (("ada", "Ada Example"), ("li", "李 & Söhne"))
    )
    blog.write("content/blog/.authors.yml", authors)
    blog.post(
        "a",
        "# A &lt;b&gt;\n\nFirst.\n",
        header="slug: a\nauthors: [ada]\ntags: [c++, 'a & b']\ncategories: [News]",
        day="2026-11-01",
    )
    blog.post("b", "# 二\n\n字。\n", header="authors: [li]\ntags: [c++, 中文]\nlang: zh", day="2026-11-02")
    blog.post(
        "c", "# C\n\nText.\n\n<!-- paywall -->\n\nGated.\n", header="authors: [ada, li]\naccess: pro", day="2026-11-03"
    )
    blog.write("content/course/one.md", "---\ncourse: Async\ndate: 2026-10-01\n---\n# One\n\nChapter.\n")
