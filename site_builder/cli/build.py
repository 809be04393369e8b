"""`site-builder build`: the site, sealed, audited and published at once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from site_builder.build.inputs import Audience, BuildInputs, build_date
from site_builder.build.run import build as run_build
from site_builder.cli.options import as_json, build_day, config_file
from site_builder.cli.progress import Steps, console
from site_builder.content.settings import load_settings


@click.command(epilog="Example:  site-builder build --strict -d public")
@config_file
@click.option(
    "-d", "--site-dir", type=click.Path(path_type=Path, file_okay=False), help="Where to publish. [default: site]"
)
@build_day
@click.option("--strict", is_flag=True, help="Stop at warnings too, such as a link that leads nowhere.")
@click.option(
    "--public-only", is_flag=True, help="Leave gated parts out; needs no key. For previews that anybody may see."
)
@as_json
def build(
    config_file: Path, site_dir: Path | None, day: date | None, strict: bool, public_only: bool, as_json: bool
) -> None:
    """Build the site, seal what is gated, look for leaks, and publish it in one step.

    Until the very end the site that is there stays as it is: an error or a kill changes nothing.
    """
    settings = load_settings(config_file)
    today = day or build_date(settings.options.build_date)
    audience = Audience.ANYBODY if public_only else Audience.READERS
    with Steps(quiet=as_json) as steps:
        report = run_build(config_file, site_dir, BuildInputs(today, audience, progress=steps.report), strict=strict)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "site_dir": str(report.site),
                    "date": today.isoformat(),
                    "files": report.files,
                    "bytes": report.bytes,
                    "warnings": report.warnings,
                },
                ensure_ascii=False,
            )
        )
        return
    for warning in report.warnings:
        console.print("[yellow]warning[/]", end=" ")
        console.print(warning, markup=False)
    console.print(f"[green]published[/] {report.files} files, {report.bytes / 1e6:.1f} MB, as of {today}:", end=" ")
    console.print(str(report.site), markup=False)
