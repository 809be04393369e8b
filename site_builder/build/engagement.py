"""Engagement as a part of the site: hooks in finished pages, and the files beside them.

Between the engagement room, which knows no MkDocs, and the ``engagement`` plugin, which knows nothing else.
"""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

from site_builder.build.door import site_language
from site_builder.build.engagement_words import SIGNS, engagement_words, share_address
from site_builder.build.inputs import Audience
from site_builder.build.items import SiteItems, shared
from site_builder.build.policy import with_sources
from site_builder.content.items import Item
from site_builder.engagement import events, manifest
from site_builder.engagement.hooks import hooks_of
from site_builder.engagement.manifest import HeadingFacts, Manifest, chapters, offer_facts, post_facts
from site_builder.engagement.options import ADAPTERS, EngagementOptions
from site_builder.errors import ConfigError, Place
from site_builder.theme import theme_file

if TYPE_CHECKING:
    from jinja2 import Environment, Template

FOLDER = "engagement"
SCRIPTS = "assets/engagement"
_TEMPLATE = "partials/engagement-hooks.html"
_FORM = re.compile(r"""<form\b(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_EMAIL = re.compile(r"""<input\b[^>]*\btype=["']?email\b""")
_HOOKED = re.compile(r"\sdata-hook\b")
_NAMED = re.compile(r"""\s(?:id|name)="([^"]{1,100})\"""")
_TAKEN = ("manifest.json", "manifest.schema.json", "events.schema.json")


@dataclass(frozen=True)
class Hooks:
    """Puts them into the pages of one run."""

    options: EngagementOptions
    run: SiteItems
    template: Template

    @classmethod
    def of(cls, options: EngagementOptions, env: Environment, config: MkDocsConfig) -> Hooks:
        """From ``on_env`` on. Raises ConfigError if the paywall plugin has no part in this run."""
        return cls(options, shared(config), env.get_template(_TEMPLATE))

    def names(self, page: Page, item: Item | None) -> tuple[str, ...]:
        """The hooks that are on. Raises ContentError if the page's or its folder's ``hooks`` is not understood."""
        document = self.run.documents.get(page.file.src_uri)
        place = document.source.place("hooks") if document else Place(page.file.src_uri)
        return hooks_of(self.options, page.meta, place, item=item is not None)

    def into(self, output: str, page: Page, item: Item | None) -> str:
        """The page with its hooks at the end of its article: as it was if all are off. Raises ContentError."""
        names = self.names(page, item)
        if not names:
            return output
        language = str(page.meta.get("lang") or site_language(self.run.config))
        ends = ("</article>", "</main>", "</body>") if item else ("</main>", "</body>")
        before, found, after = output.rpartition(next((end for end in ends if end in output), "</html>"))
        if not found:
            return output
        return with_signup_hooks(before) + self._element(names, item, language) + found + after

    def _element(self, names: tuple[str, ...], item: Item | None, language: str) -> str:
        says = engagement_words(language)
        facts = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in self._facts(names, item).items())
        inside = self.template.render(
            reactions=[(id, SIGNS[id]) for id in self.options.reactions] if "reaction" in names else [],
            feedback="feedback" in names,
            shares=self._shares(item) if item and "share" in names else [],
            ask=self._question(says) if self.options.consent == "ask" and self._tells else "",
            says=says,
        )
        return f'<engagement-hooks class="engagement" lang="{says["lang"]}" {facts}>{inside.strip()}</engagement-hooks>'

    @property
    def _tells(self) -> bool:
        """A preview tells nobody anything: neither what its author does nor who else looks at it."""
        return self.options.reports and self.run.inputs.audience is Audience.READERS

    def _facts(self, names: tuple[str, ...], item: Item | None) -> dict[str, str]:
        """What the browser's module goes by; what is not said is empty or off."""
        facts = {"site": self.run.settings.site, "hooks": " ".join(names)}
        if item:
            facts["post"] = item.id.removeprefix("urn:uuid:")
        if self.run.inputs.audience is not Audience.READERS:
            return facts | {"preview": ""}
        if self.options.endpoint:
            facts["endpoint"] = self.options.endpoint
        if self.options.adapters:
            told = [adapter.model_dump() for adapter in self.options.adapters]
            facts["adapters"] = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
        if self.options.respect_privacy_signals:
            facts["signals"] = "respect"
        if self.options.consent != "none":
            facts["consent"] = self.options.consent
        return facts

    def _shares(self, item: Item) -> list[tuple[str, str]]:
        return [(to, share_address(to, item.url, item.title)) for to in self.options.share]

    def _question(self, says: Mapping[str, str]) -> str:
        others = ", ".join(adapter.name for adapter in self.options.adapters)
        return says["ask others"].replace("%s", others) if others else says["ask"]


