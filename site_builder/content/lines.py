"""Which lines of Markdown are text, and which are code or comment: gates and definitions are looked for in text only.

A fence ends where pymdownx.superfences ends it, at as many characters as began it. Where a reader of the Markdown could see
another end, the code is not ``sure``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_FENCE = re.compile(
    r"(?P<prefix>[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?)(?P<fence>(?P<sign>[`~])(?P=sign){2,})(?P<rest>.*)"
)
_INLINE_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)")
_SIMPLE_CODE = re.compile(r"`[^`]+`")
_COMMENT = re.compile(r" {0,3}<!--(?!.*-->)")


@dataclass(frozen=True)
class Block:
    """A fenced code block or an HTML comment: the index of its first line, what indents that, and whether its end is sure."""

    first: int
    prefix: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Line:
    """A line; ``text`` is it without code: empty in a code block, elsewhere with a single backtick for inline code."""

    index: int
    raw: str
    text: str
    code: Block | None = None
    comment: Block | None = None

    @property
    def surely_code(self) -> bool:
        return self.code is not None and self.code.sure and self.raw.startswith(self.code.prefix)


def lines_of(body: str) -> list[Line]:
    """The lines of a Markdown text. A code block's fences belong to it, as a comment's ends do."""
    lines: list[Line] = []
    code: Block | None = None
    comment: Block | None = None
    fence = ""
    for index, raw in enumerate(body.split("\n")):
        found = _FENCE.match(raw) if "```" in raw or "~~~" in raw else None
        if code is not None:
            lines.append(Line(index, raw, "", code, comment))
            if found and not found["rest"].strip() and not found["prefix"].strip(" \t>"):
                if found["fence"] == fence:
                    code = None
                elif found["fence"].startswith(fence):
                    code = replace(code, sure=False)
        elif found and not (found["sign"] == "`" and "`" in found["rest"]):
            fence, code = found["fence"], Block(index, re.sub(r"[^\s>]", " ", found["prefix"]))
            lines.append(Line(index, raw, "", code, comment))
        else:
            if comment is None and _COMMENT.match(raw):
                comment = Block(index)
            lines.append(Line(index, raw, _without_inline_code(raw) if "`" in raw else raw, None, comment))
            if comment is not None and "-->" in raw:
                comment = None
    if code is not None:
        unclosed = replace(code, sure=False)
        lines[code.first :] = [replace(line, code=unclosed) for line in lines[code.first :]]
    return lines


def _without_inline_code(line: str) -> str:
    return (_INLINE_CODE if "``" in line else _SIMPLE_CODE).sub("`", line)
