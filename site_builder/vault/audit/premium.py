"""What the audit looks for: gated texts, and files that only gated parts use, each with its place in the writer's
sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from site_builder.errors import Place


@dataclass(frozen=True)
class PremiumText:
    """One gated part as the writer wrote it (``markdown``) or as it was rendered (``html``).

    Pass both, with the same ``place``: the file and the first line of the part. The Markdown gives the line numbers,
    the HTML what macros, snippets and extensions made of it. ``entitlements`` are what it is for, none if it is for nobody
    yet: they count in members' feeds alone.
    """

    place: Place
    text: str = field(repr=False)
    kind: Literal["markdown", "html"] = "markdown"
    entitlements: tuple[str, ...] = ()


@dataclass(frozen=True)
class PremiumFile:
    """An image or attachment that only gated parts use; ``name`` is its path below the docs folder, with ``/``
    between folders."""

    place: Place
    name: str
    content: bytes = field(repr=False)
