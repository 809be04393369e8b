"""`site-builder demos`: which demos a site has, running them, and accepting what they put out."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Column, Table

from site_builder.cli.options import as_json, config_file
from site_builder.cli.progress import Steps, console
from site_builder.content.library import find_documents, read_documents
from site_builder.content.settings import Settings, load_settings, plugin_options, read_config
from site_builder.demos.cachedir import cache_folder
from site_builder.demos.checking import check as check_demos
from site_builder.demos.committed import forget_damaged, is_committed, read_committed, write_committed
from site_builder.demos.fences import demos_of
from site_builder.demos.model import Demo, Language
from site_builder.demos.outcomes import is_sound, judge
from site_builder.demos.packages import lock_packages
from site_builder.demos.settings import DemosOptions
from site_builder.errors import ConfigError, ContentError, Place, SeveralErrors, SiteError

_Command = Callable[..., Any]


def _page_option(command: _Command) -> _Command:
    return click.option(
        "--page", "chosen", multiple=True, metavar="PAGE",
        help="Of this page only, as blog/posts/sorting.md; may be given more than once.",
    )(command)  # fmt: skip


@dataclass(frozen=True)
class _Site:
    """The demos of all pages, drafts too: they are run before they are published."""

    settings: Settings
    options: DemosOptions
    demos: tuple[Demo, ...]
    pages: Collection[str]
    """The pages that are looked at."""

    @property
    def chosen(self) -> list[Demo]:
        return [demo for demo in self.demos if demo.page in self.pages]


@click.group(epilog="See what there is:  site-builder demos list")
def demos() -> None:
    """The demos and exercises of a site: code that readers can change and run."""


@demos.command("list", epilog="Example:  site-builder demos list --page blog/posts/sorting.md")
@config_file
@_page_option
@as_json
def list_(config_file: Path, chosen: tuple[str, ...], as_json: bool) -> None:
    """Show the demos of all pages, drafts too, and whether their output has been accepted. Runs nothing."""
    site = _read(config_file, chosen)
    committed = read_committed(site.settings.docs_dir)
    rows = [
        {
            "page": demo.page, "line": demo.place.line, "id": demo.id, "language": demo.language.value,
            "kind": _kind(demo), "session": demo.options.session, "packages": list(demo.options.packages),
            "net": demo.options.net, "output": _state(demo, demo.id in committed.get(demo.page, {})),
        }
        for demo in site.chosen
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(Column("Place", overflow="fold"), "Demo", "Language", "Kind", "Session", "Output")
    for row in rows:
        table.add_row(
            f"{row['page']}:{row['line']}",
            *(str(row[name]) for name in ("id", "language", "kind", "session", "output")),
        )
    Console(highlight=False, emoji=False, markup=False).print(table)


@demos.command(epilog="Example:  site-builder demos check")
@config_file
@_page_option
@click.option("--compare", is_flag=True, help="Run Python in the browser's Python too, and fail where the two differ.")
@as_json
def check(config_file: Path, chosen: tuple[str, ...], compare: bool, as_json: bool) -> None:
    """Run demos and exercises, and fail on an error, a timeout, or output that is not what was accepted.

    What is known from an earlier run is not run again.
    """
    site = _read(config_file, chosen)
    try:
        with Steps(quiet=as_json) as steps:
            options = site.options.model_copy(update={"compare": compare or site.options.compare})
            checked = check_demos(site.demos, site.settings, options, steps.report, site.pages)
        faults: Sequence[SiteError] = checked.faults
    except ContentError as error:
        faults = [error]
    except SeveralErrors as several:
        faults = several.errors
    if as_json:
        found = [
            {
                "file": str(one.place.file) if one.place else None, "line": one.place.line if one.place else None,
                "what": one.what, "hint": one.hint,
            }
            for one in faults
        ]  # fmt: skip
        click.echo(json.dumps({"demos": len(site.chosen), "faults": found}, ensure_ascii=False))
        if faults:
            raise click.exceptions.Exit(1)
    elif faults:
        raise faults[0] if len(faults) == 1 else SeveralErrors(list(faults))
    else:
        console.print(f"{_many(len(site.chosen), 'demo')} run, nothing is wrong", markup=False)


@demos.command(epilog="Example:  site-builder demos update --page blog/posts/sorting.md")
@config_file
@_page_option
@click.option("--upgrade", is_flag=True, help="Look for newer versions of the Python packages too.")
def update(config_file: Path, chosen: tuple[str, ...], upgrade: bool) -> None:
    """Accept what demos put out now, and choose the Python packages that they ask for. Look at the changes, and commit them.

    What ends with an error that its fence does not announce is not accepted.
    """
    site = _read(config_file, chosen, anew=True)
    docs_dir = site.settings.docs_dir
    with Steps() as steps:
        lock_packages(
            docs_dir, site.demos, cache_folder(), distribution_url=site.options.distribution_url, upgrade=upgrade,
            say=lambda what: console.print(what, markup=False),
        )  # fmt: skip
        checked = check_demos(site.demos, site.settings, site.options, steps.report, site.pages)
    sound = {
        (demo.page, demo.id): run
        for demo in site.chosen
        if (run := checked.runs.get((demo.page, demo.id))) and is_sound(demo, run)
    }
    written = write_committed(docs_dir, site.demos, sound, site.pages)
    for path in written:
        click.echo(f"{'wrote' if path.is_file() else 'removed'} {_short(path)}")
    left = judge(site.demos, checked.runs, read_committed(docs_dir), docs_dir, site.pages)
    console.print(f"{_many(len(site.chosen), 'demo')} run, {_many(len(written), 'file')} changed", markup=False)
    if left:
        raise left[0] if len(left) == 1 else SeveralErrors([*left])


def _read(config_file: Path, chosen: Collection[str], *, anew: bool = False) -> _Site:
    """All demos of the site. ``anew``: outputs that were accepted and can't be read are forgotten, not refused."""
    settings = load_settings(config_file)
    place = Place(config_file)
    written = plugin_options(read_config(config_file), "demos")
    if written is None:
        raise ConfigError("the demos plugin is not among `plugins`", place=place, hint="Add `- demos` there.")
    found: list[Demo] = []
    errors: list[SiteError] = []
    pages: set[str] = set()
    for document in read_documents(find_documents(settings.docs_dir), settings, datetime.now(UTC).date()):
        pages.add(document.uri)
        try:
            found += demos_of(document)
        except SeveralErrors as several:
            errors += several.errors
        except SiteError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    if unknown := sorted(set(chosen) - pages):
        raise click.UsageError(f"there is no page {unknown[0]!r} below {settings.docs_dir}")
    if anew:
        forget_damaged(settings.docs_dir, chosen)
    # Those that only have accepted output are looked at too: their sources are gone.
    every = pages | set(read_committed(settings.docs_dir))
    return _Site(settings, DemosOptions.read(written, place), tuple(found), frozenset(chosen) or every)


def _kind(demo: Demo) -> str:
    return "exercise" if demo.exercise else "live page" if demo.language is Language.HTML else "demo"


def _state(demo: Demo, accepted: bool) -> str:
    if demo.options.notest:
        return "not run"
    if not is_committed(demo):
        return "expected" if demo.options.expect is not None else "tests" if demo.exercise else ""
    return "accepted" if accepted else "none accepted"


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _short(path: Path) -> Path:
    """From the current folder, where it is below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
