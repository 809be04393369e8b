"""The author's preview: MkDocs's own live server, on loopback only, with the paywall plugin showing everything."""

from __future__ import annotations

from pathlib import Path

from mkdocs.commands.serve import serve as mkdocs_serve


def serve(config_file: Path, port: int, open_browser: bool) -> None:
    """Serve until interrupted. Raises OSError if the port can't be used; other errors are shown and await the next change."""
    mkdocs_serve(str(config_file), livereload=True, open_in_browser=open_browser, dev_addr=f"127.0.0.1:{port}")
