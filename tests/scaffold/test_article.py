from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.build.inputs import Audience, BuildInputs
from site_builder.build.run import build
from site_builder.content.access import page_access
from site_builder.content.settings import load_settings
from site_builder.content.source import is_draft, read_source, written_on
from site_builder.errors import ConfigError, ContentError
from site_builder.scaffold.article import Heading, new_page, new_post
from site_builder.scaffold.blog import describe
from site_builder.scaffold.layout import lay_out

DAY = date(2027, 1, 15)
titles = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40).map(lambda title: f"A{title}")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The mkdocs.yml of a new blog."""
    lay_out(tmp_path / "blog", describe("My Blog", "Ada Example", "https://example.com/", "en", date(2026, 11, 22)))
    return tmp_path / "blog" / "mkdocs.yml"


def edit(config: Path, old: str, new: str) -> None:
    text = config.read_text("utf-8")
    assert old in text
    config.write_text(text.replace(old, new), "utf-8")


def test_a_post_stands_in_the_blog_with_its_front_matter(config: Path) -> None:
    heading = Heading('Why "caches" lie: a story', access="pro", tags=("caching", "c++"), draft=True)
    file = new_post(config, heading, DAY)
    assert file == config.parent / "content/blog/posts/why-caches-lie-a-story.md"
    assert file.read_text("utf-8") == (
        "---\n"
        "title: 'Why \"caches\" lie: a story'\n"
        "description: ''\n"
        "date: 2027-01-15\n"
        "slug: why-caches-lie-a-story\n"
        "authors: [ada-example]\n"
        "tags: [caching, c++]\n"
        "access: pro\n"
        "draft: true\n"
        "---\n\n…\n\n<!-- paywall -->\n\n…\n"
    )


def test_a_public_post_says_where_its_excerpt_ends(config: Path) -> None:
    file = new_post(config, Heading("Hello"), DAY)
    assert file.read_text("utf-8").endswith("---\n\n…\n\n<!-- more -->\n\n…\n")
    assert "access" not in read_source(file).meta and "draft" not in read_source(file).meta


def test_the_front_matter_is_what_the_build_reads(config: Path) -> None:
    source = read_source(new_post(config, Heading("Hello", access="members", draft=True), DAY))
    settings = load_settings(config)
    assert written_on(source) == DAY and is_draft(source)
    assert page_access(source, settings.docs_dir, settings.offers, DAY).entitlements == ("supporter",)


def test_what_was_begun_can_be_built_at_once(config: Path) -> None:
    new_post(config, Heading("Hello"), DAY)
    new_post(config, Heading("Members", access="pro"), DAY)
    new_page(config, Heading("Handbook", access="supporter"))
    report = build(config, None, BuildInputs(DAY, Audience.ANYBODY), strict=True)
    assert all((report.site / page / "index.html").is_file() for page in ("blog/hello", "blog/members", "handbook"))


def test_a_chinese_title_keeps_its_characters(config: Path) -> None:
    file = new_post(config, Heading("用 Python 写协程：第一课", tags=("协程",)), DAY)
    assert file.name == "用-python-写协程-第一课.md"
    text = file.read_text("utf-8")
    assert "title: 用 Python 写协程：第一课\n" in text and "tags: [协程]\n" in text


@given(title=titles)
def test_any_title_is_read_back_as_it_was_given(title: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    config = tmp_path_factory.mktemp("blog") / "mkdocs.yml"
    config.write_text("plugins: [blog, paywall]\n", "utf-8")
    meta = read_source(new_post(config, Heading(title, tags=(title,)), DAY)).meta
    assert (meta["title"], meta["tags"]) == (title, [title])
    assert isinstance(meta["slug"], str)


def test_a_page_stands_beside_the_blog(config: Path) -> None:
    file = new_page(config, Heading("Talks & slides", tags=("talks",)))
    assert file == config.parent / "content/talks-slides.md"
    assert file.read_text("utf-8") == "---\ntitle: Talks & slides\ndescription: ''\ntags: [talks]\n---\n\n…\n"
    assert (
        new_page(config, Heading("Extras", access="public")).read_text("utf-8").endswith("access: public\n---\n\n…\n")
    )
    assert new_page(config, Heading("Handbook", access="pro")).read_text("utf-8").endswith("<!-- paywall -->\n\n…\n")


@pytest.mark.parametrize("access", ["gold", "Pro", "", "pro,", "{tiers: [pro]}"])
def test_an_access_that_nobody_can_have_is_refused_before_anything_is_written(config: Path, access: str) -> None:
    for make in (lambda heading: new_post(config, heading, DAY), lambda heading: new_page(config, heading)):
        with pytest.raises(ContentError, match=r"--access: access .* is not known") as refused:
            make(Heading("Hello", access=access))
        assert "public, members, supporter, pro" in refused.value.hint
    assert not list(config.parent.rglob("hello.md"))


def test_what_is_there_already_is_left_as_it_is(config: Path) -> None:
    file = new_post(config, Heading("Hello, world"), DAY)
    file.write_text("a day's work", "utf-8")
    with pytest.raises(ContentError, match="is there already") as refused:
        new_post(config, Heading("Hello world!"), DAY)
    assert refused.value.place and refused.value.place.file == file
    assert file.read_text("utf-8") == "a day's work"


@pytest.mark.parametrize("title", ["", "?!", "two\nlines", "bell\x07"])
def test_a_title_without_letters_or_with_line_breaks_is_refused(config: Path, title: str) -> None:
    with pytest.raises(ContentError, match="the title is"):
        new_post(config, Heading(title), DAY)


def test_the_blog_may_stand_elsewhere(config: Path) -> None:
    edit(config, "blog_dir: blog", "blog_dir: notes\n      post_dir: '{blog}/all'")
    assert new_post(config, Heading("Hello"), DAY) == config.parent / "content/notes/all/hello.md"


def test_the_blog_may_be_the_whole_site(config: Path) -> None:
    edit(config, "blog_dir: blog", "blog_dir: .")
    assert new_post(config, Heading("Hello"), DAY) == config.parent / "content/posts/hello.md"


@pytest.mark.parametrize(
    "plugins", ["[blog, paywall]", "{blog: , paywall: }", "[material/blog: {blog_dir: blog}, paywall]"]
)
def test_plugins_may_be_written_in_every_way_that_mkdocs_reads(config: Path, plugins: str) -> None:
    config.write_text(f"docs_dir: content\nplugins: {plugins}\n", "utf-8")
    assert new_post(config, Heading("Hello"), DAY) == config.parent / "content/blog/posts/hello.md"


def test_without_a_blog_there_is_no_place_for_a_post(config: Path) -> None:
    config.write_text("plugins: [paywall]\n", "utf-8")
    with pytest.raises(ConfigError, match="blog plugin"):
        new_post(config, Heading("Hello"), DAY)


def test_of_several_authors_none_is_chosen(config: Path) -> None:
    authors = config.parent / "content/blog/.authors.yml"
    authors.write_text("authors: {ada: {name: Ada}, bob: {name: Bob}}\n", "utf-8")
    assert "authors" not in read_source(new_post(config, Heading("Hello"), DAY)).meta
    authors.unlink()
    assert "authors" not in read_source(new_post(config, Heading("Hello again"), DAY)).meta


@pytest.mark.parametrize("text", ["authors: [", "- ada", "\xff"])
def test_a_damaged_file_of_authors_is_named(config: Path, text: str) -> None:
    authors = config.parent / "content/blog/.authors.yml"
    authors.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"\.authors\.yml"):
        new_post(config, Heading("Hello"), DAY)
