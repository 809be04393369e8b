"""What User-Agents say: real ones of current browsers."""

from __future__ import annotations

import tracemalloc

import pytest

from site_builder.analytics.agents import Agent, read_agent
from site_builder.analytics.bots import agent_score

SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", ("Firefox", "Linux", "desktop")),
        ("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", ("Firefox", "Android", "phone")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", ("Chrome", "Windows", "desktop")),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/130.0.0.0",
            ("Edge", "Windows", "desktop"),
        ),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36", ("Chrome", "ChromeOS", "desktop")),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36", ("Chrome", "Android", "phone")),
        (f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Safari/537.36", ("Chrome", "Android", "tablet")),
        (
            "Mozilla/5.0 (Linux; Android 13; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 "
            "Chrome/122.0.0.0 Mobile Safari/537.36",
            ("Samsung Internet", "Android", "phone"),
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/18.1 Safari/605.1.15",
            ("Safari", "macOS", "desktop"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {SAFARI} Version/18.1 Mobile/15E148 Safari/604.1",
            ("Safari", "iOS", "phone"),
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) {SAFARI} CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1",
            ("Chrome", "iOS", "tablet"),
        ),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {SAFARI} Mobile/15E148 MicroMessenger/8.0.53",
            ("WeChat", "iOS", "phone"),
        ),
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36 OPR/115.0.0.0", ("Opera", "Linux", "desktop")),
        ("", ("", "", "")),
        ("curl/8.5.0", ("", "", "")),
    ],
)
def test_browser_system_and_device_are_read(text: str, expected: tuple[str, str, str]) -> None:
    assert read_agent(text) == Agent(*expected)


def test_a_user_agent_of_any_length_is_read_at_once() -> None:
    assert read_agent("Mozilla/5.0 (X11; Linux x86_64) " + "Firefox/1 Seamonke" * 5_000).os == "Linux"


def test_long_headers_are_not_remembered_whole() -> None:
    tracemalloc.start()
    try:
        for number in range(200):
            agent, language = f"Mozilla/5.0 {number} " + "x" * 50_000, f"{number:05}" + "y" * 50_000
            read_agent(agent)
            agent_score(agent, language)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000
