"""`site-builder audit`: the leak gate by itself, on any folder."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import click

from site_builder.build.inputs import BuildInputs, build_date
from site_builder.build.leaks import audit_folder
from site_builder.build.repository import history_kept
from site_builder.cli.options import as_json, build_day, config_file
from site_builder.cli.progress import Steps, console
from site_builder.content.settings import load_settings
from site_builder.errors import Place, PublishError
from site_builder.vault.audit import require_clean


@click.command(epilog="Example:  site-builder audit -d site")
@config_file
@click.option(
    "-d", "--site-dir", type=click.Path(path_type=Path, file_okay=False), help="The folder to read. [default: site]"
)
@build_day
@as_json
def audit(config_file: Path, site_dir: Path | None, day: date | None, as_json: bool) -> None:
    """Look for premium text, files, keys and tokens in a folder that is, or will be, public.

    Plain or encoded, in any file. The exit code is 0 only if there are none.
    """
    settings = load_settings(config_file)
    folder = site_dir or settings.site_dir
    if not folder.is_dir():
        raise PublishError(
            "there is no such folder", place=Place(folder), hint="Build the site first, or name a folder with -d."
        )
    with Steps(quiet=as_json) as steps:
        inputs = BuildInputs(day or build_date(settings.options.build_date), progress=steps.report)
        report = audit_folder(folder, config_file, settings, inputs)
    warnings = history_kept(settings, folder)
    if as_json:
        leaks = [
            {
                "file": str(leak.file),
                "source": str(leak.place.file),
                "line": leak.place.line,
                "found": leak.found,
                "how": leak.how,
            }
            for leak in report.leaks
        ]
        found = {"files": report.files, "bytes": report.bytes, "leaks": leaks, "warnings": warnings}
        click.echo(json.dumps(found, ensure_ascii=False))
    require_clean(report)
    if not as_json:
        for warning in warnings:
            console.print("[yellow]warning[/]", end=" ")
            console.print(warning, markup=False)
        console.print(
            f"[green]clean[/] {report.files} files, {report.bytes / 1e6:.1f} MB read; no premium text, key or token."
        )
