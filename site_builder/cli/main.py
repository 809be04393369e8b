"""The entry point: gathers the command groups, and turns errors into words and exit codes in one place."""

from __future__ import annotations

import sys

import click
from rich.console import Console

from site_builder import __version__
from site_builder.cli.lazy import Lazy
from site_builder.errors import SeveralErrors, SiteError

errors = Console(stderr=True, highlight=False, emoji=False, soft_wrap=True)


MODULES = {
    "analytics": "analytics",
    "audit": "audit",
    "build": "build",
    "demos": "demos",
    "feeds": "feeds",
    "init": "scaffold",
    "insights": "insights",
    "keys": "keys",
    "members": "members",
    "newsletter": "newsletter",
    "new": "scaffold",
    "report": "report",
    "serve": "serve",
}


@click.group(
    cls=Lazy, modules=MODULES, epilog="Start a blog:  site-builder init my-blog && cd my-blog && site-builder serve"
)
@click.version_option(__version__, prog_name="site-builder")
def cli() -> None:
    """A static-site generator for programmers who earn from what they know."""


def show(error: SiteError) -> None:
    """Print an error in words on standard error."""
    for one in error.errors if isinstance(error, SeveralErrors) else [error]:
        errors.print(f"[bold red]error[/] {_plain(str(one))}")


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def main() -> None:
    """Run the command line; exit code 0 only on success, 1 for what the user can mend, 2 for wrong usage, 130 if interrupted."""
    try:
        cli.main(standalone_mode=False)
    except SiteError as error:
        show(error)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        errors.print("stopped; nothing was changed")
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
