from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from site_builder.content.settings import load_settings
from tests.sites import command, environment, tree


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, in ``folder``."""
    return subprocess.run(
        command(*arguments), cwd=folder, env=environment(), capture_output=True, text=True, timeout=60
    )


def test_init_lays_out_a_blog_and_tells_what_comes_next(tmp_path: Path) -> None:
    ran = run(
        tmp_path,
        "init",
        "my-blog",
        "--name",
        "Notes",
        "--author",
        "Bo Example",
        "--url",
        "https://example.com/b",
        "--lang",
        "zh",
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert 'Laid out "Notes" in my-blog: 17 files' in ran.stdout
    assert [line.split("  ")[1] for line in ran.stdout.splitlines() if line.startswith("  ")] == [
        "cd my-blog",
        "site-builder serve",
        'site-builder new post "A title"',
        "site-builder build",
    ]
    config = (tmp_path / "my-blog" / "mkdocs.yml").read_text("utf-8")
    assert 'site_name: "Notes"\n' in config and "language: zh\n" in config and 'site_author: "Bo Example"\n' in config
    assert load_settings(tmp_path / "my-blog" / "mkdocs.yml").site_url == "https://example.com/b/"
    key = (tmp_path / "my-blog" / ".site-builder" / "master.key").read_text().strip()
    assert key not in ran.stdout


def test_init_twice_fails_and_changes_nothing(tmp_path: Path) -> None:
    assert run(tmp_path, "init", "my-blog").returncode == 0
    before = tree(tmp_path)
    again = run(tmp_path, "init", "my-blog")
    assert again.returncode == 1 and again.stdout == ""
    assert "my-blog: the folder is not empty: it has .gitattributes, .github, .gitignore" in again.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize("arguments", [("--url", "example.com"), ("--name", ""), ("--author", "<b>")])
def test_init_refuses_what_would_not_work_and_writes_nothing(tmp_path: Path, arguments: tuple[str, str]) -> None:
    ran = run(tmp_path, "init", "my-blog", *arguments)
    assert ran.returncode == 1 and ran.stderr.startswith("error the ")
    assert list(tmp_path.iterdir()) == []


def test_new_prints_the_path_of_what_it_made_and_nothing_else(tmp_path: Path) -> None:
    run(tmp_path, "init", "my-blog")
    blog = tmp_path / "my-blog"
    post = run(
        blog, "new", "post", "Hello", "--access", "pro", "--date", "2027-01-15", "--tag", "a", "--tag", "b", "--draft"
    )
    assert (post.returncode, post.stdout, post.stderr) == (0, "content/blog/posts/hello.md\n", "")
    text = (blog / "content/blog/posts/hello.md").read_text("utf-8")
    assert "date: 2027-01-15\n" in text and "tags: [a, b]\n" in text and "access: pro\ndraft: true\n" in text
    page = run(tmp_path, "new", "page", "Talks", "-f", "my-blog/mkdocs.yml")
    assert (page.returncode, page.stdout, page.stderr) == (0, "my-blog/content/talks.md\n", "")


def test_new_says_what_is_wrong_and_what_would_be_right(tmp_path: Path) -> None:
    run(tmp_path, "init", "my-blog")
    bad = run(tmp_path / "my-blog", "new", "post", "Hello", "--access", "gold")
    assert bad.returncode == 1 and bad.stdout == ""
    assert bad.stderr.startswith(
        "error --access: access 'gold' is not known\n  It may be public, members, supporter, pro"
    )
    elsewhere = run(tmp_path, "new", "post", "Hello")
    assert elsewhere.returncode == 1 and "there is no such file" in elsewhere.stderr
    assert run(tmp_path / "my-blog", "new", "post", "Hello", "--date", "soon").returncode == 2


@pytest.mark.parametrize("words", [("init",), ("new",), ("new", "post"), ("new", "page")])
def test_help_has_an_example(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = run(tmp_path, *words, "--help")
    assert ran.returncode == 0 and f"Example:  site-builder {' '.join(words)}" in ran.stdout
