"""What is around a demo's code while it runs: its streams, `input` and `display`, `__main__`, where plots go."""

from __future__ import annotations

import builtins
import io
import sys
import types
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from .output import Raw, Sink
from .shown import display, plots_to
from .traces import begin, own


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
def stage(namespace: dict[str, Any], sink: Sink, stdin: str) -> Iterator[None]:
    """What is around the code: its streams, `input` and `display`, `__main__`, where plots go. All as before afterwards."""
    if "__name__" not in namespace:
        namespace |= {"__name__": "__main__", "__builtins__": builtins}
        begin(namespace)
    lines = _Input(stdin)

    def read(prompt: object = "", /) -> str:
        line = lines.readline()
        sink.text("stdout", f"{prompt}{line if not line or line.endswith(chr(10)) else line + chr(10)}")
        if not line:
            sink.flush()
            raise EOFError("there is nothing more to read: write what the program shall read into the box “Input”")
        return line.removesuffix("\n")

    def show(*values: object) -> None:
        for value in values:
            display(value, sink)

    def tell(message: Any, category: type[Warning], file: str, line: int, text: str | None = None) -> str:
        # Of a package's file the place would be this machine's.
        where = f"{Path(file).name}:{line}: " if own(file, namespace) else ""
        return f"{where}{category.__name__}: {message}\n"

    former = sys.stdout, sys.stderr, sys.stdin, builtins.input, warnings.formatwarning, sys.modules.get("__main__")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(cast("Any", Raw(sink, kind)), "utf-8", newline="\n", write_through=True)
        for kind in ("stdout", "stderr")
    )
    sys.stdin, builtins.input, warnings.formatwarning = lines, read, cast("Any", tell)
    sys.modules["__main__"] = _Main(namespace)
    builtins.display = show  # type: ignore[attr-defined]
    try:
        with plots_to(sink):
            yield
    finally:
        sink.flush()
        del builtins.display  # type: ignore[attr-defined]
        sys.stdout, sys.stderr, sys.stdin, builtins.input, warnings.formatwarning = former[:5]
        if former[5]:
            sys.modules["__main__"] = former[5]
