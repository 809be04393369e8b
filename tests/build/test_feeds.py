"""Feeds in a build: what is written, what pages say of them, and that nothing premium or unpublished gets there."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest

from site_builder.build.feed_words import feed_words
from site_builder.build.inputs import Audience
from site_builder.errors import ConfigError, ContentError
from tests.build.test_canaries import CANARIES, GATED, decodings
from tests.sites import MATERIAL, Blog, tree

PLUGINS = (*MATERIAL, "feeds")
SITE = "https://blog.example.com/"
LINK = re.compile(r'<link rel="alternate(?: feed)?" type="application/[^>]*>')


@pytest.fixture
def fed(new_blog: Callable[..., Blog]) -> Blog:
    """A blog with feeds and no posts yet."""
    return new_blog("fed", plugins=PLUGINS)


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


def links(page: str) -> list[tuple[str, str, str]]:
    """(rel, title, address) of each feed that a page's head names."""
    head = page.split("</head>")[0]
    return [
        (
            found["rel"] or "",
            html.unescape(found["title"] or ""),
            found["href"] or "",
        )
        for text in LINK.findall(head)
        for found in [dict(re.findall(r'(\w+)="([^"]*)"', text))]
    ]


def linked(blog: Blog, url: str) -> list[str]:
    """The RSS feeds that a page's head names, from the site's root."""
    addresses = [urlsplit(urljoin(f"http://x/{url}", href)).path[1:] for _, _, href in links(blog.page(url))]
    return [address for address in addresses if address.endswith("rss.xml")]


def titles(blog: Blog, path: str) -> list[str]:
    return [entry["title"] for entry in json.loads((blog.site / path).read_text("utf-8"))["items"]]


def test_the_whole_matrix_is_made_each_feed_with_its_own_items(fed: Blog) -> None:
    fill(fed)
    fed.build()
    rss = sorted(name for name in tree(fed.site) if name.endswith("rss.xml"))
    assert len(rss) == 1 + 1 + 3 + 2 + 1 + 2
    for name in rss:
        stem = name.removesuffix("rss.xml")
        assert (fed.site / f"{stem}atom.xml").is_file() and (fed.site / f"{stem}feed.json").is_file()
        assert name.isascii() and not feedparser.parse((fed.site / name).read_bytes()).bozo, name
    assert titles(fed, "feed.json") == ["C", "二", "A <b>", "One"]
    assert titles(fed, "feeds/authors/ada-example/feed.json") == ["C", "A <b>"]
    assert titles(fed, "feeds/courses/async/feed.json") == ["One"]
    assert titles(fed, "feeds/languages/zh/feed.json") == ["二"]
    found = {feedparser.parse((fed.site / name).read_bytes()).feed.title for name in rss}
    assert (
        "Tagged a & b – Test Blog" in found
        and "By 李 & Söhne – Test Blog" in found
        and "Tagged c++ – Test Blog" in found
    )


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


def test_further_pages_of_a_category_and_profiles_of_authors_name_the_same_feed(new_blog: Callable[..., Blog]) -> None:
    blog = new_blog("long", plugins=("meta", "blog: {pagination_per_page: 1, authors_profiles: true}", "feeds"))
    for name in "abc":
        blog.post(name, f"# {name}\n", header="categories: [News]\nauthors: [ada]")
    blog.build()
    assert linked(blog, "blog/category/news/page/3/") == ["rss.xml", "feeds/categories/news/rss.xml"]
    assert linked(blog, "blog/author/ada/") == ["rss.xml", "feeds/authors/ada-example/rss.xml"]


def everything(blog: Blog, secret: Callable[[str], str] = lambda text: text) -> None:
    fill(blog)
    for number, access in enumerate(("pro", "members", "async-course")):
        public, gate, gated = GATED.format(title=f"Post {number}", slug=f"p{number}", more="").partition(
            "<!-- paywall -->"
        )
        blog.post(f"p{number}", f"{public}{gate}{secret(gated)}", header=f"access: {access}\ntags: [one]")
        blog.write(f"content/blog/posts/images/marzipan-p{number}.png", b"\x89PNG\r\n\x1a\n" + bytes([number]) * 99)
        blog.write(f"content/blog/posts/files/persimmon-p{number}.csv", f"nobody,may,see,{number}\n" * 50)
    for name in ("marzipan", "persimmon"):
        if secret("x") != "x":
            for path in (blog.root / "content").rglob(f"{name}*"):
                path.unlink()
    text = secret("\nZanzibar all over.\n")
    blog.post("title-only", f"# Only a title\n{text}", header="access: pro\ndescription: Told.")
    chapter = f"# Two\n\nPublic.\n\n<!-- paywall -->\n{text}"
    blog.write("content/course/two.md", f"---\ncourse: Async\ndate: 2026-10-02\naccess: pro\n---\n{chapter}")


def feed_files(blog: Blog) -> dict[str, bytes]:
    """Feeds and their pages."""
    return {
        name: content
        for name, content in tree(blog.site).items()
        if name.startswith("feeds/") or name in ("rss.xml", "atom.xml", "feed.json")
    }


def test_no_premium_word_of_any_kind_is_in_a_feed_or_on_its_page(fed: Blog) -> None:
    everything(fed)
    fed.build()
    files = feed_files(fed)
    assert len(files) > 30
    for name, content in files.items():
        for text in (name, *decodings(content)):
            assert not [canary for canary in CANARIES if canary in text.casefold()], name
    entries = feedparser.parse(files["rss.xml"]).entries
    shown = next(entry for entry in entries if entry.title == "Post 0")
    assert "Public words of Post 0" in shown.content[0].value
    assert "for members" in shown.content[0].value and shown.link in shown.content[0].value
    told = next(entry for entry in entries if entry.title == "Only a title")
    assert "Told." in told.content[0].value


