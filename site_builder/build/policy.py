"""The Content-Security-Policy: one for the whole site, since instant navigation keeps the first page's policy for all others."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

_HASHES = "{inline-script-hashes}"
_INLINE = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<code>.*?)</script>", re.DOTALL | re.IGNORECASE)
_DATA_TYPE = re.compile(r"""\btype\s*=\s*["']?(?!module\b|text/javascript\b|application/javascript\b)""", re.IGNORECASE)

DIRECTIVES: Mapping[str, Sequence[str]] = {
    "default-src": ("'none'",),
    "script-src": ("'self'", _HASHES),
    # Material and Mermaid set styles on elements; styles alone cannot reach keys.
    "style-src": ("'self'", "'unsafe-inline'"),
    "img-src": ("'self'", "data:", "blob:"),
    "font-src": ("'self'",),
    # Files of parts that were opened are blobs; demos read them.
    "connect-src": ("'self'", "blob:"),
    "worker-src": ("'self'", "blob:"),
    "media-src": ("'self'", "blob:"),
    "frame-src": ("'self'",),
    "manifest-src": ("'self'",),
    "base-uri": ("'self'",),
    "form-action": ("'self'",),
}

HEADERS = """\
/*
  Content-Security-Policy: frame-ancestors 'self'
  X-Content-Type-Options: nosniff
  Referrer-Policy: strict-origin-when-cross-origin
/vault/manifest.json
  Cache-Control: no-cache
/vault/lockboxes/*
  Cache-Control: no-cache
/vault/keyrings/*
  Cache-Control: no-cache
/vault/payloads/*
  Cache-Control: public, max-age=31536000, immutable
/feeds/m/*
  Cache-Control: no-cache
  X-Robots-Tag: noindex
"""
"""What a meta tag can't say, for the hosts that read a ``_headers`` file."""


def policy_tag(extra: Mapping[str, Iterable[str]]) -> str:
    """The meta element, with a mark where ``finish_policy`` writes the hashes of the site's inline scripts."""
    directives = {name: [*sources, *extra.get(name, ())] for name, sources in DIRECTIVES.items()}
    directives |= {name: list(sources) for name, sources in extra.items() if name not in directives}
    text = "; ".join(f"{name} {' '.join(sources)}" for name, sources in directives.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{html.escape(text, quote=False)}">'


def finish_policy(site: Path) -> int:
    """Put the hashes of every inline script of the site into every page's policy; returns how many scripts there are."""
    pages: dict[Path, str] = {}
    hashes: set[str] = set()
    for path in sorted(site.rglob("*.html")):
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if _HASHES in text:
            pages[path] = text
            hashes |= inline_hashes(text)
    joined = " ".join(f"'{value}'" for value in sorted(hashes))
    for path, text in pages.items():
        path.write_bytes(text.replace(_HASHES, joined).encode("utf-8", "surrogateescape"))
    return len(hashes)


def inline_hashes(text: str) -> set[str]:
    """The CSP hash sources of the scripts that stand in a page itself; blocks of data are no scripts."""
    found: set[str] = set()
    for script in _INLINE.finditer(text):
        attributes = script["attributes"]
        if re.search(r"\ssrc\s*=", attributes, re.IGNORECASE) or _DATA_TYPE.search(attributes):
            continue
        digest = hashlib.sha256(script["code"].replace("\r\n", "\n").encode("utf-8", "surrogateescape")).digest()
        found.add(f"sha256-{base64.b64encode(digest).decode()}")
    return found


def with_sources(page_html: str, directive: str, sources: Iterable[str]) -> str:
    """The page with ``sources`` added to a directive of its policy; as it was if it has no policy, or has them already."""

    def add(found: re.Match[str]) -> str:
        known = found[2].split()
        return f"{found[1]} {' '.join([*known, *(one for one in sources if one not in known)])}"

    head, end, body = page_html.partition("</head>")
    return (
        re.sub(rf"(http-equiv=\"?Content-Security-Policy\b[^>]*?\b{directive}) ([^;\">]*)", add, head, count=1)
        + end
        + body
    )
