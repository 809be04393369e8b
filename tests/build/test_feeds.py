"""Feeds in a build: what is written, and that nothing premium or unpublished gets there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest

from site_builder.build.inputs import Audience
from site_builder.errors import ConfigError, ContentError
from tests.build.fed import PLUGINS, SITE, fill
from tests.build.test_canaries import CANARIES, GATED, decodings
from tests.sites import MATERIAL, Blog, tree


@pytest.fixture
def fed(new_blog: Callable[..., Blog]) -> Blog:
    """A blog with feeds and no posts yet."""
    return new_blog("fed", plugins=PLUGINS)


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
