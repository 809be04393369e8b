"""Runs a demo's Python and tells what came of it, piece by piece: when the site is built, and in the reader's browser.

The browser's Python is sent this very file. So it needs nothing but the standard library, of this package nothing at all.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import base64
import builtins
import codecs
import inspect
import io
import itertools
import linecache
import os
import re
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, TypeVar, cast

_T = TypeVar("_T")
Emit = Callable[[str, object], None]
"""Takes the kind of an output and its data, as `model.Output` says. While code runs `sys.stdout` is the code's."""

CHARACTERS = 100_000
"""So much text may be put out by one run."""
PICTURES = 50
PICTURE_CHARACTERS = 5_000_000
"""Of all pictures of one run."""
_FRAMES = 20
"""So many of a traceback's lines are shown where it is endless, as recursion's is; how deep that went is the machine's affair."""
_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class OutputLimit(BaseException):
    """The code put out too much. Not an Exception, lest the code's own `except Exception` go on printing."""


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
    sink = _Sink(emit)
    with _stage(namespace, sink, stdin):
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
    sink = _Sink(emit)
    namespace: dict[str, Any] = {}
    with _stage(namespace, sink, stdin):
        fit = await _perform(setup, namespace, sink, "setup.py") and await _perform(code, namespace, sink, "demo.py")
        namespace |= {"__source__": code, "__printed__": "".join(sink.printed)}
        return await _test(tests, namespace, sink, fit=fit)


def awaits(code: str) -> bool:
    """Whether code needs an event loop, since it awaits at its top level."""
    try:
        return bool(compile(code, "demo.py", "exec", _AWAIT, dont_inherit=True).co_flags & inspect.CO_COROUTINE)
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


class _Sink:
    """Where output goes: joined to lines, counted, and sent on. A program that prints little is followed line by line."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self.printed: list[str] = []
        self.full = False
        self._kind, self._text = "", [""]
        self._characters = self._pictures = self._picture_characters = 0
        self._sent, self._since = 0, 0.0

    def text(self, kind: str, text: str) -> None:
        if kind != self._kind:
            self.flush()
        piece = text[: CHARACTERS - self._characters]
        self._characters += len(piece)
        self._kind = kind
        self._text.append(piece)
        if kind == "stdout":
            self.printed.append(piece)
        if len(piece) < len(text):
            self.flush()
            self._overflow(f"more than {CHARACTERS:,} characters of output")
        now = time.monotonic()
        if now - self._since > 0.1:
            self._sent, self._since = 0, now
        if self._sent < 20 and text.endswith("\n"):
            self.flush()

    def flush(self) -> None:
        text, kind = "".join(self._text), self._kind
        self._text, self._kind = [], ""
        if text:
            self._sent += 1
            self._emit(kind, _printable(text))

    def whole(self, kind: str, text: str) -> None:
        """A value or a fragment of HTML: all of it or nothing."""
        self.flush()
        self._characters += len(text)
        if self._characters > CHARACTERS:
            self._overflow(f"more than {CHARACTERS:,} characters of output")
        self._emit(kind, _printable(text))

    def picture(self, kind: str, text: str) -> None:
        self.flush()
        self._pictures += 1
        self._picture_characters += len(text)
        if self._pictures > PICTURES:
            self._overflow(f"more than {PICTURES} pictures")
        if self._picture_characters > PICTURE_CHARACTERS:
            self._overflow(f"pictures of more than {PICTURE_CHARACTERS:,} characters")
        self._emit(kind, _printable(text))

    def fail(self, kind: str, text: str, line: int | None) -> None:
        self.flush()
        if len(text) > CHARACTERS // 10:
            text = f"{text[: CHARACTERS // 10]}…"
        self._emit("error", {"type": kind, "text": _printable(text), "line": line})

    def _overflow(self, what: str) -> None:
        self.full = True
        raise OutputLimit(f"stopped: {what}")


def _printable(text: str) -> str:
    """Half a surrogate pair, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Raw(io.RawIOBase):
    """The bytes' side of `sys.stdout`, so that it has all that a text file has."""

    def __init__(self, sink: _Sink, kind: str) -> None:
        self._sink, self._stream = sink, kind
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._sink.text(self._stream, self._decoder.decode(bytes(data)))
        return len(data)

    def flush(self) -> None:
        if not self.closed:
            self._sink.flush()


class _Input(io.StringIO):
    """What the program reads. Shown as it is read, as a terminal would."""

    def close(self) -> None:
        """`quit()` closes its input; the next piece of a session may read on."""


