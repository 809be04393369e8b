"""A group of commands whose modules are loaded only when they are asked for, so that `--help` is quick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click


class Lazy(click.Group):
    """``modules`` has the module of ``site_builder.cli`` for each command; the module's variable has the command's name."""

    def __init__(self, *args: Any, modules: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        module = __import__(f"site_builder.cli.{self.modules[cmd_name]}", fromlist=[cmd_name])
        command = getattr(module, cmd_name)
        assert isinstance(command, click.Command)
        return command
