"""`site-builder newsletter send`, `status`, `resolve`: an issue goes out, and what became of each mail."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from site_builder.cli.dates import now, today
from site_builder.cli.newsletter_subscribers import bounces, subscribers
from site_builder.cli.options import Day, as_json, config_file
from site_builder.cli.progress import Steps
from site_builder.content.settings import load_settings
from site_builder.errors import Place, SendingError
from site_builder.newsletter.dispatch import Dispatch, issue_folder, open_dispatch
from site_builder.newsletter.ledger import STATES, Ledger, only_sender, was_sent
from site_builder.newsletter.pace import Clock


@click.command(epilog="Example:  site-builder newsletter send why-caches-lie --canary 5")
@click.argument("issue")
@click.option(
    "--to",
    "segments",
    metavar="SEGMENT",
    multiple=True,
    help="Send to this segment instead of those that the issue names; may be repeated.",
)
@click.option("--dry-run", is_flag=True, help="Only say how many would get which variant.")
@click.option(
    "--canary", metavar="N", type=click.IntRange(1), help="Stop after the first N mails; they have each variant."
)
@click.option("--resume", is_flag=True, help="Go on with an issue whose sending has begun.")
@click.option(
    "--date",
    "day",
    type=Day(),
    metavar="DAY",
    default=today,
    help="The day by which memberships are judged. By default today, in UTC.",
)
@config_file
@as_json
def send(
    issue: str,
    segments: tuple[str, ...],
    dry_run: bool,
    canary: int | None,
    resume: bool,
    day: date,
    config_file: Path,
    as_json: bool,
) -> None:
    """Send an issue that was built to everybody who may get it, each with what they may read, and nobody twice.

    Whom it goes to is settled when sending begins. What became of each mail stands in a ledger beside the issue, so that a
    run which ended in the middle can go on. The exit code is 0 only if no mail failed and none is in doubt.
    """
    dispatch = open_dispatch(config_file, issue, day, segments)
    with dispatch.subscribers:
        if dry_run:
            _show_plan(dispatch, as_json)
            return
        with Steps(quiet=as_json) as steps:
            dispatch.send(resume=resume, only=canary, clock=Clock(), watch=partial(steps.report, "Sending"))
    _show(dispatch.issue.folder, as_json)
    _complain(dispatch.issue.folder)


def _show_plan(dispatch: Dispatch, as_json: bool) -> None:
    dispatch.try_out(dispatch.addressees)
    counts = Counter(one.variant for one in dispatch.addressees)
    before = _state(dispatch.issue.folder)["mails"] if was_sent(dispatch.issue.folder) else None
    if as_json:
        plan = {
            "issue": dispatch.issue.id,
            "transport": dispatch.options.kind,
            "variants": dict(sorted(counts.items())),
        }
        click.echo(json.dumps({**plan, "before": before}))
        return
    for variant, count in sorted(counts.items()):
        click.echo(f"{count:>6}  {variant}")
    click.echo(f"{counts.total():>6}  in all, by {dispatch.options.kind}. Nothing was sent.")
    if before:
        click.echo(f"Sending has begun before: {_in_words(before)}.")


@click.command(epilog="Example:  site-builder newsletter status why-caches-lie --json")
@click.argument("issue")
@config_file
@as_json
def status(issue: str, config_file: Path, as_json: bool) -> None:
    """Show how far sending an issue is, and name the mails that failed or are in doubt."""
    folder = issue_folder(load_settings(config_file), issue)
    _begun(folder)
    _show(folder, as_json)


@click.command(epilog="Example:  site-builder newsletter resolve why-caches-lie --sent ada@example.com")
@click.argument("issue")
@click.argument("addresses", metavar="[ADDRESS]...", nargs=-1)
@click.option("--sent", "outcome", flag_value="sent", help="They have got it: nothing more is sent to them.")
@click.option("--retry", "outcome", flag_value="retry", help="They have not: the next `send --resume` sends it.")
@config_file
@as_json
def resolve(issue: str, addresses: tuple[str, ...], outcome: str | None, config_file: Path, as_json: bool) -> None:
    """Decide about mails in doubt: all of an issue, or those to the named addresses, which may also be failed ones.

    A mail is in doubt when the connection, or the sender, ended before the server's answer came. Ask the server's log, or the
    recipient. Nothing is sent by this.
    """
    if outcome is None:
        raise click.UsageError("Say what happened: --sent or --retry.")
    folder = issue_folder(load_settings(config_file), issue)
    _begun(folder)
    at: datetime = now()
    with only_sender(folder), Ledger(folder) as ledger:
        ledger.recover(repeatable=False)
        resolved = ledger.resolve(addresses, outcome == "sent", at)
    if as_json:
        click.echo(json.dumps({"issue": issue, "resolved": resolved, "as": outcome}))
        return
    done = "taken as sent" if outcome == "sent" else "sent by the next `newsletter send --resume`"
    click.echo(f"{len(resolved)} mails: {done}." if resolved else "No mail is in doubt.")


def _begun(folder: Path) -> None:
    if not was_sent(folder):
        raise SendingError(
            f"sending the issue {folder.name} has not begun",
            place=Place(folder),
            hint=f"`site-builder newsletter send {folder.name}` begins it.",
        )


def _state(folder: Path) -> dict[str, Any]:
    """The ledger as plain data."""
    with Ledger(folder) as ledger:
        counts = ledger.counts()
        named = ledger.mails("failed", "uncertain")
    total = {state: sum(by_state.get(state, 0) for by_state in counts.values()) for state in STATES}
    return {
        "issue": folder.name,
        "mails": total,
        "variants": counts,
        "open": [{"address": row.address, "state": row.state, "detail": row.detail} for row in named],
    }


def _show(folder: Path, as_json: bool) -> None:
    state = _state(folder)
    if as_json:
        click.echo(json.dumps(state, ensure_ascii=False))
        return
    click.echo(f"{state['issue']}: {_in_words(state['mails'])}")
    if state["open"]:
        table = Table("State", "Mail to", "Because")
        for row in state["open"]:
            table.add_row(*map(Text, (row["state"], row["address"], row["detail"])))
        Console().print(table)


def _in_words(mails: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in mails.items() if count)


def _complain(folder: Path) -> None:
    """Raises SendingError if mails failed or are in doubt."""
    mails = _state(folder)["mails"]
    if mails["failed"] or mails["uncertain"]:
        raise SendingError(
            f"not every mail of {folder.name} went out: {mails['failed']} failed, {mails['uncertain']} are in doubt",
            hint=f"Decide about them with `site-builder newsletter resolve {folder.name} --sent` or `--retry`.",
        )


COMMANDS: tuple[click.Command, ...] = (send, status, resolve, subscribers, bounces)
"""What belongs to the group `newsletter`."""
