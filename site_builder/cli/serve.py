"""`site-builder serve`: the author's own view, rebuilt and reloaded on every change."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

import click

from site_builder.cli.options import config_file
from site_builder.cli.progress import console
from site_builder.content.settings import load_settings


@click.command(epilog="Example:  site-builder serve --port 8001 --open")
@config_file
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="The port on this machine."
)
@click.option("--open", "open_browser", is_flag=True, help="Open the site in a browser.")
def serve(config_file: Path, port: int, open_browser: bool) -> None:
    """Build the site, serve it on this machine only, and rebuild and reload it whenever a file changes.

    Gated parts are shown with a badge, drafts and future posts with a note. Nothing is published, and no key is needed.
    """
    path = urlsplit(load_settings(config_file).site_url).path or "/"
    from site_builder.build.serve import HOST, refuse_taken
    from site_builder.build.serve import serve as run_serve

    refuse_taken(port)
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("mkdocs").setLevel(logging.INFO)
    console.print(f"http://{HOST}:{port}{path}  (stop with Ctrl-C)", markup=False)
    run_serve(config_file, port, open_browser)