class _Main(types.ModuleType):
    """`__main__` is the demo: dataclasses, pickle and type hints look there for what it defines."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        super().__init__("__main__")
        self._namespace = namespace

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        return self._namespace

    def __getattr__(self, name: str) -> Any:
        try:
            return self._namespace[name]
        except KeyError:
            raise AttributeError(f"module '__main__' has no attribute {name!r}") from None


@contextmanager
def _stage(namespace: dict[str, Any], sink: _Sink, stdin: str) -> Iterator[None]:
    """What is around the code: its streams, `input` and `display`, `__main__`, where plots go. All as before afterwards."""
    if "__name__" not in namespace:
        namespace |= {"__name__": "__main__", "__builtins__": builtins}
        _sources[id(namespace)] = {}
    lines = _Input(stdin)

    def read(prompt: object = "", /) -> str:
        line = lines.readline()
        sink.text("stdout", f"{prompt}{line if not line or line.endswith(chr(10)) else line + chr(10)}")
        if not line:
            sink.flush()
            raise EOFError("there is nothing more to read: write what the program shall read into the box “Input”")
        return line.removesuffix("\n")

    def display(*values: object) -> None:
        for value in values:
            _display(value, sink)

    def tell(message: Any, category: type[Warning], file: str, line: int, text: str | None = None) -> str:
        # Of a package's file the place would be this machine's.
        where = f"{Path(file).name}:{line}: " if _own(file, namespace) else ""
        return f"{where}{category.__name__}: {message}\n"

    former = sys.stdout, sys.stderr, sys.stdin, builtins.input, warnings.formatwarning, sys.modules.get("__main__")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(cast("Any", _Raw(sink, kind)), "utf-8", newline="\n", write_through=True)
        for kind in ("stdout", "stderr")
    )
    sys.stdin, builtins.input, warnings.formatwarning = lines, read, cast("Any", tell)
    sys.modules["__main__"] = _Main(namespace)
    builtins.display = display  # type: ignore[attr-defined]
    try:
        with _plots_to(sink):
            yield
    finally:
        sink.flush()
        del builtins.display  # type: ignore[attr-defined]
        sys.stdout, sys.stderr, sys.stdin, builtins.input, warnings.formatwarning = former[:5]
        if former[5]:
            sys.modules["__main__"] = former[5]


async def _perform(code: str, namespace: dict[str, Any], sink: _Sink, name: str) -> bool:
    """Run one piece. Its last expression's value is put out, unless a semicolon follows; then open figures."""
    file = _named(name, code, namespace)
    try:
        for step, last in _steps(code, file):
            value = eval(step, namespace)  # noqa: S307  (it is what this is for)
            if step.co_flags & inspect.CO_COROUTINE:
                value = await value
            if last and not _is_plot(value):
                _display(value, sink)
        _show_figures(sink)
        if sink.full:
            raise OutputLimit("stopped: too much output")
    except BaseException as error:
        if isinstance(error, SystemExit) and not error.code:
            return True
        sink.fail(*_told(error, namespace, file))
        return False
    finally:
        sink.flush()
    return True


def _steps(code: str, file: str) -> Iterator[tuple[types.CodeType, bool]]:
    """What to evaluate one after the other, and whether its value is put out."""
    tree = ast.parse(code, file)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not _muted(code, tree) else None
    yield compile(tree, file, "exec", _AWAIT, dont_inherit=True), False
    if isinstance(last, ast.Expr):
        flags = _future(tree) | _AWAIT
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


def _display(value: object, sink: _Sink) -> None:
    """Put out a value the richest way that it knows, as notebooks do."""
    if value is None:
        return
    for kind, data in _rich(value):
        if kind in ("svg", "png"):
            sink.picture(kind, data)
        else:
            sink.whole(kind, data)
        return
    sink.whole("value", repr(value))


_KINDS = {"text/html": "html", "image/svg+xml": "svg", "image/png": "png", "text/plain": "value"}


def _rich(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, type):
        return
    if callable(getattr(value, "savefig", None)):
        yield "svg", _svg(value)
    if callable(bundle := getattr(value, "_repr_mimebundle_", None)):
        found = bundle()
        data = found[0] if isinstance(found, tuple) else found
        for mime, kind in _KINDS.items():
            if mime in (data or {}):
                yield kind, _text(data[mime])
    for method, kind in (("_repr_html_", "html"), ("_repr_svg_", "svg"), ("_repr_png_", "png")):
        if callable(show := getattr(value, method, None)) and (found := show()) is not None:
            yield kind, _text(found)


def _text(data: Any) -> str:
    return base64.b64encode(data).decode() if isinstance(data, bytes) else str(data)


class _Plots(Loader, MetaPathFinder):
    """matplotlib's way out, a backend that is a module of ours: `plt.show()` puts figures out at its place, the rest follow."""

    name = "demo_figures"

    def __init__(self, sink: _Sink) -> None:
        self._sink = sink

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: Any) -> None:
        from matplotlib.backends import backend_agg  # type: ignore[import-not-found,unused-ignore]

        module.FigureCanvas = backend_agg.FigureCanvasAgg
        module.show = lambda *_, **__: _show_figures(self._sink)


