"""The plain-text part of a mail, written from the HTML of ``blocks``: code as it is, links numbered and listed at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import html
from lxml.html import HtmlElement

from site_builder.newsletter.blocks import BLOCKS
from site_builder.newsletter.wrapping import WIDTH, collapse, width, wrap

_NARROWEST = 24
_UNDERLINES = {"h1": "=", "h2": "-"}
_HARD = "\x00"
_INNER = frozenset("li dt dd thead tbody tfoot tr td th caption figcaption".split())  # noqa: SIM905
_PARTS = {
    "ul": frozenset({"li"}),
    "ol": frozenset({"li"}),
    "dl": frozenset({"dt", "dd"}),
    "table": frozenset({"thead", "tbody", "tfoot", "tr", "caption"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tfoot": frozenset({"tr"}),
    "tr": frozenset({"td", "th"}),
}


@dataclass
class PlainText:
    """Renders one mail: keeps the links that were met, in order."""

    links: dict[str, int] = field(default_factory=dict)

    def render(self, text: str) -> str:
        """The HTML as text, its paragraphs apart by an empty line; no references yet."""
        return "\n".join(self._flow(html.fragment_fromstring(text, create_parent="div"), WIDTH)).strip("\n")

    def references(self) -> str:
        """A line for each link that has a number, ``[1] https://…``."""
        return "\n".join(f"[{number}] {address}" for address, number in self.links.items())

    def _flow(self, parent: HtmlElement, columns: int, *, tight: bool = False) -> list[str]:
        """The lines of all that is in an element: blocks, and runs of text between them."""
        parts: list[list[str]] = []
        run = [parent.text or ""]

        def end_run() -> None:
            if (said := self._tidy("".join(run))).strip():
                parts.append(wrap(said, columns))
            run.clear()

        for child in parent:
            if child.tag in BLOCKS or child.tag in _INNER:
                end_run()
                if block := self._block(child, columns):
                    parts.append(block)
            else:
                run.append(self._inline(child))
            run.append(child.tail or "")
        end_run()
        lines: list[str] = []
        for part in parts:
            lines += ([""] if lines and not tight else []) + part
        return lines

    def _block(self, element: HtmlElement, columns: int) -> list[str]:
        classes = (element.get("class") or "").split()
        if "sb-note" in classes:
            return _prefixed("| ", self._flow(element, columns - 2))
        if element.tag in _PARTS and not _is_regular(element):
            return self._flow(element, columns)
        return _WRITERS.get(element.tag, PlainText._flow)(self, element, columns)

    def _heading(self, element: HtmlElement, columns: int) -> list[str]:
        lines = self._flow(element, columns)
        if element.tag in _UNDERLINES:
            return [*lines, _UNDERLINES[element.tag] * min(max(map(width, lines), default=0), columns)]
        return ["#" * int(element.tag[1]) + " " + lines[0], *lines[1:]] if lines else []

    def _list(self, element: HtmlElement, columns: int) -> list[str]:
        items = list(element.iterchildren("li"))
        start = element.get("start") or ""
        first = int(start) if start.removeprefix("-").isdecimal() else 1
        loose = any(item.find("p") is not None for item in items)
        lines: list[str] = []
        for number, item in enumerate(items, first):
            mark = f"{number}. " if element.tag == "ol" else "- "
            inner = max(columns - len(mark), _NARROWEST)
            found = self._flow(item, inner, tight=item.find("p") is None) or [""]
            lines += ([""] if loose and lines else []) + _hanging(mark, found)
        return lines

    def _definitions(self, element: HtmlElement, columns: int) -> list[str]:
        lines: list[str] = []
        for child in element:
            if child.tag == "dt":
                lines += ([""] if lines else []) + self._flow(child, columns)
            else:
                lines += _prefixed("  ", self._flow(child, max(columns - 2, _NARROWEST)))
        return lines

    def _quotation(self, element: HtmlElement, columns: int) -> list[str]:
        return _prefixed("> ", self._flow(element, max(columns - 2, _NARROWEST)))

    def _code(self, element: HtmlElement, columns: int) -> list[str]:
        return str(element.text_content()).split("\n")

    def _rule(self, element: HtmlElement, columns: int) -> list[str]:
        return ["-" * columns]

    def _table(self, element: HtmlElement, columns: int) -> list[str]:
        """In columns if they fit, else a row after another, each cell with its heading before it."""
        rows = [[self._cell(cell) for cell in row.iterchildren("td", "th")] for row in element.iter("tr")]
        rows = [row for row in rows if row]
        titled = element.find(".//th") is not None and len(rows) > 1
        caption = [self._tidy(self._within(one)).strip() for one in element.iter("caption")]
        if not rows:
            return caption
        widths = [max(width(row[at]) if at < len(row) else 0 for row in rows) for at in range(max(map(len, rows)))]
        if sum(widths) + 2 * len(widths) - 2 <= columns:
            lines = ["  ".join(_padded(cell, wide) for cell, wide in zip(row, widths, strict=False)) for row in rows]
            if titled:
                lines.insert(1, "  ".join("-" * wide for wide in widths))
            return caption + [line.rstrip(" ") for line in lines]
        heads = rows[0] if titled else []
        lines = list(caption)
        for row in rows[1:] if titled else rows:
            lines += [""] if lines else []
            for at, cell in enumerate(row):
                head = f"{heads[at]}: " if at < len(heads) and heads[at] else ""
                lines += _hanging("", wrap(head + cell, columns))
        return lines

    def _cell(self, cell: HtmlElement) -> str:
        return self._tidy(self._within(cell)).replace("\n", " ").strip()

    def _within(self, element: HtmlElement) -> str:
        """Text and inline elements."""
        return (element.text or "") + "".join(self._inline(child) + (child.tail or "") for child in element)

    def _inline(self, element: HtmlElement) -> str:
        if element.tag == "br":
            return _HARD
        if element.tag == "img":
            return f"[{element.get('alt')}]" if element.get("alt") else ""
        said = self._within(element)
        if element.tag == "a" and (address := element.get("href")):
            if not said.strip() or said.strip() == address.removeprefix("mailto:"):
                return said.strip() or address
            return f"{said} [{self.links.setdefault(address, len(self.links) + 1)}]"
        if element.tag == "code":
            return f"`{said}`"
        if element.tag == "sup":
            return f"[^{said}]" if element.get("class") == "sb-call" else f"^{said}"
        return said

    @staticmethod
    def _tidy(text: str) -> str:
        """White space as browsers show it, line breaks where ``<br>`` stands."""
        lines = (collapse(line).strip(" ") for line in text.split(_HARD))
        return "\n".join(lines).replace("\xa0", " ").replace("\xad", "")


def _is_regular(element: HtmlElement) -> bool:
    """Whether a list or table has what it should have and nothing else; cells with blocks in them fit no line."""
    if parts := _PARTS.get(element.tag):
        loose = [element.text, *(child.tail for child in element)]
        return not any((text or "").strip() for text in loose) and all(
            child.tag in parts and _is_regular(child) for child in element
        )
    return element.tag not in ("td", "th") or not any(
        one.tag in BLOCKS - {"p", "div"} for one in element.iterdescendants()
    )


def _prefixed(prefix: str, lines: list[str]) -> list[str]:
    return [f"{prefix}{line}".rstrip(" ") for line in lines]


def _hanging(mark: str, lines: list[str]) -> list[str]:
    indent = " " * len(mark)
    return [(mark if at == 0 else indent if line else "") + line for at, line in enumerate(lines)]


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))


_WRITERS: dict[str, Callable[[PlainText, HtmlElement, int], list[str]]] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), PlainText._heading),
    "ul": PlainText._list,
    "ol": PlainText._list,
    "dl": PlainText._definitions,
    "blockquote": PlainText._quotation,
    "pre": PlainText._code,
    "hr": PlainText._rule,
    "table": PlainText._table,
}
