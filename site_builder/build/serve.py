"""The author's preview: MkDocs's own live server, on loopback only, with the paywall plugin showing everything."""

from __future__ import annotations

import socket
from pathlib import Path

from mkdocs.commands.serve import serve as mkdocs_serve
from mkdocs.exceptions import Abort, MkDocsException

from site_builder.build.run import reason
from site_builder.errors import ConfigError

HOST = "127.0.0.1"


def refuse_taken(port: int) -> None:
    """Raise ConfigError if ``port`` can't be served on: said before a build that may take long, not after it."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise ConfigError(
            f"port {port} can't be used: {error.strerror}",
            hint="Another `site-builder serve` may be running: stop it, or name another port with --port.",
        ) from None


def serve(config_file: Path, port: int, open_browser: bool) -> None:
    """Serve until interrupted; what is wrong after the first build is shown and awaits the next change.

    Raises SiteError if the first build fails. What the port is worth, ``refuse_taken`` says before.
    """
    try:
        mkdocs_serve(str(config_file), livereload=True, open_in_browser=open_browser, dev_addr=f"{HOST}:{port}")
    except (Abort, MkDocsException) as error:
        raise reason(error, config_file) from error
