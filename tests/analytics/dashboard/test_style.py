"""The style sheet's colours can be read, in light and in dark: WCAG 2.2, 1.4.3 for text and 1.4.11 for lines."""

from __future__ import annotations

import re

import pytest

from tests.docs import CHECKOUT

SHEET = (CHECKOUT / "theme/js/dashboard/main.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+): (#\w+);", block)) for block in re.findall(r":root \{(.*?)\n *\}", SHEET, re.DOTALL)
)


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out(colours: dict[str, str]) -> None:
    for ground in ("page", "card"):
        for text in ("ink", "quiet", "link", "bad"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast(colours["card"], colours["c0"]) >= 4.5
    assert min(contrast(colours[line], colours["card"]) for line in ("c0", "c1")) >= 3


def test_dark_has_a_colour_for_each_of_light() -> None:
    assert LIGHT.keys() == DARK.keys() and len(LIGHT) == 9


def test_nothing_is_fetched_from_elsewhere() -> None:
    assert "url(" not in SHEET and re.findall(r"@import (.*);", SHEET) == ['"uplot/dist/uPlot.min.css"']
