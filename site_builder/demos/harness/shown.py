"""Puts out a value the richest way that it knows, as notebooks do, and the figures that matplotlib holds."""

from __future__ import annotations

import base64
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

from .output import Sink


def display(value: object, sink: Sink) -> None:
    """Put out a value the richest way that it knows, as notebooks do."""
    if value is None:
        return
    for kind, data in _rich(value):
        if kind == "svg" and "xmlns=" not in data:
            data = data.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1)
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

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == self.name else None

    def exec_module(self, module: Any) -> None:
        from matplotlib.backends import backend_agg  # type: ignore[import-not-found,unused-ignore]

        module.FigureCanvas = backend_agg.FigureCanvasAgg
        module.show = lambda *_, **__: show_figures(self._sink)


@contextmanager
def plots_to(sink: Sink) -> Iterator[None]:
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


def show_figures(sink: Sink) -> None:
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


def is_plot(value: object) -> bool:
    """Whether a value is only the handle of what an open figure shows."""
    plots = sys.modules.get("matplotlib.pyplot")
    while isinstance(value, list | tuple) and value:
        value = value[0]
    return bool(plots and plots.get_fignums()) and type(value).__module__.startswith("matplotlib")
