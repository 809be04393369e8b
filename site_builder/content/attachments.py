"""The files that Markdown names, found without rendering it: images and attachments of pages that nobody may see yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from site_builder.content.library import MARKDOWN, Document

_ADDRESS = re.compile(r"""(?:\]\(\s*<?|\]:\s*<?|(?:src|href)\s*=\s*["']?)([^\s)>"'#?]+)""")


def _named(text: str, source: Path, docs_dir: Path) -> Iterator[Path]:
    for found in _ADDRESS.finditer(text):
        try:
            path = (source.parent / unquote(found[1])).resolve()
            is_file = path.is_file()
        except (OSError, ValueError):
            continue
        if is_file and path.is_relative_to(docs_dir) and not path.name.endswith(MARKDOWN):
            yield path


def withheld_files(documents: Iterable[Document], docs_dir: Path) -> set[Path]:
    """Files below ``docs_dir`` that gated or unpublished text names and public text does not."""
    withheld, public = set[Path](), set[Path]()
    root = docs_dir.resolve()
    for document in documents:
        for segment in document.segments:
            hidden = segment.number or not document.published
            (withheld if hidden else public).update(_named(segment.text, document.source.path, root))
    return withheld - public
