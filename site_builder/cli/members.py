"""`site-builder members`: who may read what, kept in the sealed roster. Tokens are shown once, when they are made."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from site_builder.cli.dates import LastDay, Moment, last_day, now, today
from site_builder.cli.options import Day, as_json, config_file
from site_builder.cli.progress import Steps
from site_builder.content.settings import Settings, load_settings
from site_builder.membership import changes, listing
from site_builder.membership.csv_table import write_csv
from site_builder.membership.desk import Desk, changing, open_desk, unlock_url
from site_builder.membership.durable import create_file
from site_builder.membership.holding import Member
from site_builder.membership.in_events import codes_in_events
from site_builder.membership.records import Record
from site_builder.membership.spreadsheet import read_newcomers

TOKEN_COLUMNS = ("member", "email", "token", "unlock_url")

_at = click.option("--at", type=Moment(), default=now, help="When this is decided, in UTC; by default now.")
_day = click.option(
    "--date", "day", type=Day(), metavar="DAY", default=today, help="The day to judge by. By default today, in UTC."
)
_tier = click.option("--tier", metavar="ID", help="A tier of mkdocs.yml; it includes those below it.")
_products = click.option(
    "--product", "products", metavar="ID", multiple=True, help="A product of mkdocs.yml; may be repeated."
)
_all = click.option("--all", "everybody", is_flag=True, help="Include those who have expired or were revoked.")
_output = click.option(
    "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write to this new file, which only you can read."
)


@click.group(epilog="Example:  site-builder members add --email ada@example.com --tier pro --expires 2027-12-31")
def members() -> None:
    """Members: who may read what, and until when. A MEMBER is named by id or mail address."""


@members.command(epilog="Example:  site-builder members add --email ada@example.com --tier pro --expires 2027-12-31")
@click.option("--email", required=True, help="The mail address; it is stored sealed.")
@click.option("--name", default="", help="How the site greets the member.")
@_tier
@_products
@click.option("--expires", type=LastDay(), default="never", show_default=True, help="The last day of access, or never.")
@_at
@config_file
@as_json
def add(
    email: str,
    name: str,
    tier: str | None,
    products: tuple[str, ...],
    expires: date,
    at: datetime,
    config_file: Path,
    as_json: bool,
) -> None:
    """Add a member, and show the token and the unlock link, this once."""
    if not tier and not products:
        raise click.UsageError("Say what the member gets: --tier or --product.")
    settings = load_settings(config_file)
    granted = changes.terms(settings.offers, tier, products, last_day(expires), at.date())
    join, token = changes.join(email, name, granted, at)
    with changing(settings, at.date()) as desk:
        changes.refuse_twice(desk.members, join.email)
        desk.add([join])
    _show_token(settings, join.member, token, as_json)


@members.command(epilog="Example:  site-builder members reissue ada@example.com")
@click.argument("member")
@_at
@config_file
@as_json
def reissue(member: str, at: datetime, config_file: Path, as_json: bool) -> None:
    """Give a member a new token; the old one ends with the next build."""
    settings = load_settings(config_file)
    with changing(settings, at.date()) as desk:
        found = desk.find(member)
        record, token = changes.reissue(found, at)
        desk.add([record])
    _show_token(settings, found.id, token, as_json)


def _show_token(settings: Settings, member: str, token: str, as_json: bool) -> None:
    url = unlock_url(settings, token)
    if as_json:
        click.echo(json.dumps({"member": member, "token": token, "unlock_url": url}))
        return
    click.echo(f"Member       {member}\nToken        {token}\nUnlock link  {url}")
    click.echo("The token is shown this once and kept nowhere. It opens premium parts from the next build on.")


@members.command("list", epilog="Example:  site-builder members list --all --json")
@_all
@_day
@config_file
@as_json
def list_(everybody: bool, day: date, config_file: Path, as_json: bool) -> None:
    """List the members who have access."""
    found = _chosen(open_desk(load_settings(config_file), day), everybody)
    if as_json:
        click.echo(_json_text([listing.as_data(member) for member in found]), nl=False)
        return
    table = Table("Member", "Mail", "Name", "State", "Has")
    for member in found:
        table.add_row(*map(Text, (member.id, member.email, member.name, member.state, listing.in_words(member))))
    Console().print(
        table if found else "No members." if everybody else "No members with access; --all shows the others too."
    )


def _chosen(desk: Desk, everybody: bool) -> list[Member]:
    found = [member for member in desk.members.values() if everybody or member.state == "active"]
    return sorted(found, key=lambda member: (member.joined, member.email, member.id))


@members.command(epilog="Example:  site-builder members show ada@example.com")
@click.argument("member")
@click.option("--in-events", is_flag=True, help="Only the codes that name them in events, for `analytics forget`.")
@_day
@config_file
@as_json
def show(member: str, in_events: bool, day: date, config_file: Path, as_json: bool) -> None:
    """Show a member, with all that the roster says about them."""
    desk = open_desk(load_settings(config_file), day)
    found = desk.find(member)
    if in_events:
        codes = codes_in_events(desk.settings.site, desk.records, found.id)
        click.echo(
            _json_text({"member": found.id, "in_events": codes}) if as_json else "\n".join(codes), nl=not as_json
        )
        return
    history = listing.history(desk.records, found.id)
    if as_json:
        click.echo(_json_text({**listing.as_data(found), "history": history}), nl=False)
        return
    _tell(found, as_json)
    table = Table("When", "What", "Granted", "Ended", "Reason")
    for event in history:
        granted = ", ".join(f"{what} until {until}" if until else what for what, until in event["granted"].items())
        table.add_row(*map(Text, (event["at"], event["what"], granted, ", ".join(event["ended"]), event["reason"])))
    Console().print(table)


@members.command(epilog="Example:  site-builder members extend ada@example.com --expires 2028-12-31")
@click.argument("member")
@click.option("--expires", type=LastDay(), required=True, help="The new last day of access, or never.")
@_tier
@_products
@_at
@config_file
@as_json
def extend(
    member: str,
    expires: date,
    tier: str | None,
    products: tuple[str, ...],
    at: datetime,
    config_file: Path,
    as_json: bool,
) -> None:
    """Renew what a member has, or grant the named tier and products. The token stays."""
    settings = load_settings(config_file)
    granted = changes.terms(settings.offers, tier, products, last_day(expires), at.date())
    with changing(settings, at.date()) as desk:
        found = desk.find(member)
        granted = granted or changes.renewal(found, settings.offers, last_day(expires))
        _record(desk, found, changes.extension(found, granted, at), as_json)


@members.command(
    epilog="Example:  site-builder members downgrade ada@example.com --tier supporter --expires 2027-12-31"
)
@click.argument("member")
@click.option(
    "--tier", metavar="ID", required=True, help="The lower tier, which takes the place of those above it at once."
)
@click.option("--expires", type=LastDay(), required=True, help="Its last day of access, or never.")
@_at
@config_file
@as_json
def downgrade(member: str, tier: str, expires: date, at: datetime, config_file: Path, as_json: bool) -> None:
    """Give a member a lower tier in place of a higher one. The token stays."""
    settings = load_settings(config_file)
    (term,) = changes.terms(settings.offers, tier, (), last_day(expires), at.date())
    with changing(settings, at.date()) as desk:
        found = desk.find(member)
        _record(desk, found, changes.downgrade(found, settings.offers, term, at), as_json)


@members.command(epilog='Example:  site-builder members revoke ada@example.com --reason "refund"')
@click.argument("member")
@click.option(
    "--only", metavar="ID", multiple=True, help="End this tier or product and leave the rest; may be repeated."
)
@click.option("--reason", default="", help="A note for yourself; it is stored sealed.")
@_at
@config_file
@as_json
def revoke(member: str, only: tuple[str, ...], reason: str, at: datetime, config_file: Path, as_json: bool) -> None:
    """End a member's access with the next build."""
    with changing(load_settings(config_file), at.date()) as desk:
        found = desk.find(member)
        _record(desk, found, changes.revocation(found, only, reason, at), as_json)


