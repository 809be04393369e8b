"""Hooks in finished pages, and the files beside them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from site_builder.build.engagement import with_signup_hooks
from site_builder.build.inputs import Audience
from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.events import json_schema as events_schema
from site_builder.engagement.manifest import Manifest
from site_builder.errors import SiteError
from tests.sites import MATERIAL, Blog, tree

POST = "blog/2026/11/01/a/"
SECRET = "Nobody but members may read this sentence of the article."


@pytest.fixture
def hooked(new_blog: Callable[..., Blog]) -> Callable[..., Blog]:
    """A blog with hooks, a post with a part for members, and a course; ``options`` are the plugin's, in YAML."""

    def make(options: str = "{}", **more: Any) -> Blog:
        blog = new_blog("hooked", plugins=(*MATERIAL, f"engagement: {options}"), **more)
        blog.post(
            "a",
            f"# A\n\nPublic words.\n\n## B `x`\n\nMore.\n\n<!-- paywall -->\n\n## Hidden heading\n\n{SECRET}\n",
            header="access: pro\nauthors: [ada]\ntags: [x]",
        )
        blog.write("content/course/one.md", "---\ncourse: Async\ndate: 2026-10-01\n---\n# One\n\nChapter.\n")
        return blog

    return make


def element(page: str) -> str:
    """The one element of a page, with what is in it."""
    [found] = re.findall(r"<engagement-hooks .*?</engagement-hooks>", page, re.DOTALL)
    return str(found)


def facts(page: str) -> dict[str, str]:
    """What the element says to the browser's module."""
    tag = element(page).partition(">")[0]
    return {name: html.unescape(value) for name, value in re.findall(r'data-([\w-]+)="([^"]*)"', tag)}


def read(blog: Blog) -> Manifest:
    return Manifest.parse((blog.site / "engagement/manifest.json").read_bytes())


