"""Bots: programs that say so, programs that do not, and readers who must not be taken for one."""

from __future__ import annotations

import pytest

from site_builder.analytics.bots import VIEWS_A_MINUTE, Pace, agent_score
from site_builder.analytics.record import BOT

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0) Chrome/130.0.0.0 Safari/537.36",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        CHROME.replace("Chrome/", "HeadlessChrome/"),
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
        "my program",
        "",
    ],
)
def test_programs_count_as_bots(agent: str) -> None:
    assert agent_score(agent, "") >= BOT


@pytest.mark.parametrize(
    "agent",
    [
        CHROME,
        "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
        "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ],
)
def test_readers_do_not(agent: str) -> None:
    assert agent_score(agent, "zh-CN") == 0


def test_a_browser_that_names_no_language_is_suspicious_and_no_more() -> None:
    assert 0 < agent_score(CHROME, "") < BOT


def test_who_opens_pages_faster_than_anybody_reads_counts_as_a_bot_from_then_on() -> None:
    pace = Pace()
    scores = [pace.score("ada", 1, 0) for _ in range(VIEWS_A_MINUTE + 1)]
    assert scores[-2] == 0 and scores[-1] >= BOT
    assert pace.score("ada", 0, 30_000) >= BOT, "the reading that goes with these views"
    assert pace.score("bo", 1, 30_000) == 0
    assert pace.score("ada", 1, 60_000) == 0


def test_many_visitors_cost_no_more_memory() -> None:
    pace = Pace(most=10)
    for number in range(1_000):
        pace.score(str(number), 1, 0)
    assert len(pace._views) == 10