def test_feeds_do_not_depend_on_premium_text(new_blog: Callable[..., Blog]) -> None:
    one, other = new_blog("one", plugins=PLUGINS), new_blog("other", plugins=PLUGINS)
    everything(one)
    everything(other, lambda text: f"\n\nEntirely other words, {'many ' * 400}, and nothing else.\n")
    one.build()
    other.build()
    assert feed_files(one) == feed_files(other)


def test_two_builds_give_the_same_bytes_with_what_is_kept_between_them_and_without(fed: Blog) -> None:
    everything(fed)
    fed.build()
    before = feed_files(fed)
    assert (fed.root / ".site-builder" / "feeds.cache").is_file()
    fed.build()
    assert feed_files(fed) == before
    (fed.root / ".site-builder" / "feeds.cache").unlink()
    fed.build()
    assert feed_files(fed) == before


def test_nothing_premium_is_kept_between_builds(fed: Blog) -> None:
    everything(fed)
    fed.build()
    kept = (fed.root / ".site-builder" / "feeds.cache").read_bytes().decode("utf-8", "replace").casefold()
    assert "public words of post 0" in kept
    assert not [canary for canary in CANARIES if canary in kept]


def test_a_feed_that_did_not_change_keeps_its_time_of_change(fed: Blog) -> None:
    fill(fed)
    fed.build()
    before = {name: (fed.site / name).stat().st_mtime_ns for name in feed_files(fed) if not name.endswith(".html")}
    fed.post("d", "# D\n", header="lang: zh", day="2026-11-04")
    fed.build()
    changed = {name for name, time in before.items() if (fed.site / name).stat().st_mtime_ns != time}
    assert {Path(name).parent.as_posix() for name in changed} == {".", "feeds/languages/zh"}


def test_drafts_and_future_posts_are_in_no_feed_whoever_builds(fed: Blog) -> None:
    fed.post("out", "# Out\n")
    fed.post("draft", "# Draft\n", header="draft: true\ntags: [hidden]")
    fed.post("future", "# Future\n", day="2026-12-24")
    for audience in Audience:
        fed.build(audience=audience)
        assert titles(fed, "feed.json") == ["Out"]
        assert not (fed.site / "feeds/tags").exists()


def test_a_build_without_keys_has_the_same_feeds(fed: Blog) -> None:
    everything(fed)
    fed.build()
    whole = feed_files(fed)
    fed.settings.key_file.unlink()
    fed.build(audience=Audience.ANYBODY)
    pages = {name for name in whole if name.endswith(".html")}  # which name other scripts in their policies
    assert {name: content for name, content in feed_files(fed).items() if name not in pages} == {
        name: content for name, content in whole.items() if name not in pages
    }


def test_ids_in_feeds_survive_a_new_slug_title_address_and_language(new_blog: Callable[..., Blog]) -> None:
    before = new_blog("before", plugins=PLUGINS)
    after = new_blog("after", plugins=PLUGINS, url="https://other.example.org/below/a/folder/")
    before.post("a", "# Old\n", header="slug: old")
    after.post("a", "# New\n", header="slug: new\nlang: zh")
    ids = []
    for blog in (before, after):
        blog.build()
        parsed = feedparser.parse((blog.site / "atom.xml").read_bytes())
        ids.append((parsed.feed.id, parsed.entries[0].id))
    assert ids[0] == ids[1]
    text = (after.site / "rss.xml").read_text("utf-8")
    assert "https://other.example.org/below/a/folder/blog/2026/11/01/new/" in text and SITE not in text


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
    ("plugins", "url", "what"),
    [
        (PLUGINS, "''", "`site_url` is not set"),
        ((*MATERIAL, "feeds: {formats: [rss2]}"), SITE, "feeds option formats.0"),
        ((*MATERIAL, "feeds: {folders: a}"), SITE, "feeds option folders"),
    ],
)
def test_configurations_that_cannot_work_are_refused(
    new_blog: Callable[..., Blog], plugins: tuple[str, ...], url: str, what: str
) -> None:
    blog = new_blog("wrong", plugins=plugins, url=url)
    with pytest.raises(ConfigError, match=re.escape(what)):
        blog.build()


def test_feeds_without_the_paywall_plugin_are_refused(fed: Blog) -> None:
    text = fed.config.read_text("utf-8")
    fed.config.write_text(re.sub(r"  - paywall:\n(?:      .*\n| {8}.*\n)*", "", text), "utf-8")
    done = fed.run("build", check=False)
    assert done.returncode == 1 and "the paywall plugin is not among `plugins`" in done.stderr


def test_a_feed_overwrites_no_file_of_the_writers(fed: Blog) -> None:
    fed.write("content/rss.xml", "<mine/>")
    with pytest.raises(ConfigError, match=r"'rss\.xml' would be overwritten"):
        fed.build()


def test_two_items_with_one_id_are_refused(fed: Blog) -> None:
    fed.post("a", "# A\n", header="id: same")
    fed.post("b", "# B\n", header="id: same")
    with pytest.raises(ContentError, match="has the same id as"):
        fed.build()


def test_the_authors_preview_has_feeds_and_no_gated_text_in_them(fed: Blog) -> None:
    everything(fed)
    fed.build(audience=Audience.AUTHOR)
    for name, content in feed_files(fed).items():
        assert b"zanzibar" not in content.lower(), name


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
