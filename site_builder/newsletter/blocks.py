"""A post's HTML as mail programs can show it: few elements, complete addresses, in blocks between which a mail can be cut."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urljoin, urlsplit

from lxml import html
from lxml.html import HtmlElement

KEPT = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre code em strong a img table thead tbody tfoot tr th td caption hr br"  # noqa: SIM905
    " sup sub del ins mark kbd abbr small s b i u q cite var samp figure figcaption ruby rt rp bdi bdo div span".split()
)
DROPPED = frozenset(
    "script style noscript template object embed form button select textarea svg math head title link meta canvas".split()  # noqa: SIM905
)
BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table hr figure div".split())  # noqa: SIM905
_ATTRIBUTES = {
    "a": ("href",),
    "img": ("src", "alt", "width", "height"),
    "ol": ("start", "type"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "abbr": ("title",),
}
_EVERYWHERE = ("lang", "dir")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_SHOWN_BY_FEW = (".svg", ".svgz", ".avif")


def mail_blocks(text: str, url: str, says: Mapping[str, str]) -> tuple[str, ...]:
    """The HTML of the page at ``url``, in blocks that stand by themselves; ``says`` are the words for what can't be shown."""
    body = html.fragment_fromstring(_FORBIDDEN.sub("", text), create_parent="div")
    for element in list(body.iter()):
        if not isinstance(element.tag, str):
            element.drop_tree()
    for change in _CHANGES:
        change(body, url, says)
    for element in list(body.iterdescendants()):
        _keep_little(element, url)
    return tuple(html.tostring(block, encoding="unicode").strip() for block in _apart(body))


def _having(body: HtmlElement, *classes: str) -> Iterator[HtmlElement]:
    """Elements with one of the classes, in order, as long as they are still there."""
    for element in list(body.iterdescendants()):
        if set(classes) & set((element.get("class") or "").split()) and body in element.iterancestors():
            yield element


def _made(tag: str, text: str = "", **attributes: str) -> HtmlElement:
    element = html.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = text
    return element


def _replace(old: HtmlElement, new: HtmlElement) -> None:
    new.tail, old.tail = old.tail, None
    old.getparent().replace(old, new)


def _link(text: str, url: str) -> HtmlElement:
    paragraph = _made("p", class_="sb-aside")
    paragraph.append(_made("a", text, href=url))
    return paragraph


