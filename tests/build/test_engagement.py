"""Hooks in finished pages, and the files beside them."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from site_builder.build.engagement import SCRIPTS, with_signup_hooks
from site_builder.build.inputs import Audience
from site_builder.engagement.events import EVENT_NAMES
from site_builder.engagement.events import json_schema as events_schema
from site_builder.engagement.manifest import Manifest, PostFacts
from site_builder.engagement.options import ADAPTERS
from site_builder.errors import SiteError
from tests.sites import MATERIAL, Blog, make_blog, tree

POST = "blog/2026/11/01/a/"
FORM = '<form id="footer" action="/subscribe"><input type="email" name="email"></form>'
SECRET = "Nobody but members may read this sentence of the article."


def fill(blog: Blog) -> Blog:
    """Posts, one with a part for members, a course, pages and a folder that switch hooks off, a form, drafts."""
    blog.post(
        "a",
        f"# A\n\nPublic words.\n\n## B `x`\n\nMore.\n\n<!-- paywall -->\n\n## Hidden heading\n\n{SECRET}\n",
        header="access: pro\nauthors: [ada]\ntags: [x]",
    )
    blog.post("zh", "# 缓存\n", header="lang: zh\nslug: zh")
    blog.post("draft", "# Draft\n", header="draft: true")
    blog.post("later", "# Later\n", day="2027-01-01")
    blog.write("content/course/.meta.yml", "hooks: {share: false, reaction: false}\n")
    blog.write("content/course/one.md", "---\ncourse: Async\ndate: 2026-10-01\n---\n# One\n\nChapter.\n")
    blog.write("content/course/two.md", "---\ncourse: Async\ndate: 2026-10-02\nhooks: {share: true}\n---\n# Two\n")
    blog.write("content/quiet.md", "---\nhooks: false\n---\n# Quiet\n")
    blog.write("content/signup.md", f"# Sign up\n\n{FORM}\n")
    nav = "nav: [index.md, blog/index.md, course/two.md, course/one.md]\n"
    blog.config.write_text(blog.config.read_text("utf-8") + nav, "utf-8")
    return blog


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Blog:
    """A site with hooks, as readers get it; nothing changes it."""
    options = "engagement: {share: [copy, email, bluesky], reactions: [thanks], hooks: {feedback: false}}"
    blog = fill(make_blog(tmp_path_factory.mktemp("hooked"), plugins=(*MATERIAL, options)))
    blog.build()
    return blog


@pytest.fixture
def hooked(new_blog: Callable[..., Blog]) -> Callable[[str], Blog]:
    """The same, not built yet; ``options`` are the plugin's, in YAML."""
    return lambda options="{}": fill(new_blog("hooked", plugins=(*MATERIAL, f"engagement: {options}")))


def element(page: str) -> str:
    """The one element of a page, with what is in it."""
    [found] = re.findall(r"<engagement-hooks .*?</engagement-hooks>", page, re.DOTALL)
    return str(found)


def facts(page: str) -> dict[str, str]:
    """What the element says to the browser's module."""
    tag = element(page).partition(">")[0]
    return {name: html.unescape(value) for name, value in re.findall(r'data-([\w-]+)="([^"]*)"', tag)}


def read(blog: Blog) -> dict[str, PostFacts]:
    """The posts of its manifest, by title."""
    found = Manifest.parse((blog.site / "engagement/manifest.json").read_bytes())
    return {post.title: post for post in found.posts}


def test_a_post_has_its_hooks_at_the_end_of_its_article(built: Blog) -> None:
    page, post = built.page(POST), read(built)["A"]
    assert facts(page) == {
        "site": "test-blog",
        "hooks": " ".join(name for name in EVENT_NAMES if name != "feedback"),
        "post": post.id,
        "endpoint": "/e",
        "signals": "respect",
    }
    assert re.search(r"</engagement-hooks>\s*</article>", page)
    assert post.url == f"https://blog.example.com/{POST}"


def test_every_other_page_tells_that_it_is_read_and_has_nothing_to_press(built: Blog) -> None:
    for url in ("", "blog/", "membership/"):
        said = facts(built.page(url))
        assert "post" not in said and "pageview" in said["hooks"] and "share" not in said["hooks"]
        assert element(built.page(url)).endswith("></engagement-hooks>")


def test_what_works_without_a_script_is_there_without_one(built: Blog) -> None:
    shown = element(built.page(POST))
    links = dict(re.findall(r'<a [^>]*data-hook="share" data-to="(\w+)" href="([^"]*)"', shown))
    address = "https%3A%2F%2Fblog.example.com%2F" + POST.replace("/", "%2F")
    assert set(links) == {"email", "bluesky"}
    assert html.unescape(links["email"]) == f"mailto:?subject=A&body={address}"
    # Whatever needs one is hidden until it has come.
    scripted = re.findall(r"<\w+\b[^>]*\sdata-script\b[^>]*>", shown)
    assert scripted and all(re.search(r"\shidden\b", tag) for tag in scripted)
    pressed = re.findall(r'data-hook="reaction" data-kind="(\w+)"', shown)
    assert pressed == ["thanks"] and 'data-to="copy"' in shown and 'data-to="native"' not in shown


def test_pages_and_folders_switch_hooks_off_and_on(built: Blog) -> None:
    assert "<engagement-hooks" not in built.page("quiet/")
    one, two = (set(facts(built.page(f"course/{name}/"))["hooks"].split()) for name in ("one", "two"))
    assert set(EVENT_NAMES) - one == {"share", "reaction", "feedback"}
    assert set(EVENT_NAMES) - two == {"reaction", "feedback"}
    assert (set(read(built)["One"].hooks), set(read(built)["Two"].hooks)) == (one, two)


