"""What readers did, in finished pages: popular posts, what else they read, how many they are; and notes for the author alone.

From ``insights.json`` beside mkdocs.yml. Titles come from the posts themselves, so that what was withdrawn is not named.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from site_builder.build.door import site_language
from site_builder.build.inputs import Audience
from site_builder.build.items import SiteItems, shared
from site_builder.content.items import Item
from site_builder.engagement.insights import FILE, Insights, PostInsights
from site_builder.engagement.options import EngagementOptions

FEWEST = 10
"""Readers that are told: fewer say more of single ones than of the post."""
POPULAR = 5
_LIST = re.compile(r"(<p>\s*)?<popular-posts((?:\s[^>]*)?)>(.*?)</popular-posts>(?(1)\s*</p>)", re.DOTALL)
_COUNT = re.compile(r"""\bcount=["']?(\d{1,2})\b""")
_ENGLISH = {
    "also": "Readers of this also read",
    "readers": "{readers:,} readers from {since} to {until}, each counted once a day; bots are left out.",
    "noted": "{readers:,} readers from {since} to {until}, {before:,} in as many days before.",
    "finished": "{finished:.0f} % of views came to the end.",
    "stale": "<strong>Going stale:</strong> it was not revised for long, and loses readers faster than the site.",
    "leaving": "{share:.0f} % of the {views:,} views that came to this heading ended here.",
}
_CHINESE = {
    "also": "读过本文的人还读了",
    "readers": "{since} 至 {until} 有 {readers:,} 位读者，每人每天计一次，不含机器访问。",
    "noted": "{since} 至 {until} 有 {readers:,} 位读者，之前同样天数有 {before:,} 位。",
    "finished": "{finished:.0f} % 的浏览读到了结尾。",
    "stale": "<strong>正在过时：</strong>久未修订，读者流失比全站快。",
    "leaving": "在到达这个标题的 {views:,} 次浏览中，{share:.0f} % 止步于此。",
}
_log = logging.getLogger("mkdocs.plugins.engagement")


@dataclass(frozen=True)
class ReaderInsights:
    """Puts them into the pages of one run; with no ``insights`` it changes nothing but the places for them."""

    options: EngagementOptions
    run: SiteItems
    insights: Insights | None

    @classmethod
    def of(cls, options: EngagementOptions, config: MkDocsConfig) -> ReaderInsights:
        """From ``on_env`` on. Raises ConfigError if the file is no file of insights, or another site's."""
        run = shared(config)
        found = cls(options, run, Insights.read(run.settings.root / FILE, run.settings.site))
        if gone := sum(id not in found._items for id in found._by_id):
            # A strict build goes on: insights can name no other posts before this one is deployed.
            level = logging.INFO if config.strict else logging.WARNING
            _log.log(level, f"{FILE} names {gone} post{'s' * (gone > 1)} that the site does not have; ignored")
        return found

    @cached_property
    def _by_id(self) -> Mapping[str, PostInsights]:
        return {post.id: post for post in self.insights.posts} if self.insights else {}

    @cached_property
    def _items(self) -> Mapping[str, tuple[Item, str]]:
        """Item and address from the site's root, by the item's id."""
        urls = {page.file.src_uri: page.url for page, _ in self.run.pages()}
        return {item.id.removeprefix("urn:uuid:"): (item, urls[item.uri]) for item in self.run.items}

    def into(self, output: str, page: Page, item: Item | None) -> str:
        """The page with what is known of its readers, above its hooks, and with lists of popular posts in their places."""
        if "<popular-posts" in output:
            output = _LIST.sub(lambda found: self._popular(found, page), output)
        known = self._by_id.get(item.id.removeprefix("urn:uuid:")) if item else None
        if not item or not known:
            return output
        output = _before_hooks(output, "".join(self._told(known, item, page)))
        if self.run.inputs.audience is Audience.AUTHOR:
            output = self._with_notes(output, known)
        return output

    def _popular(self, place: re.Match[str], page: Page) -> str:
        """What stands in the place stays if no post is popular."""
        count = _COUNT.search(place[2])
        language = _primary(str(page.meta.get("lang") or site_language(self.run.config)))
        ids = [
            id
            for id in (self.insights.popular if self.insights else ())
            if id in self._items and _primary(self._items[id][0].language) == language
        ]
        if not ids:
            return f"{place[1] or ''}{place[3]}{'</p>' if place[1] else ''}"
        return f'<ol class="insights__posts">{self._links(ids[: int(count[1]) if count else POPULAR], page)}</ol>'

    def _links(self, ids: Iterable[str], page: Page) -> str:
        def link(item: Item, url: str) -> str:
            address = html.escape(get_relative_url(url, page.url))
            return f'<li><a href="{address}" lang="{html.escape(item.language)}">{html.escape(item.title)}</a></li>'

        return "".join(link(*self._items[id]) for id in ids)

    def _told(self, known: PostInsights, item: Item, page: Page) -> Iterator[str]:
        """What every reader is told."""
        assert self.insights
        says, lang = _words(item.language)
        if self.options.counts and known.readers >= FEWEST:
            told = says["readers"].format(readers=known.readers, since=self.insights.since, until=self.insights.until)
            yield f'<p class="insights__readers" lang="{lang}">{told}</p>'
        others = [id for id in known.also_read if id in self._items and id != known.id]
        if self.options.also_read and others:
            yield (
                f'<nav class="insights" aria-label="{says["also"]}"><p class="insights__title" lang="{lang}">{says["also"]}</p>'
                f"<ul>{self._links(others, page)}</ul></nav>"
            )

    def _with_notes(self, output: str, known: PostInsights) -> str:
        """For the author, in the site's language: the numbers below the title, and a note where readers leave."""
        says, lang = _words(site_language(self.run.config))

        def aside(said: str) -> str:
            return f'<aside class="insights-note" lang="{lang}">{said}</aside>'

        note = aside(" ".join(self._noted(known, says)))
        before, found, after = output.partition("</h1>")
        output = f"{before}{found}{note}{after}" if found else _before_hooks(output, note)
        if leaving := known.leaving:
            heading = re.compile(
                rf'<h([1-6])\b[^>]*\bid="{re.escape(html.escape(leaving.heading))}"[^>]*>.*?</h\1>', re.DOTALL
            )
            said = says["leaving"].format(share=100 * leaving.share, views=leaving.views)
            output = heading.sub(lambda at: at[0] + aside(said), output, count=1)
        return output

    def _noted(self, known: PostInsights, says: Mapping[str, str]) -> Iterator[str]:
        assert self.insights
        since, until = self.insights.since, self.insights.until
        yield says["noted"].format(readers=known.readers, before=known.before, since=since, until=until)
        if known.finished is not None:
            yield says["finished"].format(finished=100 * known.finished)
        if known.stale:
            yield says["stale"]


def _before_hooks(output: str, put: str) -> str:
    """The page with ``put`` at the end of its article, above what readers can press."""
    for end in ("<engagement-hooks", "</article>", "</main>"):
        before, found, after = output.rpartition(end)
        if found:
            return f"{before}{put}{found}{after}"
    return output


def _words(language: str) -> tuple[Mapping[str, str], str]:
    """What is said in that language, and which it is: Chinese, or else English."""
    return (_CHINESE, "zh") if _primary(language) == "zh" else (_ENGLISH, "en")


def _primary(language: str) -> str:
    return language.lower().replace("_", "-").partition("-")[0]
