"""Snippets (``--8<--``) include files without asking who may read them: a gated page must not come in by that way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from site_builder.content.gate import GATE_SYNTAX
from site_builder.content.library import Document
from site_builder.errors import ContentError, Place

_SNIPPET = re.compile(r"-{1,}8<-{1,}")
_QUOTED = re.compile(r"""-{1,}8<-{1,}[ \t]+["']?([^"'\n]+?)["']?[ \t]*$""", re.MULTILINE)
_BLOCK = re.compile(r"^[ \t]*-{1,}8<-{1,}[ \t]*\n(.*?)^[ \t]*-{1,}8<-{1,}[ \t]*$", re.MULTILINE | re.DOTALL)


def check_snippets(documents: Iterable[Document], options: Mapping[str, Any]) -> None:
    """Refuse a page that includes a gated page's source, or a file with gates in it, at any depth. Raises ContentError."""
    bases = options.get("base_path", ["."])
    # As the extension does it: a relative path counts from the folder in which the build runs.
    folders = [Path(os.fspath(base)) for base in (bases if isinstance(bases, list) else [bases])]
    documents = list(documents)
    gated = {document.source.path.resolve() for document in documents if document.gated}
    for document in documents:
        if _SNIPPET.search(document.source.body):
            _check(document.source.body, document, document.source.body_line, folders, gated, set())


def _check(
    text: str, document: Document, line: int | None, folders: list[Path], gated: set[Path], seen: set[Path]
) -> None:
    for offset, name in _included(text):
        for folder in folders:
            path = (folder / re.split(r":(?=[\w-]*(?::|$))", name)[0]).resolve()
            if not path.is_file() or path in seen:
                continue
            seen.add(path)
            place = Place(document.source.path, line + offset if line else None)
            included = path.read_text("utf-8", "replace")
            if path in gated:
                raise ContentError(
                    f"includes {name!r}, a page with gated parts", place=place, hint="Link to it instead."
                )
            if GATE_SYNTAX.search(included):
                raise ContentError(
                    f"includes {name!r}, which has a gate in it",
                    place=place,
                    hint="Put the gate on the page that includes it.",
                )
            _check(included, document, None, folders, gated, seen)


def _included(text: str) -> Iterable[tuple[int, str]]:
    """(offset in lines, file name) of each snippet."""
    for found in _QUOTED.finditer(text):
        yield text.count("\n", 0, found.start()), found[1].strip()
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start(1))
        for offset, name in enumerate(block[1].split("\n")):
            if name.strip():
                yield first + offset, name.strip().strip("\"'")
