"""One Markdown file as the writer left it: front matter, validated, and body, with the lines where things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import frontmatter
import yaml

from site_builder.errors import ContentError, Place

# MkDocs reads `key: value` lines without fences as front matter too; who writes `access` there means it.
_UNFENCED = re.compile(r"(?:[A-Za-z][\w -]*:.*\n)*?(access|draft)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """``meta`` is the front matter, ``body`` the Markdown below it; ``body_line`` is the file's line at which the body starts."""

    path: Path
    meta: dict[str, Any]
    body: str
    body_line: int
    header: str

    def place(self, key: str | None = None) -> Place:
        """The file, and the line of a front matter key where it has one."""
        found = re.search(rf"^[ \t]*{re.escape(key)}\s*:", self.header, re.MULTILINE) if key else None
        return Place(self.path, self.header.count("\n", 0, found.start()) + 1 if found else None)


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
    try:
        meta, body = frontmatter.parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ContentError(
            f"the front matter is not YAML: {getattr(error, 'problem', None) or error}",
            place=Place(path, mark.line + 2 if mark else 1),
            hint="Text with a colon or a bracket in it needs quotes.",
        ) from None
    except (TypeError, ValueError) as error:
        raise ContentError(
            f"the front matter is not a mapping of keys to values ({error})", place=Place(path, 1)
        ) from None
    start = len(text.rstrip()) - len(body) if body else len(text)
    header = text[:start]
    if not meta and (unfenced := _UNFENCED.match(text)):
        raise ContentError(
            f"`{unfenced[1]}` stands in front matter without its fences",
            place=Place(path, 1),
            hint="Put a line of three hyphens, ---, above and below the front matter.",
        )
    if not meta and re.match(r"---[ \t]*\n", text) and not re.search(r"\n---[ \t]*\n", text):
        raise ContentError("the front matter is opened with --- and never closed", place=Place(path, 1))
    return Source(path, dict(meta), body, header.count("\n") + 1, header)


def written_on(source: Source) -> date | None:
    """The date of publication from ``date``: a day, a time, or Material's mapping with ``created``. Raises ContentError."""
    value = source.meta.get("date")
    if isinstance(value, dict):
        value = value.get("created")
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise ContentError(
        f"`date` is {source.meta['date']!r}", place=source.place("date"), hint="Write it as 2026-11-22, without quotes."
    )


def is_draft(source: Source) -> bool:
    """Whether ``draft: true`` stands in the front matter. Raises ContentError if it is neither true nor false."""
    value = source.meta.get("draft", False)
    if isinstance(value, bool):
        return value
    raise ContentError(
        f"`draft` is {value!r}", place=source.place("draft"), hint="Write `draft: true` or `draft: false`."
    )
