"""Runs one job in a process with limits, and follows what it says until it ends or its time is up. Used by `execute`."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from site_builder.demos.cachedir import make
from site_builder.demos.model import Language, Output, Run, TestResult
from site_builder.demos.node import Node
from site_builder.errors import SiteError

BYTES = 32 << 20
"""More than this no job may say; the harnesses stop well before."""
PLAIN = {"TZ": "UTC", "LANG": "C.UTF-8"} | {
    name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ
}
"""The environment of all that runs demos: nothing of the builder's own."""
START = 30.0
"""Seconds that a process may take until it runs the code: a busy machine is no fault of the code."""


@dataclass(frozen=True)
class Job:
    """What one process does: the pieces of a session one after the other, or the tests of an exercise."""

    language: Language
    pieces: tuple[str, ...] = ()
    exercise: tuple[str, str, str] | None = None
    """Code, setup and tests."""
    syntax: tuple[str, ...] = ()
    """JavaScript that is only parsed."""
    timeouts: tuple[float, ...] = (10,)
    """Of each piece, in seconds."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    database: str | None = None
    seed: str | None = None
    """Names among ``files``."""
    paths: tuple[Path, ...] = ()
    """Where Python finds packages."""
    net: bool = False


class Lines:
    """What a process writes, line by line as JSON, with a limit to how long one waits for it."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**environment},
            start_new_session=True,
        )
        self.child = 0
        """A process of a group of its own that it has begun, which does the job."""
        self._queue: queue.Queue[bytes | None] = queue.Queue(1000)
        _running.add(self)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        with suppress(ValueError, OSError):
            for line in self.process.stdout:
                self._queue.put(line)
        self._queue.put(None)

    def send(self, message: Mapping[str, object], *, last: bool) -> None:
        assert self.process.stdin
        with suppress(OSError):  # a process that is gone is found out by reading
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
            if last:
                self.process.stdin.close()

    def next(self, until: float) -> dict[str, Any] | None:
        """The next message; None at the end. Raises queue.Empty when the time is up."""
        line = self._queue.get(timeout=max(until - time.monotonic(), 0.001))
        return json.loads(line) if line is not None else None

    def halt(self) -> None:
        """End whatever runs; from any thread."""
        for pid in (self.child, self.process.pid):
            _kill_group(pid)

    def kill(self) -> None:
        _running.discard(self)
        _kill_group(self.process.pid)
        self.process.kill()
        while self.process.poll() is None:
            with suppress(queue.Empty):
                self._queue.get(timeout=0.01)
        for stream in (self.process.stdin, self.process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()


_running: set[Lines] = set()


def halt_all() -> None:
    """End all that runs demos, for a builder that stops: who follows it sees it end."""
    for lines in list(_running):
        lines.halt()


def _kill_group(pid: int) -> None:
    if hasattr(os, "killpg") and pid:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


class Native:
    """A warm Python that does jobs in Python and SQL, one after the other; by ``seed`` it orders sets in another way."""

    def __init__(self, seed: int, scratch: Path, memory: int) -> None:
        self._scratch, self._memory = scratch, memory
        self._environment = PLAIN | {
            "PYTHONHASHSEED": str(seed), "PYTHONUTF8": "1",
            "MPLCONFIGDIR": str(scratch / "matplotlib"), "COLUMNS": "80",
            "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": os.defpath,
        }  # fmt: skip
        self._lines: Lines | None = None

    def run(self, job: Job, folder: Path) -> list[Run]:
        for name, data in job.files.items():
            (folder / name).write_bytes(data)
        lines = self._lines = self._lines or self._started()
        message = {
            "language": job.language, "pieces": job.pieces, "exercise": job.exercise, "folder": str(folder),
            "paths": [str(path) for path in job.paths], "database": job.database, "seed": job.seed, "net": job.net,
            "memory": self._memory, "seconds": int(sum(job.timeouts)) + 2, "scratch": str(self._scratch),
        }  # fmt: skip
        forks = hasattr(os, "fork")
        lines.send(message, last=not forks)
        runs, ended = follow(lines, job)
        if not (forks and ended):
            self.close()
        return runs

    def _started(self) -> Lines:
        make(self._scratch)
        # -S: what is installed beside site-builder is not what the browser has.
        command = (sys.executable, "-S", "-s", "-P", Path(__file__).with_name("native.py"))
        return Lines(command, self._environment)

    def close(self) -> None:
        if self._lines:
            self._lines.kill()
            self._lines = None


def node_command(node: Path, script: Path, memory: int, readable: Sequence[Path], *flags: str) -> list[str]:
    """Node with permission to read these files and folders, and for no other files, no processes and no add-ons."""
    reads = [f"--allow-fs-read={path}" for path in readable]
    return [str(node), "--permission", *flags, *reads, f"--max-old-space-size={memory}", "--no-warnings", str(script)]


def run_node(job: Job, node: Node, script: Path, memory: int) -> tuple[list[Run], list[dict[str, Any] | None]]:
    """Run JavaScript. Gives the pieces' runs, and for ``syntax`` what is wrong with each: {"line", "message"}, or None."""
    # From version 25 on the network needs permission too.
    flags = ["--allow-net"] if job.net and node.version >= (25, 0, 0) else []
    lines = Lines(node_command(node.program, script, memory, [script.parent], *flags), PLAIN)
    try:
        exercise = dict(zip(("code", "setup", "tests"), job.exercise, strict=True)) if job.exercise else None
        files = {name: b64encode(data).decode() for name, data in job.files.items()}
        message = {"pieces": job.pieces, "exercise": exercise, "syntax": job.syntax, "files": files, "net": job.net}
        lines.send(message, last=True)
        if job.syntax:
            said = lines.next(time.monotonic() + START)
            if said is None:
                raise SiteError(f"Node ({node.program}) ended before it read the code")
            return [], said["syntax"]
        return follow(lines, job)[0], []
    except queue.Empty:
        raise SiteError(f"Node ({node.program}) did not answer within {START:.0f} s") from None
    finally:
        lines.kill()


def follow(lines: Lines, job: Job) -> tuple[list[Run], bool]:
    """Gather what a job says, a Run for each piece that was begun. Also whether the process is ready for another job."""
    runs: list[Run] = []
    outputs: list[Output] = []
    tests: tuple[TestResult, ...] | None = None
    wanted = len(job.pieces) or 1
    size, stopped, begun = 0, "", False
    lines.child = 0
    until = time.monotonic() + START

    def stop(why: str) -> None:
        nonlocal stopped, until
        stopped, until = why, time.monotonic() + 5
        _kill_group(lines.child or lines.process.pid)

    while True:
        try:
            said = lines.next(until)
        except queue.Empty:
            if stopped:
                return _with(runs, outputs, stopped, wanted, 0), False
            stop("Timeout" if begun else "Crash")
            continue
        if said is None or "exit" in said:
            lines.child = 0
            code = said["exit"] if said else lines.process.wait()
            why = stopped or ("" if len(runs) == wanted else _ENDS.get((job.language, code), "Crash"))
            return (_with(runs, outputs, why, wanted, code) if why else runs), said is not None
        if stopped:
            continue
        if "failed" in said:
            raise SiteError(f"Pyodide can't be started: {said['failed'].strip().splitlines()[-1]}")
        if "pid" in said:
            lines.child = said["pid"]
        elif "ready" in said:
            begun, until = True, time.monotonic() + job.timeouts[0]
        elif "kind" in said:
            size += len(json.dumps(said["data"]))
            outputs.append(Output(said["kind"], said["data"]))
            if size > BYTES:
                stop("OutputLimit")
        else:
            if "tests" in said:
                tests = tuple(TestResult(**one) for one in said["tests"])
            runs.append(Run(joined(outputs), tests or ()))
            outputs = []
            left = job.timeouts[len(runs) : len(runs) + 1]
            until = time.monotonic() + (left[0] if left else START)
            begun = bool(left)


_WORDS = {
    "Timeout": "stopped: it ran longer than it may",
    "Crash": "the process that ran this ended before the code did",
    "OutputLimit": "stopped: too much output",
    "MemoryError": "it needs more memory than it may take",
}
_ENDS = {
    (Language.PYTHON, -24): "Timeout",  # SIGXCPU
    (Language.SQL, -24): "Timeout",
    (Language.JS, -6): "MemoryError",  # Node aborts when its heap is full
}


def _with(runs: list[Run], outputs: list[Output], why: str, wanted: int, code: int) -> list[Run]:
    if len(runs) < wanted:
        how = f" ({signal.Signals(-code).name if code < 0 else f'code {code}'})" if why == "Crash" else ""
        error = Output("error", {"type": why, "text": f"{why}: {_WORDS[why]}{how}", "line": None})
        return [*runs, Run((*joined(outputs), error))]
    return runs


def joined(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """Neighbouring pieces of one stream as one: where they were cut is chance."""
    return tuple(_joined(outputs))


def _joined(outputs: Sequence[Output]) -> Iterator[Output]:
    held: Output | None = None
    for output in outputs:
        if held and held.kind == output.kind and held.kind in ("stdout", "stderr"):
            held = Output(held.kind, f"{held.data}{output.data}")
            continue
        if held:
            yield held
        held = output
    if held:
        yield held
