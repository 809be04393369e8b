"""The command line of the newsletter's issues, in a real blog."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from site_builder.cli.newsletter import newsletter
from site_builder.errors import SiteError
from site_builder.newsletter.issue import load_issue
from tests.sites import MATERIAL, Blog, tree

PLUGIN = """newsletter:
      sender: {name: Ada Example, address: ada@example.com}
      postal_address: Example Press, 1 Example Street
      digests: [{id: weekly, every: week}]"""
PREMIUM = """\
# Why caches lie

For everybody, with a ![chart](../chart.png).

<!-- paywall -->

canary-for-supporters

//// paywall | pro
canary-for-pro
////
"""
DAY = ("--date", "2026-11-20")


@pytest.fixture
def letters(new_blog: Callable[..., Blog]) -> Blog:
    """A blog with a newsletter, a post for members that is an issue, and a post that is none."""
    blog = new_blog("letters", plugins=(*MATERIAL, PLUGIN))
    blog.write("content/blog/chart.png", b"\x89PNG\r\n\x1a\n")
    blog.post("why", PREMIUM, header="access: supporter\nnewsletter: true\ntags: [caching]", day="2026-11-10")
    blog.post("other", "# Other\n\nText.\n", day="2026-11-11")
    return blog


def issue_folder(blog: Blog, name: str) -> Path:
    return blog.root / "newsletter" / "issues" / name


def test_all_builds_what_is_due_and_says_so_again(letters: Blog) -> None:
    done = letters.run("newsletter", "build", "--all", *DAY)
    assert done.stdout.split("\n")[:2] == [
        "written    why: public, supporter, pro",
        "written    weekly-2026-W46: public, supporter, pro",
    ]
    before = tree(letters.root / "newsletter")
    again = json.loads(letters.run("newsletter", "build", "--all", "--json", "--date", "2026-11-22").stdout)
    assert [(one["issue"], one["state"], one["variants"]) for one in again] == [
        ("why", "unchanged", ["public", "supporter", "pro"]),
        ("weekly-2026-W46", "unchanged", ["public", "supporter", "pro"]),
    ]
    assert tree(letters.root / "newsletter") == before
    bodies = load_issue(issue_folder(letters, "why")).bodies
    for variant, words in (("public", ()), ("supporter", ("supporters",)), ("pro", ("supporters", "pro"))):
        for part in (bodies[variant].html, bodies[variant].text):
            assert [word for word in ("supporters", "pro") if f"canary-for-{word}" in part] == list(words)
    assert 'src="https://blog.example.com/blog/chart.png"' in bodies["public"].html


def test_issues_do_not_get_into_the_site(letters: Blog) -> None:
    letters.run("newsletter", "build", "why", *DAY)
    letters.run("build", *DAY)
    for path, content in tree(letters.site).items():
        assert b"canary-for" not in content, path
    assert not (letters.site / "newsletter" / "issues").exists()


def test_a_changed_post_is_a_question_and_nothing_is_written(letters: Blog) -> None:
    letters.run("newsletter", "build", "content/blog/posts/why.md", *DAY)
    before = tree(issue_folder(letters, "why"))
    letters.post("why", PREMIUM + "\nMore.\n", header="access: supporter\nnewsletter: true", day="2026-11-10")
    asked = letters.run("newsletter", "build", "why", *DAY, check=False)
    assert asked.returncode == 1 and "`blog/posts/why.md` changed since; shall it be built again?" in asked.stderr
    assert tree(issue_folder(letters, "why")) == before
    letters.run("newsletter", "build", "why", "--again", *DAY)
    assert load_issue(issue_folder(letters, "why")).manifest.revision == 2


def test_list_and_preview_show_what_there_is(letters: Blog) -> None:
    assert [one["state"] for one in json.loads(letters.run("newsletter", "list", "--json", *DAY).stdout)] == [
        "not built"
    ] * 2
    missing = letters.run("newsletter", "preview", "why", check=False)
    assert missing.returncode == 1 and "site-builder newsletter build why" in missing.stderr
    letters.run("newsletter", "build", "why", *DAY)
    listed = json.loads(letters.run("newsletter", "list", "--json", *DAY).stdout)
    assert [(one["issue"], one["date"], one["state"], one["segments"]) for one in listed] == [
        ("weekly-2026-W46", "2026-11-16", "not built", ["everyone"]),
        ("why", "2026-11-10", "built", ["everyone"]),
    ]
    shown = letters.run("newsletter", "preview", "why", "--no-open").stdout.strip()
    assert Path(letters.root, shown) == issue_folder(letters, "why") / "preview.html"


@pytest.mark.parametrize("words", [("build",), ("build", "why", "--all")], ids=str)
def test_build_takes_an_issue_or_all(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(newsletter, words)
    assert done.exit_code == 2 and "Name an issue, or give --all." in done.output


def test_what_can_not_be_done_is_said_and_nothing_is_written(letters: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(letters.root)
    for words, said in (
        (("build", "nope", *DAY), "there is no issue 'nope'"),
        (("build", "weekly-2026-W40", *DAY), "would be empty"),
        (("build", "weekly-2026-W47", *DAY), "is not over before 2026-11-23"),
        (("preview", "../../secret"), "there is no issue"),
    ):
        done = CliRunner().invoke(newsletter, words)
        assert isinstance(done.exception, SiteError) and said in str(done.exception)
    assert not list(letters.root.glob("newsletter/issues/[!.]*"))


def test_a_blog_without_the_plugin_is_told_how_to_add_it(blog: Blog) -> None:
    done = blog.run("newsletter", "list", check=False)
    assert done.returncode == 1 and "the newsletter plugin is not among `plugins`" in done.stderr