def test_a_post_has_its_hooks_at_the_end_of_its_article(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.build(strict=True)
    page, [post] = blog.page(POST), [one for one in read(blog).posts if one.kind == "post"]
    assert facts(page) == {
        "site": "test-blog",
        "hooks": " ".join(EVENT_NAMES),
        "post": post.id,
        "endpoint": "/e",
        "signals": "respect",
    }
    assert re.search(r"</engagement-hooks>\s*</article>", page)
    assert post.url == f"https://blog.example.com/{POST}"


def test_every_other_page_tells_that_it_is_read_and_has_nothing_to_press(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.build()
    for url in ("", "blog/", "membership/"):
        said = facts(blog.page(url))
        assert "post" not in said and "pageview" in said["hooks"] and "share" not in said["hooks"]
        assert element(blog.page(url)).endswith("></engagement-hooks>")


def test_what_works_without_a_script_is_there_without_one(hooked: Callable[..., Blog]) -> None:
    blog = hooked("{share: [copy, email, bluesky], reactions: [thanks]}")
    blog.build()
    shown = element(blog.page(POST))
    links = dict(re.findall(r'<a [^>]*data-hook="share" data-to="(\w+)" href="([^"]*)"', shown))
    assert set(links) == {"email", "bluesky"}
    assert html.unescape(links["email"]) == f"mailto:?subject=A&body=https%3A%2F%2Fblog.example.com%2F{POST}".replace(
        POST, POST.replace("/", "%2F")
    )
    # Whatever needs one is hidden until it has come.
    for tag in re.findall(r"<(?:button|form|div)\b[^>]*data-script[^>]*>", shown):
        assert re.search(r"\shidden\b", tag), tag
    pressed = re.findall(r'data-hook="reaction" data-kind="(\w+)"', shown)
    assert pressed == ["thanks"] and 'data-to="copy"' in shown and 'data-to="native"' not in shown


def test_pages_and_folders_switch_hooks_off_and_on(hooked: Callable[..., Blog]) -> None:
    blog = hooked("{hooks: {feedback: false}}")
    blog.write("content/course/.meta.yml", "hooks: {share: false, reaction: false}\n")
    blog.write("content/course/two.md", "---\ncourse: Async\ndate: 2026-10-02\nhooks: {share: true}\n---\n# Two\n")
    blog.write("content/quiet.md", "---\nhooks: false\n---\n# Quiet\n")
    blog.build()
    assert "<engagement-hooks" not in blog.page("quiet/")
    one, two = (set(facts(blog.page(f"course/{name}/"))["hooks"].split()) for name in ("one", "two"))
    assert set(EVENT_NAMES) - one == {"share", "reaction", "feedback"}
    assert set(EVENT_NAMES) - two == {"reaction", "feedback"}
    by_title = {post.title: set(post.hooks) for post in read(blog).posts}
    assert (by_title["One"], by_title["Two"]) == (one, two)


def test_hooks_that_are_not_understood_stop_the_build_with_file_and_line(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.post("bad", "# Bad\n", header="hooks: {likes: false}")
    with pytest.raises(SiteError, match=r"bad\.md:3: `hooks` is \{'likes': False\}"):
        blog.build()
    assert not blog.site.exists()


def test_who_is_told_may_be_reached_from_every_page_and_nobody_else(hooked: Callable[..., Blog]) -> None:
    blog = hooked(
        "{endpoint: 'https://stats.example.com/e', adapters: [{kind: plausible, domain: a.example.com}], consent: ask}"
    )
    blog.build()
    policies = {
        re.search(r"connect-src [^;\"]*", path.read_text("utf-8"))[0]  # type: ignore[index]
        for path in blog.site.rglob("*.html")
    }
    assert policies == {"connect-src 'self' blob: https://stats.example.com https://plausible.io"}
    said = facts(blog.page(POST))
    assert said["endpoint"] == "https://stats.example.com/e" and said["consent"] == "ask"
    assert json.loads(said["adapters"]) == [
        {"kind": "plausible", "domain": "a.example.com", "endpoint": "https://plausible.io/api/event"}
    ]
    # Every page asks, whether or not it is a post, and names who is told.
    for url in ("", POST):
        assert "told to Plausible" in element(blog.page(url)) and "data-consent-box hidden" in element(blog.page(url))


def test_readers_on_chinese_pages_are_asked_in_chinese(hooked: Callable[..., Blog]) -> None:
    blog = hooked("{consent: ask}")
    blog.post("zh", "# 缓存\n", header="lang: zh\nslug: zh")
    blog.build()
    shown = element(blog.page("blog/2026/11/01/zh/"))
    assert 'lang="zh"' in shown and "这篇文章对您有帮助吗" in shown and "可以让本站统计" in shown and "Yes" not in shown


@pytest.mark.parametrize("audience", [Audience.AUTHOR, Audience.ANYBODY])
def test_a_preview_shows_what_readers_see_and_tells_nobody(hooked: Callable[..., Blog], audience: Audience) -> None:
    blog = hooked("{consent: ask, adapters: [{kind: plausible, domain: a.example.com}]}")
    blog.build(audience=audience)
    said = facts(blog.page(POST))
    assert said.keys() == {"site", "hooks", "post", "preview"}
    assert 'data-hook="reaction"' in element(blog.page(POST)) and "consent" not in element(blog.page(POST))


def test_the_manifest_says_of_gated_parts_only_how_much_there_is_and_for_whom(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.build()
    [chapter] = [one for one in read(blog).posts if one.kind == "chapter"]
    [post] = [one for one in read(blog).posts if one.kind == "post"]
    assert (post.title, post.authors, post.tags, post.access) == ("A", ("Ada Example",), ("x",), ("pro",))
    assert post.price == "15 € a month" and post.words > 10
    assert [(heading.id, heading.title) for heading in post.headings] == [("a", "A"), ("b-x", "B x")]
    assert (chapter.course, chapter.chapter, chapter.access) == ("Async", 1, ())
    text = (blog.site / "engagement/manifest.json").read_text("utf-8")
    assert "Hidden" not in text and "hidden" not in text


def test_drafts_are_not_in_it(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.post("draft", "# Draft\n", header="draft: true")
    blog.post("later", "# Later\n", day="2027-01-01")
    blog.build()
    assert {post.title for post in read(blog).posts} == {"A", "One"}


def test_chapters_count_as_the_navigation_has_them(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.write("content/course/two.md", "---\ncourse: Async\ndate: 2026-10-02\n---\n# Two\n")
    nav = "nav: [index.md, blog/index.md, course/two.md, course/one.md]\n"
    blog.config.write_text(blog.config.read_text("utf-8") + nav, "utf-8")
    blog.build()
    assert {post.title: post.chapter for post in read(blog).posts} == {"A": None, "One": 2, "Two": 1}


def test_both_schemas_are_published_and_hold(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.build()
    folder = blog.site / "engagement"
    written = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert set(written) == {"manifest.json", "manifest.schema.json", "events.schema.json"}
    Draft202012Validator(written["manifest.schema.json"]).validate(written["manifest.json"])
    assert written["events.schema.json"] == events_schema()


def test_the_same_sources_give_the_same_bytes(hooked: Callable[..., Blog], new_blog: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.build()
    first = tree(blog.site / "engagement"), element(blog.page(POST))
    blog.build()
    assert (tree(blog.site / "engagement"), element(blog.page(POST))) == first


def test_a_site_without_the_plugin_has_no_hooks(blog: Blog) -> None:
    blog.post("a", "# A\n", header="slug: a")
    blog.build()
    assert "<engagement-hooks" not in blog.page(POST) and not (blog.site / "engagement").exists()


def test_a_file_of_the_writers_is_not_overwritten(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    blog.write("content/engagement/manifest.json", "{}")
    with pytest.raises(SiteError, match=r"'engagement/manifest\.json' would be overwritten"):
        blog.build()


def test_options_that_are_not_understood_stop_the_build(hooked: Callable[..., Blog]) -> None:
    with pytest.raises(SiteError, match=r"engagement option endpoint: .* must be an address such as"):
        hooked("{endpoint: stats}").build()


def test_a_form_that_asks_for_an_address_is_a_hook(hooked: Callable[..., Blog]) -> None:
    blog = hooked()
    form = '<form id="footer" action="/subscribe"><input type="email" name="email"></form>'
    blog.write("content/signup.md", f"# Sign up\n\n{form}\n")
    blog.build()
    assert '<form id="footer" action="/subscribe" data-hook="newsletter_signup" data-form="footer">' in blog.page(
        "signup/"
    )


@pytest.mark.parametrize(
    "form",
    [
        '<form action="/search"><input type="text" name="q"></form><p><input type="email"></p>',
        '<form data-hook="x_contact"><input type="email"></form>',
        "<form>",
    ],
)
def test_other_forms_stay_as_they_are(form: str) -> None:
    assert with_signup_hooks(form) == form


def test_the_browsers_module_lies_where_pages_look_for_it(hooked: Callable[..., Blog]) -> None:
    made = Path(__file__).parents[2] / "theme" / "engagement"
    blog = hooked()
    blog.build()
    found = blog.site / "assets" / "engagement"
    assert {path.name for path in found.rglob("*.js")} == {path.name for path in made.rglob("*.js")}
