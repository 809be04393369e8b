"""The author's preview: MkDocs's own live server, on loopback only, with the paywall plugin showing everything."""

from __future__ import annotations

from pathlib import Path

from mkdocs.commands.serve import serve as mkdocs_serve
from mkdocs.exceptions import Abort, MkDocsException

from site_builder.build.run import reason


def serve(config_file: Path, port: int, open_browser: bool) -> None:
    """Serve until interrupted; what is wrong after the first build is shown and awaits the next change.

    Raises SiteError if the first build fails, OSError if the port can't be used.
    """
    try:
        mkdocs_serve(str(config_file), livereload=True, open_in_browser=open_browser, dev_addr=f"127.0.0.1:{port}")
    except (Abort, MkDocsException) as error:
        raise reason(error, config_file) from error
