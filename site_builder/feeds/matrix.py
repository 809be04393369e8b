"""Which feeds there are: the site's, and those of its categories, tags, authors, courses and languages. Before any format."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from urllib.parse import urljoin

from site_builder.content.items import Item
from site_builder.errors import ConfigError, ContentError, Place
from site_builder.feeds.addresses import ascii_address
from site_builder.feeds.entries import in_utc, line
from site_builder.feeds.options import FeedsOptions, Format, PodcastOptions
from site_builder.feeds.slugs import slugs
from site_builder.feeds.words import feed_title

_NAMES = uuid.uuid5(uuid.NAMESPACE_URL, "tag:site-builder,2026:feeds")
FILES: dict[str, tuple[str, str]] = {
    "rss": ("rss.xml", "application/rss+xml"),
    "atom": ("atom.xml", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
}
"""Of each format the file's name and its media type."""
_FOLDERS = {
    "category": "categories",
    "tag": "tags",
    "author": "authors",
    "course": "courses",
    "language": "languages",
}


@dataclass(frozen=True)
class SiteFacts:
    """What feeds say of the site itself.

    ``id`` is what names the site in keys (``Settings.site``), ``url`` is absolute and ends with a slash, ``language`` a tag such
    as ``en`` or ``zh-Hans``. ``today`` is the build's day, by which nothing of the future goes out by mail.
    """

    id: str
    url: str
    title: str
    description: str = ""
    language: str = "en"
    author: str = ""
    copyright: str = ""
    today: date | None = None

    def address(self, path: str) -> str:
        """A path from the site's root, or an address, as an absolute address in ASCII. Raises ConfigError if it is none."""
        whole = urljoin(self.url, path.replace(" ", "%20"))
        try:
            return ascii_address(whole)
        except ValueError:
            raise ConfigError(
                f"'{whole}' is no absolute address", hint="`site_url` begins with https:// and ends with a slash."
            ) from None


@dataclass(frozen=True)
class Feed:
    """One feed in each of its ``formats``: ``items`` newest first, ``name`` as it was written in front matter.

    ``scope`` is ``site``, ``category``, ``tag``, ``author``, ``course``, ``language``, ``podcast``, ``email`` or ``members``.
    ``stem`` is the folder of its files from the site's root, empty for the site's own; ``page`` the folder of its landing page;
    ``home`` the absolute address of the page that it belongs to, if that is another than the landing page.
    """

    scope: str
    name: str
    title: str
    stem: str
    language: str
    items: tuple[Item, ...]
    id: str
    page: str
    description: str = ""
    formats: tuple[Format, ...] = ("rss", "atom", "json")
    home: str = ""

    @cached_property
    def paths(self) -> dict[Format, str]:
        """Of each format the file's path from the site's root, ASCII, to be put behind the site's URL as it is."""
        return {form: f"{self.stem}/{FILES[form][0]}".lstrip("/") for form in self.formats}

    @property
    def updated(self) -> datetime:
        """When its newest change was: no clock. An empty feed has not changed since 1970."""
        return max((max(item.published, item.updated) for item in self.items), default=datetime(1970, 1, 1, tzinfo=UTC))


def feed_id(site: str, scope: str, name: str = "") -> str:
    """A feed's id, which no change of domain, title or path touches."""
    return uuid.uuid5(_NAMES, "\n".join((site, scope, name))).urn


def feeds_of(items: Iterable[Item], site: SiteFacts, options: FeedsOptions) -> tuple[Feed, ...]:
    """All feeds of the site that everybody may read: the site's, then by scope and name, then the podcast's and the mail's.

    The site's own is made even without items, so that the first reader can subscribe; languages are told apart only if there
    are several.

    Raises:
        ContentError: two items with one id, or a date without a time zone.
    """
    newest = _newest(items)
    feeds: list[Feed] = []
    if "site" in options.scopes:
        feeds.append(_feed(newest, site, options, "site"))
    for scope in ("category", "tag", "author", "course", "language"):
        if scope in options.scopes:
            feeds += _scope(newest, site, options, scope)
    if options.podcast:
        feeds.append(_podcast(newest, site, options, options.podcast))
    if options.email_feed:
        # A service mails what it has not seen yet, so what is of a later day than today waits.
        out = [item for item in newest if site.today is None or item.published.date() <= site.today]
        feeds.append(_feed(out, site, options, "email", stem=f"{options.folder}/email"))
    return tuple(feeds)


_NAMES_OF: dict[str, Callable[[Item], Iterable[str]]] = {
    "category": lambda item: item.categories,
    "tag": lambda item: item.tags,
    "author": lambda item: (author.name for author in item.authors),
    "course": lambda item: (item.course,) if item.course else (),
    "language": lambda item: (item.language,),
}


def _scope(newest: Sequence[Item], site: SiteFacts, options: FeedsOptions, scope: str) -> list[Feed]:
    holding: dict[str, list[Item]] = {}
    for item in reversed(newest):  # names in the order in which they came into use
        for name in sorted({line(name) for name in _NAMES_OF[scope](item)} - {""}):
            holding.setdefault(name, []).append(item)
    if scope == "language" and len(holding) < 2:
        return []
    steps = slugs(holding)
    return [
        _feed(holding[name][::-1], site, options, scope, name, f"{options.folder}/{_FOLDERS[scope]}/{steps[name]}")
        for name in sorted(holding)
    ]


def _feed(
    items: Sequence[Item], site: SiteFacts, options: FeedsOptions, scope: str, name: str = "", stem: str = ""
) -> Feed:
    shown = tuple(items[: options.limit] if options.limit else items)
    languages = {item.language for item in shown}
    whole = scope in ("site", "email")
    return Feed(
        scope=scope,
        name=name,
        title=feed_title(scope, name, options.title or site.title, site.language),
        stem=stem,
        language=languages.pop() if len(languages) == 1 else site.language,
        items=shown,
        id=feed_id(site.id, scope, name),
        page=f"{stem or options.folder}/",
        description=(options.description or site.description) if whole else "",
        formats=("rss",) if scope == "email" else options.formats,
        home=site.url if whole else "",
    )


def _podcast(newest: Sequence[Item], site: SiteFacts, options: FeedsOptions, said: PodcastOptions) -> Feed:
    """All episodes, however many there are: a directory forgets those that a feed no longer names."""
    return Feed(
        scope="podcast",
        name="",
        title=said.title or options.title or site.title,
        stem=f"{options.folder}/podcast",
        language=said.language or site.language,
        items=tuple(item for item in newest if item.episode),
        id=feed_id(site.id, "podcast"),
        page=f"{options.folder}/podcast/",
        description=said.description or options.description or site.description,
        formats=("rss",),
    )


def _newest(items: Iterable[Item]) -> list[Item]:
    """The items, newest first; of the same moment in the order of their ids."""
    seen: dict[str, Place] = {}
    for item in (listed := list(items)):
        in_utc(item.published, item)
        in_utc(item.updated, item)
        if item.id in seen:
            raise ContentError(
                f"has the same id as {seen[item.id]}",
                place=item.place,
                hint="Feed readers would take the two for one: give one of them another `id`.",
            )
        seen[item.id] = item.place
    return sorted(listed, key=lambda item: (item.published, item.id), reverse=True)
