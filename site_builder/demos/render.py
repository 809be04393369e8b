"""A demo as HTML: its code, what it put out when the site was built, and all that the page's script needs to run it.

Without script it is code with its output; hints and the solution of an exercise can be opened. See docs/demos.md.
"""

from __future__ import annotations

import html
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from site_builder.demos.model import Demo, Output

_WORDS = {
    "en": {"hint": "Hint {}", "solution": "Solution", "plot": "Plot", "cut": "… {} more rows"},
    "zh": {"hint": "提示 {}", "solution": "参考答案", "plot": "图", "cut": "……另有 {} 行"},
}
# Who has no mouse can move what is wider than the page.
_TABLE = '<div class="code-demo__table" tabindex="0">{}</div>'
# Signs that no page may hold, nor a feed; a program may print them.
_NO_TEXT = re.compile(r"[^\t\n\x0c\r -~\x85\xa0-\ufffd\U00010000-\U0010ffff]")
_NO_BASE64 = re.compile(r"[^\w+/=]", re.ASCII)
_TEXTS = ("stdout", "stderr", "value")
_ROWS = 1_000
_NULL = '<td class="code-demo__null">NULL</td>'


@dataclass(frozen=True)
class Links:
    """What a demo's element refers to beside its own code."""

    runtime: str = ""
    """Where the language's runtime lies, from the site's root, with a ``/`` at the end; empty if it needs none."""
    wheels: tuple[str, ...] = ()
    """Python packages from the site's root, in the order of loading."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Data files: name -> address from the page."""
    language: str = "en"
    """The page's."""


@dataclass(frozen=True)
class Formats:
    """How code, HTML of a run, and the Markdown of hints become the page's HTML."""

    highlight: Callable[[str, str, Mapping[str, str]], str]
    """(code, language, title and lines as for any block of code) -> HTML."""
    clean: Callable[[str], str]
    """HTML that a program has made -> HTML without anything that acts."""
    markdown: Callable[[str], str]


def element(demo: Demo, outputs: Sequence[Output], links: Links, formats: Formats) -> str:
    """The demo with all that its page needs. ``outputs`` are those of the build."""
    hints = [formats.markdown(hint) for hint in demo.exercise.hints] if demo.exercise else []
    data = html.escape(json.dumps(_data(demo, links, hints), ensure_ascii=False, separators=(",", ":")))
    head = f'<code-demo id="demo-{html.escape(demo.id)}" data-demo="{data}"'
    if demo.options.hidden:
        return f'<div class="demo" hidden data-search-exclude>{head}>{_files(links)}</code-demo></div>'
    body = "".join(_body(demo, outputs, links, formats, hints))
    return f'<div class="demo">{head}>{body}</code-demo></div>'


def static(demo: Demo, outputs: Sequence[Output], language: str, formats: Formats) -> str:
    """Code and output alone, for lists of posts, where it can't be run."""
    if demo.options.hidden:
        return ""
    shown = _shown(outputs, _words(language), formats)
    return f'<div class="demo">{formats.highlight(demo.code, demo.language, demo.options.shown)}{shown}</div>'


def _body(demo: Demo, outputs: Sequence[Output], links: Links, formats: Formats, hints: Iterable[str]) -> Iterator[str]:
    words = _words(links.language)
    yield formats.highlight(demo.code, demo.language, demo.options.shown)
    for code, language in ((demo.style, "css"), (demo.script, "js")):
        if code:
            yield formats.highlight(code, language, {})
    yield _shown(outputs, words, formats)
    yield _files(links)
    for number, hint in enumerate(hints, 1):
        yield _closed("hint", words["hint"].format(number), hint)
    if demo.exercise:
        yield _closed("solution", words["solution"], formats.highlight(demo.exercise.solution, demo.language, {}))


def _files(links: Links) -> str:
    """What the script reads data files by; and in gated parts what tells the build to seal them."""
    anchors = (
        f'<a href="{html.escape(address)}" download>{html.escape(name)}</a>' for name, address in links.files.items()
    )
    return f'<p class="code-demo__files">{" ".join(anchors)}</p>' if links.files else ""


def _closed(name: str, title: str, inner: str) -> str:
    """What a reader opens, and nobody finds by the search."""
    return f'<details class="code-demo__{name}" data-search-exclude><summary>{title}</summary>{inner}</details>'


def _shown(outputs: Sequence[Output], words: Mapping[str, str], formats: Formats) -> str:
    pieces = "".join(_piece(output, words, formats) for output in outputs)
    return f'<div class="code-demo__output">{pieces}</div>' if pieces else ""


def _piece(output: Output, words: Mapping[str, str], formats: Formats) -> str:
    kind, data = output.kind, output.data
    if isinstance(data, dict):
        if kind == "table":
            return _TABLE.format(_table(data, words))
        return f'<pre class="code-demo__error">{_escaped(str(data["text"]))}</pre>'
    if kind in _TEXTS:
        return f'<pre class="code-demo__{kind}">{_escaped(data)}</pre>'
    if kind == "html":
        return _TABLE.format(formats.clean(data))
    source = _NO_BASE64.sub("", data) if kind == "png" else b64encode(data.encode()).decode()
    media = "image/png" if kind == "png" else "image/svg+xml"
    return f'<img class="code-demo__picture" alt="{words["plot"]}" src="data:{media};base64,{source}">'


def _escaped(text: str) -> str:
    return html.escape(_NO_TEXT.sub("\ufffd", text))


def _table(table: Mapping[str, Any], words: Mapping[str, str]) -> str:
    def cells(row: Iterable[str | None], name: str) -> str:
        return "".join(_NULL if cell is None else f"<{name}>{_escaped(cell)}</{name}>" for cell in row)

    rows = table["rows"]
    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows[:_ROWS])
    more = words["cut"].format(len(rows) - _ROWS) if len(rows) > _ROWS else ""
    text = f"<table><thead><tr>{cells(table['columns'], 'th')}</tr></thead><tbody>{body}</tbody></table>"
    return text + (f"<p>{more}</p>" if more else "")


def _data(demo: Demo, links: Links, hints: Sequence[str]) -> dict[str, Any]:
    options, exercise = demo.options, demo.exercise
    return {
        "id": demo.id,
        "page": demo.page,
        "language": demo.language.value,
        "code": demo.code,
        "session": options.session,
        "timeout": options.timeout,
        "net": options.net,
        "readonly": options.readonly,
        "autorun": options.autorun,
        "hidden": options.hidden,
        "height": options.height,
        "files": [file.name for file in options.files],
        "wheels": list(links.wheels),
        "runtime": links.runtime,
        "database": options.database.name if options.database else None,
        "seed": options.seed.name if options.seed else None,
        "css": demo.style,
        "script": demo.script,
        "exercise": {
            "tests": exercise.tests,
            "setup": exercise.setup,
            "solution": exercise.solution,
            "hints": list(hints),
            "tries": options.tries,
        }
        if exercise
        else None,
    }


def _words(language: str) -> Mapping[str, str]:
    return _WORDS["zh" if language.lower().startswith("zh") else "en"]
