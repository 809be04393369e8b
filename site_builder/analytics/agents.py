"""Browser, system and kind of device from a User-Agent: names alone, no versions, since versions tell readers apart."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 512
"""Characters of a User-Agent that are looked at."""


class Agent(NamedTuple):
    """Empty where it is not known; ``device`` is phone, tablet or desktop."""

    browser: str
    os: str
    device: str


# Browsers built on another name that one too, so the order counts: the more special first.
_BROWSERS = tuple(
    (name, re.compile(mark))
    for name, mark in (
        ("WeChat", r"MicroMessenger/"),
        ("QQ Browser", r"M?QQBrowser/"),
        ("UC Browser", r"UCBrowser/|UBrowser/"),
        ("Baidu", r"baidubrowser|BIDUBrowser|baiduboxapp"),
        ("Yandex", r"YaBrowser/"),
        ("Samsung Internet", r"SamsungBrowser/"),
        ("Huawei Browser", r"HuaweiBrowser/"),
        ("Mi Browser", r"MiuiBrowser/"),
        ("DuckDuckGo", r"DuckDuckGo/|Ddg/"),
        ("Vivaldi", r"Vivaldi/"),
        ("Opera", r"OPR/|OPT/|OPiOS/|Opera"),
        ("Edge", r"Edg(?:e|A|iOS)?/"),
        ("Firefox", r"(?:Firefox|FxiOS)/(?!.*Seamonkey)"),
        ("Chrome", r"(?:Chrome|CriOS|Chromium)/"),
        ("Safari", r"Version/[\d.]+.* Safari/|AppleWebKit/.*Mobile/"),
    )
)
_SYSTEMS = tuple(
    (name, re.compile(mark))
    for name, mark in (
        ("iOS", r"iPhone|iPad|iPod"),
        ("HarmonyOS", r"HarmonyOS|OpenHarmony"),
        ("Android", r"Android"),
        ("Windows", r"Windows"),
        ("ChromeOS", r"CrOS"),
        ("macOS", r"Macintosh|Mac OS X"),
        ("Linux", r"Linux|X11"),
    )
)
_TABLET = re.compile(r"iPad|Tablet|Android(?!.*Mobile)")
_PHONE = re.compile(r"iPhone|iPod|Mobile|Phone")


def read_agent(text: str) -> Agent:
    """What a User-Agent says of itself. An iPad that asks for desktop sites says that it is a Mac, and counts as one."""
    return _read(text[:LONGEST])  # cut before it is remembered: a header may be as long as its sender likes


@lru_cache(maxsize=4096)
def _read(text: str) -> Agent:
    system = next((name for name, mark in _SYSTEMS if mark.search(text)), "")
    browser = next((name for name, mark in _BROWSERS if mark.search(text)), "")
    if not system and not browser:
        return Agent("", "", "")
    device = "tablet" if _TABLET.search(text) else "phone" if _PHONE.search(text) else "desktop"
    return Agent(browser, system, device)
