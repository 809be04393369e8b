"""What a finished page gets in its head: the policy and the first script at the top, structured data at the end."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import date

from site_builder.build.theme import first_script
from site_builder.content.settings import Settings

_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_SEALED = re.compile(r"<premium-content\b[^>]*\sentitlements=")
_NEIGHBOURS = re.compile(r'\s*<link rel="(?:prev|next)" href="[^"]*">')
_LANG = re.compile(r"(<html\b[^>]*\blang=)(\"[^\"]*\"|[^\s>]+)", re.IGNORECASE)


@dataclass(frozen=True)
class PageFacts:
    """What search engines are told of a page with gated parts, in schema.org's words."""

    title: str
    description: str
    language: str
    published: date | None


def dress(
    page_html: str, *, base: str, settings: Settings, policy: str, facts: PageFacts | None, language: str | None
) -> str:
    """The page with all that must stand in its head. ``base`` is the site's root, relative to the page, without a last ``/``.

    The first script stands in the page itself: nothing is drawn, and no token taken out of the address, before it has run.
    """
    options = settings.options
    values = {
        "base": base,
        "site": settings.site,
        "unlock": options.unlock_page,
        "pricing": options.membership_page,
        "account": options.account_page,
    }
    data = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in values.items())
    gated = " data-gated" if _SEALED.search(page_html) else ""
    first = f'<meta charset="utf-8">{policy}<script {data}{gated}>{first_script()}</script>'
    last = f'<script type="module" src="{html.escape(base)}/assets/js/main.js"></script>'
    if facts:
        last = structured_data(facts) + last
    page_html = _HEAD.sub(lambda head: head[0] + first, page_html, count=1)
    head, end, body = page_html.partition("</head>")
    # Firefox fetches the next page ahead, which the policy forbids; readers would find it in the browser's log.
    page_html = _NEIGHBOURS.sub("", head) + (last + end if end else "") + body
    if language:
        page_html = _LANG.sub(lambda tag: f'{tag[1]}"{html.escape(language)}"', page_html, count=1)
    return page_html


def structured_data(facts: PageFacts) -> str:
    """Markup for paywalled content: the page is an article of which the elements of class ``premium`` are not free."""
    data = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": facts.title,
        **({"description": facts.description} if facts.description else {}),
        **({"datePublished": facts.published.isoformat()} if facts.published else {}),
        "inLanguage": facts.language,
        "isAccessibleForFree": False,
        "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".premium"},
    }
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{text}</script>'
