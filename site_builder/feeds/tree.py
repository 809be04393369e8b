"""HTML as a small tree: read leniently, written strictly, so that reading what was written gives the same tree again.

Nothing is mended as browsers do it: text stays to the letter, and what is never closed ends with what is around it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from site_builder.feeds.entries import legal

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
# What browsers do not read as HTML: its text is no text of the page, and whatever looks like tags in it is none.
_OPAQUE = frozenset(["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes", "plaintext"])
# Deeper than any article; what lies deeper is kept, but side by side.
_DEEPEST = 200

_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z)) | <[!?][^>]*(?:>|\Z)
    | <(?P<close>/?)(?P<name>[a-zA-Z][^\s/>]*)
      (?P<attributes>(?:[^>"'=]++|=\s*"[^"]*"|=\s*'[^']*'|["'=])*+)(?:>|\Z)
    | (?P<text>[^<]+|<)""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


@dataclass(slots=True)
class Element:
    """A tag, its attributes (of two alike the first, as browsers have it) and what stands in it, with entities resolved."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def walk(self) -> Iterator[Element]:
        """Itself and all that is in it, in order."""
        yield self
        for child in self.elements:
            yield from child.walk()

    def find(self, name: str, kind: str = "") -> Element | None:
        """The first such element in it, with that class if one is named."""
        return next(
            (one for one in self.walk() if one.name == name and one is not self and (not kind or kind in one.classes)),
            None,
        )

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)


def read(markup: str, through: re.Pattern[str] | None = None) -> Element:
    """The tree of a piece of HTML, below an element without a name. Never fails.

    Start tags that ``through`` matches as a whole are looked through: what is in them stands in their place.
    """
    root = Element("")
    stack, names = [root], list[str]()
    position, length = 0, len(markup)
    while position < length:
        token = _TOKEN.match(markup, position)
        assert token  # each character is text at the least
        position = token.end()
        closing, name, attributes, text = token.groups()
        if text:
            stack[-1].children.append(_resolved(text))
        elif not name:
            continue
        elif closing:
            if (name := name.lower()) in names:
                while names.pop() != name:
                    stack.pop()
                stack.pop()
        elif through and through.fullmatch(token[0]):
            names.append(name.lower())
            stack.append(stack[-1])
        else:
            name = name.lower()
            element = Element(name, _attributes(attributes) if attributes else {})
            stack[-1].children.append(element)
            if name in _OPAQUE:
                position = _behind(name, markup, position)
            elif name not in VOID:
                names.append(name)
                stack.append(element if len(stack) < _DEEPEST else stack[-1])
    return root


def _behind(name: str, markup: str, position: int) -> int:
    """Where the element ends that is open at ``position`` and whose text is no HTML."""
    found = re.compile(rf"</{name}\b[^>]*>", re.IGNORECASE).search(markup, position)
    return found.end() if found and name != "plaintext" else len(markup)


def write(root: Element) -> str:
    """The HTML of what is in ``root``, every element closed."""
    pieces: list[str] = []
    _write(root, pieces.append)
    return "".join(pieces)


def _write(element: Element, put: Callable[[str], object]) -> None:
    for child in element.children:
        if isinstance(child, str):
            put(html.escape(child, quote=False))
            continue
        attributes = "".join([f' {name}="{html.escape(value)}"' for name, value in child.attributes.items()])
        put(f"<{child.name}{attributes}>")
        if child.name not in VOID:
            _write(child, put)
            put(f"</{child.name}>")


def _resolved(text: str) -> str:
    """With entities resolved; they may stand for what no text may hold."""
    return legal(html.unescape(text)) if "&" in text else text


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = match[2] or ""
        if value[:1] in ('"', "'"):
            value = value[1:-1]
        found.setdefault(match[1].lower(), _resolved(value))
    return found
