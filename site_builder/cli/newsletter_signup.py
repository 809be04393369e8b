"""`site-builder newsletter subscribers fetch`: free readers from the service where the sign-up form lives."""

from __future__ import annotations

import json
from pathlib import Path

import click

from site_builder.cli.dates import now
from site_builder.cli.options import as_json, config_file
from site_builder.content.settings import load_settings
from site_builder.errors import Place
from site_builder.newsletter.dispatch import subscribers_of
from site_builder.newsletter.publication import read_publication
from site_builder.newsletter.signup_options import read_signup


@click.command(epilog="Example:  site-builder newsletter subscribers fetch --dry-run")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@config_file
@as_json
def fetch(dry_run: bool, config_file: Path, as_json: bool) -> None:
    """Take over free readers, and who unsubscribed, from listmonk or Buttondown.

    `signup` of the newsletter plugin says where. Everything is read before anything is changed. Who withdrew here stays
    so, whatever the service says.
    """
    options = read_signup(read_publication(config_file).options.signup, Place(config_file))
    from site_builder.newsletter import signup  # brings an HTTP client, which takes time to load
    from site_builder.newsletter.signup_services import open_signup

    found = signup.fetch(open_signup(options), now())
    with subscribers_of(load_settings(config_file)) as opened:
        added, news = opened.take(found.readers, found.gone, keep=not dry_run)
    for error in found.bad:
        click.echo(f"skipped {error}", err=True)
    if as_json:
        data = {
            "new": added.new,
            "renewed": added.renewed,
            "unsubscribed": news,
            "waiting": found.waiting,
            "withdrawn": added.withdrawn,
            "skipped": len(found.bad),
        }
        click.echo(json.dumps(data))
        return
    click.echo(
        f"{added.new} new, {added.renewed} were there already. {news} more want no mail. "
        f"{found.waiting} have not confirmed, and get none."
    )
    if added.withdrawn:
        click.echo(f"{len(added.withdrawn)} withdrew here, and get none: {', '.join(added.withdrawn[:10])}")
    if dry_run:
        click.echo("Nothing was changed.")
