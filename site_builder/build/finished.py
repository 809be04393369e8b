"""The last step of a page's HTML: its gated parts in their places, and its head. Between MkDocs's templates and the folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from site_builder.build.gating import GatedPage
from site_builder.build.head import PageFacts, dress
from site_builder.build.inputs import Audience
from site_builder.build.parts import Cards, fill, root_from
from site_builder.build.policy import policy_tag
from site_builder.content.items import item_id
from site_builder.content.settings import Settings
from site_builder.content.source import written_on


@dataclass(frozen=True)
class FinishedPages:
    """Makes them; ``gated`` are those with gated parts, by the path of their source below the docs folder."""

    settings: Settings
    cards: Cards
    gated: Mapping[str, GatedPage]
    language: str
    """Of pages that don't say theirs with ``lang``."""

    def page(self, output: str, uri: str, url: str, title: str, meta: Mapping[str, Any]) -> str:
        """The page that was made of the source ``uri`` and stands at ``url`` from the site's root. Raises ContentError."""
        page, own = self.gated.get(uri), str(meta.get("lang") or "")
        language = own or self.language
        post = item_id(self.settings.site, uri, str(meta.get("id") or "")) if page else ""
        output = fill(output, page, self.cards, url, self.settings.options, language, post)
        facts = None
        if page:
            facts = PageFacts(title, str(meta.get("description") or ""), language, written_on(page.document.source))
        return self._dressed(output, root_from(url).rstrip("/") or ".", facts, own)

    def template(self, output: str) -> str:
        """A page that is made of no source and may be shown at any address, such as 404.html."""
        return self._dressed(output, re.sub(r"^https?://[^/]*|/$", "", self.settings.site_url), None, "")

    def _dressed(self, output: str, base: str, facts: PageFacts | None, language: str) -> str:
        # The live server of the author's preview puts a script of its own into each page.
        policy = "" if self.cards.audience is Audience.AUTHOR else policy_tag(self.settings.options.csp)
        return dress(output, base=base, settings=self.settings, policy=policy, facts=facts, language=language)
