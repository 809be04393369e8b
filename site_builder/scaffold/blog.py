"""What a new blog is called, who writes it and where it will stand: checked here before anything is written."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from site_builder.content.settings import site_id
from site_builder.errors import ConfigError
from site_builder.scaffold.slug import slugify

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Blog:
    """What the templates in files/ are filled with; ``site`` names the blog in keys, ``today`` dates its first article."""

    name: str
    author: str
    url: str
    lang: str
    site: str
    today: date

    @property
    def author_id(self) -> str:
        """The author's key in .authors.yml and in the front matter of articles."""
        return slugify(self.author) or "author"


def describe(name: str, author: str, url: str, lang: str, today: date) -> Blog:
    """A blog with a site id of its own. Raises ConfigError on an empty name, an address that is none, or an unknown language."""
    for what, text in (("name", name), ("author", author)):
        # Themes write both into pages as they are.
        if not text.strip() or not text.isprintable() or "<" in text or ">" in text:
            raise ConfigError(f"the {what} is {text!r}", hint="It must have letters, and no line breaks, < or >.")
    if lang not in LANGUAGES:
        raise ConfigError(
            f"there are no pages in the language {lang!r}", hint=f"The languages are: {', '.join(LANGUAGES)}."
        )
    name, author = name.strip(), author.strip()
    site = f"{site_id(name)[:54].strip('-')}-{secrets.token_hex(4)}"
    return Blog(name=name, author=author, url=_site_url(url), lang=lang, site=site, today=today)


def name_of(folder: Path) -> str:
    """A name for a blog in ``folder``: `my-blog` gives "My Blog"."""
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_\s.]+", folder.name) if word) or folder.name


def _site_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    extra = parts.query or parts.fragment or parts.username
    schemes = ("https", "http") if host in ("localhost", "127.0.0.1", "::1") else ("https",)
    if not host or extra or parts.scheme not in schemes or not re.fullmatch(r"[!-~]+", url):
        raise ConfigError(
            f"the address is {url!r}",
            hint="Write it as https://example.com/blog/; browsers open members' parts only over https, or on localhost.",
        )
    return url.rstrip("/") + "/"
