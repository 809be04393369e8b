"""Finds the fences of demos in Markdown, at the lines and with the code that pymdownx.superfences will see.

It follows that extension's rules: a fence may stand behind blanks and signs of quotation, its lines must have as much before
them, and it ends at exactly as many characters as began it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from site_builder.content.lines import lines_of
from site_builder.content.mapping import shown
from site_builder.demos.info import FENCE_LANGUAGES, Info, fence_key, read_info
from site_builder.errors import ContentError, Place, SiteError

TAB = 4
_OPENING = re.compile(r"(?P<prefix>[> ]*)(?P<fence>(?P<sign>[`~])(?P=sign){2,})(?P<info>.*)")
_IN_LIST = re.compile(r"[> ]*(?:[-*+]|\d+[.)]) +(?:`{3,}|~{3,})(?P<info>.*)")
# A fence of anybody's: a language, then attributes between braces, or words and quoted values.
_ORDINARY = re.compile(
    r"""[ ]*(?:\.?[\w#.+-]+(?=[ ]|$))?(?:[ ]*\{.*\}|(?:[ ]*[a-zA-Z][a-zA-Z0-9_]*(?:=(?:"[^"]*"|'[^']*'))?(?=[ ]|$))*)[ ]*"""
)
_BLANK = re.compile(r"(?<=\n) +\n")
# What indented text below may belong to: a list, an admonition, a tab, a footnote, a definition, another plugin's block.
_HOLDS_MORE = re.compile(r" *(?:[-*+:<{]|\S{1,4}[.)]|!!!|\?\?\?|===|///|\[\^)")
_SNIPPET = re.compile(r"[ ]*;*-+8<-+")
PlaceOf = Callable[[int], Place]


@dataclass
class Fence:
    """A fence of a demo. ``first`` and ``last`` are the indexes of its own two lines, ``prefix`` stands before each."""

    first: int
    prefix: str
    sign: str
    info: Info | None
    """None: it is an ordinary one, or its words have an error."""
    lines: list[str] = field(default_factory=list)
    last: int = -1
    error: SiteError | None = None
    in_comment: bool = False

    @property
    def code(self) -> str:
        return "\n".join(self.lines).rstrip("\n")

    @property
    def key(self) -> str:
        assert self.info
        return fence_key(self.info.language, self.info.attributes, self.code)


def normal(text: str) -> str:
    """White space as Python-Markdown leaves it, line for line: no tabs, and nothing in lines that look empty."""
    text = text.replace("\x02", "").replace("\x03", "").expandtabs(TAB)
    return _BLANK.sub("\n", _BLANK.sub("\n", f"\n{text}\n"))[1:-1]


def fences_in(text: str, place: PlaceOf) -> list[Fence]:
    """The fences of demos in a text, in order, also those with an ``error`` and those in an HTML comment.

    Args:
        place: gives the place of the line of an index.
    """
    if "```" not in text and "~~~" not in text:
        return []
    found = [fence for fence in _scan(normal(text).split("\n"), place) if fence.info or fence.error]
    if found and "<!--" in text:
        lines = lines_of(text)
        for fence in found:
            fence.in_comment = lines[fence.first].comment is not None
    return found


def with_keys(lines: list[str], name: str) -> list[str]:
    """The same lines, with ``name key="…"`` in each demo's fence in place of its own words; ``key`` is that of ``read_page``.

    Raises:
        ContentError: what only looks like a demo, on a page that nobody has read before.
    """
    lines = list(lines)
    for fence in fences_in("\n".join(lines), lambda index: Place("", index + 1)):
        if fence.error and not fence.in_comment:
            raise fence.error
        if fence.info:
            lines[fence.first] = f'{fence.prefix}{fence.sign}{name} key="{fence.key}"'
    return lines


def _scan(lines: list[str], place: PlaceOf) -> Iterator[Fence]:
    fence: Fence | None = None
    for index, line in enumerate(lines):
        if fence is None:
            fence = _opened(lines, index, place)
            if fence and fence.last == index:
                yield fence
                fence = None
            continue
        step = _step(line, fence)
        if step == "text":
            continue
        if step == "end":
            fence.last = index
        elif fence.info:
            fence.error = _unclosed(fence, place, f"line {place(index).line} has less before it than the fence")
        yield fence
        fence = None
    if fence is not None:
        if fence.info:
            fence.error = _unclosed(fence, place, "nothing closes it")
        yield fence


def _unclosed(fence: Fence, place: PlaceOf, why: str) -> ContentError:
    return ContentError(
        f"the fence of a demo is not closed: {why}",
        place=place(fence.first),
        hint=f"Close it with {fence.sign} below the code, and give all its lines what stands before the first one.",
    )


def _opened(lines: list[str], index: int, place: PlaceOf) -> Fence | None:
    line = lines[index]
    if "```" not in line and "~~~" not in line:
        return None
    found = _OPENING.fullmatch(line)
    if found is None:
        return _in_list(line, index, place)
    fence = Fence(index, found["prefix"], found["fence"], None)
    words = found["info"]
    try:
        fence.info = read_info(words, place(index))
        if fence.info and found["sign"] == "`" and "`" in words:
            raise ContentError(
                f"a backtick stands in the attributes of a demo: {shown(words.strip())}",
                place=place(index),
                hint="Begin and end the fence with ~~~ in place of backticks.",
            )
    except ContentError as error:
        fence.info, fence.error = None, error
    if fence.info or fence.error:
        return None if _indented_code(lines, index) else fence
    return fence if _ORDINARY.fullmatch(words) else None


def _indented_code(lines: list[str], index: int) -> bool:
    """Whether a line is surely code that is only indented: nothing above can hold text that is indented so far."""
    if not lines[index].startswith(" " * TAB):
        return False
    block = False
    for line in reversed(lines[:index]):
        if _HOLDS_MORE.match(line):
            return False
        if block and not line:
            return True
        block = block or bool(line and not line.startswith(" "))
    return True


def _in_list(line: str, index: int, place: PlaceOf) -> Fence | None:
    """What Markdown takes for text: a fence right behind a list's sign."""
    found = _IN_LIST.fullmatch(line)
    if found is None or "`" in found["info"]:
        return None
    try:
        info = read_info(found["info"], place(index))
    except ContentError:
        info = None
    if info is None or info.language not in FENCE_LANGUAGES:
        return None
    error = ContentError(
        "the fence of a demo stands behind the sign of a list",
        place=place(index),
        hint="Give it a line of its own below, indented as the text of the list.",
    )
    return Fence(index, "", "", None, last=index, error=error)


def _step(line: str, fence: Fence) -> str:
    """What a line is to an open fence: "text", its "end", or "broken" if it can't belong to it."""
    width = len(fence.prefix)
    before = re.match(r"[> ]*", line[:width])
    prefix = before[0] if before else ""
    rest = line[len(prefix) :]
    depth = prefix.count(">")
    if fence.prefix.count(">"):
        if depth > fence.prefix.count(">"):
            return "broken"
        if rest == "":
            fence.lines.append("")
            return "text"
        blank = bool(fence.lines) and fence.lines[-1] == ""
        if len(prefix) < width or (blank and depth < fence.prefix.count(">")):
            return "broken"
        if re.fullmatch(re.escape(fence.sign) + "[ ]*", rest):
            return "end"
    elif depth:
        return "broken"
    elif not line.strip():
        rest = line[width:]
    elif len(prefix) != width:
        return "broken"
    elif re.fullmatch(re.escape(fence.sign) + "[ ]*", rest):
        return "end"
    fence.lines.append(rest)
    return "text"


def refuse_snippet(fence: Fence, place: PlaceOf) -> None:
    """Raises ContentError if the code includes a file by ``--8<--``, which is filled in when the demo has long been run."""
    for offset, line in enumerate(fence.lines, 1):
        if _SNIPPET.match(line):
            raise ContentError(
                f"a demo includes a snippet: {shown(line.strip())}",
                place=place(fence.first + offset),
                hint="Write the code into the fence, or name the file in `files` and open it.",
            )
