"""The files that Markdown and front matter name, found without rendering: those of pages that nobody may see yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from site_builder.content.library import MARKDOWN, Document
from site_builder.content.mapping import texts_in

_ADDRESS = re.compile(r"""(?:\]\(\s*<?|\]:\s*<?|(?:src|href)\s*=\s*["']?)([^\s)>"'#?]+)""")
# The data of demos (docs/demos.md): in the line that begins a block of code, several with spaces between them.
_FENCE = re.compile(r"^[ \t>*+\d.)-]*(?:`{3,}|~{3,})[ \t]*[\w.]+[ \t](.*)$", re.MULTILINE)
_DATA = re.compile(r"""\b(?:files|database|seed)=(?:"([^"]*)"|'([^']*)'|(\S+))""")


def _named(text: str, folder: Path, docs_dir: Path) -> Iterator[Path]:
    for found in _ADDRESS.finditer(text):
        if path := _file(unquote(found[1]), folder, docs_dir):
            yield path
    for fence in _FENCE.finditer(text):
        for data in _DATA.finditer(fence[1]):
            for name in (data[1] or data[2] or data[3] or "").split():
                if path := _file(name, folder, docs_dir):
                    yield path


def _file(name: str, folder: Path, docs_dir: Path) -> Path | None:
    """The file below ``docs_dir`` that ``name`` means in ``folder``, or from ``docs_dir`` with a ``/`` before it; no page."""
    try:
        path = (docs_dir / name.lstrip("/") if name.startswith("/") else folder / name).resolve()
        found = path.is_file() and path.is_relative_to(docs_dir) and not path.name.endswith(MARKDOWN)
    except (OSError, ValueError):
        return None
    return path if found else None


def withheld_files(documents: Iterable[Document], docs_dir: Path) -> set[Path]:
    """Files below ``docs_dir`` that gated or unpublished text names and public text does not."""
    withheld, public = set[Path](), set[Path]()
    root = docs_dir.resolve()
    for document in documents:
        folder = document.source.path.parent
        front = (path for text in texts_in(document.source.meta) if (path := _file(text, folder, root)))
        (public if document.published else withheld).update(front)
        for segment in document.segments:
            hidden = segment.number or not document.published
            (withheld if hidden else public).update(_named(segment.text, folder, root))
    return withheld - public
