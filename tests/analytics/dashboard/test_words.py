"""Every word that a page may need is there in both languages."""

from __future__ import annotations

import pytest

from site_builder.analytics.dashboard.views import VIEWS, Panel
from site_builder.analytics.dashboard.words import LANGUAGES, column_word, knows, named, note, word
from site_builder.analytics.table import NOTES

PANELS = [panel for panels in VIEWS.values() for panel in panels]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.id)
def test_panels_have_a_title_and_words_for_being_empty(panel: Panel) -> None:
    assert knows(panel.id) and knows(f"empty_{panel.question}")
    for language in LANGUAGES:
        assert all(column_word(name, language, panel.question) for name in panel.columns)


def test_views_have_a_name() -> None:
    assert all(knows(f"view_{view}") for view in VIEWS)


@pytest.mark.parametrize("key", NOTES)
def test_every_note_has_its_chinese(key: str) -> None:
    assert note(key, "en") == NOTES[key]
    assert any("\u4e00" <= sign <= "\u9fff" for sign in note(key, "zh"))


def test_both_languages_take_the_same_numbers() -> None:
    assert (
        word("key_wait", "zh").format(seconds=3).count("3") == word("key_wait", "en").format(seconds=3).count("3") == 1
    )
    assert named("teaser", "zh") == "阅读试读部分" and named("x_own", "zh") == "x_own"