def test_a_form_that_asks_for_an_address_is_a_hook(built: Blog) -> None:
    assert FORM.replace("><", ' data-hook="newsletter_signup" data-form="footer"><', 1) in built.page("signup/")


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


def test_the_manifest_says_of_gated_parts_only_how_much_there_is_and_for_whom(built: Blog) -> None:
    post = read(built)["A"]
    assert (post.authors, post.tags, post.access, post.price) == (("Ada Example",), ("x",), ("pro",), "15 € a month")
    assert [(heading.id, heading.title) for heading in post.headings] == [("a", "A"), ("b-x", "B x")]
    assert post.words > 10
    text = (built.site / "engagement/manifest.json").read_text("utf-8")
    assert "hidden" not in text.lower() and "Nobody" not in text


def test_chapters_count_as_the_navigation_has_them(built: Blog) -> None:
    said = {title: (post.course, post.chapter) for title, post in read(built).items()}
    assert said == {"A": ("", None), "缓存": ("", None), "One": ("Async", 2), "Two": ("Async", 1)}  # and no drafts


def test_both_schemas_are_published_and_hold(built: Blog) -> None:
    folder = built.site / "engagement"
    written = {path.name: json.loads(path.read_text("utf-8")) for path in folder.iterdir()}
    assert set(written) == {"manifest.json", "manifest.schema.json", "events.schema.json"}
    Draft202012Validator(written["manifest.schema.json"]).validate(written["manifest.json"])
    assert written["events.schema.json"] == events_schema()


def test_who_is_told_may_be_reached_from_every_page_and_nobody_else(hooked: Callable[[str], Blog]) -> None:
    blog = hooked(
        "{endpoint: 'https://stats.example.com/e', adapters: [{kind: plausible, domain: a.example.com}], consent: ask}"
    )
    blog.build()
    texts = [path.read_text("utf-8") for path in blog.site.rglob("*.html")]
    assert {found for text in texts for found in re.findall(r"connect-src [^;\"]*", text)} == {
        "connect-src 'self' blob: https://stats.example.com https://plausible.io"
    }
    said = facts(blog.page(POST))
    assert (said["endpoint"], said["consent"]) == ("https://stats.example.com/e", "ask")
    assert json.loads(said["adapters"]) == [
        {"kind": "plausible", "domain": "a.example.com", "endpoint": "https://plausible.io/api/event"}
    ]
    # Every page asks, whether or not it is a post, and names who is told.
    for url in ("", POST):
        assert "told to Plausible" in element(blog.page(url)) and "data-consent-box hidden" in element(blog.page(url))
    chinese = element(blog.page("blog/2026/11/01/zh/"))
    assert 'lang="zh"' in chinese and "这篇文章对您有帮助吗" in chinese and "可以让本站统计" in chinese
    assert "Yes" not in chinese


@pytest.mark.parametrize("audience", [Audience.AUTHOR, Audience.ANYBODY])
def test_a_preview_shows_what_readers_see_and_tells_nobody(hooked: Callable[[str], Blog], audience: Audience) -> None:
    blog = hooked("{consent: ask, adapters: [{kind: plausible, domain: a.example.com}]}")
    blog.build(audience=audience)
    assert facts(blog.page(POST)).keys() == {"site", "hooks", "post", "preview"}
    assert 'data-hook="reaction"' in element(blog.page(POST)) and "consent" not in element(blog.page(POST))


def test_hooks_that_are_not_understood_stop_the_build_with_file_and_line(hooked: Callable[[str], Blog]) -> None:
    blog = hooked("{}")
    blog.post("bad", "# Bad\n", header="hooks: {likes: false}")
    with pytest.raises(SiteError, match=r"bad\.md:3: `hooks` is \{'likes': False\}"):
        blog.build()
    assert not blog.site.exists()


def test_a_file_of_the_writers_is_not_overwritten(hooked: Callable[[str], Blog]) -> None:
    blog = hooked("{}")
    blog.write("content/engagement/manifest.json", "{}")
    with pytest.raises(SiteError, match=r"'engagement/manifest\.json' would be overwritten"):
        blog.build()


def test_options_that_are_not_understood_stop_the_build(hooked: Callable[[str], Blog]) -> None:
    with pytest.raises(SiteError, match=r"engagement option endpoint: .* must be an address such as"):
        hooked("{endpoint: stats}").build()


def test_without_the_plugin_there_are_no_hooks(blog: Blog) -> None:
    blog.build()
    assert "<engagement-hooks" not in blog.page("") and not (blog.site / "engagement").exists()


def test_the_same_sources_give_the_same_bytes(built: Blog, tmp_path: Path) -> None:
    again = Path(shutil.copytree(built.root, tmp_path / "again"))
    shutil.rmtree(again / "site")
    Blog(again).build()
    assert tree(again / "site/engagement") == tree(built.site / "engagement")
    assert Blog(again).page(POST) == built.page(POST)


def test_the_browsers_modules_are_there_and_of_the_services_those_that_are_told(
    built: Blog, hooked: Callable[[str], Blog]
) -> None:
    own = {path.name for path in (built.site / SCRIPTS).iterdir()}
    assert "engagement.js" in own and not {f"{kind}.js" for kind in ADAPTERS} & own
    blog = hooked("{adapters: [{kind: plausible, domain: a.example.com}]}")
    blog.build()
    assert {path.name for path in (blog.site / SCRIPTS).iterdir()} == own | {"plausible.js"}
