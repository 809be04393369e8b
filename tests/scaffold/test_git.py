"""A new blog in git: what it keeps to itself, and two branches with new members each."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from site_builder.build.publish import replacing
from site_builder.scaffold.blog import describe
from site_builder.scaffold.layout import lay_out
from tests.sites import command, environment


def git(blog: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada Example", "-c", "user.email=ada@example.com")
    return subprocess.run(["git", *who, *arguments], cwd=blog, check=True, capture_output=True, text=True).stdout


def members(blog: Path, *arguments: str) -> str:
    done = subprocess.run(
        command("members", *arguments), cwd=blog, env=environment(), check=True, capture_output=True, text=True
    )
    return done.stdout


def add(blog: Path, name: str) -> None:
    members(blog, "add", "--email", f"{name}@example.com", "--tier", "pro")
    git(blog, "add", ".")
    git(blog, "commit", "-qm", f"{name} joins")


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Laid out and committed."""
    folder = tmp_path / "my-blog"
    lay_out(folder, describe("My Blog", "Ada Example", "https://example.com/", "en", date(2026, 11, 22)))
    git(folder, "init", "-qb", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "A new blog")
    return folder


def test_the_key_is_not_committed(blog: Path) -> None:
    assert (blog / ".site-builder/master.key").is_file()
    assert not [path for path in git(blog, "ls-files").split() if "key" in path or "site-builder" in path]


def test_a_build_under_way_or_killed_leaves_nothing_to_commit_whatever_its_folder_is_called(blog: Path) -> None:
    for name in ("site", "public"):
        with replacing(blog / name) as coming:
            (coming / "index.html").write_text("coming")
            (blog / f".{name}.previous").mkdir()
            (blog / f".{name}.previous/index.html").write_text("going")
            assert (blog / f".{name}.lock").is_file() and coming.name == f".{name}.next"
            assert git(blog, "status", "--porcelain") == ""
            (coming / "index.html").unlink()
    assert git(blog, "status", "--porcelain") == ""


def test_two_branches_with_new_members_are_merged_without_a_conflict(blog: Path) -> None:
    add(blog, "ada")
    git(blog, "switch", "-qc", "other")
    add(blog, "bob")
    git(blog, "switch", "-q", "main")
    add(blog, "carl")
    git(blog, "merge", "-q", "--no-edit", "other")
    everybody = members(blog, "list", "--json")
    assert all(f"{name}@example.com" in everybody for name in ("ada", "bob", "carl"))
    assert git(blog, "ls-files", "members.roster*").split() == ["members.roster"]
