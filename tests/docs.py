"""Reading the documentation: its pages, fenced blocks, headings and sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).parent.parent
DOCS = CHECKOUT / "docs"
PAGES = (CHECKOUT / "README.md", CHECKOUT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")))
FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<lang>[\w-]*)\n(?P<text>.*?)^(?P=indent)(?P=fence)$", re.MULTILINE | re.DOTALL
)
HEADING = re.compile(r"^(#+) +(.*?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    page: Path
    lang: str
    text: str

    @property
    def id(self) -> str:
        return f"{self.page.name}-{self.text.strip()[:30]}"


def blocks(*langs: str) -> list[Block]:
    """Every fenced block of the documentation, or those of the languages."""
    found = []
    for page in PAGES:
        for fence in FENCE.finditer(page.read_text("utf-8")):
            text = re.sub(rf"^{fence['indent']}", "", fence["text"], flags=re.MULTILINE)
            if not langs or fence["lang"] in langs:
                found.append(Block(page, fence["lang"], text))
    return found


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return FENCE.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as code hosts make them."""
    titles = (title.lower() for _, title in HEADING.findall(prose(page)))
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def section(page: Path, title: str) -> str:
    """What stands below a heading, down to the next one."""
    text = page.read_text("utf-8")
    inside = [(fence.start(), fence.end()) for fence in FENCE.finditer(text)]
    headings = [h for h in HEADING.finditer(text) if not any(start <= h.start() < end for start, end in inside)]
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        if heading[2] == title:
            return text[heading.end() : following.start() if following else len(text)]
    raise AssertionError(f"{page.name} has no section {title!r}")
