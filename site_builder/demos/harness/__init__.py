"""Runs a demo's Python and tells what came of it, piece by piece: when the site is built, and in the reader's browser.

The browser's Python is sent these very files. So they need nothing but the standard library, of this package nothing at all.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import re
import types
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

from .exercise import AWAIT, test
from .output import Emit, OutputLimit, Sink
from .shown import display, is_plot, show_figures
from .stage import stage
from .traces import named, told

__all__ = ["Emit", "OutputLimit", "awaits", "check", "check_async", "run", "run_async"]

_T = TypeVar("_T")


def run(code: str, namespace: dict[str, Any], emit: Emit, *, name: str = "demo.py", stdin: str = "") -> bool:
    """Run code in a namespace that may have been used before. True: it ended without an exception.

    `name` is what tracebacks call the code; a later piece in one namespace gets a number of its own. `stdin` is what
    `input()` reads. Code with a top-level `await` runs in an event loop of this module.
    """
    return _complete(run_async(code, namespace, emit, name=name, stdin=stdin), awaits(code))


async def run_async(
    code: str, namespace: dict[str, Any], emit: Emit, *, name: str = "demo.py", stdin: str = ""
) -> bool:
    """`run` for where an event loop is running already."""
    sink = Sink(emit)
    with stage(namespace, sink, stdin):
        return await _perform(code, namespace, sink, name)


def check(code: str, setup: str, tests: str, emit: Emit, *, stdin: str = "") -> list[dict[str, Any]]:
    """Run setup and code in a fresh namespace and then each function `test_…` of `tests`, in order.

    Returns:
        {"name", "passed", "message"} for each: the name is its docstring's first line, else its name in words. In `tests`
        the code's text is at hand as `__source__`, what it printed as `__printed__`.
    """
    waits = any(map(awaits, (setup, code, tests))) or bool(re.search(r"^async def test_", tests, re.MULTILINE))
    return _complete(check_async(code, setup, tests, emit, stdin=stdin), waits)


async def check_async(code: str, setup: str, tests: str, emit: Emit, *, stdin: str = "") -> list[dict[str, Any]]:
    """`check` for where an event loop is running already."""
    sink = Sink(emit)
    namespace: dict[str, Any] = {}
    with stage(namespace, sink, stdin):
        fit = await _perform(setup, namespace, sink, "setup.py") and await _perform(code, namespace, sink, "demo.py")
        namespace |= {"__source__": code, "__printed__": "".join(sink.printed)}
        return await test(tests, namespace, sink, fit=fit)


def awaits(code: str) -> bool:
    """Whether code needs an event loop, since it awaits at its top level."""
    try:
        return bool(compile(code, "demo.py", "exec", AWAIT, dont_inherit=True).co_flags & inspect.CO_COROUTINE)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


_runner: asyncio.Runner | None = None


def _complete(work: Coroutine[Any, Any, _T], waits: bool) -> _T:
    """Code that awaits nothing runs outside of any loop, so that it may call `asyncio.run` itself."""
    global _runner
    if waits:
        _runner = _runner or asyncio.Runner()
        return _runner.run(work)
    try:
        work.send(None)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]
    raise RuntimeError("code that awaits nothing was left waiting")


async def _perform(code: str, namespace: dict[str, Any], sink: Sink, name: str) -> bool:
    """Run one piece. Its last expression's value is put out, unless a semicolon follows; then open figures."""
    file = named(name, code, namespace)
    try:
        for step, last in _steps(code, file):
            value = eval(step, namespace)  # noqa: S307  (it is what this is for)
            if step.co_flags & inspect.CO_COROUTINE:
                value = await value
            if last and not is_plot(value):
                display(value, sink)
        show_figures(sink)
        if sink.full:
            raise OutputLimit("stopped: too much output")
    except BaseException as error:
        if isinstance(error, SystemExit) and not error.code:
            return True
        sink.fail(*told(error, namespace, file))
        return False
    finally:
        sink.flush()
    return True


def _steps(code: str, file: str) -> Iterator[tuple[types.CodeType, bool]]:
    """What to evaluate one after the other, and whether its value is put out."""
    tree = ast.parse(code, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not _muted(code, tree) else None
    yield compile(tree, file, "exec", AWAIT, dont_inherit=True), False
    if isinstance(last, ast.Expr):
        flags = _future(tree) | AWAIT
        yield compile(ast.Expression(last.value), file, "eval", flags, dont_inherit=True), True


def _future(tree: ast.Module) -> int:
    """The flags of `from __future__ import …`, which hold for the last expression too."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    names = {name.name for node in imports for name in node.names}
    return sum(getattr(__future__, name).compiler_flag for name in names)


def _muted(code: str, tree: ast.Module) -> bool:
    last = tree.body[-1]
    line = code.splitlines()[(last.end_lineno or 1) - 1].encode()
    return line[last.end_col_offset :].lstrip().startswith(b";")