@contextmanager
def _plots_to(sink: _Sink) -> Iterator[None]:
    finder = _Plots(sink)
    sys.meta_path.insert(0, finder)
    sys.modules.pop(finder.name, None)
    os.environ["MPLBACKEND"] = f"module://{finder.name}"
    if plots := sys.modules.get("matplotlib.pyplot"):
        plots.switch_backend(os.environ["MPLBACKEND"])
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _show_figures(sink: _Sink) -> None:
    plots = sys.modules.get("matplotlib.pyplot")
    for number in plots.get_fignums() if plots else ():
        assert plots
        figure = plots.figure(number)
        sink.picture("svg", _svg(figure))
        plots.close(figure)


def _svg(figure: Any) -> str:
    """Without date, version and chance, so that it is the same each time."""
    matplotlib = sys.modules["matplotlib"]
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "demo"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    text = out.getvalue()
    return text[max(text.find("<svg"), 0) :]


def _is_plot(value: object) -> bool:
    """Whether a value is only the handle of what an open figure shows."""
    plots = sys.modules.get("matplotlib.pyplot")
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return bool(plots and plots.get_fignums()) and type(value).__module__.startswith("matplotlib")


_sources: dict[int, dict[str, str]] = {}
"""By namespace: the code that has run in it, by the name it goes by in tracebacks."""


def _named(name: str, code: str, namespace: dict[str, Any]) -> str:
    """The name under which tracebacks show this code, after making its lines known."""
    known = _sources.setdefault(id(namespace), {})
    stem = name.removesuffix(".py")
    names = itertools.chain([name], (f"{stem}-{number}.py" for number in itertools.count(2)))
    file = next(one for one in names if known.setdefault(one, code) == code)
    for one, text in known.items():
        linecache.cache[one] = (len(text), None, [f"{line}\n" for line in text.split("\n")], one)
    return file


def _own(file: str, namespace: dict[str, Any]) -> bool:
    """Whether a file is the reader's: code of this namespace, or a module among its data files."""
    return file in _sources.get(id(namespace), {}) or Path(file).parent == Path.cwd()


def _told(error: BaseException, namespace: dict[str, Any], file: str) -> tuple[str, str, int | None]:
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
        if _own(one.filename, namespace)
    ]
    frames = frames if len(frames) <= 5 * _FRAMES else frames[:_FRAMES]
    whole.stack = traceback.StackSummary.from_list(frames) if frames else None  # type: ignore[assignment]
    for chained in (whole.__cause__, whole.__context__, *(whole.exceptions or ())):
        if chained:
            _own_lines(chained, namespace)
    return frames


async def _test(tests: str, namespace: dict[str, Any], sink: _Sink, *, fit: bool) -> list[dict[str, Any]]:
    try:
        tree = ast.parse(tests)
    except SyntaxError as error:
        where = f"SyntaxError: {error.msg} (line {error.lineno} of the tests)"
        return [{"name": "tests", "passed": False, "message": where}]
    found = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]
    failed = "" if fit else "not run, because the code ended with an error"
    file = _named("tests.py", tests, namespace)
    if fit:
        namespace["__words__"] = _words
        worded = ast.fix_missing_locations(_Asserts(tests).visit(tree))
        failed = await _message(compile(worded, file, "exec", _AWAIT, dont_inherit=True), namespace, sink)
    results = []
    for node in found:
        words = (ast.get_docstring(node) or node.name.removeprefix("test_").replace("_", " ")).strip().splitlines()[0]
        message = failed or await _message(namespace[node.name], namespace, sink)
        failed = failed or ("not run, because there was too much output" if sink.full else "")
        results.append({"name": words, "passed": not message, "message": message})
    return results


async def _message(work: Any, namespace: dict[str, Any], sink: _Sink) -> str:
    """Why a test, or the text of all tests, did not pass; empty if it did."""
    try:
        result = eval(work, namespace) if isinstance(work, types.CodeType) else work()  # noqa: S307  (as above)
        if inspect.iscoroutine(result):
            await result
    except BaseException as error:
        if isinstance(error, AssertionError) and str(error):
            return str(error)
        kind, _, line = _told(error, namespace, "demo.py")
        words = "the test's condition does not hold" if isinstance(error, AssertionError) else str(error)
        return f"{kind}: {words}" + (f" (line {line})" if line else "")
    finally:
        sink.flush()
    return ""


def _words(said: str, left: object) -> str:
    found = repr(left)
    return f"{said} does not hold: {found if len(found) <= 200 else f'{found[:200]}…'} was found on its left"


class _Asserts(ast.NodeTransformer):
    """Give an `assert left == right` without words of its own some that tell what was found."""

    def __init__(self, text: str) -> None:
        self._text = text

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        if node.msg or not isinstance(node.test, ast.Compare) or len(node.test.ops) > 1:
            return node
        said = ast.get_source_segment(self._text, node.test) or ""
        keep = ast.NamedExpr(ast.Name("__left__", ast.Store()), node.test.left)
        words = ast.parse(f"__words__({said!r}, __left__)", mode="eval").body
        changed = ast.Assert(ast.Compare(keep, node.test.ops, node.test.comparators), words)
        return ast.copy_location(changed, node)
