"""What readers did, for the commands that tell of it: a collector's folder, and a command on the day after its last."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import time_machine
from click.testing import CliRunner, Result

from site_builder.analytics.store import open_store
from site_builder.cli.main import cli
from tests.analytics.made_up import LAST_DAY, events, manifest

NEXT_DAY = LAST_DAY + timedelta(1)


def collect(folder: Path, count: int, *, days: int = 14, named: bool = True) -> Path:
    """So many events in the store of a collector's folder; with the manifest, unless nobody ever gave it one."""
    with open_store(folder) as store:
        if named:
            store.load_manifest(manifest())
        store.load(events(count, days=days))
        store.roll_up()
    return folder


def run(*arguments: str, day: date = NEXT_DAY) -> Result:
    """The command line at nine o'clock of a day, which stays."""
    with time_machine.travel(datetime.combine(day, time(9), UTC), tick=False):
        return CliRunner().invoke(cli, arguments)
