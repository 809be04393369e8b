"""A blog with a master key, and the members' commands beside it, for the tests of these commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from site_builder.cli.main import cli
from site_builder.content.settings import load_settings
from site_builder.errors import SiteError
from site_builder.membership.keyfile import create_key, load_keys
from site_builder.membership.standing import Standing, read_standing

CONFIG = """\
site_name: A blog
site_url: https://blog.example.com/sub
plugins:
  - paywall:
      tiers:
        - {id: supporter, name: Supporter}
        - {id: pro, name: Pro}
      products:
        - {id: book, name: Book}
        - {id: course, name: Course}
"""
NOON = "2026-11-20T12:00:00Z"
LATER = "2026-11-22T12:00:00Z"


class Blog:
    """A folder with mkdocs.yml and a key, and the command line beside it."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "mkdocs.yml"
        self.config.write_text(CONFIG)
        self.settings = load_settings(self.config)
        create_key(self.settings.key_file)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, ["members", *arguments, "-f", str(self.config)])

    def json(self, *arguments: str) -> Any:
        result = self.run(*arguments, "--json")
        assert result.exit_code == 0, (result.output, result.exception)
        return json.loads(result.stdout)

    def add(self, email: str = "ada@example.com", *more: str) -> dict[str, str]:
        added = self.json(
            "add", "--email", email, "--at", NOON, *(more or ("--tier", "pro", "--expires", "2026-12-31"))
        )
        assert isinstance(added, dict)
        return added

    def error(self, *arguments: str) -> SiteError:
        """The error that a command ends with; the roster stays as it is."""
        roster = self.settings.roster
        before = roster.read_bytes() if roster.exists() else None
        result = self.run(*arguments)
        assert isinstance(result.exception, SiteError), (result.output, result.exception)
        assert (roster.read_bytes() if roster.exists() else None) == before
        return result.exception

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The same in a process of its own, which is not waited for."""
        return subprocess.Popen(
            [sys.executable, "-m", "site_builder", "members", *arguments],
            cwd=self.config.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )  # fmt: skip

    def standing(self, day: str) -> Standing:
        return read_standing(self.settings, load_keys(self.settings.key_file), date.fromisoformat(day))[0]

    def holds(self, day: str = "2026-11-22") -> dict[str, str | None]:
        """What the only member holds on a day, with its last day."""
        (holder,) = self.standing(day).holders
        return {
            entry.entitlement: str(entry.until) if entry.until else None for entry in holder.entries if entry.active
        }
