"""Definitions that stand on the other side of the gate: link references and footnotes are often gathered at a page's end."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINK = re.compile(r"^ {0,3}\[(?P<label>[^\]\[^][^\]\[]*)\]:[ \t]*\S.*$", re.MULTILINE)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^(?P<label>[^\]]+)\]:.*(?:\n(?:[ \t]*\n)*(?: {4}|\t).*)*", re.MULTILINE)


def borrowed_definitions(public: str, gated: str) -> Iterator[str]:
    """The definitions in ``gated`` Markdown that ``public`` Markdown refers to, whole; what only gated text uses stays there.

    A footnote is as public as the sentence that refers to it; so is the address of a link.
    """
    wanted = public.casefold()
    for pattern, before in ((_LINK, "["), (_FOOTNOTE, "[^")):
        known = {found["label"].casefold() for found in pattern.finditer(public)}
        for found in pattern.finditer(gated):
            label = found["label"].casefold()
            if f"{before}{label}]" in wanted and label not in known:
                known.add(label)
                yield found[0]
