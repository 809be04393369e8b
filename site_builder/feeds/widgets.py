"""What the theme adds to an article for its own pages, turned into what any feed reader and mail program shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import zip_longest

from site_builder.feeds.tree import Element

Node = Element | str
Change = Callable[[Element], Iterator[Node]]

_MARKER = re.compile(r"\((\d+)\)!")
_LANGUAGE = re.compile(r"(?:language|lang)-[\w+#.-]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"#(?:only|gh)-dark(?:-mode-only)?$")
_THIS_SCHEME = re.compile(r"#(?:only|gh)-light(?:-mode-only)?$")


def without_widgets(element: Element) -> None:
    """Change the tree in place: permanent links, line numbers, tabs, check boxes, admonitions, icons, diagrams, gates, demos."""
    element.children = [node for child in element.children for node in _plain(child)]


def _plain(node: Node) -> Iterator[Node]:
    if isinstance(node, str):
        yield node
        return
    change = _change_of(node)
    for one in change(node) if change else (node,):
        if isinstance(one, Element) and one.name != "pre":
            without_widgets(one)
        yield one


def _change_of(element: Element) -> Change | None:
    if "hidden" in element.attributes or _HIDDEN.search(element.attributes.get("style", "")):
        return _nothing
    if change := _BY_NAME.get(element.name):
        return change
    for name in element.classes if "class" in element.attributes else ():
        if name in _BY_CLASS and (name != "highlight" or element.name == "div"):
            return _BY_CLASS[name]
    return None


def _nothing(element: Element) -> Iterator[Node]:
    yield from ()


def _code(element: Element) -> Iterator[Node]:
    """A highlighted block: its title, then its text in one ``<pre><code>``, without numbers, anchors and colours."""
    block = element.find("td", "code") or element
    pre = block if block.name == "pre" else block.find("pre")
    if pre is None or _says_more(element, pre):
        for child in element.children:
            yield from _plain(child)
        return
    if title := element.find("span", "filename"):
        yield Element("p", {}, [Element("strong", {}, [title.text])])
    code = pre.find("code")
    named = [name for one in (element, pre, code) if one for name in one.classes if _LANGUAGE.fullmatch(name)]
    if "mermaid" in pre.classes:
        named = ["language-mermaid"]
    text = "".join(_code_text(code or pre))
    if not code:
        text = text.removeprefix("\n")  # as HTML has it (13.2.6.4.7)
    yield Element("pre", {}, [Element("code", {"class": named[0]} if named else {}, [text])])


def _says_more(element: Element, pre: Element) -> bool:
    """Whether there are words around the code: then it is no block of code, whatever its class."""
    if element is pre or "filename" in element.classes or _is_line_number(element) or "linenos" in element.classes:
        return False
    return any(child.strip() if isinstance(child, str) else _says_more(child, pre) for child in element.children)


def _code_text(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield _MARKER.sub(r"(\1)", child) if element.name == "span" and _is_comment(element) else child
        elif not _is_line_number(child):
            yield "\n" if child.name == "br" else "".join(_code_text(child))


def _is_comment(element: Element) -> bool:
    return any(re.fullmatch("c[a-z0-9]{0,3}", name) for name in element.classes)


def _is_line_number(element: Element) -> bool:
    anchor = element.attributes.get("id", "") or element.attributes.get("href", "").lstrip("#")
    return (
        bool({"linenos", "lineno", "linenodiv"} & set(element.classes))
        or (element.name == "a" and anchor.startswith("__codelineno"))
        or element.name in ("button", "nav", "script", "style")
    )


def _tabs(element: Element) -> Iterator[Node]:
    """Of a set of tabs, each label as a heading with what stands under it. In the older style both stand in the set itself."""
    within = {
        name: [one for one in element.elements if name in one.classes] for name in ("tabbed-labels", "tabbed-content")
    }
    named = [*element.elements, *(one for labels in within["tabbed-labels"] for one in labels.elements)]
    blocks = [one for content in within["tabbed-content"] for one in content.elements if "tabbed-block" in one.classes]
    for label, block in zip_longest([one for one in named if one.name == "label"], blocks or within["tabbed-content"]):
        if label:
            yield Element("h4", {}, [label.text])
        if block:
            yield block


def _input(element: Element) -> Iterator[Node]:
    """The box of a task; other fields are nothing without their form."""
    if element.attributes.get("type", "").lower() == "checkbox":
        yield "☑" if "checked" in element.attributes else "☐"


def _admonition(element: Element) -> Iterator[Node]:
    title = next((one for one in element.elements if "admonition-title" in one.classes), None)
    rest = [child for child in element.children if child is not title]
    heading: list[Node] = [Element("p", {}, [Element("strong", {}, title.children)])] if title else []
    yield Element("blockquote", {}, [*heading, *rest])


def _output(element: Element) -> Iterator[Node]:
    """What a demo puts out, set off from its code."""
    inner = [
        Element("p", {}, [one]) if isinstance(one, Element) and one.name == "img" else one for one in element.children
    ]
    yield Element("blockquote", {}, inner)


def _icon(element: Element) -> Iterator[Node]:
    """A picture of a letter as the letter; a picture without words is an ornament."""
    for one in element.walk():
        named = one.text if one.name == "title" else one.attributes.get("alt") or one.attributes.get("aria-label") or ""
        if named.strip():
            yield named.strip()
            return


def _formula(element: Element) -> Iterator[Node]:
    """Few readers show MathML: the formula as it was written, if that is told, else its letters."""
    yield element.attributes.get("alttext") or next(
        (one.text for one in element.walk() if one.name == "annotation"), element.text
    )


def _frame(element: Element) -> Iterator[Node]:
    """What stands on another page is linked."""
    address = element.attributes.get("src", "")
    if address:
        link = Element("a", {"href": address}, [element.attributes.get("title", "").strip() or address])
        yield Element("p", {}, [link])


def _image(element: Element) -> Iterator[Node]:
    """Emoji as letters; of two pictures for light and dark pages the light one."""
    source = element.attributes.get("src", "")
    if set(element.classes) & {"twemoji", "emojione", "gemoji"}:
        yield from _icon(element)
    elif not _OTHER_SCHEME.search(source):
        element.attributes["src"] = _THIS_SCHEME.sub("", source)
        yield element


_DROPPED = """applet base button canvas embed form frame frameset link meta nav noembed noframes object option param
    plaintext premium-content script select slot style template textarea title xmp"""
_BY_NAME: dict[str, Change] = {
    **dict.fromkeys(_DROPPED.split(), _nothing),
    "iframe": _frame,
    "img": _image,
    "input": _input,
    "math": _formula,
    "pre": _code,
    "svg": _icon,
}
_BY_CLASS: dict[str, Change] = {
    **dict.fromkeys(
        ("footnote-backref", "headerlink", "md-clipboard", "md-code__nav", "task-list-indicator"), _nothing
    ),
    # On the page a reader opens them one after another; here they would stand right below the question.
    **dict.fromkeys(("code-demo__hint", "code-demo__solution"), _nothing),
    "code-demo__output": _output,
    "admonition": _admonition,
    "highlight": _code,
    "highlighttable": _code,
    "tabbed-set": _tabs,
    "twemoji": _icon,
}
