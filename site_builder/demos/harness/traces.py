"""Errors as a reader is shown them: with the lines of the reader's own code, and of nothing else."""

from __future__ import annotations

import itertools
import linecache
import traceback
from pathlib import Path
from typing import Any

from .output import OutputLimit

_FRAMES = 20
"""So many of a traceback's lines are shown where it is endless, as recursion's is; how deep that went is the machine's affair."""

_sources: dict[int, dict[str, str]] = {}
"""By namespace: the code that has run in it, by the name it goes by in tracebacks."""


def begin(namespace: dict[str, Any]) -> None:
    """A namespace is fresh; it may have the place in memory of one that is gone."""
    _sources[id(namespace)] = {}


def named(name: str, code: str, namespace: dict[str, Any]) -> str:
    """The name under which tracebacks show this code, after making its lines known."""
    known = _sources.setdefault(id(namespace), {})
    stem = name.removesuffix(".py")
    names = itertools.chain([name], (f"{stem}-{number}.py" for number in itertools.count(2)))
    file = next(one for one in names if known.setdefault(one, code) == code)
    for one, text in known.items():
        linecache.cache[one] = (len(text), None, [f"{line}\n" for line in text.split("\n")], one)
    return file


def own(file: str, namespace: dict[str, Any]) -> bool:
    """Whether a file is the reader's: code of this namespace, or a module among its data files."""
    return file in _sources.get(id(namespace), {}) or Path(file).parent == Path.cwd()


def told(error: BaseException, namespace: dict[str, Any], file: str) -> tuple[str, str, int | None]:
    """An exception's type, its traceback with none but the reader's lines, and the line of `file` where it arose."""
    kind = type(error).__name__
    whole = traceback.TracebackException.from_exception(error, compact=True)
    lines = _own_lines(whole, namespace)
    line = next((frame.lineno for frame in reversed(lines) if frame.filename == file), None)
    if isinstance(error, SyntaxError) and error.filename == file:
        line = error.lineno
    if isinstance(error, SystemExit):
        words = error.code if isinstance(error.code, str) else f"the program ended itself with code {error.code}"
        return kind, f"SystemExit: {words}", line
    if isinstance(error, KeyboardInterrupt):
        return kind, "KeyboardInterrupt: stopped", line
    if isinstance(error, OutputLimit):
        return kind, f"OutputLimit: {error}", line
    return kind, "".join(whole.format()).rstrip("\n"), line


def _own_lines(whole: traceback.TracebackException, namespace: dict[str, Any]) -> list[traceback.FrameSummary]:
    """Take all frames but the reader's out of a traceback and those chained to it; those of the outermost are given back.

    Marks below a line's parts go too: each version of Python sets them in its own way.
    """
    frames = [
        traceback.FrameSummary(Path(one.filename).name, one.lineno, one.name, line=one.line)
        for one in whole.stack
        if own(one.filename, namespace)
    ]
    frames = frames if len(frames) <= 5 * _FRAMES else frames[:_FRAMES]
    whole.stack = traceback.StackSummary.from_list(frames) if frames else None  # type: ignore[assignment]
    for chained in (whole.__cause__, whole.__context__, *(whole.exceptions or ())):
        if chained:
            _own_lines(chained, namespace)
    return frames
