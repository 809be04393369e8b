"""What git and CI tell of a project, asked without network: whether everybody can read its premium sources, and whether its
target keeps the keys of each day for ever."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from site_builder.content.library import Document
from site_builder.content.settings import Settings
from site_builder.errors import LeakError, Place

_KEEPS_HISTORY = re.compile(
    r"peaceiris/actions-gh-pages|JamesIves/github-pages-deploy-action|mkdocs gh-deploy|mike deploy"
)
# What tells those to publish one commit without those before it.
_KEEPS_NONE = re.compile(r"force_orphan:\s*true|single-commit:\s*true|gh-deploy\b.*--no-history")


def refuse_public_sources(
    settings: Settings, documents: Iterable[Document], environment: Mapping[str, str] = os.environ
) -> None:
    """Refuse pages with gated parts that git tracks in a repository of which CI says that everybody can read it.

    A workflow may build sources of another repository than its own: so a remote must have the public one's name. Nothing is
    said of a repository that is not known to be public; most are private.

    Raises:
        LeakError: naming the first such page. Not if the option ``public_sources`` says that this is meant.
    """
    name = public_repository(environment)
    if not name or settings.options.public_sources or not _is_remote(settings.docs_dir, name):
        return
    tracked = set(_git(settings.docs_dir, "ls-files", "-z").split("\0"))
    exposed = [document.source.path for document in documents if document.gated and document.uri in tracked]
    if exposed:
        others = f" (one of {len(exposed)} such pages)" if len(exposed) > 1 else ""
        raise LeakError(
            f"has premium text, and everybody can read it in the public repository {name}{others}",
            place=Place(exposed[0]),
            hint="Make the repository private, or keep the sources in one that is. If everybody may read the sources, say so "
            "with `public_sources: true` in the options of the paywall plugin.",
        )


def public_repository(environment: Mapping[str, str]) -> str:
    """``owner/name`` of the repository for which CI runs, if CI says that it is public; else nothing.

    GitHub, and those whose actions are like its own, tell it in the event's file, GitLab in a variable.
    """
    if environment.get("CI_PROJECT_VISIBILITY") == "public":
        return environment.get("CI_PROJECT_PATH", "")
    try:
        event = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        repository = event["repository"]
        public = repository["private"] is False and repository.get("visibility", "public") == "public"
        return str(repository["full_name"]) if public else ""
    except (KeyError, OSError, TypeError, ValueError, AttributeError):
        return ""


def _is_remote(folder: Path, name: str) -> bool:
    """Whether the work tree has a remote of that name, whatever the host and the protocol."""
    urls = _git(folder, "config", "--get-regexp", r"^remote\..*\.url$").casefold().split()
    return any(re.search(rf"[/:]{re.escape(name.casefold())}(?:\.git)?/?$", url) for url in urls)


def history_kept(settings: Settings, site: Path) -> list[str]:
    """Warnings, in plain words, if the target seems to keep what was published before: then old keys stay there as well."""
    if not settings.offers.by_id:
        return []
    return [
        f"{found}: old files and the keys of their time stay there, and former members can go on using them. {cure}"
        for found, cure in (*_branches(settings), *_workflows(settings), *_work_tree(site))
    ]


def _branches(settings: Settings) -> Iterator[tuple[str, str]]:
    branch = settings.publishing_branch
    refs = _git(settings.root, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").split()
    if any(re.fullmatch(rf"refs/(?:heads|remotes/[^/]+)/{re.escape(branch)}", ref) for ref in refs):
        yield f"the repository has a publishing branch, {branch}", "Deploy without commits, and delete it."


def _workflows(settings: Settings) -> Iterator[tuple[str, str]]:
    top = _git(settings.root, "rev-parse", "--show-toplevel").strip()
    folder = (Path(top) if top else settings.root) / ".github" / "workflows"
    for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
        lines = [line.partition(" #")[0] for line in path.read_text("utf-8", "replace").split("\n")]
        said = "\n".join("" if line.lstrip().startswith("#") else line for line in lines)
        if (found := _KEEPS_HISTORY.search(said)) and not _KEEPS_NONE.search(said):
            line = said.count("\n", 0, found.start()) + 1
            yield (
                f"{Place(path, line)}: {found[0]} publishes to a branch",
                "Deploy without commits, or keep only the newest.",
            )


def _work_tree(site: Path) -> Iterator[tuple[str, str]]:
    """A folder that git would take into its next commit."""
    top = _git(site, "rev-parse", "--show-toplevel").strip()
    if top and (Path(top).resolve() == site.resolve() or not _git(site.parent, "check-ignore", site.name)):
        yield f"{site} is in a git repository, and not ignored there", "Keep it out of git, by .gitignore for example."


def _git(folder: Path, *arguments: str) -> str:
    """What git says; nothing if it refuses, as outside of a repository, or is not there."""
    try:
        command = ["git", "-C", str(folder), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError, UnicodeDecodeError):
        return ""
