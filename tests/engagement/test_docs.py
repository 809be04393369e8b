"""docs/engagement.md is true: its options, hooks, configurations and messages are those of the source."""

from __future__ import annotations

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from site_builder.build.engagement_words import SIGNS
from site_builder.engagement.events import EVENT_NAMES, json_schema, read_batch, read_events
from site_builder.engagement.hooks import OF_ITEMS, hooks_of
from site_builder.engagement.manifest import PostFacts
from site_builder.engagement.options import ADAPTERS, REACTIONS, SHARES, EngagementOptions
from site_builder.errors import Place
from tests.docs import CHECKOUT, DOCS, blocks, section

PAGE = DOCS / "engagement.md"
YAML = [yaml.safe_load(block.text) for block in blocks("yaml") if block.page == PAGE]


def test_every_option_is_there_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section(PAGE, "Options"), re.MULTILINE))
    assert set(rows) == set(EngagementOptions.model_fields)
    for name, field in EngagementOptions.model_fields.items():
        default = field.default
        if isinstance(default, tuple) and default:
            assert rows[name] == f"`[{', '.join(default)}]`", name
        elif isinstance(default, bool | str):
            assert rows[name] == f"`{str(default).lower() if isinstance(default, bool) else default}`", name


def test_every_hook_is_there_and_those_of_articles_have_a_star() -> None:
    rows = re.findall(r"^\| `(\w+)`(\*?) \|", section(PAGE, "Hooks"), re.MULTILINE)
    assert [name for name, _ in rows] == list(EVENT_NAMES)
    assert tuple(name for name, star in rows if star) == OF_ITEMS


def test_it_is_said_of_every_event_what_leaves_the_page() -> None:
    table = section(PAGE, "What leaves the page")
    named = [name for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)", row)]
    assert named == [*EVENT_NAMES, "x_"]


def test_every_reaction_and_way_to_share_is_there() -> None:
    text = section(PAGE, "What readers can press")
    assert all(f"`{name}` {SIGNS[name]}" in text for name in REACTIONS) and set(SIGNS) == set(REACTIONS)
    assert all(f"`{name}`" in text for name in SHARES)


def test_every_service_is_there_with_its_keys() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section(PAGE, "Other services"), re.MULTILINE))
    known = {name for adapter in ADAPTERS.values() for name in adapter.model_fields}
    assert list(rows) == list(ADAPTERS)
    for kind, adapter in ADAPTERS.items():
        assert known & set(re.findall(r"`(\w+)`", rows[kind])) == set(adapter.model_fields) - {"kind"}, kind


def test_all_that_the_manifest_says_of_a_post_is_told() -> None:
    told = set(re.findall(r"`(\w+)`", section(PAGE, "The files beside the pages")))
    assert set(PostFacts.model_fields) <= told


def test_the_configurations_are_valid() -> None:
    options = [one for shown in YAML for one in shown.get("plugins", []) if isinstance(one, dict)]
    assert len(options) == 3
    for one in options:
        assert EngagementOptions.read(one["engagement"]) != EngagementOptions()
    [meta] = [shown for shown in YAML if "hooks" in shown]
    assert "share" in hooks_of(EngagementOptions(), meta, Place("page.md"), item=True)


def test_the_body_that_is_shown_is_taken() -> None:
    [shown] = [block.text for block in blocks("json") if block.page == PAGE]
    good, bad = read_events(read_batch(shown.encode()).events)
    assert (len(good), bad) == (1, [])
    Draft202012Validator(json_schema()).validate(yaml.safe_load(shown))


@pytest.mark.parametrize("name", ["x_slides", "x_diagram", "x_calculator"])
def test_the_names_of_own_events_that_are_shown_are_taken(name: str) -> None:
    assert name in PAGE.read_text("utf-8")
    [shown] = [block.text for block in blocks("json") if block.page == PAGE]
    good, _ = read_events([{**read_batch(shown.encode()).events[0], "name": name, "props": {"talk": "caches"}}])
    assert good[0].name == name


def test_the_messages_are_those_of_the_source() -> None:
    rows = re.findall(r"^\| (`+) ?(.*?) ?\1 \|", section(PAGE, "What may be wrong"), re.MULTILINE)
    rooms = [*(CHECKOUT / "site_builder/engagement").glob("*.py"), *(CHECKOUT / "site_builder/build").glob("*.py")]
    source = "\n".join(path.read_text("utf-8") for path in rooms)
    assert len(rows) == 5
    for _, message in rows:
        assert all(piece in source for piece in message.split("…") if piece.strip()), message
