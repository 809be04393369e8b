"""An item's HTML as mail programs can show it: plain code, pictures that they know, in blocks between which a mail can be cut."""

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
    "td": ("colspan", "rowspan", "align"),
    "th": ("colspan", "rowspan", "align"),
    "abbr": ("title",),
}
_EVERYWHERE = ("lang", "dir")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
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


def shown_by_mail(address: str) -> bool:
    """Whether mail programs show the picture at this address: few know SVG, and none that matters pictures inside the HTML."""
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and not parts.path.lower().endswith(_SHOWN_BY_FEW)


def _made(tag: str, text: str = "", **attributes: str) -> HtmlElement:
    element = html.Element(tag, {name.rstrip("_"): value for name, value in attributes.items()})
    element.text = text
    return element


def _replace(old: HtmlElement, new: HtmlElement) -> None:
    new.tail, old.tail = old.tail, None
    old.getparent().replace(old, new)


def _code(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    """Code is its text and nothing more: styles for each word would make a mail five times as long. A diagram is a link."""
    for pre in list(body.iter("pre")):
        if "mermaid" in "".join(one.get("class") or "" for one in pre.iter("pre", "code")):
            _replace(pre, _made("a", says["diagram"], href=url))
            continue
        new = _made("pre")
        new.append(_made("code", pre.text_content().rstrip("\n")))
        _replace(pre, new)


def _folds(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    """What can be folded away stands open, in a box."""
    for fold in list(body.iter("details")):
        for title in fold.findall("summary"):
            title.tag = "p"
            title.set("class", "sb-label")
        fold.tag = "div"
        fold.set("class", "sb-note")


def _footnotes(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    """A note's number is no link: the note stands below, in this mail."""
    for call in list(body.iter("a")):
        mark = call.getparent()
        if mark.tag == "sup" and "#fn:" in (call.get("href") or ""):
            mark.set("class", "sb-call")
            call.drop_tag()
        elif "#fnref" in (call.get("href") or ""):
            call.drop_tree()


def _players(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for player in list(body.iter("audio", "video", "iframe")):
        _replace(player, _made("a", says["player"], href=url))


def _pictures(body: HtmlElement, url: str, says: Mapping[str, str]) -> None:
    for image in list(body.iter("img")):
        address, alt = urljoin(url, image.get("src") or ""), (image.get("alt") or "").strip()
        if shown_by_mail(address):
            image.set("src", address)
        else:
            said = says["named picture"].format(alt=alt) if alt else says["picture"]
            within = any(one.tag == "a" for one in image.iterancestors())
            _replace(image, _made("span", said) if within else _made("a", said, href=url))


_CHANGES: tuple[Callable[[HtmlElement, str, Mapping[str, str]], None], ...] = (
    _code,
    _folds,
    _footnotes,
    _players,
    _pictures,
)


def _keep_little(element: HtmlElement, url: str) -> None:
    """Only elements and attributes that are known, and of addresses only those that lead somewhere from a mail."""
    if element.tag in DROPPED:
        element.drop_tree()
        return
    kept = {name: element.get(name) for name in (*_ATTRIBUTES.get(element.tag, ()), *_EVERYWHERE) if element.get(name)}
    if classes := [name for name in (element.get("class") or "").split() if name.startswith("sb-")]:
        kept["class"] = " ".join(classes)
    if element.tag == "img":
        kept["alt"] = (element.get("alt") or "").strip()
    if element.tag == "a" and "href" in kept:
        kept["href"] = urljoin(url, kept["href"])
        if urlsplit(kept["href"]).scheme not in ("http", "https", "mailto", "tel"):
            del kept["href"]
    element.attrib.clear()
    element.attrib.update(kept)
    if element.tag not in KEPT or (element.tag in ("div", "span", "a") and not kept):
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
