"""Feeds as a part of the site: what they say of it, the pages that tell readers of them, and the links in pages' heads.

Between the feeds room, which knows no MkDocs, and the ``feeds`` plugin, which knows nothing else.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from material.plugins.blog.structure import Category, Profile, View
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents

from site_builder.build.door import site_language
from site_builder.build.feed_words import feed_words
from site_builder.build.inputs import Audience
from site_builder.build.items import shared
from site_builder.build.parts import root_from
from site_builder.content.items import Item
from site_builder.errors import ConfigError, Place
from site_builder.feeds.entries import line
from site_builder.feeds.matrix import FILES, Feed, SiteFacts
from site_builder.feeds.options import FeedsOptions

_TEMPLATE = "feed.html"
_LABELS = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}
_NEWEST = 5
Key = tuple[str, str]
"""Which feed: its scope and name."""


def site_facts(config: MkDocsConfig) -> SiteFacts:
    """What feeds say of the site. Raises ConfigError if the paywall plugin has no part in this run."""
    run = shared(config)
    return SiteFacts(
        id=run.settings.site,
        url=str(config.site_url),
        title=config.site_name,
        description=config.site_description or "",
        language=site_language(config),
        author=config.site_author or "",
        copyright=" ".join(html.unescape(re.sub(r"<[^>]*>", "", config.copyright or "")).split()),
        today=run.inputs.today,
    )


def cache_file(config: MkDocsConfig) -> Path | None:
    """Where rendered items are kept from build to build; None in a build that is not for readers, which keeps nothing."""
    run = shared(config)
    return run.settings.root / ".site-builder" / "feeds.cache" if run.inputs.audience is Audience.READERS else None


@dataclass(frozen=True)
class Address:
    """One format of a feed: its name for readers, its media type, its path from the site's root, and whole."""

    format: str
    label: str
    type: str
    path: str
    url: str


@dataclass(frozen=True)
class Shown:
    """An article in a list: all of it is public."""

    title: str
    url: str
    day: date
    language: str
    premium: bool


@dataclass(frozen=True)
class FeedPage:
    """What the template ``feed.html`` is told of a feed: nothing that is not public.

    ``label`` is its name in words, ``heading`` the page's, and ``page`` where that stands, from the site's root.
    """

    scope: str
    name: str
    label: str
    heading: str
    title: str
    page: str
    addresses: tuple[Address, ...]
    newest: tuple[Shown, ...]
    premium: bool

    @property
    def key(self) -> Key:
        return self.scope, self.name


def feed_page(feed: Feed, site: SiteFacts, page: str) -> FeedPage:
    """What readers are told of a feed on its own ``page``."""
    return FeedPage(
        scope=feed.scope,
        name=feed.name,
        label=_label(feed),
        heading=_heading(feed, site.language),
        title=feed.title,
        page=page,
        addresses=tuple(
            Address(form, _LABELS[form], FILES[form][1], path, urljoin(site.url, path))
            for form, path in feed.paths.items()
        ),
        newest=tuple(_shown(item) for item in feed.items[:_NEWEST]),
        premium=any(item.premium for item in feed.items),
    )


def _label(feed: Feed) -> str:
    """A language by its own name, which stands first in the feed's title, not by its code."""
    return feed.title.rpartition(" – ")[0] if feed.scope == "language" else feed.name


def _heading(feed: Feed, language: str) -> str:
    return feed_words(language)[feed.scope].replace("%s", _label(feed))


def _shown(item: Item) -> Shown:
    return Shown(item.title, item.url, item.published.date(), item.language, item.premium)


def add_index(config: MkDocsConfig, files: Files, folder: str) -> None:
    """The page of all feeds. One that the writer has made stays, and its text stands above the list."""
    if _page_at(folder, config, files) is None:
        title = feed_words(site_language(config))["feeds"]
        content = f"---\ntemplate: {_TEMPLATE}\nhide: [toc]\n---\n\n# {title}\n"
        level = InclusionLevel.NOT_IN_NAV  # until it is named there
        files.append(File.generated(config, f"{folder}/index.md", content=content, inclusion=level))


def _page_at(folder: str, config: MkDocsConfig, files: Files) -> File | None:
    """What stands at a folder's address, by whichever of the names that MkDocs puts there."""
    address = File.generated(config, f"{folder}/index.md", content="").dest_uri
    named = (files.get_file_from_path(f"{folder}{end}") for end in ("/index.md", "/README.md", ".md"))
    return next((file for file in named if file and file.dest_uri == address), None)


