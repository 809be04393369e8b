"""`site-builder newsletter subscribers` and `bounces`: who may get mail, and who must not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from site_builder.cli.dates import Moment, now, today
from site_builder.cli.newsletter_signup import fetch
from site_builder.cli.options import Day, as_json, config_file
from site_builder.content.settings import load_settings
from site_builder.errors import Place, SendingError, SeveralErrors
from site_builder.membership.csv_table import write_csv
from site_builder.membership.durable import create_file
from site_builder.newsletter.addresses import normal_address
from site_builder.newsletter.bounces import SOFT_LIMIT, apply, read_events
from site_builder.newsletter.dispatch import subscribers_of
from site_builder.newsletter.spreadsheet import COLUMNS, read_row, read_sheet, sheet_rows
from site_builder.newsletter.subscribers import Reader

_at = click.option("--at", type=Moment(), default=now, help="When this happened, in UTC; by default now.")


@click.group(epilog="Example:  site-builder newsletter subscribers import readers.csv")
def subscribers() -> None:
    """Free readers of the newsletter, and those who want no mail. Members get it without being here."""


@subscribers.command("import", epilog="Example:  site-builder newsletter subscribers import readers.csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--skip-bad", is_flag=True, help="Import the good rows, and name the bad ones.")
@click.option("--consent", type=Day(), metavar="DAY", help="The day of consent for rows without one.")
@click.option("--source", default="", help="Where they subscribed, for rows without one.")
@config_file
@as_json
def import_(file: Path, skip_bad: bool, consent: date | None, source: str, config_file: Path, as_json: bool) -> None:
    """Add a reader for each row of a CSV file, or nobody if a row is bad. Who unsubscribed before stays so.

    Columns: email, name, consent_date, source, interests (tags, separated by semicolons).
    """
    settings = load_settings(config_file)
    sheet = read_sheet(file, today(), consent, source)
    if sheet.bad and not skip_bad:
        raise SeveralErrors(list(sheet.bad))
    with subscribers_of(settings) as opened:
        added = opened.add(sheet.readers)
    for error in sheet.bad:
        click.echo(f"skipped {error}", err=True)
    if as_json:
        data = {"new": added.new, "renewed": added.renewed, "withdrawn": added.withdrawn, "skipped": len(sheet.bad)}
        click.echo(json.dumps(data))
        return
    click.echo(f"{added.new} new, {added.renewed} were there already.")
    if added.withdrawn:
        click.echo(f"{len(added.withdrawn)} want no mail, and get none: {', '.join(added.withdrawn[:10])}")


@subscribers.command(epilog="Example:  site-builder newsletter subscribers add ada@example.com --name Ada")
@click.argument("email")
@click.option("--name", default="", help="How the reader is called.")
@click.option(
    "--consent",
    type=Day(),
    metavar="DAY",
    default=today,
    help="The day on which they asked for mail; by default today, in UTC.",
)
@click.option("--source", default="", help="Where they subscribed.")
@click.option(
    "--interest", "interests", metavar="TAG", multiple=True, help="A tag that they want posts of; may be repeated."
)
@click.option("--again", is_flag=True, help="They had unsubscribed, and now ask for mail anew.")
@config_file
@as_json
def add(
    email: str,
    name: str,
    consent: date,
    source: str,
    interests: tuple[str, ...],
    again: bool,
    config_file: Path,
    as_json: bool,
) -> None:
    """Add one reader who asked for mail."""
    settings = load_settings(config_file)
    row = {"email": email, "name": name, "source": source, "interests": ";".join(interests)}
    reader = read_row(row, today(), consent)
    with subscribers_of(settings) as opened:
        cause = opened.cause(reader.address)
        if cause and not again:
            raise SendingError(
                f"{reader.address} gets no mail: {cause}",
                hint="Only if they ask for it anew, add them with --again. `subscribers list --withdrawn` tells more.",
            )
        opened.add([reader], again=again)
    click.echo(json.dumps(_as_data(reader)) if as_json else f"{reader.address} gets mail.")


@subscribers.command(epilog="Example:  site-builder newsletter subscribers unsubscribe ada@example.com")
@click.argument("who", nargs=-1)
@click.option("--file", type=click.Path(path_type=Path), help="A file with one address or name on each line.")
@_at
@config_file
@as_json
def unsubscribe(who: tuple[str, ...], file: Path | None, at: datetime, config_file: Path, as_json: bool) -> None:
    """Send no mail any more to addresses, or to those whom the names in unsubscribe links stand for.

    It holds for members too, and whatever is imported later. What names nobody is an error; the others are heard.
    """
    settings = load_settings(config_file)
    named = [(one, None) for one in who] + _lines(file)
    if not named:
        raise click.UsageError("Say who: addresses, names from unsubscribe links, or a --file of them.")
    with subscribers_of(settings) as opened:
        found: list[str] = []
        bad: list[Any] = []
        for one, place in named:
            try:
                who_it_is = one.removeprefix("unsubscribe ")  # as in the subject of a mail
                found.append(opened.address_of(who_it_is) or normal_address(who_it_is))
            except ValueError as error:
                hint = f"Expected a name from an unsubscribe link, or an address: {error}."
                bad.append(SendingError(f"nobody is named '{one}'", place=place, hint=hint))
        news = [address for address in found if opened.withdraw(address, "unsubscribed", at)]
    if as_json:
        click.echo(json.dumps({"unsubscribed": found, "new": len(news)}))
    else:
        click.echo(f"{len(found)} get no mail any more, {len(found) - len(news)} of them did not before either.")
    if bad:
        raise SeveralErrors(bad)


def _lines(file: Path | None) -> list[tuple[str, Place | None]]:
    if file is None:
        return []
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SendingError(f"the file can't be read: {error}", place=Place(file)) from None
    return [(line.strip(), Place(file, number)) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


@subscribers.command("list", epilog="Example:  site-builder newsletter subscribers list --withdrawn")
@click.option("--withdrawn", is_flag=True, help="List those who get no mail, and why, instead.")
@config_file
@as_json
def list_(withdrawn: bool, config_file: Path, as_json: bool) -> None:
    """List the free readers."""
    with subscribers_of(load_settings(config_file)) as opened:
        readers, gone = opened.readers(), opened.withdrawals() if withdrawn else []
    if withdrawn:
        rows = [(one.address, one.cause, f"{one.at:%Y-%m-%dT%H:%M:%SZ}", one.detail) for one in gone]
        names = ("email", "cause", "at", "detail")
        _table(rows, names, as_json, "Nobody has withdrawn.")
        return
    if as_json:
        click.echo(json.dumps([_as_data(one) for one in readers], ensure_ascii=False))
        return
    _table(sheet_rows(readers), COLUMNS, as_json, "No subscribers.")


def _table(rows: Sequence[tuple[str, ...]], names: tuple[str, ...], as_json: bool, nobody: str) -> None:
    if as_json:
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], ensure_ascii=False))
        return
    table = Table(*(name.replace("_", " ").capitalize() for name in names))
    for row in rows:
        table.add_row(*map(Text, row))
    Console().print(table if rows else nobody)


@subscribers.command(epilog="Example:  site-builder newsletter subscribers export --output readers.csv")
@click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to this new file, which only you can read."
)
@config_file
@as_json
def export(output: Path | None, config_file: Path, as_json: bool) -> None:
    """Write the free readers as CSV, as `subscribers import` reads it."""
    with subscribers_of(load_settings(config_file)) as opened:
        readers = opened.readers()
    data = [_as_data(one) for one in readers]
    text = json.dumps(data, ensure_ascii=False) + "\n" if as_json else write_csv(COLUMNS, sheet_rows(readers))
    if output:
        create_file(output, text)
    else:
        click.echo(text, nl=False)


subscribers.add_command(fetch)


def _as_data(reader: Reader) -> dict[str, Any]:
    return {
        "email": reader.address,
        "name": reader.name,
        "consent_date": str(reader.consented),
        "source": reader.source,
        "interests": list(reader.interests),
    }


@click.group(epilog="Example:  site-builder newsletter bounces import events.json")
def bounces() -> None:
    """Mail that came back, and readers who complained."""


@bounces.command("import", epilog="Example:  site-builder newsletter bounces import events.json returned.eml")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--soft-limit",
    metavar="N",
    type=click.IntRange(1),
    default=SOFT_LIMIT,
    show_default=True,
    help="After so many passing failures an address gets no mail any more.",
)
@_at
@config_file
@as_json
def import_bounces(files: tuple[Path, ...], soft_limit: int, at: datetime, config_file: Path, as_json: bool) -> None:
    """Read what a mail service told a webhook (JSON), or mail that came back (.eml), and stop mailing whom it names.

    Services: Amazon SES, Postmark, Mailgun, Resend, Brevo. The same file twice changes nothing. An event that is not
    understood is an error, and then nothing is changed.
    """
    settings = load_settings(config_file)
    events = [event for file in files for event in read_events(file)]
    with subscribers_of(settings) as opened:
        told = apply(events, opened, at, soft_limit)
    if as_json:
        click.echo(json.dumps(asdict(told)))
        return
    click.echo(
        f"No mail any more: {told.bounced + told.given_up} bounced, {told.complained} complained, {told.unsubscribed} "
        f"unsubscribed. {told.soft} passing failures, {told.other} other events."
    )
