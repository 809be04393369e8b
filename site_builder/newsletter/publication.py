"""The site that a newsletter is of: what every issue needs to know beside its posts, read from mkdocs.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import idna

from site_builder.content.offers import Offers
from site_builder.content.settings import Settings, load_settings, plugin_options, read_config
from site_builder.errors import ConfigError, Place
from site_builder.newsletter.options import NewsletterOptions
from site_builder.newsletter.wrapping import one_line


@dataclass(frozen=True)
class Publication:
    """``name`` is what the newsletter is called; ``url`` the site's root, absolute, with a ``/`` at its end."""

    options: NewsletterOptions
    offers: Offers
    name: str
    url: str
    language: str
    membership: str
    """The absolute address that tells what membership costs."""

    @property
    def list_id(self) -> str:
        return self.options.list_id or f"newsletter.{_ascii_host(self.url)}"

    @property
    def archive(self) -> str:
        """The absolute address of the page of past issues."""
        return urljoin(self.url, self.options.archive_page)


def _ascii_host(url: str) -> str:
    """A header takes nothing else. Raises ConfigError for a host that can't exist."""
    host = urlsplit(url).hostname or "localhost"
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ConfigError(f"`site_url` has the host {host!r}, which can't exist: {error}") from None


def publication(options: NewsletterOptions, settings: Settings, name: str, language: str, place: Place) -> Publication:
    """Raises ConfigError if the site has no address, or a segment is not known."""
    if not settings.site_url:
        raise ConfigError(
            "`site_url` is not set, and mails need absolute addresses",
            place=place,
            hint="Write the address at which the site will be, such as `site_url: https://example.com/`.",
        )
    options.all_segments(settings.offers, place)
    url = settings.site_url.rstrip("/") + "/"
    membership = urljoin(url, settings.options.membership_page)
    return Publication(options, settings.offers, options.name or one_line(name), url, language, membership)


def read_publication(config_file: Path) -> Publication:
    """The same, from mkdocs.yml, without MkDocs. Raises ConfigError if the newsletter plugin is not among `plugins`."""
    config, place = read_config(config_file), Place(config_file)
    options = plugin_options(config, "newsletter")
    if options is None:
        raise ConfigError(
            "the newsletter plugin is not among `plugins`",
            place=place,
            hint="Add `- newsletter:` with `sender: {name: Ada Example, address: ada@example.com}`.",
        )
    theme: Any = config.get("theme")
    language = str((theme.get("language") if isinstance(theme, dict) else None) or "en")
    name = str(config.get("site_name") or "")
    return publication(NewsletterOptions.read(options, place), load_settings(config_file), name, language, place)
