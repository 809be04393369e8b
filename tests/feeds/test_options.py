"""The options of the feeds plugin: what is taken, and what is said of what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.errors import ConfigError, Place
from site_builder.feeds.options import FeedsOptions

PODCAST = {"image": "cover.jpg", "category": "Technology"}


def test_nothing_need_be_said() -> None:
    options = FeedsOptions.read(None)
    assert options == FeedsOptions.read({}) == FeedsOptions()
    assert options.formats == ("rss", "atom", "json")
    assert (options.limit, options.folder, options.members, options.podcast) == (20, "feeds", False, None)


@pytest.mark.parametrize(
    ("said", "read"), [(True, "tier"), ("tier", "tier"), ("member", "member"), (False, False), (None, False)]
)
def test_members_feeds_are_switched_on_by_yes_or_by_kind(said: object, read: object) -> None:
    assert FeedsOptions.read({"members": said}).members == read


def test_one_category_of_a_podcast_needs_no_list() -> None:
    podcast = FeedsOptions.read({"podcast": PODCAST}).podcast
    assert podcast and podcast.category == ("Technology",)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"scope": ["site"]}, "scope"),
        ({"scopes": ["site", "page"]}, "scopes.1"),
        ({"formats": []}, "at least one of rss, atom, json"),
        ({"formats": ["html"]}, "formats.0"),
        ({"limit": -1}, "limit"),
        ({"limit": "many"}, "found 'many'"),
        ({"content": "teaser"}, "content"),
        ({"members": "all"}, "members"),
        ({"folder": "../feeds"}, "path relative to the site's root"),
        ({"folder": "/feeds"}, "path relative to the site's root"),
        ({"folder": ""}, "path relative to the site's root"),
        ({"folder": "文"}, "path relative to the site's root"),
        ({"folder": "feeds/m"}, "where members' feeds stand"),
        ({"folder": "feeds/m/all/"}, "where members' feeds stand"),
        ({"hubs": ["hub.example.com"]}, "https://hub.example.com/"),
        ({"hubs": ["javascript:x"]}, "https://hub.example.com/"),
        ({"hubs": ["https://hub.example.com/ x"]}, "https://hub.example.com/"),
        ({"aliases": {"../feed.xml": "rss"}}, "paths relative"),
        ({"aliases": {"feed.xml": "html"}}, "aliases.feed.xml"),
        ({"aliases": {"feed.xml": "atom"}, "formats": ["rss"]}, "alias feed.xml is of a feed that is not made"),
        ({"aliases": {"feed.xml": "rss"}, "scopes": ["tag"]}, "alias feed.xml is of a feed that is not made"),
        ({"podcast": {"category": "Technology"}}, "podcast.image"),
        ({"podcast": {**PODCAST, "image": "cover.svg"}}, "JPEG or PNG"),
        ({"podcast": {**PODCAST, "category": []}}, "must name a category"),
        ({"podcast": {**PODCAST, "category": "A > B > C"}}, "must name a category"),
        ({"podcast": {**PODCAST, "email": "ada"}}, "e-mail address"),
        ({"podcast": {**PODCAST, "type": "daily"}}, "podcast.type"),
        ({"podcast": {**PODCAST, "owner": "Ada"}}, "podcast.owner"),
        (["site"], "feeds option"),
        ("on", "found 'on'"),
    ],
    ids=str,
)
def test_a_bad_option_is_named_with_what_was_found_and_what_there_is(options: object, words: str) -> None:
    with pytest.raises(ConfigError) as raised:
        FeedsOptions.read(options, Place(Path("mkdocs.yml"), 12))
    told = str(raised.value)
    assert told.startswith("mkdocs.yml:12: feeds option") and words in told
    assert "The feeds plugin's options are: scopes, formats" in told
