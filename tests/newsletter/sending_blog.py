"""A blog with a key, members, readers and an issue to send, and the newsletter's commands beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner, Result

from site_builder.cli.main import cli
from site_builder.content.settings import load_settings
from site_builder.errors import SiteError
from site_builder.membership.keyfile import create_key
from tests.newsletter.sendable import write_issue

CHECKOUT = Path(__file__).parents[2]
ISSUE = "floats"


class Blog:
    """``run("send", ISSUE)`` is `site-builder newsletter send floats` in this blog's folder."""

    def __init__(self, folder: Path, transport: dict[str, Any] | None = None, **options: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.config = folder / "mkdocs.yml"
        self.configure(transport or {"kind": "folder"}, **options)
        self.settings = load_settings(self.config)
        create_key(self.settings.key_file)
        self.issue = write_issue(folder / "newsletter" / "issues" / ISSUE)

    def configure(self, transport: dict[str, Any] | None, **options: Any) -> None:
        newsletter = {"sender": {"name": "Mara", "address": "mara@example.com"}, **options}
        if transport is not None:
            newsletter["transport"] = transport
        offers = {
            "tiers": [{"id": "supporter", "name": "Supporter"}, {"id": "pro", "name": "Pro"}],
            "products": [{"id": "course", "name": "Course"}],
        }
        plugins = [{"paywall": offers}, {"newsletter": newsletter}]
        site = {"site_name": "A blog", "site_url": "https://blog.example.com/", "plugins": plugins}
        self.config.write_text(yaml.safe_dump(site), "utf-8")

    def cli(self, *arguments: str) -> Result:
        return CliRunner().invoke(cli, [*arguments, "-f", str(self.config)])

    def run(self, *arguments: str) -> Result:
        return self.cli("newsletter", *arguments)

    def done(self, *arguments: str) -> str:
        """What a command prints that must succeed."""
        result = self.run(*arguments)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def data(self, *arguments: str) -> Any:
        return json.loads(self.done(*arguments, "--json"))

    def error(self, *arguments: str) -> SiteError:
        """The error that a command ends with."""
        result = self.run(*arguments)
        assert isinstance(result.exception, SiteError), (result.output, result.exception)
        return result.exception

    def member(self, email: str, *more: str) -> None:
        result = self.cli("members", "add", "--email", email, "--at", "2026-11-01T12:00:00Z", *more)
        assert result.exit_code == 0, (result.output, result.exception)

    def readers(self, *addresses: str) -> None:
        file = self.folder / "readers.csv"
        file.write_text("email,consent_date\n" + "".join(f"{one},2026-05-31\n" for one in addresses), "utf-8")
        self.done("subscribers", "import", str(file))

    def outbox(self) -> dict[str, bytes]:
        """Address -> the mail in the folder."""
        found: dict[str, bytes] = {}
        for file in (self.folder / "newsletter" / "outbox" / ISSUE).glob("*.eml"):
            found[file.name[: -len("-0123456789ab.eml")]] = file.read_bytes()
        return found

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The same in a process of its own, which is not waited for."""
        return subprocess.Popen(
            [sys.executable, "-m", "site_builder", "newsletter", *arguments],
            cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        )  # fmt: skip
