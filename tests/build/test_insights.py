"""What readers did, in finished pages: what all of them see, what the author alone sees, and what is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.livereload import LiveReloadServer

from site_builder.build.inputs import Audience
from site_builder.content.items import item_id
from site_builder.engagement.insights import Insights, Leaving, PostInsights
from site_builder.errors import SiteError
from tests.sites import MATERIAL, Blog, make_blog

SECRET = "Nobody but members may read this sentence of the article."
GONE = "00000000-0000-4000-8000-000000000000"
POST = "blog/2026/11/01/a/"


def id_of(name: str) -> str:
    return item_id("test-blog", f"blog/posts/{name}.md").removeprefix("urn:uuid:")


A, B, ZH, DRAFT = (id_of(name) for name in ("a", "b", "zh", "draft"))


def lay_out(root: Path, options: str = "{}", *, strict: bool = False) -> Blog:
    """A blog with insights; ``options`` are the plugin's."""
    blog = make_blog(root, plugins=(*MATERIAL, f"engagement: {options}"), strict=strict)
    blog.post("a", "# A\n\nPublic.\n\n## What it costs\n\nMuch.\n\n## The end\n\nEnd.\n")
    blog.post(
        "b",
        f"# B & C\n\nPublic.\n\n<!-- paywall -->\n\n## Hidden heading\n\n{SECRET}\n",
        header="access: pro\nslug: b",
    )
    blog.post("zh", "# 缓存\n", header="lang: zh\nslug: zh")
    blog.post("draft", "# Draft\n", header="draft: true")
    blog.write("content/top.md", '# Top\n\n<popular-posts count="2">All are good.</popular-posts>\n')
    blog.write("content/zh.md", "---\nlang: zh-CN\n---\n# 热门\n\n<popular-posts></popular-posts>\n")
    blog.write("insights.json", found().to_json())
    return blog


@dataclass(frozen=True)
class Built:
    blog: Blog
    warnings: tuple[str, ...]

    def page(self, url: str) -> str:
        return self.blog.page(url)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """As readers get it, with counts; nothing changes it."""
    blog = lay_out(tmp_path_factory.mktemp("read"), "{counts: true}")
    return Built(blog, blog.build().warnings)


def found() -> Insights:
    posts = (
        PostInsights(
            id=A,
            readers=1412,
            before=2000,
            finished=0.25,
            stale=True,
            leaving=Leaving(heading="what-it-costs", views=80, share=0.625),
            also_read=(GONE, B, DRAFT, ZH),
        ),
        PostInsights(id=B, readers=9, before=8, leaving=Leaving(heading="hidden-heading", views=30, share=0.5)),
        PostInsights(id=ZH, readers=300, also_read=(A,)),
        PostInsights(id=GONE, readers=99, also_read=(A,)),
    )
    return Insights(
        site="test-blog",
        since=date(2026, 8, 25),
        until=date(2026, 11, 22),
        popular=(GONE, A, ZH, DRAFT, B),
        posts=posts,
    )


def links(text: str) -> list[tuple[str, str]]:
    return re.findall(r'<li><a href="([^"]*)" lang="\w+">([^<]*)</a>', text)


def test_an_article_names_what_its_readers_read_as_well(built: Built) -> None:
    page = built.page(POST)
    assert links(page) == [("../b/", "B &amp; C"), ("../zh/", "缓存")]
    assert page.index("Readers of this also read") < page.index("<engagement-hooks")
    assert "读过本文的人还读了" in built.page("blog/2026/11/01/zh/")
    assert "also read" not in built.page("blog/2026/11/01/b/")


def test_popular_posts_stand_where_the_writer_wants_them_in_the_language_of_the_page(built: Built) -> None:
    page = built.page("top/")
    assert links(page) == [("../blog/2026/11/01/a/", "A"), ("../blog/2026/11/01/b/", "B &amp; C")]
    assert "All are good." not in page and "popular-posts" not in page
    assert [title for _, title in links(built.page("zh/"))] == ["缓存"]


