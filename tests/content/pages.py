"""Pages for tests: offers to gate by, and documents made of text without a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from site_builder.content.access import Access, parse_access
from site_builder.content.gate import Segment, split
from site_builder.content.library import Document
from site_builder.content.offers import Offer, Offers
from site_builder.content.source import parse_source
from site_builder.errors import ContentError, Place

TODAY = date(2026, 11, 20)
OFFERS = Offers(
    tiers=(Offer(id="supporter", name="Supporter"), Offer(id="pro", name="Pro")),
    products=(Offer(id="course", name="Course"), Offer(id="book", name="Book")),
)
PAGE = Path("docs/page.md")


def access(value: Any) -> Access:
    return parse_access(value, OFFERS, TODAY, Place("docs/page.md", 1))


def document(body: str, value: Any = None, **meta: Any) -> Document:
    """A document of Markdown without front matter; ``value`` is its access, none a page that says nothing of it."""
    source = parse_source(PAGE, "---\ntitle: A page\n---\n" + dedent(body))
    source.meta.update(meta)
    page = Access() if value is None else access(value)
    return Document("page.md", source, page, split(source, page, OFFERS), published=True, generation=0)


def cut(body: str, value: Any = None) -> list[tuple[int, tuple[str, ...], str]]:
    """The segments of a body that starts in line 1: line, who may read it, and text without blank lines around."""
    source = parse_source(PAGE, body)
    segments: tuple[Segment, ...] = split(source, Access() if value is None else access(value), OFFERS)
    return [(segment.line, segment.entitlements, segment.text.strip("\n")) for segment in segments]


def refused(action: Callable[[], object], line: int | None, *words: str) -> ContentError:
    """Run ``action``, which must raise ContentError in that line, with these words in what it says."""
    with pytest.raises(ContentError) as caught:
        action()
    error = caught.value
    assert error.place is not None and error.place.line == line, str(error)
    for word in words:
        assert word in str(error)
    return error
