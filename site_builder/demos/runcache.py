"""What came of runs, kept by all that they depend on, so that a demo runs once and not in each build. Used by `execute`."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from site_builder.demos.cachedir import make
from site_builder.demos.model import Language, Output, Run, TestResult
from site_builder.demos.processes import Job

_LAYOUT = 1


def key(job: Job, versions: Sequence[str]) -> str:
    """The SHA-256 of all that decides what a job puts out. ``versions``: of Node, and of the packages."""
    parts: list[Any] = [
        _LAYOUT, job.language, job.pieces, job.exercise, job.syntax, job.timeouts, job.database, job.seed, job.net,
        sorted((name, hashlib.sha256(data).hexdigest()) for name, data in job.files.items()),
        [str(path) for path in job.paths], list(versions), _own(job.language),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _own(language: Language) -> tuple[str, ...]:
    """The versions of what runs a language, and the text of what follows the code."""
    if language in (Language.JS, Language.HTML):
        return ()
    here = Path(__file__).parent
    files = [*sorted((here / "harness").glob("*.py")), here / "sql.py", here / "native.py"]
    texts = [file.read_bytes() for file in files]
    return (sys.version, sqlite3.sqlite_version, *(hashlib.sha256(text).hexdigest() for text in texts))


def read(folder: Path, name: str) -> tuple[Run, ...] | None:
    """The runs of a job; None if they are not known. A damaged file is as good as none."""
    try:
        runs = json.loads((folder / name[:2] / f"{name}.json").read_bytes())
        return tuple(
            Run(tuple(Output(**one) for one in run["outputs"]), tuple(TestResult(**one) for one in run["tests"]))
            for run in runs
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(folder: Path, name: str, runs: Sequence[Run]) -> None:
    """Keep a job's runs. Whoever else writes the same at the same time writes the same."""
    path = folder / name[:2] / f"{name}.json"
    make(path.parent)
    with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        json.dump([asdict(run) for run in runs], file)
    os.replace(file.name, path)


@cache
def digest(path: Path) -> str:
    """Of a file that does not change while a build runs; empty if it is not there."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
