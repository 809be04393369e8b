"""Options that several commands have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

config_file = click.option(
    "-f", "--config-file", type=click.Path(path_type=Path, dir_okay=False), default=Path("mkdocs.yml"), show_default=True,
    help="The site's configuration.",
)  # fmt: skip
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of words.")


class Day(click.ParamType[date]):
    """A day, as 2026-11-22."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day; write it as 2026-11-22", param, ctx)


build_day = click.option(
    "--date", "day", type=Day(), metavar="DAY",
    help="The day by which expiries, drafts and public_from are judged. By default today, in UTC.",
)  # fmt: skip
