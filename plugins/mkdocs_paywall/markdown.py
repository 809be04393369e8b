"""A Markdown extension of one line: ``<premium-content>`` is a block of its own, not text in a paragraph."""

from __future__ import annotations

from typing import Any

from markdown import Extension, Markdown


class PremiumContent(Extension):
    """Tells Python-Markdown that the element stands by itself."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  (Python-Markdown's name)
        md.block_level_elements.append("premium-content")


def makeExtension(**options: Any) -> PremiumContent:  # noqa: N802
    """The entry point that Python-Markdown calls."""
    return PremiumContent(**options)
