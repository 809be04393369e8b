"""One Markdown file as the writer left it: front matter, validated, and body, with the lines where things stand.

MkDocs publishes as text whatever it can't read as front matter. So front matter ends here exactly where it ends there, and
what MkDocs would not read, though a writer may have meant it, is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frontmatter
from frontmatter.default_handlers import YAMLHandler

from site_builder.content.mapping import line_of, read_mapping, shown
from site_builder.errors import ContentError, Place

# MkDocs 1.6: three hyphens on the first line, and the next line of three hyphens or three dots.
_FENCED = re.compile(r"---[ \t]*\n(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
# Fences of other kinds: more hyphens, Hugo's TOML; and a key as YAML, MultiMarkdown, TOML or JSON have it.
_FENCE_LIKE = re.compile(r"(?:-{3,}|\+{3,}|;{3,})\s*$")
_DECIDING = re.compile(r"(?:^\W*|[{,]\s*\")(access|draft|public_from)\b[\"'\s]*[:=]", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """``meta`` is the front matter, ``header`` its lines with their fences, ``body`` the rest, from line ``body_line`` on."""

    path: Path
    meta: dict[str, Any]
    body: str
    body_line: int
    header: str

    def place(self, key: str | None = None) -> Place:
        """The file, and the line of a front matter key where it has one."""
        if key is None or key not in self.meta:
            return Place(self.path)
        return Place(self.path, line_of(_Handler(self.path).split(self.header)[0], key))


class _Handler(YAMLHandler):
    """python-frontmatter's reader of YAML, with MkDocs's fences and with our strictness."""

    def __init__(self, path: Path) -> None:
        super().__init__(fm_boundary=re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE))
        self.path = path

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        # The text starts with the end of the fence's own line, so its first line is the file's.
        try:
            return read_mapping(fm, self.path)
        except ContentError as error:
            raise ContentError(f"the front matter: {error.what}", place=error.place, hint=error.hint) from None


def read_source(path: Path) -> Source:
    """Read a Markdown file. Raises ContentError, with the line, if it is not UTF-8 or its front matter is not a YAML mapping."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(
            f"is not UTF-8 text (byte {error.start})", place=Place(path), hint="Save it as UTF-8."
        ) from None
    return parse_source(path, text.replace("\r\n", "\n").replace("\r", "\n"))


def parse_source(path: Path, text: str) -> Source:
    """The same, of a text with ``\\n`` line ends."""
    fenced = _FENCED.match(text)
    if fenced is None:
        _refuse_unread(path, text)
        return Source(path, {}, text, 1, "")
    header = fenced[0]
    meta, _ = frontmatter.parse(header, handler=_Handler(path))
    return Source(path, dict(meta), text[len(header) :], header.count("\n") + 1, header)


def _refuse_unread(path: Path, text: str) -> None:
    """Refuse what a writer may have meant as front matter and MkDocs would publish as text."""
    head = text.lstrip("\ufeff\u200b \t\n")
    first = text.count("\n", 0, len(text) - len(head)) + 1
    lines = head.split("\n")
    if re.match(r"---[ \t]*\n", text):
        raise ContentError(
            "the front matter is opened with --- and never closed",
            place=Place(path, 1),
            hint="Close it with a line of three hyphens; a rule at the top of a page is written ***.",
        )
    if _FENCE_LIKE.match(lines[0]):
        raise ContentError(
            f"front matter begins with {lines[0].strip()} below something else or with other fences",
            place=Place(path, first),
            hint="Write it as YAML between lines of three hyphens, from the file's first character on; a rule is written ***.",
        )
    for number, line in enumerate(lines, first):
        if not line.strip():
            break
        if found := _DECIDING.search(line):
            raise ContentError(
                f"`{found[1]}` stands in front matter that is not between lines of three hyphens",
                place=Place(path, number),
                hint="Put ---, three hyphens, above and below the front matter.",
            )


def written_on(source: Source) -> date | None:
    """The date of publication from ``date``: a day, a time, or Material's mapping with ``created``. Raises ContentError."""
    value = source.meta.get("date")
    if isinstance(value, dict):
        value = value.get("created")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if source.meta.get("date") is None:
        return None
    raise ContentError(
        f"`date` is {shown(source.meta['date'])}",
        place=source.place("date"),
        hint="Write it as 2026-11-22, without quotes.",
    )


def is_draft(source: Source) -> bool:
    """Whether ``draft: true`` stands in the front matter. Raises ContentError if it is neither true nor false."""
    value = source.meta.get("draft", False)
    if isinstance(value, bool):
        return value
    raise ContentError(
        f"`draft` is {shown(value)}", place=source.place("draft"), hint="Write `draft: true` or `draft: false`."
    )
