"""mkdocs.yml as the commands read it: the plugin's options validated, paths as MkDocs has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from site_builder.content.settings import load_settings, site_id
from site_builder.errors import ConfigError

OPTIONS = "tiers: [{id: pro, name: Pro}]"


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / "mkdocs.yml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    "plugins",
    [
        f"[search, paywall: {{{OPTIONS}}}]",
        f"{{search: {{}}, paywall: {{{OPTIONS}}}}}",
        f"\n  - search\n  - paywall:\n      {OPTIONS}\n",
        f"\n  search: {{}}\n  paywall:\n    {OPTIONS}\n",
    ],
)
def test_plugins_may_be_listed_or_mapped(tmp_path: Path, plugins: str) -> None:
    settings = load_settings(write(tmp_path, f"site_name: My Blog!\nplugins: {plugins}\n"))
    assert (settings.site, settings.offers.tier_ids) == ("my-blog", ("pro",))
    assert (settings.docs_dir, settings.site_dir) == (tmp_path / "docs", tmp_path / "site")


def test_python_objects_and_environment_variables_of_mkdocs_are_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BLOG_URL", "https://blog.example.com/")
    text = (
        "site_name: x\nsite_url: !ENV [BLOG_URL, 'https://example.com/']\nplugins: [paywall]\n"
        "markdown_extensions:\n  - toc: {slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}}\n"
        "  - pymdownx.emoji: {emoji_index: !!python/name:material.extensions.emoji.twemoji }\n"
        "  - pymdownx.snippets: {base_path: !relative $docs_dir}\n"
    )
    assert load_settings(write(tmp_path, text)).site_url == "https://blog.example.com/"


def test_paths_are_absolute_without_dots_and_do_not_follow_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "real", "site_name: x\ndocs_dir: ../real/./content\nplugins: [paywall]\n")
    (tmp_path / "linked").symlink_to(tmp_path / "real")
    assert load_settings(tmp_path / "linked/mkdocs.yml").docs_dir == tmp_path / "real/content"
    assert load_settings(tmp_path / "linked/mkdocs.yml").site_dir == tmp_path / "linked/site"
    monkeypatch.chdir(tmp_path)
    assert load_settings(Path("linked/../linked/mkdocs.yml")).site_dir == tmp_path / "linked/site"
    assert load_settings(Path("real/mkdocs.yml")).root == tmp_path / "real"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("site_name: x\n", "not among `plugins`"),
        ("site_name: x\nplugins: [search]\n", "not among `plugins`"),
        ("site_name: x\nplugins: paywall\n", "not among `plugins`"),
        ("- site_name: x\n", "not a mapping"),
        ("", "not a mapping"),
        ("site_name: x\nplugins: [\n", "mkdocs.yml:3: is not YAML"),
        ("plugins: [paywall: {tiers: [{id: pro}]}]\n", "tiers.0.name"),
        ("plugins: [paywall: {tiers: [{id: a, name: A}, {id: a, name: B}]}]\n", "stands twice"),
        ("plugins: [paywall: {tiers: pro}]\n", "paywall option tiers"),
        ("plugins: [paywall: {teirs: []}]\n", "paywall option teirs"),
        ("plugins: [paywall: {site: My Blog}]\n", "paywall option site"),
        ("plugins: [paywall: {rotation: 0}]\n", "paywall option rotation"),
        ("plugins: [paywall: {generation: -1}]\n", "paywall option generation"),
        ("plugins: [paywall: {build_date: soon}]\n", "paywall option build_date"),
        ("plugins: [paywall: {unlock_page: /unlock/}]\n", "paywall option unlock_page"),
        ("plugins: [paywall: {unlock_page: ../unlock/}]\n", "paywall option unlock_page"),
        ("plugins: [paywall: {account_page: 'https://example.com'}]\n", "paywall option account_page"),
        ("plugins: [paywall: [tiers]]\n", "paywall option"),
        ("plugins: [paywall: yes]\n", "paywall option"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, text: str, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(write(tmp_path, text))
    assert word in str(caught.value)


def test_a_missing_file_and_one_that_is_no_text_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_settings(tmp_path / "mkdocs.yml")
    (tmp_path / "mkdocs.yml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="not UTF-8"):
        load_settings(tmp_path / "mkdocs.yml")


def test_a_build_date_is_a_day(tmp_path: Path) -> None:
    file = write(tmp_path, "plugins: [paywall: {build_date: 2026-11-22}]\n")
    assert load_settings(file).options.build_date == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("My Blog", "my-blog"),
        ("  A & B! ", "a-b"),
        ("博客", "site"),
        ("", "site"),
        ("x" * 80, "x" * 63),
        ("Ünï 1", "n-1"),
    ],
)
def test_a_site_id_is_made_of_the_name(name: str, made: str) -> None:
    assert site_id(name) == made


def test_an_unknown_option_is_told_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"paywall option teirs") as refused:
        load_settings(write(tmp_path, "site_name: x\nplugins: [paywall: {teirs: []}]\n"))
    assert "tiers, products, roster" in refused.value.hint and "id, name, price" in refused.value.hint
