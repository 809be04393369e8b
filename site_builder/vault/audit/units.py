"""The pieces that premium text is cut into: blocks that leak as a whole or in stretches, and in them units that may
leak alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SENTENCE_END = re.compile(r"[.!?…][\"'”’)*_]*\s+|[。！？；]")
# Which libraries code uses is no secret, and the same lines stand in every tutorial.
IMPORT = re.compile(
    r"\s*(?:>>>\s*)?(?:from\s+\S+\s+import\b|import\b|@import\b|#\s*include\b|using\s+[\w.]+;|use\s+[\w:]+|package\s+[\w.]+;?$"
    r"|export\s+\*|(?:const|let|var)\s.*=\s*require\(|extern\s+crate|require(?:_relative)?\s+['\"])"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that may leak by itself: a sentence, list item or table cell (``line``), a line of code (``code``),
    or a heading, caption, alt text or title (``title``). ``fragments`` are its pieces of text with their lines in the
    source, counted from 0."""

    fragments: tuple[tuple[int, str], ...]
    kind: Literal["line", "code", "title"] = "line"


Block = tuple[Unit, ...]