def show_index(config: MkDocsConfig, files: Files, folder: str) -> str:
    """Have the page of all feeds shown as such, when it has been read; its path from the site's root."""
    file = _page_at(folder, config, files)
    assert file and file.page  # of `add_index`
    file.page.meta.setdefault("template", _TEMPLATE)
    return file.url


def add_page(config: MkDocsConfig, files: Files, feed: Feed) -> str:
    """The path of the feed's page, made if there is none: as if it had been read with the others, when feeds were not known."""
    file = _page_at(feed.page.rstrip("/"), config, files)
    if file is None:
        file = File.generated(config, f"{feed.page}index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV)
        files.append(file)
        # Templates take a page's title for HTML, as it is when it comes from a heading.
        page = Page(html.escape(_heading(feed, site_language(config)), quote=False), file, config)
        page.markdown, page.content, page.toc = "", "", TableOfContents([])
        page.meta = {"template": _TEMPLATE, "search": {"exclude": True}, "hide": ["toc"]}
    return file.url


def refuse_taken(paths: Iterable[str], files: Files, config: MkDocsConfig) -> None:
    """Raise ConfigError if a file of the writer's would be overwritten by a feed."""
    own = {file.dest_uri: file.src_uri for file in files if file.src_dir or file.abs_src_path}
    for path in paths:
        if path in own:
            raise ConfigError(
                f"{own[path]!r} would be overwritten by a feed of the same path",
                place=Place(config.config_file_path),
                hint="Rename it, or give the feeds plugin another `folder`, other `formats` or `scopes`.",
            )


def require_pictures(site: SiteFacts, options: FeedsOptions, config: MkDocsConfig) -> None:
    """Raise ConfigError if the options name a picture that the finished site does not have."""
    pictures = {"image": options.image, "podcast.image": options.podcast.image if options.podcast else ""}
    root = site.address("")
    for option, picture in pictures.items():
        address = site.address(picture)
        if not picture or urlsplit(picture).netloc or not address.startswith(root):
            continue  # none, or one that lies elsewhere
        if not (Path(config.site_dir) / unquote(urlsplit(address.removeprefix(root)).path)).is_file():
            raise ConfigError(
                f"feeds option {option} names {picture!r}, and there is no such file on the site",
                place=Place(config.config_file_path),
                hint="Write its path from the site's root, where what lies in the docs folder begins, or a whole address.",
            )


def keys_of(page: Page, language: str, own: FeedPage | None) -> Iterator[Key]:
    """The feeds that belong to a page: the site's to every one, others to the pages that are about the same.

    ``own`` is the feed whose page it is.
    """
    yield "site", ""
    if own:
        yield own.key
    if page.is_homepage or page.meta.get("podcast"):
        yield "podcast", ""
    if isinstance(page, Category | Profile):
        yield ("category" if isinstance(page, Category) else "author"), _name_of(page)
    if course := page.meta.get("course"):
        yield "course", line(str(course))
    yield "language", line(str(page.meta.get("lang") or language))


def _name_of(view: View) -> str:
    """Further pages of a long list have no name of their own."""
    first = view.pages[0] if view.pages else view
    return line(str(first.name or ""))


def link_elements(page: Page, keys: Iterable[Key], feeds: dict[Key, FeedPage]) -> str:
    """What stands in the page's head, so that browsers and feed readers find its feeds; the site's own comes first.

    For each ``rel="alternate"`` Material asks for a ``sitemap.xml`` beside what it leads to. Of the site's first feed that is the
    site's, which it has asked for anyway; the others are kept from it by a second word, which most readers of feeds pass over.
    Some know the one word alone, so that each page's first link, whichever feed it is of, has no other.
    """
    root = root_from(page.url)
    found = [(feed, address) for key in dict.fromkeys(keys) if (feed := feeds.get(key)) for address in feed.addresses]
    return "".join(
        f'<link rel="{"alternate feed" if number else "alternate"}"'
        f' type="{address.type}" title="{html.escape(f"{feed.title} ({address.label})")}" href="{root}{address.path}">'
        for number, (feed, address) in enumerate(found)
    )


def with_links(output: str, links: str) -> str:
    """The page with ``links`` at the end of its head."""
    return output.replace("</head>", f"{links}</head>", 1)
