"""A leak is found in whatever form it stands in a published file, with that file and the source line."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import LeakError, Place
from site_builder.vault.audit import PremiumText, require_clean
from tests.vault.audit import disguises
from tests.vault.audit.disguises import DISGUISES, Disguise
from tests.vault.audit.parts import ALT, ARABIC, CHINESE, CODE, EMOJI, HEADING, LINES, SENTENCE, SOURCE, audited

# Nothing but ASCII letters can be written so.
LATIN_ONLY = {disguises.full_width, disguises.mathematical_letters}
# What is said in a few words is not said any more by half of them.
TOO_SHORT_TO_SPLIT = {HEADING, ALT}


@pytest.mark.parametrize("text", [HEADING, SENTENCE, CODE, ALT], ids=["heading", "sentence", "code", "alt text"])
@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda disguise: disguise.__name__)
def test_a_leak_is_found_in_disguise(disguise: Disguise, text: str, tmp_path: Path) -> None:
    if disguise is disguises.in_the_middle and text in TOO_SHORT_TO_SPLIT:
        text = SENTENCE
    report = audited(tmp_path, {"about/clean.html": "<p>Nothing to see.</p>", "assets/leaky.bin": disguise(text)})
    assert {(leak.file, leak.place) for leak in report.leaks} == {
        (Path("assets/leaky.bin"), Place(SOURCE, LINES[text]))
    }
    with pytest.raises(LeakError) as caught:
        require_clean(report)
    assert f"{SOURCE}:{LINES[text]}" in str(caught.value)
    assert "assets/leaky.bin" in str(caught.value)


@pytest.mark.parametrize("text", [CHINESE, ARABIC, EMOJI], ids=["Chinese", "Arabic", "emoji"])
@pytest.mark.parametrize(
    "disguise", [one for one in DISGUISES if one not in LATIN_ONLY], ids=lambda disguise: disguise.__name__
)
def test_a_leak_is_found_in_any_script(disguise: Disguise, text: str, tmp_path: Path) -> None:
    report = audited(tmp_path, {"leaky": disguise(text)})
    assert {leak.place for leak in report.leaks} == {Place(SOURCE, LINES[text])}


def test_the_catalogue_is_long() -> None:
    assert len(DISGUISES) >= 50


@pytest.mark.parametrize(
    "published",
    [
        '<nav><a href="#x"><span class="md-ellipsis">\n    Zanzibar ledgers\n  </span></a></nav>',
        "<li><a>Other</a></li><li><a>Zanzibar <code>ledgers</code></a></li><li><a>More</a></li>",
        '{"docs":[{"title":"Zanzibar ledgers","text":""}]}',
        "<h2>Zanzi\u00adbar&nbsp;ledgers\u00b6</h2>",
        '<a href="/blog/post/#zanzibar-ledgers">here</a>',
        '<meta property="og:description" content="ZANZIBAR LEDGERS. And more.">',
        "# Post\n\nWords.\n\n## Zanzibar ledgers\n\nMore words.\n",
        "<title>\uff3aanzibar ledgers - A blog</title>",
        "WmFuemliYXIgbGVkZ2Vycw== and dGl0bGU6IFphbnppYmFyIGxlZGdlcnM=",
        "Zanzibar ledgers".encode("utf-16"),
    ],
    ids=["nav", "contents", "index", "heading", "slug", "description", "Markdown", "title", "base64", "UTF-16"],
)  # fmt: skip
def test_a_short_heading_is_found_where_headings_stand(published: str | bytes, tmp_path: Path) -> None:
    premium = [PremiumText(Place(SOURCE, 9), "Text.\n\n## Zanzibar ledgers\n\nText.", "markdown")]
    assert [leak.place.line for leak in audited(tmp_path, {"x": published}, premium=premium).leaks] == [11]


def test_a_short_chinese_heading_needs_no_space_around_it(tmp_path: Path) -> None:
    premium = [PremiumText(Place(SOURCE, 9), "## 账本夜间对账\n", "markdown")]
    assert audited(tmp_path, {"x": "<p>我们今天来谈账本夜间对账的细节。</p>"}, premium=premium).leaks
