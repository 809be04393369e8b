"""What pages say of feeds: a page for each, one of all, and links in the heads of the pages that they belong to."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest

from site_builder.build.feed_words import feed_words
from site_builder.errors import ConfigError
from tests.build.fed import PLUGINS, SITE, fill
from tests.sites import MATERIAL, Blog, tree

LINK = re.compile(r'<link rel="alternate(?: feed)?" type="application/[^>]*>')


@pytest.fixture
def fed(new_blog: Callable[..., Blog]) -> Blog:
    """A blog with feeds and no posts yet."""
    return new_blog("fed", plugins=PLUGINS)


def links(page: str) -> list[tuple[str, str, str]]:
    """(rel, title, address) of each feed that a page's head names."""
    found = [dict(re.findall(r'(\w+)="([^"]*)"', text)) for text in LINK.findall(page.split("</head>")[0])]
    return [(one["rel"], html.unescape(one["title"]), one["href"]) for one in found]


def linked(blog: Blog, url: str) -> list[str]:
    """The RSS feeds that a page's head names, from the site's root."""
    addresses = [urlsplit(urljoin(f"http://x/{url}", href)).path[1:] for _, _, href in links(blog.page(url))]
    return [address for address in addresses if address.endswith("rss.xml")]


def test_each_feed_has_a_page_that_looks_like_the_site_and_tells_its_addresses(fed: Blog) -> None:
    fill(fed)
    fed.build()
    page = fed.page("feeds/authors/ada-example/")
    assert "<h1>Articles by Ada Example</h1>" in page
    for name in ("rss.xml", "atom.xml", "feed.json"):
        assert f"<code>{SITE}feeds/authors/ada-example/{name}</code>" in page
    assert "md-header" in page and "Content-Security-Policy" in page
    assert ">A &lt;b&gt;</a>" in page and "A <b>" not in page
    assert re.search(r'href="https://blog.example.com/blog/2026/11/03/c/" lang="en">C</a>\s*<small>for members', page)
    assert 'href="../../"' in page  # to all feeds


def test_names_are_text_wherever_they_stand(fed: Blog) -> None:
    fed.post("a", "# A\n", header="""tags: ["Vec<T>"]""")
    fed.build()
    [landing] = (fed.site / "feeds/tags").glob("*/index.html")
    for page in (landing.read_text("utf-8"), fed.page("feeds/")):
        body = page.split("</head>")[1]
        assert "Vec&lt;T&gt;" in body and "Vec<T>" not in body
    assert "Articles tagged “Vec&lt;T&gt;”" in landing.read_text("utf-8")


def test_the_page_of_all_feeds_leads_to_every_one(fed: Blog) -> None:
    fill(fed)
    fed.build()
    index = fed.page("feeds/")
    for folder in sorted(path.parent for path in (fed.site / "feeds").rglob("rss.xml")):
        assert f'href="{folder.relative_to(fed.site / "feeds").as_posix()}/"' in index, folder
    assert f"<code>{SITE}rss.xml</code>" in index
    assert "李 &amp; Söhne" in index and "李 & Söhne" not in index


def test_pages_name_the_feeds_that_belong_to_them(fed: Blog) -> None:
    fill(fed)
    fed.build()
    assert linked(fed, "") == ["rss.xml", "feeds/languages/en/rss.xml"]
    assert linked(fed, "blog/2026/11/02/二/") == ["rss.xml", "feeds/languages/zh/rss.xml"]
    assert linked(fed, "course/one/") == ["rss.xml", "feeds/courses/async/rss.xml", "feeds/languages/en/rss.xml"]
    assert linked(fed, "blog/category/news/") == [
        "rss.xml",
        "feeds/categories/news/rss.xml",
        "feeds/languages/en/rss.xml",
    ]
    assert linked(fed, "feeds/authors/ada-example/")[1] == "feeds/authors/ada-example/rss.xml"
    for page in fed.site.rglob("index.html"):
        at = page.relative_to(fed.site).as_posix().removesuffix("index.html")
        for _, title, href in links(page.read_text("utf-8")):
            target = urlsplit(urljoin(f"http://x/{at}", href)).path[1:]
            assert (fed.site / target).is_file() and "Test Blog" in title, (at, href)


