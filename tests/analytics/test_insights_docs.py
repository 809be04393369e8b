"""docs/insights.md is true: its thresholds, configurations, keys and messages are those of the source."""

from __future__ import annotations

import re

import yaml

from site_builder.analytics.insights import (
    ALSO_READ,
    ALSO_READERS,
    LEAVING_SHARE,
    LEAVING_VIEWS,
    POPULAR_READERS,
    STALE_DAYS,
    STALE_READERS,
    STALE_REST,
)
from site_builder.build.insights import FEWEST, POPULAR
from site_builder.cli.insights import DAYS
from site_builder.engagement.insights import PostInsights
from site_builder.engagement.options import EngagementOptions
from tests.docs import CHECKOUT, DOCS, blocks, section

PAGE = DOCS / "insights.md"


def test_every_threshold_is_that_of_the_source() -> None:
    numbers = {3: "three", 5: "five"}
    text = section(PAGE, "Insights")
    for said in (
        f"up to {numbers[ALSO_READ]} posts",
        f"at least {ALSO_READERS} readers read both",
        f"at least {POPULAR_READERS} readers.",
        f"{numbers[POPULAR]}, or as many as `count` says",
        f"from {FEWEST} readers on",
        f"at least {LEAVING_VIEWS} views came to it, and {LEAVING_SHARE:.0%}".replace("%", " %"),
        f"not revised for {STALE_DAYS} days, {STALE_READERS} readers before, and it lost {1 - STALE_REST:.0%}".replace(
            "%", " %"
        ),
        f"It covers {DAYS} days",
    ):
        assert said in text, said


def test_all_that_the_file_says_of_a_post_is_told() -> None:
    named = set(re.findall(r"`(\w+)`", section(PAGE, "What is in the file")))
    assert set(PostInsights.model_fields) - {"id"} <= named


def test_the_configuration_is_valid() -> None:
    [shown] = [yaml.safe_load(block.text) for block in blocks("yaml") if block.page == PAGE]
    [options] = [one["engagement"] for one in shown["plugins"]]
    assert EngagementOptions.read(options).counts


def test_the_messages_are_those_of_the_source() -> None:
    rows = re.findall(r"^\| `(.*?)` \|", section(PAGE, "What may be wrong"), re.MULTILINE)
    source = "\n".join(path.read_text("utf-8") for path in (CHECKOUT / "site_builder").rglob("*.py"))
    assert len(rows) == 12
    for message in rows:
        assert all(piece in source for piece in message.split("…") if piece.strip()), message
