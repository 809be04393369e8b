"""What git and CI tell: premium sources that everybody can read are refused, and targets that keep history are named."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from site_builder.build.repository import history_kept, public_repository, refuse_public_sources
from site_builder.content.library import find_documents, read_documents
from site_builder.errors import LeakError
from tests.sites import TODAY, Blog, environment

PAGE = "# A post\n\nPublic.\n\n<!-- paywall -->\n\nSealed.\n"
GITLAB = {"CI_PROJECT_VISIBILITY": "public", "CI_PROJECT_PATH": "me/blog"}


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, env=environment(), capture_output=True)


@pytest.fixture
def blog(blog: Blog) -> Blog:
    """In git, with a gated post, and ``me/blog`` at some host as its remote."""
    blog.post("a", PAGE, header="access: pro")
    blog.write(".gitignore", "site/\n.site-builder/\n")
    git(blog.root, "init", "-q", "-b", "main")
    git(blog.root, "add", ".")
    git(blog.root, "commit", "-qm", "x")
    git(blog.root, "remote", "add", "origin", "git@git.example.com:Me/blog.git")
    return blog


def event(folder: Path, **repository: object) -> dict[str, str]:
    """The environment of a workflow at GitHub, for ``me/blog``."""
    file = folder / "event.json"
    file.write_text(json.dumps({"repository": {"full_name": "me/blog", **repository}}))
    return {"GITHUB_EVENT_PATH": str(file)}


def ask(blog: Blog, variables: dict[str, str]) -> None:
    settings = blog.settings
    documents = list(read_documents(find_documents(settings.docs_dir), settings, TODAY))
    refuse_public_sources(settings, documents, variables)


def test_what_ci_says_of_its_repository(tmp_path: Path) -> None:
    assert public_repository(event(tmp_path, private=False, visibility="public")) == "me/blog"
    assert public_repository(event(tmp_path, private=False)) == "me/blog"
    assert public_repository(event(tmp_path, private=True, visibility="private")) == ""
    assert public_repository(event(tmp_path, private=True, visibility="internal")) == ""
    assert public_repository(event(tmp_path)) == ""
    assert public_repository(GITLAB) == "me/blog"
    assert public_repository({**GITLAB, "CI_PROJECT_VISIBILITY": "internal"}) == ""


@pytest.mark.parametrize("text", ["", "[]", "{", '{"repository": "me/blog"}', '{"repository": null}', '"x"'])
def test_an_event_that_says_nothing_of_it_is_no_reason_to_refuse(text: str, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text(text)
    assert public_repository({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}) == ""
    assert public_repository({"GITHUB_EVENT_PATH": str(tmp_path / "gone.json")}) == ""
    assert public_repository({}) == ""


@pytest.mark.parametrize(
    "url",
    ["https://github.com/me/blog", "https://token@github.com/me/blog.git", "git@gitlab.com:me/blog.git", "ssh://git@a.example/Me/Blog/"],
)  # fmt: skip
def test_gated_pages_in_a_public_repository_are_refused(blog: Blog, url: str, tmp_path: Path) -> None:
    git(blog.root, "remote", "set-url", "origin", url)
    for variables in (GITLAB, event(tmp_path, private=False)):
        with pytest.raises(LeakError, match="in the public repository me/blog") as refused:
            ask(blog, variables)
        assert refused.value.place is not None
        assert refused.value.place.file == blog.root / "content/blog/posts/a.md"
        assert "public_sources: true" in refused.value.hint


def test_the_number_of_further_pages_is_told(blog: Blog) -> None:
    blog.post("对账", PAGE, header="access: pro")
    git(blog.root, "add", ".")
    with pytest.raises(LeakError, match="one of 2 such pages"):
        ask(blog, GITLAB)


def test_it_is_no_fault_if_the_writer_says_so(blog: Blog) -> None:
    config = blog.config.read_text()
    blog.write("mkdocs.yml", config.replace("site: test-blog", "site: test-blog\n      public_sources: true"))
    ask(blog, GITLAB)


def test_a_workflow_of_one_repository_may_build_the_sources_of_another(blog: Blog) -> None:
    for url in (
        "https://github.com/me/private-blog",
        "https://github.com/me/blog-sources",
        "https://github.com/some/blog",
    ):
        git(blog.root, "remote", "set-url", "origin", url)
        ask(blog, GITLAB)


def test_pages_that_git_does_not_track_are_not_public(blog: Blog) -> None:
    git(blog.root, "rm", "-q", "--cached", "content/blog/posts/a.md")
    ask(blog, GITLAB)


def test_neither_are_those_outside_of_git_or_without_gated_parts(blog: Blog) -> None:
    blog.post("a", "# A post\n\nPublic.\n")
    ask(blog, GITLAB)
    blog.post("a", PAGE, header="access: pro")
    (blog.root / ".git").rename(blog.root / "git")
    ask(blog, GITLAB)
    assert kept(blog) == []


def test_the_build_and_the_audit_refuse_them(blog: Blog, monkeypatch: pytest.MonkeyPatch) -> None:
    blog.build()
    for name, value in GITLAB.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(LeakError, match="public repository"):
        blog.build()
    done = blog.run("audit", check=False)
    assert done.returncode == 1 and "public repository me/blog" in done.stderr


def kept(blog: Blog) -> list[str]:
    blog.site.mkdir(exist_ok=True)
    return history_kept(blog.settings, blog.site)


def test_an_ignored_folder_in_a_repository_without_a_publishing_branch_keeps_nothing(blog: Blog) -> None:
    blog.write(".github/workflows/pages.yml", "jobs: {deploy: {steps: [{uses: actions/deploy-pages@v5}]}}\n")
    git(blog.root, "branch", "gh-pages-old")
    assert kept(blog) == []


def test_a_publishing_branch_is_named_here_and_at_a_remote(blog: Blog) -> None:
    git(blog.root, "update-ref", "refs/remotes/origin/gh-pages", "HEAD")
    (warning,) = kept(blog)
    assert "a publishing branch, gh-pages" in warning
    git(blog.root, "update-ref", "-d", "refs/remotes/origin/gh-pages")
    git(blog.root, "branch", "out/web")
    blog.write("mkdocs.yml", blog.config.read_text() + "\nremote_branch: out/web\n")
    (warning,) = kept(blog)
    assert "a publishing branch, out/web" in warning


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("- uses: peaceiris/actions-gh-pages@v4", "peaceiris/actions-gh-pages"),
        ("- uses: JamesIves/github-pages-deploy-action@v4", "JamesIves/github-pages-deploy-action"),
        ("- run: mkdocs gh-deploy --force", "mkdocs gh-deploy"),
        ("- run: site-builder build", ""),
        ("- run: mkdocs gh-deploy --force --no-history", ""),
        ("# - run: mkdocs gh-deploy", ""),
        ("- run: site-builder build # not mkdocs gh-deploy", ""),
        ("- uses: peaceiris/actions-gh-pages@v4\n  with:\n    force_orphan: true", ""),
    ],
)
def test_a_workflow_that_publishes_to_a_branch_is_named_with_its_line(blog: Blog, step: str, said: str) -> None:
    blog.write(".github/workflows/web.yaml", f"jobs:\n  web:\n    steps:\n{step}\n")
    warnings = kept(blog)
    assert len(warnings) == bool(said)
    assert not said or f".github/workflows/web.yaml:4: {said} publishes to a branch" in warnings[0]


def test_a_folder_that_git_would_take_into_its_next_commit_is_named(blog: Blog) -> None:
    blog.write(".gitignore", ".site-builder/\n")
    (warning,) = kept(blog)
    assert warning.startswith(f"{blog.site} is in a git repository, and not ignored there")


def test_a_folder_that_is_a_repository_by_itself_is_named_although_ours_ignores_it(blog: Blog) -> None:
    blog.site.mkdir()
    git(blog.site, "init", "-q")
    assert len(kept(blog)) == 1


def test_where_nothing_is_sealed_no_key_can_stay(blog: Blog) -> None:
    git(blog.root, "branch", "gh-pages")
    assert len(kept(blog)) == 1
    config = blog.config.read_text()
    blog.write("mkdocs.yml", config[: config.index("      tiers:")] + config[config.index("markdown_extensions:") :])
    assert kept(blog) == []


def test_a_build_and_an_audit_warn_and_go_on(blog: Blog) -> None:
    git(blog.root, "branch", "gh-pages")
    report = blog.build(strict=True)
    assert len(report.warnings) == 1 and "gh-pages" in report.warnings[0]
    done = blog.run("audit")
    assert "warning" in done.stderr and "gh-pages" in done.stderr and "clean" in done.stderr
    assert json.loads(blog.run("audit", "--json").stdout)["warnings"] == list(report.warnings)