def with_signup_hooks(output: str) -> str:
    """The page with a hook on each form that asks for an e-mail address and has none."""

    def hook(found: re.Match[str]) -> str:
        asks = _EMAIL.search(output, found.end(), max(found.end(), output.find("</form", found.end())))
        if not asks or _HOOKED.search(found[0]):
            return found[0]
        name = _NAMED.search(found[0])
        form = f' data-form="{name[1]}"' if name else ""
        return f'{found[0][:-1].rstrip("/ ")} data-hook="newsletter_signup"{form}>'

    return _FORM.sub(hook, output) if "<form" in output else output


def with_hosts(output: str, options: EngagementOptions) -> str:
    """A page whose policy lets it talk to those who are told; every page, for instant navigation keeps the first one's."""
    return with_sources(output, "connect-src", options.hosts) if options.hosts else output


def refuse_taken(config: MkDocsConfig) -> None:
    """Raise ConfigError if the writer has a file of the same path as one of ours."""
    for name in _TAKEN:
        if (Path(config.docs_dir) / FOLDER / name).exists():
            raise ConfigError(
                f"'{FOLDER}/{name}' would be overwritten by the engagement plugin's file of the same path",
                place=Place(config.config_file_path),
                hint="Rename it.",
            )


def items_by_uri(config: MkDocsConfig) -> dict[str, Item]:
    """The site's posts and chapters by the path of their source. Raises SiteError if one can't be read."""
    return {item.uri: item for item in shared(config).items}


def site_manifest(hooks: Hooks, nav: Navigation) -> Manifest:
    """What all posts and chapters are about. Raises SiteError if one can't be read."""
    run = hooks.run
    offers = run.settings.offers
    items = {item.uri: item for item in run.items}
    order = {page.file.src_uri: number for number, page in enumerate(nav.pages)}
    numbers = chapters(run.items, order)
    facts = {
        page.file.src_uri: post_facts(
            items[page.file.src_uri],
            offers,
            headings=_headings(page.toc),
            hooks=hooks.names(page, items[page.file.src_uri]),
            chapter=numbers.get(page.file.src_uri),
        )
        for page, _ in run.pages()
    }
    return Manifest(
        site=run.settings.site,
        url=str(run.config.site_url),
        title=run.config.site_name,
        language=site_language(run.config),
        offers=offer_facts(offers),
        posts=tuple(facts[item.uri] for item in run.items),
    )


def _headings(toc: Iterable[AnchorLink]) -> Iterator[HeadingFacts]:
    """Those of the public text: gated parts were cut out before."""
    for link in toc:
        yield HeadingFacts(id=link.id, title=html.unescape(link.title))
        yield from _headings(link.children)


def write_files(site: Path, found: Manifest, options: EngagementOptions) -> None:
    """Put the manifest, the schemas of it and of events, and the browser's modules below the finished site's root."""
    folder = site / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_bytes(found.to_json())
    (folder / "manifest.schema.json").write_bytes(_schema(manifest.json_schema()))
    (folder / "events.schema.json").write_bytes(_schema(events.json_schema()))
    (site / SCRIPTS).mkdir(parents=True, exist_ok=True)
    unused = set(ADAPTERS) - {adapter.kind for adapter in options.adapters}
    for path in sorted(theme_file("engagement/engagement.js").parent.glob("*.js")):
        if path.stem not in unused:
            shutil.copyfile(path, site / SCRIPTS / path.name)


def _schema(schema: dict[str, Any]) -> bytes:
    return json.dumps(schema, indent=1, sort_keys=True).encode() + b"\n"