def test_material_is_kept_from_looking_for_a_sitemap_beside_each_feed(fed: Blog) -> None:
    """It asks for one beside whatever ``link[rel=alternate]`` leads to, and finds one beside the site's feed alone."""
    fill(fed)
    fed.build()
    for page in fed.site.rglob("*.html"):
        exact = [href for rel, _, href in links(page.read_text("utf-8")) if rel == "alternate"]
        assert page.name == "404.html" or [href.replace("../", "") for href in exact] == ["rss.xml"], page


def test_a_site_without_a_feed_of_its_own_names_others_so_that_every_reader_finds_one(
    new_blog: Callable[..., Blog],
) -> None:
    blog = new_blog("courses", plugins=(*MATERIAL, "feeds: {scopes: [course]}"))
    fill(blog)
    blog.build()
    assert [rel for rel, _, _ in links(blog.page("course/one/"))] == ["alternate", "alternate feed", "alternate feed"]


def test_further_pages_of_a_category_and_profiles_of_authors_name_the_same_feed(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("long", plugins=("meta", "blog: {pagination_per_page: 1, authors_profiles: true}", "feeds"))
    for name in "abc":
        blog.post(name, f"# {name}\n", header="categories: [News]\nauthors: [ada]")
    blog.build()
    assert linked(blog, "blog/category/news/page/3/") == ["rss.xml", "feeds/categories/news/rss.xml"]
    assert linked(blog, "blog/author/ada/") == ["rss.xml", "feeds/authors/ada-example/rss.xml"]


def test_it_works_without_directory_urls(fed: Blog) -> None:
    fed.config.write_text(fed.config.read_text("utf-8") + "use_directory_urls: false\n", "utf-8")
    fill(fed)
    fed.build()
    index = (fed.site / "feeds/index.html").read_text("utf-8")
    assert 'href="authors/ada-example/index.html"' in index
    page = (fed.site / "blog/2026/11/01/a.html").read_text("utf-8")
    assert [href for _, _, href in links(page)][:1] == ["../../../../rss.xml"]
    assert f"{SITE}blog/2026/11/01/a.html" in (fed.site / "rss.xml").read_text("utf-8")


def test_a_page_of_feeds_that_the_writer_has_made_keeps_its_words(fed: Blog) -> None:
    fill(fed)
    fed.write("content/feeds/index.md", "# Follow me\n\nMy own words.\n")
    fed.build()
    page = fed.page("feeds/")
    assert "My own words." in page and f"<code>{SITE}rss.xml</code>" in page and "<h1>" not in page.split("<article")[0]


@pytest.mark.parametrize("name", ["feeds.md", "feeds/README.md"])
def test_it_may_have_any_name_that_stands_at_the_same_address(fed: Blog, name: str) -> None:
    fill(fed)
    fed.write(f"content/{name}", "# Follow me\n\nMy own words.\n")
    fed.write("content/feeds/tags/a-b.md", "# A and B\n\nWords on the two.\n")
    fed.write("content/blog/posts/d.md", "---\ndate: 2026-11-04\ntags: [a-b]\n---\n# D\n")
    fed.build()
    assert "My own words." in fed.page("feeds/") and f"<code>{SITE}rss.xml</code>" in fed.page("feeds/")
    assert (fed.site / "feeds/tags/a-b/rss.xml").is_file() and "Words on the two." in fed.page("feeds/tags/a-b/")


def test_spaces_around_the_name_of_a_course_part_no_chapter_from_its_feed(fed: Blog) -> None:
    fed.write("content/one.md", "---\ncourse: >\n  Async  Python\ndate: 2026-10-01\n---\n# One\n")
    fed.build()
    assert linked(fed, "one/") == ["rss.xml", "feeds/courses/async-python/rss.xml"]


def test_other_pages_and_the_navigation_can_lead_to_the_page_of_feeds(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("nav", plugins=PLUGINS, strict=True, extra="nav: [index.md, blog/index.md, feeds/index.md]")
    blog.write("content/index.md", "# Home\n\n[Feeds](feeds/index.md)\n")
    blog.post("a", "# A\n")
    report = blog.build(strict=True)
    assert report.warnings == ()
    assert '<a href="feeds/">Feeds</a>' in blog.page("")


def test_a_chinese_site_is_told_of_feeds_in_chinese(fed: Blog) -> None:
    fed.config.write_text(
        fed.config.read_text("utf-8").replace("  font: false\n", "  font: false\n  language: zh\n"), "utf-8"
    )
    fed.post("a", "# 一\n", header="tags: [数据库]")
    fed.build()
    assert "如何订阅" in fed.page("feeds/")
    [landing] = (fed.site / "feeds/tags").glob("*/index.html")
    assert "标签为“数据库”的文章" in landing.read_text("utf-8")


def test_both_languages_say_the_same_things() -> None:
    english, chinese = feed_words("en-GB"), feed_words("zh-Hans")
    assert english.keys() == chinese.keys() and {english["lang"], chinese["lang"]} == {"en", "zh"}
    for name, text in english.items():
        assert text.count("%s") == chinese[name].count("%s"), name
    assert feed_words("de") == english


def test_feeds_that_are_not_wanted_are_not_made(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("few", plugins=(*MATERIAL, "feeds: {scopes: [tag], formats: [atom], folder: follow}"))
    fill(blog)
    blog.build()
    assert sorted({name.rsplit("/", 1)[-1] for name in tree(blog.site) if "atom" in name or "rss" in name}) == [
        "atom.xml"
    ]
    assert not (blog.site / "atom.xml").exists() and not (blog.site / "feeds").exists()
    assert "By tag" in blog.page("follow/") and linked(blog, "") == []


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("image: logo.png", r"option image names 'logo\.png'"),
        ("podcast: {image: cover one.png, category: News}", r"option podcast\.image names 'cover one\.png'"),
    ],
)
def test_a_picture_of_the_site_that_is_not_there_is_told(
    new_blog: Callable[..., Blog], options: str, what: str
) -> None:
    blog = new_blog("pictures", plugins=(*MATERIAL, f"feeds: {{{options}}}"), url="https://example.com/böök/")
    with pytest.raises(ConfigError, match=what):
        blog.build()
    for name in ("logo.png", "cover one.png"):
        blog.write(f"content/{name}", b"\x89PNG")
    blog.build()


def test_the_podcast_has_a_feed_that_episodes_and_the_home_page_name(new_blog: Callable[..., Blog]) -> None:
    options = "feeds: {podcast: {image: cover.png, category: Technology}}"
    blog = new_blog("podcast", plugins=(*MATERIAL, options))
    blog.write("content/cover.png", b"\x89PNG")
    blog.write("content/blog/posts/one.mp3", b"ID3" * 100)
    blog.post("a", "# A\n\nNotes.\n", header="audio: one.mp3\npodcast: {duration: 12:34, episode: 1}")
    blog.post("b", "# B\n")
    blog.build()
    [entry] = feedparser.parse((blog.site / "feeds/podcast/rss.xml").read_bytes()).entries
    assert (entry.title, entry.itunes_duration) == ("A", "754")
    assert entry.enclosures[0].href == f"{SITE}blog/one.mp3" and entry.enclosures[0].length == "300"
    assert "feeds/podcast/rss.xml" in linked(blog, "") and "feeds/podcast/rss.xml" in linked(blog, "blog/2026/11/01/a/")
    assert "feeds/podcast/rss.xml" not in linked(blog, "blog/2026/11/01/b/")
    assert "podcast app" in blog.page("feeds/podcast/")