def _record(desk: Desk, found: Member, record: Record, as_json: bool) -> None:
    desk.add([record])
    after = open_desk(desk.settings, max(desk.day, record.at.date()))
    _tell(after.find(found.id), as_json)


def _tell(member: Member, as_json: bool) -> None:
    if as_json:
        click.echo(_json_text(listing.as_data(member)), nl=False)
        return
    name = f" ({member.name})" if member.name else ""
    click.echo(
        f"{member.id}  {member.email}{name}  {member.state}{': ' if member.holdings else ''}{listing.in_words(member)}"
    )


@members.command("import", epilog="Example:  site-builder members import people.csv --output tokens.csv")
@click.argument("file", type=click.Path(path_type=Path))
@_output
@_at
@config_file
@as_json
def import_(file: Path, output: Path | None, at: datetime, config_file: Path, as_json: bool) -> None:
    """Add a member for each row of a CSV file, or nobody if a row is bad; print their tokens, this once.

    Columns: email, name, tier, products (separated by spaces or semicolons), expires.
    """
    settings = load_settings(config_file)
    with changing(settings, at.date()) as desk, Steps(quiet=as_json) as steps:
        newcomers = read_newcomers(file, desk.members, settings.offers, at)
        rows = [(join.member, join.email, token, unlock_url(settings, token)) for join, token in newcomers]
        data = [dict(zip(TOKEN_COLUMNS, row, strict=True)) for row in rows]
        # Tokens go out first: if that fails nobody was added, while a token that was not written down would be lost.
        _write(output, _json_text(data) if as_json else write_csv(TOKEN_COLUMNS, rows))
        try:
            desk.add([join for join, _ in newcomers], partial(steps.report, "Sealing"))
        except BaseException:
            if output:
                output.unlink()
            raise
    click.echo(f"Added {len(rows)} members.", err=True)


@members.command(epilog="Example:  site-builder members export --output members.csv")
@_all
@_output
@_day
@config_file
@as_json
def export(everybody: bool, output: Path | None, day: date, config_file: Path, as_json: bool) -> None:
    """Write who has what, a row for each tier or product. Never keys or tokens."""
    found = _chosen(open_desk(load_settings(config_file), day), everybody)
    data = [listing.as_data(member) for member in found]
    _write(output, _json_text(data) if as_json else write_csv(listing.EXPORT_COLUMNS, listing.export_rows(found)))


def _json_text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False) + "\n"


def _write(output: Path | None, text: str) -> None:
    if output:
        create_file(output, text)
    else:
        click.echo(text, nl=False)
