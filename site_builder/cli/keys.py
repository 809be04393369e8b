"""`site-builder keys`: the master key is made, replaced and named here; it is never printed."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from site_builder.cli.options import as_json, config_file
from site_builder.cli.progress import Steps
from site_builder.content.settings import Settings, load_settings
from site_builder.errors import MasterKeyError, Place
from site_builder.membership.keyfile import VARIABLE, create_key, load_keys
from site_builder.membership.roster import roster_key_id
from site_builder.membership.rotation import rotate_key


@click.group(epilog="Begin with:  site-builder keys init")
def keys() -> None:
    """The master key, which all other keys of a site derive from."""


@keys.command(epilog="Example:  site-builder keys init")
@config_file
@as_json
def init(config_file: Path, as_json: bool) -> None:
    """Make the master key of a new site. Never overwrites one."""
    settings = load_settings(config_file)
    if (sealed_by := roster_key_id(settings.roster)) is not None:
        raise MasterKeyError(
            f"the roster is sealed already, under the master key {sealed_by}",
            place=Place(settings.roster),
            hint=f"Restore that key to {settings.key_file} or to {VARIABLE}; with a new one the roster would never open again.",
        )
    key = create_key(settings.key_file)
    if as_json:
        click.echo(json.dumps({"key_id": key.id, "file": str(settings.key_file)}))
        return
    click.echo(f"Made the master key {key.id} in {settings.key_file}")
    click.echo("Back it up where you keep passwords: without it every token must be issued again. Keep it out of git.")
    _show_secret("For builds on a server store it as the secret", settings)


@keys.command(epilog="Example:  site-builder keys rotate")
@config_file
@as_json
def rotate(config_file: Path, as_json: bool) -> None:
    """Replace the master key and seal the roster again under it. Tokens stay valid.

    The next build re-keys all premium content. If somebody else may have had the old key together with the roster, give
    members new tokens as well: `site-builder members reissue`.
    """
    settings = load_settings(config_file)
    with Steps(quiet=as_json) as steps:
        rotation = rotate_key(settings, partial(steps.report, "Sealing the roster"))
    if as_json:
        click.echo(
            json.dumps(
                {"key_id": rotation.key_id, "former_key_id": rotation.former_key_id, "records": rotation.records}
            )
        )
        return
    if rotation.resumed:
        click.echo("An interrupted rotation was finished.")
    click.echo(f"The master key is now {rotation.key_id}, no longer {rotation.former_key_id}.")
    click.echo(f"{rotation.records} records were sealed again. Commit the roster, and back up {settings.key_file}.")
    _show_secret("Before the next build on a server renew the secret", settings)


def _show_secret(what_to_do: str, settings: Settings) -> None:
    click.echo(f"{what_to_do} {VARIABLE}, on GitHub with")
    click.echo(f"  gh secret set {VARIABLE} < {settings.key_file}")


@keys.command("show-id", epilog="Example:  site-builder keys show-id --json")
@config_file
@as_json
def show_id(config_file: Path, as_json: bool) -> None:
    """Name the master key in use by its id, which tells nothing of the key."""
    settings = load_settings(config_file)
    held = load_keys(settings.key_file)
    in_file = load_keys(settings.key_file, {}) if settings.key_file.exists() else None
    if as_json:
        click.echo(json.dumps({"key_id": held.current.id, "source": held.source}))
        return
    origin = f"the variable {VARIABLE}" if held.source == "environment" else settings.key_file
    click.echo(f"{held.current.id}  from {origin}")
    if in_file and in_file.current != held.current:
        click.echo(
            f"{settings.key_file} has another key, {in_file.current.id}, which is not used: the variable goes first."
        )
    if held.former:
        click.echo("A rotation was interrupted; `site-builder keys rotate` finishes it. Nothing is lost.")
