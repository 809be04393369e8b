"""`site-builder analytics key`: the key that opens the dashboard."""

from __future__ import annotations

import json
from pathlib import Path

import click

from site_builder.analytics.dashboard.key import make_key
from site_builder.cli.options import as_json


@click.command(epilog="Example:  site-builder analytics key --data /var/lib/analytics")
@click.option(
    "--data", type=click.Path(path_type=Path, file_okay=False), default=Path("analytics-data"), show_default=True,
    help="The folder that `analytics serve` has.",
)  # fmt: skip
@as_json
def key(data: Path, as_json: bool) -> None:
    """Make the key that opens the dashboard. It is shown this once: only a hash of it is kept.

    A new key takes the place of the one before, and ends all sessions; a collector that runs knows it at once.
    """
    made = make_key(data)
    if not (data / "spool").is_dir():
        click.echo(
            f"{data} is no collector's folder yet: the key opens nothing until `site-builder analytics serve` is started with "
            f"--data {data}. If it runs already, with another folder, make a key with --data of that one.",
            err=True,
        )
    if as_json:
        click.echo(json.dumps({"key": made}))
        return
    click.echo(made)
    click.echo(
        "Keep it in your password manager. It opens /dashboard/ of the collector, and is not shown again.", err=True
    )
