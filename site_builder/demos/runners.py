"""What demos are run with on this machine, and which of it runs a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from site_builder.demos.model import Language, Output, Run
from site_builder.demos.node import Node
from site_builder.demos.processes import Job, Native, run_node
from site_builder.demos.pyodide import Pyodide


@dataclass(frozen=True)
class Surroundings:
    """What a site's demos are run with."""

    cache: Path
    """A folder to keep what came of runs in; made if it is not there."""
    node: Node | None = None
    script: Path = Path()
    """The bundle that Node runs demos with."""
    paths: Mapping[tuple[str, ...], tuple[Path, ...]] = field(default_factory=dict)
    """Where Python finds packages, for each ``Options.packages`` of a demo: folders, or for Pyodide wheels in the order of
    loading. Else it finds the standard library only."""
    memory: int = 1024
    """What one demo may take, in MiB."""
    pyodide: Path | None = None
    """The folder of Pyodide's files, which runs Python instead of this machine's own; it needs Node."""


class Runner:
    """Does jobs one after the other, with processes that stay warm; by ``seed`` Python orders sets in another way."""

    def __init__(self, seed: int, surroundings: Surroundings) -> None:
        self._around = around = surroundings
        self._native = Native(seed, around.cache / "native", around.memory)
        self._pyodide: Pyodide | None = None
        if around.pyodide:
            assert around.node
            self._pyodide = Pyodide(seed, around.pyodide, around.node.program, around.script, around.memory)

    def run(self, job: Job) -> list[Run]:
        """What came of the job's pieces, of its exercise, or of parsing it."""
        if job.language in (Language.JS, Language.HTML):
            assert self._around.node
            runs, said = run_node(job, self._around.node, self._around.script, self._around.memory)
            return runs or [Run(tuple(_syntax_error(one) for one in said if one))]
        if job.language is Language.PYTHON and self._pyodide:
            return self._pyodide.run(job)
        with TemporaryDirectory(prefix="demo-", ignore_cleanup_errors=True) as folder:
            return self._native.run(job, Path(folder).resolve())

    def close(self) -> None:
        self._native.close()
        if self._pyodide:
            self._pyodide.close()


def _syntax_error(said: Mapping[str, object]) -> Output:
    return Output("error", {"type": "SyntaxError", "text": f"SyntaxError: {said['message']}", "line": said["line"]})