def test_counts_are_told_of_posts_with_enough_readers(built: Built) -> None:
    told = "1,412 readers from 2026-08-25 to 2026-11-22, each counted once a day; bots are left out."
    assert told in built.page(POST)
    assert "2026-08-25 至 2026-11-22 有 300 位读者" in built.page("blog/2026/11/01/zh/")
    assert "insights__readers" not in built.page("blog/2026/11/01/b/")


def test_nothing_of_a_part_for_members_is_shown_by_insights(built: Built) -> None:
    for path in built.blog.site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert SECRET not in text and "Hidden heading" not in text and "hidden-heading" not in text


def test_readers_see_no_note_of_the_authors(built: Built) -> None:
    assert all("insights-note" not in path.read_text("utf-8") for path in built.blog.site.rglob("*.html"))


def test_posts_that_are_gone_are_left_out_with_a_warning(built: Built) -> None:
    assert built.warnings == ("insights.json names 1 post that the site does not have; ignored",)


def test_insights_themselves_are_not_published(built: Built) -> None:
    assert not list(built.blog.site.rglob("insights.json"))
    assert all(GONE not in path.read_text("utf-8") for path in built.blog.site.rglob("*.html"))


def test_only_the_author_sees_where_readers_leave_and_what_goes_stale(tmp_path: Path) -> None:
    blog = lay_out(tmp_path, "{also_read: false}")
    blog.build(audience=Audience.AUTHOR)
    page = blog.page(POST)
    assert "1,412 readers from 2026-08-25 to 2026-11-22, 2,000 in as many days before." in page
    assert "25 % of views came to the end." in page and "Going stale" in page
    note = page.index("62 % of the 80 views that came to this heading ended here.")
    assert page.index('id="what-it-costs"') < note < page.index('id="the-end"')
    # And what readers would see is as the options say.
    assert "insights__readers" not in page and "also read" not in page


def test_the_author_of_a_chinese_site_is_told_in_chinese_whatever_the_post_is_in(tmp_path: Path) -> None:
    blog = lay_out(tmp_path)
    blog.write(
        "mkdocs.yml", blog.config.read_text("utf-8").replace("name: material", "name: material\n  language: zh", 1)
    )
    blog.build(audience=Audience.AUTHOR)
    page = blog.page(POST)
    assert "2026-08-25 至 2026-11-22 有 1,412 位读者，之前同样天数有 2,000 位。" in page
    assert "25 % 的浏览读到了结尾。" in page and "<strong>正在过时：</strong>" in page
    note = page.index('<aside class="insights-note" lang="zh">在到达这个标题的 80 次浏览中，62 % 止步于此。</aside>')
    assert page.index('id="what-it-costs"') < note < page.index('id="the-end"')


def test_the_live_preview_is_built_again_when_there_are_new_insights(tmp_path: Path) -> None:
    blog = lay_out(tmp_path)
    config = load_config(str(blog.config))
    for watched in (True, False):
        server = LiveReloadServer(lambda: None, host="127.0.0.1", port=0, root=str(blog.site))
        config.plugins["engagement"].on_serve(server, config=config, builder=lambda: None)
        assert (str(blog.root / "insights.json") in server._watched_paths) is watched
        server.server_close()
        (blog.root / "insights.json").unlink(missing_ok=True)


def test_a_strict_build_is_not_stopped_by_a_post_that_is_gone(tmp_path: Path) -> None:
    blog = lay_out(tmp_path, strict=True)
    blog.build(strict=True)
    page = blog.page(POST)
    assert links(page) and "insights__readers" not in page and "1,412" not in page


def test_without_the_file_everything_builds_and_the_place_keeps_its_words(tmp_path: Path) -> None:
    blog = lay_out(tmp_path, "{counts: true}")
    (blog.root / "insights.json").unlink()
    blog.build()
    assert "<p>All are good.</p>" in blog.page("top/")
    assert "insights" not in blog.page(POST)


def test_a_file_that_is_none_stops_the_build(tmp_path: Path) -> None:
    blog = lay_out(tmp_path)
    blog.write("insights.json", "{")
    with pytest.raises(SiteError, match=r"insights\.json: is no file of insights: Invalid JSON"):
        blog.build()
    assert not blog.site.exists()
