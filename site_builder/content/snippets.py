"""Snippets (``--8<--``) include files without asking who may read them: a gated page must not come in by that way."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from site_builder.content.gate import has_gate
from site_builder.content.library import MARKDOWN, Document
from site_builder.content.source import parse_source
from site_builder.errors import ContentError, Place

# As pymdownx.snippets has it: a quoted name behind the scissors, or scissors above and below a list of names.
_SNIPPET = re.compile(r"[ \t]*-+8<-+(?:[ \t]+(?P<quoted>\"[^\"]+\"|'[^']+'))?[ \t]*")


def check_snippets(documents: Iterable[Document], options: Mapping[str, Any]) -> None:
    """Refuse to include a gated page's source, or a file with gates in it, at any depth.

    Args:
        documents: the pages that will be published.
        options: those of pymdownx.snippets; relative base paths count from the folder in which the build runs.

    Raises:
        ContentError: with the line of the page at which the file comes in.
    """
    bases = options.get("base_path", ["."])
    bases = list(bases) if isinstance(bases, (list, tuple)) else [bases]
    appended = [(None, str(name)) for name in options.get("auto_append", ())]
    documents = list(documents)
    gated = {document.source.path.resolve() for document in documents if document.gated}
    for document in documents:
        source = document.source
        if appended or "8<" in source.body:
            folders = [base_folder(base, source.path) for base in bases]
            included = [(source.body_line + offset, name) for offset, name in _included(source.body)]
            for line, name in [*included, *appended]:
                _check(name, Place(source.path, line), folders, gated, set())


def base_folder(base: object, page: Path) -> Path:
    """The folder that an entry of the extension's ``base_path`` means for a page."""
    try:
        path = Path(os.fspath(base))  # type: ignore[call-overload]
    except Exception:  # MkDocs's `!relative`: the folder of the page, which MkDocs knows only while it renders the page
        return page.parent
    return path.parent if path.is_file() else path


def _check(name: str, place: Place, folders: list[Path], gated: set[Path], seen: set[Path]) -> None:
    for path in _files(name, folders):
        if path in seen:
            continue
        seen.add(path)
        text = path.read_text("utf-8-sig", "replace")
        if path in gated or (path.suffix in MARKDOWN and "access" in parse_source(path, text).meta):
            raise ContentError(f"includes {name!r}, a page with gated parts", place=place, hint="Link to it instead.")
        if has_gate(text):
            raise ContentError(
                f"includes {name!r}, which has a gate in it",
                place=place,
                hint="Put the gate on the page that includes it.",
            )
        for _, inner in _included(text):
            _check(inner, place, folders, gated, seen)


def _files(name: str, folders: list[Path]) -> Iterator[Path]:
    """The file of that name; line numbers or a section may follow behind a colon."""
    colons = [found.start() for found in re.finditer(":", name)]
    for end in (*colons, len(name)):
        path = next((folder / name[:end] for folder in folders if (folder / name[:end]).is_file()), None)
        if path is not None:
            yield path.resolve()


def _included(text: str) -> Iterator[tuple[int, str]]:
    """(offset in lines, file name) of each snippet."""
    in_list = False
    for offset, line in enumerate(text.split("\n")):
        found = _SNIPPET.fullmatch(line)
        if found and not found["quoted"]:
            in_list = not in_list
        elif found and not in_list:
            yield offset, found["quoted"][1:-1].strip()
        elif in_list and not found and line.strip() and not line.strip().startswith(";"):
            yield offset, line.strip()
