"""`site-builder newsletter`: issues built of posts, listed and looked at. How they are sent stands in `newsletter_send`."""

from __future__ import annotations

import json
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.table import Column, Table

from site_builder.build.inputs import BuildInputs, build_date
from site_builder.cli.newsletter_send import COMMANDS
from site_builder.cli.options import as_json, build_day, config_file
from site_builder.cli.progress import Steps, console
from site_builder.content.items import Item
from site_builder.content.settings import load_settings
from site_builder.errors import IssueError, Place, SeveralErrors, SiteError
from site_builder.newsletter.building import Built, build_issue, built_issues, refuse_published
from site_builder.newsletter.drafts import Draft, digest_drafts, find_draft, post_drafts
from site_builder.newsletter.issue import ISSUES, load_issue
from site_builder.newsletter.ledger import was_sent
from site_builder.newsletter.publication import Publication, read_publication


@dataclass(frozen=True)
class Press:
    """Where the commands work: the newsletter, its posts as they stand on a day, and the folder of its issues."""

    publication: Publication
    items: tuple[Item, ...]
    issues: Path
    today: date


def open_press(config_file: Path, day: date | None, *, quiet: bool) -> Press:
    """Read mkdocs.yml and every post. Raises SiteError."""
    publication, settings = read_publication(config_file), load_settings(config_file)
    issues = settings.root / ISSUES
    refuse_published(issues, settings.docs_dir, settings.site_dir)
    today = day or build_date(settings.options.build_date)
    from site_builder.build.items import gather

    with Steps(quiet=quiet) as steps:
        items = gather(config_file, BuildInputs(today, progress=steps.report))
    return Press(publication, items, issues, today)


@click.group(epilog="Example:  site-builder newsletter build why-caches-lie")
def newsletter() -> None:
    """The newsletter: issues made of posts and digests. An ISSUE is named by its id; `newsletter list` shows them."""


@newsletter.command(epilog="Example:  site-builder newsletter build why-caches-lie")
@click.argument("issue", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Build every post's issue, and each digest's newest week or month."
)
@click.option("--again", is_flag=True, help="Make a new revision of an issue that has changed, if it was not sent.")
@build_day
@config_file
@as_json
def build(issue: str | None, everything: bool, again: bool, day: date | None, config_file: Path, as_json: bool) -> None:
    """Write an issue as a folder below newsletter/issues/: one mail for each group of readers who may read the same.

    ISSUE is an id, or the path of a post. An issue is written whole or not at all, and never changes afterwards.
    """
    if bool(issue) == everything:
        raise click.UsageError("Name an issue, or give --all. `site-builder newsletter list` shows what there is.")
    press = open_press(config_file, day, quiet=as_json)
    done: list[tuple[Draft, Built]] = []
    errors: list[SiteError] = []
    for draft in _due(press) if everything else [find_draft(issue or "", press.items, press.publication, press.today)]:
        if everything and was_sent(press.issues / draft.id):
            continue
        try:
            done.append((draft, build_issue(draft, press.publication, press.issues, press.today, again=again)))
        except IssueError as error:
            errors.append(error)
    if as_json:
        click.echo(json.dumps([_as_data(draft, built) for draft, built in done], ensure_ascii=False))
    else:
        _show_built(done)
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)


def _due(press: Press) -> list[Draft]:
    """Every post's issue, and the newest of each digest that has one; an empty week is no error here."""
    newest: dict[str, Draft] = {}
    for draft in digest_drafts(press.items, press.publication, press.today):
        newest.setdefault(draft.digest, draft)
    return [*post_drafts(press.items, press.publication), *newest.values()]


def _as_data(draft: Draft, built: Built) -> dict[str, object]:
    return {
        "issue": draft.id,
        "folder": str(built.folder),
        "state": built.state,
        "variants": list(built.variants),
        "warnings": list(built.warnings),
    }


def _show_built(done: Sequence[tuple[Draft, Built]]) -> None:
    for warning in dict.fromkeys(warning for _, built in done for warning in built.warnings):
        console.print("[yellow]warning[/]", end=" ")
        console.print(warning, markup=False)
    for draft, built in done:
        click.echo(f"{built.state:<9}  {draft.id}: {', '.join(built.variants)}")
    if not done:
        click.echo("Nothing to build.")


@newsletter.command("list", epilog="Example:  site-builder newsletter list --json")
@build_day
@config_file
@as_json
def list_(day: date | None, config_file: Path, as_json: bool) -> None:
    """Show which issues there could be, which were built, and which were sent."""
    press = open_press(config_file, day, quiet=as_json)
    drafts = [
        *post_drafts(press.items, press.publication),
        *digest_drafts(press.items, press.publication, press.today),
    ]
    drafts.sort(key=lambda draft: (draft.day, draft.id), reverse=True)
    known = {draft.id for draft in drafts}
    rows = [
        (draft.id, draft.day.isoformat(), _state(press.issues / draft.id), draft.subject, list(draft.segments))
        for draft in drafts
    ]
    for folder in built_issues(press.issues):
        if folder.name not in known:  # its post was renamed, or is no longer for the newsletter
            said = load_issue(folder).manifest
            rows.append((said.id, said.built.isoformat(), _state(folder), said.subject, list(said.segments)))
    if as_json:
        names = ("issue", "date", "state", "subject", "segments")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False))
        return
    # An id is for typing: it is shown whole.
    table = Table(Column("Issue", overflow="fold"), "Date", "State", "Subject", "To")
    for *cells, segments in rows:
        table.add_row(*map(str, cells), ", ".join(segments))
    Console(highlight=False, emoji=False, markup=False).print(
        table if rows else "No issues: no post has `newsletter: true`, and no digest has posts."
    )


def _state(folder: Path) -> str:
    if not folder.exists():
        return "not built"
    return "sent" if was_sent(folder) else "built"


@newsletter.command(epilog="Example:  site-builder newsletter preview why-caches-lie --no-open")
@click.argument("issue")
@click.option("--no-open", is_flag=True, help="Only print the path of the page.")
@config_file
def preview(issue: str, no_open: bool, config_file: Path) -> None:
    """Open the page that shows all mails of an issue in a browser. It stays on this machine."""
    issues = load_settings(config_file).root / ISSUES
    folder = issues / issue
    if folder not in built_issues(issues):
        raise IssueError(
            f"there is no issue {issue!r} that was built",
            place=Place(issues),
            hint=f"Build it with `site-builder newsletter build {issue}`.",
        )
    page = load_issue(folder).folder / "preview.html"
    click.echo(page)
    if not no_open:
        webbrowser.open(page.resolve().as_uri())


for command in COMMANDS:
    newsletter.add_command(command)
