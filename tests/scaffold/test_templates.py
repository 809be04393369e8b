from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from packaging.specifiers import SpecifierSet

from site_builder import __version__
from site_builder.content.access import page_access
from site_builder.content.gate import split
from site_builder.content.settings import load_settings
from site_builder.content.source import parse_source
from site_builder.scaffold.blog import LANGUAGES, Blog, describe
from site_builder.scaffold.templates import FILES, markdown, quoted, rendered

TODAY = date(2026, 11, 22)
names = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="<>"), min_size=1, max_size=20)


def blog(lang: str = "en", name: str = "My Blog", author: str = "Ada Example") -> Blog:
    return describe(name, author, "https://example.com/", lang, TODAY)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_blog_has_all_that_a_paid_blog_needs(lang: str) -> None:
    assert set(rendered(blog(lang))) == {
        ".gitattributes",
        ".github/workflows/pages.yml",
        ".gitignore",
        "README.md",
        "content/about.md",
        "content/account.md",
        "content/assets/author.svg",
        "content/blog/.authors.yml",
        "content/blog/index.md",
        "content/blog/posts/how-to-write-here.md",
        "content/index.md",
        "content/membership.md",
        "content/privacy.md",
        "content/tags.md",
        "content/unlock.md",
        "mkdocs.yml",
        "requirements.txt",
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_placeholder_is_left_and_no_word_is_missing(lang: str) -> None:
    for path, text in rendered(blog(lang)).items():
        assert "[[" not in text and "[%" not in text, path
        assert text.endswith("\n") and not text.endswith("\n\n"), path
    words = [yaml.safe_load((FILES / f"words.{lang}.yml").read_text("utf-8")) for lang in LANGUAGES]
    assert {key for word in words for key in word} - set(words[0]) <= {"search"}
    assert all(isinstance(text, str) for word in words for text in leaves(word))


def leaves(words: object) -> list[object]:
    return [leaf for value in words.values() for leaf in leaves(value)] if isinstance(words, dict) else [words]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_settings_are_those_that_were_asked_for(lang: str, tmp_path: Path) -> None:
    wanted = describe("My Blog: 100%", 'Ada "A" Example', "https://example.com/notes", lang, TODAY)
    (tmp_path / "mkdocs.yml").write_text(rendered(wanted)["mkdocs.yml"], "utf-8")
    settings = load_settings(tmp_path / "mkdocs.yml")
    assert (settings.site, settings.site_url) == (wanted.site, "https://example.com/notes/")
    assert settings.docs_dir == tmp_path / "content"
    assert settings.offers.tier_ids == ("supporter", "pro")
    assert all(tier.name and tier.price and tier.description for tier in settings.offers.tiers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_front_matter_is_sound_and_every_gate_is_understood(lang: str, tmp_path: Path) -> None:
    files = rendered(blog(lang))
    (tmp_path / "mkdocs.yml").write_text(files["mkdocs.yml"], "utf-8")
    settings = load_settings(tmp_path / "mkdocs.yml")
    gated = {}
    for path, text in files.items():
        if path.startswith("content/") and path.endswith(".md"):
            source = parse_source(tmp_path / path, text)
            assert source.meta["description"], path
            access = page_access(source, settings.docs_dir, settings.offers, TODAY)
            gated[path] = [part.entitlements for part in split(source, access, settings.offers) if part.number]
    assert gated.pop("content/blog/posts/how-to-write-here.md") == [("supporter",), ("pro",)]
    assert not any(gated.values())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_prices_on_the_membership_page_are_those_of_the_configuration(lang: str, tmp_path: Path) -> None:
    files = rendered(blog(lang))
    (tmp_path / "mkdocs.yml").write_text(files["mkdocs.yml"], "utf-8")
    for tier in load_settings(tmp_path / "mkdocs.yml").offers.tiers:
        assert tier.name in files["content/membership.md"] and tier.price in files["content/membership.md"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_that_unlock_say_what_to_do_without_script(lang: str) -> None:
    files = rendered(blog(lang))
    for path, element in (("content/unlock.md", "unlock-form"), ("content/account.md", "membership-account")):
        body = parse_source(Path(path), files[path]).body
        html = Markdown(extensions=["md_in_html"]).convert(body)
        inside = re.search(rf"<div>\s*<{element}>\s*<p>(.+?)</p>\s*</{element}>\s*</div>", html)
        assert inside and "JavaScript" in inside[1], path


def test_the_article_s_author_is_in_the_file_of_authors() -> None:
    files = rendered(blog(author="Åsa O'Neil, Jr."))
    authors = yaml.safe_load(files["content/blog/.authors.yml"])["authors"]
    assert {author["name"] for author in authors.values()} == {"Åsa O'Neil, Jr."}
    assert parse_source(Path("post.md"), files["content/blog/posts/how-to-write-here.md"]).meta["authors"] == list(
        authors
    )
    assert all(f"content/{author['avatar']}" in files for author in authors.values())


def test_an_author_whose_name_reads_as_another_type_stays_text() -> None:
    files = rendered(blog(author="1984"))
    assert list(yaml.safe_load(files["content/blog/.authors.yml"])["authors"]) == ["1984"]


def test_a_new_blog_asks_for_this_version_or_its_successors() -> None:
    name, version = re.fullmatch(r"([\w-]+)(.*)\n", rendered(blog())["requirements.txt"]).groups()  # type: ignore[union-attr]
    assert name == "site-builder" and __version__ in SpecifierSet(version)


def test_nothing_is_loaded_from_another_host() -> None:
    files = rendered(blog())
    assert yaml.load(files["mkdocs.yml"], yaml.BaseLoader)["theme"]["font"] == "false"
    assert not [path for path, text in files.items() if re.search(r"(?:src|avatar)[=:]\s*\"?https?:", text)]


@given(names)
def test_any_name_is_the_same_name_in_yaml(name: str) -> None:
    assert yaml.safe_load(f"site_name: {quoted(name)} # a comment")["site_name"] == name


@given(names)
def test_any_name_shows_as_it_is_in_markdown(name: str) -> None:
    reader = Markdown(extensions=["abbr", "attr_list", "footnotes", "tables", "pymdownx.keys", "pymdownx.mark"])
    shown = name.replace("&", "&amp;")
    assert reader.convert(f"This is {markdown(name)}, read by all.") == f"<p>This is {shown}, read by all.</p>"
    assert reader.reset().convert(f"# {markdown(name)}") == f"<h1>{shown}</h1>"
