"""Runs jobs in the Python that readers have, under Node: for demos whose packages are not here, and to compare. See `execute`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

from site_builder.demos.model import Run
from site_builder.demos.processes import PLAIN, Job, Lines, follow, node_command

_HARNESS = Path(__file__).with_name("harness")


class Pyodide:
    """A warm Pyodide, begun anew for other packages; by ``seed`` it orders sets in another way.

    ``runtime`` is the folder of Pyodide's files, a job's ``paths`` are the wheels to load.
    """

    def __init__(self, seed: int, runtime: Path, node: Path, script: Path, memory: int) -> None:
        # Node judges by where a file is, not by the link that names it.
        self._seed, self._runtime, self._node, self._script = seed, runtime.resolve(), node, script.resolve()
        self._memory = memory
        self._lines: Lines | None = None
        self._begun_with: tuple[tuple[Path, ...], bool] | None = None

    def run(self, job: Job) -> list[Run]:
        """What came of its pieces, or of its exercise."""
        if self._begun_with != (job.paths, job.net):
            self.close()
        lines = self._lines = self._lines or self._started(job.paths, job.net)
        self._begun_with = job.paths, job.net
        exercise = dict(zip(("code", "setup", "tests"), job.exercise, strict=True)) if job.exercise else None
        files = {name: b64encode(data).decode() for name, data in job.files.items()}
        lines.send({"pieces": job.pieces, "exercise": exercise, "files": files}, last=False)
        runs, ready = follow(lines, job)
        if not ready:
            self.close()
        return runs

    def _started(self, wheels: Sequence[Path], net: bool) -> Lines:
        wheels = [wheel.resolve() for wheel in wheels]
        setting = {
            "runtime": f"{self._runtime.as_uri()}/", "harness": str(_HARNESS), "wheels": [str(wheel) for wheel in wheels],
            "seed": str(self._seed), "net": net,
        }  # fmt: skip
        readable = (self._script.parent, self._runtime, _HARNESS, *wheels)
        command = node_command(self._node, self._script, self._memory, readable)
        return Lines([*command, "pyodide", json.dumps(setting)], PLAIN)

    def close(self) -> None:
        if self._lines:
            self._lines.kill()
            self._lines = None