def _diagrams(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for element in _having(body, "mermaid"):
        _replace(element, _link(says["diagram"], url))


def _code(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    """Code is its text and nothing more: styles for each word would make a mail five times as long."""
    for element in _having(body, "highlight", "highlighttable"):
        outermost = not any("highlight" in (one.get("class") or "") for one in element.iterancestors())
        if outermost and element.tag not in ("code", "pre", "span"):
            pre = next((one for one in element.iter("pre") if not _is_numbers(one)), None)
            if pre is not None:
                if name := element.find_class("filename"):
                    element.addprevious(_made("p", name[0].text_content(), class_="sb-label"))
                pre.tail = None
                _replace(element, pre)
    for pre in list(body.iter("pre")):
        for numbers in (*pre.find_class("linenos"), *pre.find_class("lineno")):
            numbers.drop_tree()
        code = _made("code", pre.text_content().rstrip("\n"))
        new = _made("pre")
        new.append(code)
        _replace(pre, new)


def _is_numbers(pre: HtmlElement) -> bool:
    return any("linenos" in (one.get("class") or "").split() for one in pre.iterancestors("td", "div"))


def _notes(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for element in [*_having(body, "admonition"), *body.iter("details")]:
        title = next(iter([*element.find_class("admonition-title"), *element.iterchildren("summary")]), None)
        if title is not None:
            title.tag = "p"
            title.set("class", "sb-label")
        element.tag = "div"
        element.set("class", "sb-note")


def _tabs(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for tabs in _having(body, "tabbed-set"):
        labels = [label.text_content() for label in tabs.iter("label")]
        contents = [*tabs.find_class("tabbed-block")] or [*tabs.find_class("tabbed-content")]
        for label, content in zip(labels, contents, strict=False):
            content.insert(0, _made("p", label, class_="sb-label"))
        for element in [*tabs.iter("label", "input")]:
            element.drop_tree()


def _footnotes(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for element in _having(body, "headerlink", "footnote-backref"):
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "").rstrip("\xa0 ")
        else:
            element.getparent().text = (element.getparent().text or "").rstrip("\xa0 ")
        element.drop_tree()
    for call in _having(body, "footnote-ref"):
        mark = call.getparent()
        if mark.tag == "sup":
            mark.set("class", "sb-call")
        call.drop_tag()
    for notes in _having(body, "footnote"):
        notes.set("class", "sb-footnotes")


def _players(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for player in list(body.iter("audio", "video", "iframe")):
        _replace(player, _link(says["player"], url))
    for box in list(body.iter("input")):
        mark = {"checkbox": "☑ " if box.get("checked") is not None else "☐ "}.get(box.get("type") or "", "")
        box.tail = mark + (box.tail or "").lstrip(" ")
        box.drop_tree()
    for emoji in _having(body, "twemoji", "emojione", "gemoji"):
        if emoji.tag != "img":
            _replace(emoji, _made("span", emoji.get("title") or ""))


def _pictures(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    """Most mail programs show no SVG, and none that matters shows a picture that is in the HTML itself."""
    for image in list(body.iter("img")):
        address, alt = urljoin(url, image.get("src") or ""), (image.get("alt") or "").strip()
        if shown_by_mail(address):
            image.set("src", address)
            image.set("alt", alt)
        else:
            said = says["named picture"].format(alt=alt) if alt else says["picture"]
            within = any(one.tag == "a" for one in image.iterancestors())
            _replace(image, _made("span", said) if within else _made("a", said, href=url))


def shown_by_mail(address: str) -> bool:
    """Whether mail programs show the picture at this address."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and not parts.path.lower().endswith(_SHOWN_BY_FEW)


_CHANGES: tuple[Callable[[HtmlElement, str, Mapping[str, str]], None], ...] = (
    _diagrams,
    _code,
    _notes,
    _tabs,
    _footnotes,
    _players,
    _pictures,
)


def _keep_little(element: HtmlElement, url: str) -> None:
    """Only elements and attributes that are known, and of addresses only those that lead somewhere from a mail."""
    if element.tag in DROPPED:
        element.drop_tree()
        return
    if element.tag == "a" and (address := urljoin(url, element.get("href") or "")):
        lawful = element.get("href") and urlsplit(address).scheme in ("http", "https", "mailto", "tel")
        element.attrib["href"] = address if lawful else ""
    classes = [name for name in (element.get("class") or "").split() if name.startswith("sb-")]
    kept = {name: element.get(name) for name in (*_ATTRIBUTES.get(element.tag, ()), *_EVERYWHERE) if element.get(name)}
    if element.tag == "img":
        kept["alt"] = element.get("alt") or ""
    if align := re.search(r"text-align:\s*(left|right|center)", element.get("style") or ""):
        kept["align"] = align[1]
    element.attrib.clear()
    element.attrib.update({name: value for name, value in kept.items() if value is not None})
    if classes:
        element.set("class", " ".join(classes))
    bare = element.tag in ("div", "span", "a") and not element.attrib
    if element.tag not in KEPT or bare:
        element.drop_tag()


def _apart(body: HtmlElement) -> Iterator[HtmlElement]:
    """The blocks in order; text and inline elements between them become paragraphs."""
    loose: HtmlElement = _made("p", body.text or "")
    for child in list(body):
        if child.tag in BLOCKS:
            if loose.text_content().strip() or len(loose):
                yield loose
            loose, child.tail = _made("p", child.tail or ""), None
            yield child
        else:
            loose.append(child)
    if loose.text_content().strip() or len(loose):
        yield loose
