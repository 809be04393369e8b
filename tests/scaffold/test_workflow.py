"""The workflow that publishes on GitHub Pages: its form, what it may do, and its steps, run on a fresh clone."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from site_builder.membership.keyfile import load_keys
from site_builder.scaffold.blog import describe
from site_builder.scaffold.layout import lay_out
from site_builder.scaffold.templates import FILES
from tests.sites import environment, tree

TEMPLATE = FILES / "common/dot-github/workflows/pages.yml"
OWN = Path(__file__).parent.parent.parent / ".github/workflows/pages.yml"
SECRET = "SITE_BUILDER_MASTER_KEY"
MEANING = {"github.event_name != 'pull_request'": ("push",), "github.event_name == 'pull_request'": ("pull_request",)}


def workflow(file: Path = TEMPLATE) -> dict[Any, Any]:
    loaded = yaml.safe_load(file.read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def steps(file: Path = TEMPLATE) -> list[dict[str, Any]]:
    return [step for job in workflow(file)["jobs"].values() for step in job["steps"]]


def runs_on(step: dict[str, Any], event: str) -> bool:
    """Whether a step's condition lets it run; any condition that is not known here fails the test."""
    return "if" not in step or event in MEANING[step["if"]]


@pytest.mark.parametrize("file", [TEMPLATE, OWN])
def test_it_fits_the_schema_of_workflows(file: Path) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(file)]
    ran = subprocess.run(check, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_this_repository_differs_from_a_new_blog_in_how_it_installs_alone() -> None:
    ours, theirs = workflow(OWN), workflow()
    for flow in (ours, theirs):
        (install,) = (step for step in flow["jobs"]["build"]["steps"] if step.get("name") == "Install")
        del install["run"]
    assert ours == theirs


@pytest.mark.parametrize("file", [TEMPLATE, OWN])
def test_every_action_is_one_commit_and_its_version_stands_beside_it(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text("utf-8"))
    assert len(used) == 5
    assert all(re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action) for action in used)


@pytest.mark.parametrize("file", [TEMPLATE, OWN])
def test_the_secret_is_given_to_one_step_and_never_to_a_pull_request(file: Path) -> None:
    flow, text = workflow(file), file.read_text("utf-8")
    assert set(flow[True]) == {"push", "pull_request", "workflow_dispatch", "schedule"}
    (build,) = (step for step in steps(file) if "secrets." in str(step))
    assert build["env"] == {SECRET: f"${{{{ secrets.{SECRET} }}}}"}
    assert not runs_on(build, "pull_request")
    assert text.count("secrets.") == 1 and "env" not in flow and not any("env" in job for job in flow["jobs"].values())


@pytest.mark.parametrize("file", [TEMPLATE, OWN])
def test_each_job_may_do_what_it_must_and_no_more(file: Path) -> None:
    flow = workflow(file)
    assert flow["permissions"] == {}
    assert {name: job["permissions"] for name, job in flow["jobs"].items()} == {
        "build": {"contents": "read"},
        "deploy": {"pages": "write", "id-token": "write"},
    }
    (checkout,) = (step for step in steps(file) if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"]["persist-credentials"] is False


@pytest.mark.parametrize("file", [TEMPLATE, OWN])
def test_only_main_is_deployed_and_never_twice_at_once(file: Path) -> None:
    flow = workflow(file)
    deploy = flow["jobs"]["deploy"]
    assert deploy["needs"] == "build"
    assert deploy["if"] == "github.event_name != 'pull_request' && github.ref == 'refs/heads/main'"
    assert flow["concurrency"] == {
        "group": "publish-${{ github.ref }}",
        "cancel-in-progress": "${{ github.event_name == 'pull_request' }}",
    }


@dataclass(frozen=True)
class Clone:
    """A fresh clone of a new blog, and the key that its owner has and the clone has not."""

    folder: Path
    key: str
    path: str

    def run(self, event: str, *, secret: str) -> list[subprocess.CompletedProcess[str]]:
        """Run the commands of the job `build` as GitHub does for ``event``: bash, one step after another, until one fails."""
        done = []
        for step in workflow()["jobs"]["build"]["steps"]:
            if "run" in step and runs_on(step, event):
                given = {name: secret if "secrets." in value else value for name, value in step.get("env", {}).items()}
                shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
                around = {
                    **environment(),
                    "PATH": self.path,
                    "PIP_NO_INDEX": "1",
                    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
                    **given,
                }
                done.append(
                    subprocess.run(shell, cwd=self.folder, env=around, capture_output=True, text=True, timeout=120)
                )
                if done[-1].returncode:
                    break
        return done


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """Laid out, committed, cloned: as `actions/checkout` would find it."""
    blog = tmp_path / "my-blog"
    lay_out(blog, describe("My Blog", "Ada Example", "https://example.com/", "en", date(2026, 11, 22)))
    commit = ["-c", "user.name=Ada Example", "-c", "user.email=ada@example.com", "commit", "-qm", "A new blog"]
    for arguments in (["init", "-qb", "main"], ["add", "."], commit, ["clone", "-q", ".", "../clone"]):
        subprocess.run(["git", *arguments], cwd=blog, check=True, timeout=60)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, command in (("python", [sys.executable]), ("site-builder", [sys.executable, "-m", "site_builder"])):
        tool = tools / name
        tool.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
        tool.chmod(0o755)
    key = str(load_keys(blog / ".site-builder/master.key", {}).current)
    return Clone(tmp_path / "clone", key, f"{tools}:/usr/bin:/bin")


def words(site: Path) -> str:
    """All that can be read in a folder, as one text."""
    return "\n".join(content.decode("utf-8", "replace") for content in tree(site).values())


def test_a_push_builds_the_sealed_site_from_a_fresh_clone(clone: Clone) -> None:
    done = clone.run("push", secret=clone.key)
    assert [step.returncode for step in done] == [0, 0], done[-1].stdout + done[-1].stderr
    site = clone.folder / "site"
    assert (site / "blog/how-to-write-here/index.html").is_file() and (site / "vault/manifest.json").is_file()
    assert len(list((site / "vault/payloads").iterdir())) == 2
    assert "Before you publish" not in words(site) and clone.key not in words(site)


def test_a_pull_request_builds_the_public_site_without_any_key(clone: Clone) -> None:
    done = clone.run("pull_request", secret="")
    assert [step.returncode for step in done] == [0, 0], done[-1].stdout + done[-1].stderr
    site = clone.folder / "site"
    assert (site / "blog/how-to-write-here/index.html").is_file()
    assert "Before you publish" not in words(site)
    assert not list((site / "vault").rglob("*.bin"))


def test_without_the_secret_a_push_stops_with_clear_words(clone: Clone) -> None:
    done = clone.run("push", secret="")
    assert [step.returncode for step in done] == [0, 1]
    assert "there is no master key" in done[-1].stderr and SECRET in done[-1].stderr
    assert not (clone.folder / "site").exists()
