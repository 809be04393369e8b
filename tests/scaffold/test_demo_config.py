"""The demo blog is configured as a new blog is: what readers of either learn is true of the other."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from site_builder.content.settings import load_settings
from site_builder.scaffold.blog import describe
from site_builder.scaffold.templates import rendered

DEMO = Path(__file__).parent.parent.parent / "mkdocs.yml"


def sections(text: str) -> dict[str, Any]:
    """Each top-level option as the text that stands under it."""
    loaded = yaml.compose(text)
    assert isinstance(loaded, yaml.MappingNode)
    return {key.value: yaml.serialize(value) for key, value in loaded.value}


def test_theme_extensions_and_links_are_treated_alike() -> None:
    new = describe("My Blog", "Ada", "https://example.com/", "en", date(2026, 11, 22))
    demo, made = sections(DEMO.read_text("utf-8")), sections(rendered(new)["mkdocs.yml"])
    for option in ("docs_dir", "theme", "markdown_extensions", "validation"):
        assert demo[option] == made[option], option


def test_the_demo_sells_two_tiers_and_a_course() -> None:
    settings = load_settings(DEMO)
    assert (settings.site, tuple(settings.offers.by_id)) == ("site-builder-demo", ("supporter", "pro", "async-course"))
    prices = (settings.docs_dir / "membership.md").read_text("utf-8")
    assert all(offer.name in prices and offer.price in prices for offer in settings.offers.by_id.values())
