"""How every benchmark tells what it found: a table with limits on standard output, progress on standard error."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

_progress = Console(stderr=True, highlight=False)


@dataclass(frozen=True)
class Row:
    """One line of a table; ``kept`` says whether ``found`` is within ``limit``, if there is one."""

    what: str
    found: str
    limit: str = ""
    kept: bool = True


def at_most(what: str, found: float, limit: float, form: str) -> Row:
    """A row whose limit is a number; ``form`` writes both, such as ``{:,.0f} ms``."""
    return Row(what, form.format(found), form.format(limit), found <= limit)


@dataclass
class Lap:
    """How long a step took, once it is done."""

    seconds: float = 0.0


@contextmanager
def step(what: str) -> Iterator[Lap]:
    """Tell that ``what`` begins, and measure it."""
    lap, start = Lap(), time.perf_counter()
    _progress.print(f"[dim]{what} …[/]")
    yield lap
    lap.seconds = time.perf_counter() - start


def show(title: str, rows: Sequence[Row], browser: str = "") -> int:
    """Print the table and on what it was measured. Returns the exit code: 1 if a limit was missed."""
    table = Table("", "found", "limit", title=title, title_justify="left")
    for row in rows:
        table.add_row(row.what, row.found if row.kept else f"[bold red]{row.found}[/]", row.limit)
    console = Console(highlight=False, width=None if Console().is_terminal else 120)
    console.print(table)
    machine = [f"{os.cpu_count()} cores", platform.system(), f"Python {platform.python_version()}"]
    console.print(", ".join(machine + ([browser] if browser else [])), end="\n\n")
    return 0 if all(row.kept for row in rows) else 1
