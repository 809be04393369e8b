"""How likely an event is a program's and not a reader's: 0 to 100, from what it says of itself and from what it does.

Nothing is dropped for it: what reaches ``record.BOT`` is kept apart, and its count is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

from site_builder.analytics.agents import LONGEST

NO_LANGUAGE = 40
NO_ORIGIN = 30
NO_WIDTH = 20
TOO_QUICK = 60
VIEWS_A_MINUTE = 30
"""Page views by one visitor within a minute; nobody reads that fast, though somebody may click through a list."""

# Programs that say what they are. A Cubot is a phone.
_SELF = re.compile(
    r"(?<!cu)bot(?:\b|_)|crawl|spider|slurp|scrap|archiver|headless|phantomjs|puppeteer|playwright|selenium|lighthouse"
    r"|pagespeed|gtmetrix|pingdom|uptime|monitor|validator|preview|facebookexternalhit|embedly|whatsapp/|feedfetcher"
    r"|^(?:curl|wget|python|aiohttp|httpx|go-http-client|java|okhttp|ruby|perl|libwww|axios|node|undici|php|guzzle|postman|insomnia)",
    re.IGNORECASE,
)
# What such browsers still open pages with is a program that borrowed the name.
_MUSEUM = re.compile(r"MSIE |Trident/|(?:Chrome|Firefox)/(?:\d|[1-4]\d)\.")


def agent_score(agent: str, language: str) -> int:
    """From the User-Agent and Accept-Language headers alone; both may be empty."""
    return _agent_score(agent[:LONGEST], bool(language))  # what is remembered is short, whatever was sent


@lru_cache(maxsize=4096)
def _agent_score(text: str, language: bool) -> int:
    if not text:
        return 90
    if _SELF.search(text):
        return 100
    score = 0 if text.startswith("Mozilla/") or text.startswith("Opera/") else 60
    if _MUSEUM.search(text):
        score += 40
    if not language:
        score += NO_LANGUAGE
    return min(score, 100)


class Pace:
    """Page views of each visitor within the running minute, by the hash of the day: at most ``most`` visitors are kept."""

    def __init__(self, most: int = 50_000) -> None:
        self.most = most
        self._minute = 0
        self._views: dict[str, int] = {}

    def score(self, visitor: str, views: int, now: int) -> int:
        """Count ``views`` more page views at ``now`` (ms), and say what the visitor's pace adds to the score."""
        minute = now // 60_000
        if minute != self._minute:
            self._minute, self._views = minute, {}
        seen = self._views.get(visitor, 0) + views
        if views and (visitor in self._views or len(self._views) < self.most):
            self._views[visitor] = seen
        return TOO_QUICK if seen > VIEWS_A_MINUTE else 0
