"""Front matter as feeds, podcasts and the newsletter read it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from site_builder.content.facts import ItemFacts, read_facts
from site_builder.content.mediatypes import media_type
from site_builder.content.source import parse_source
from site_builder.errors import ContentError


def facts(header: str, *, date: str = "date: 2026-11-01\n") -> ItemFacts:
    source = parse_source(Path("post.md"), f"---\n{date}{header}\n---\nText.\n")
    return read_facts(source.meta, source)


def refused(header: str, **options: Any) -> ContentError:
    with pytest.raises(ContentError) as caught:
        facts(header, **options)
    return caught.value


DAY = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "published", "updated"),
    [
        ("date: 2026-11-01", DAY, DAY),
        ("date: 2026-11-01T08:30:00", DAY.replace(hour=8, minute=30), DAY.replace(hour=8, minute=30)),
        ("date: '2026-11-01T08:30:00+08:00'", DAY.replace(minute=30), DAY.replace(minute=30)),
        ("date: {created: 2026-11-01, updated: 2026-11-05}", DAY, DAY + timedelta(days=4)),
        ("date: {created: 2026-11-01, updated: 2026-10-05}", DAY, DAY),
        ("date: {created: 2026-11-01, submitted: 2026-10-05}", DAY, DAY),
    ],
)
def test_a_day_is_its_first_moment_in_utc_and_a_zone_is_kept_as_a_moment(
    written: str, published: datetime, updated: datetime
) -> None:
    found = facts("title: A", date=f"{written}\n")
    assert (found.published, found.updated) == (published, updated)
    assert found.published.utcoffset() == timedelta(0)


def test_a_moment_that_another_plugin_has_read_stays_the_same() -> None:
    source = parse_source(Path("post.md"), "---\ndate: 2026-11-01\n---\n")
    east = datetime(2026, 11, 1, 8, tzinfo=timezone(timedelta(hours=8)))
    assert read_facts({"date": {"created": east}}, source).published == DAY


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("1:02:03", 3723), ("45:00", 2700), ("01:02:03", 3723), ("'0:45'", 45), ("90", 90), ("'7'", 7), ("00:05:09", 309)],
)
def test_a_duration_is_a_clock_or_seconds(written: str, seconds: int) -> None:
    podcast = facts(f"podcast: {{duration: {written}}}").podcast
    assert podcast is not None and podcast.duration == seconds


def test_files_are_paths_or_addresses_in_the_order_of_their_keys() -> None:
    found = facts("enclosures: [a.pdf, {url: 'https://example.com/b.zip', length: 3}]\naudio: c.mp3\nvideo: null")
    assert [(key, file.url, file.length) for key, file in found.files] == [
        ("audio", "c.mp3", None),
        ("enclosures", "a.pdf", None),
        ("enclosures", "https://example.com/b.zip", 3),
    ]
    assert [file.elsewhere for _, file in found.files] == [False, False, True]


def test_yes_and_no_stand_for_all_defaults_and_nothing() -> None:
    assert facts("newsletter: true").newsletter == {"send": True}
    assert facts("newsletter: {segments: [free]}").newsletter == {"segments": ["free"]}
    assert facts("newsletter: false\npodcast: false").newsletter == {}
    assert facts("podcast: false").podcast is None
    assert facts("podcast: true").podcast is not None


def test_numbers_are_words_where_words_are_meant() -> None:
    found = facts("tags: [2026, 3.11]\nid: 7\ntitle: 1984")
    assert (found.tags, found.id, found.title) == (("2026", "3.11"), "7", "1984")


@pytest.mark.parametrize(
    ("header", "what", "hint"),
    [
        ("podcast: {duration: soon}", "`podcast.duration` is 'soon'", "1:02:03"),
        ("podcast: {season: 0}", "`podcast.season` is 0", "from 1"),
        ("podcast: {explicit: maybe}", "`podcast.explicit` is 'maybe'", "`true` or `false`"),
        ("podcast: {type: bonus track}", "`podcast.type` is 'bonus track'", "trailer"),
        ("podcast: {seson: 1}", "`podcast` has the key 'seson'", "season"),
        ("podcast: {transcript: {file: a.vtt}}", "`podcast` has the key 'file'", "url"),
        ("podcast: yes please", "`podcast` is 'yes please'", "duration"),
        ("lang: no", "`lang` is False", "quotes"),
        ("tags: python", "`tags` is 'python'", "list"),
        ("authors: {ada: 1}", "`authors` is {'ada': 1}", ".authors.yml"),
        ("image: {src: a.png}", "`image` has the key 'src'", "url"),
        ("audio: 12", "`audio` is 12", "path"),
        ("audio: {url: a.mp3, length: -1}", "`audio.length` is -1", "path"),
        ("enclosures: a.pdf", "`enclosures` is 'a.pdf'", "list"),
        ("newsletter: soon", "`newsletter` is 'soon'", "segments"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line_and_what_would_be_right(
    header: str, what: str, hint: str
) -> None:
    error = refused(header)
    assert error.what == what
    assert str(error.place) == "post.md:3"
    assert hint in error.hint


def test_an_updated_that_is_no_day_is_told_as_such() -> None:
    assert refused("", date="date: {created: 2026-11-01, updated: soon}\n").what == "`date.updated` is 'soon'"


@pytest.mark.parametrize("day", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:00:00-05:00"])
def test_a_day_before_the_first_or_behind_the_last_is_no_traceback(day: str) -> None:
    assert refused("", date=f"date: '{day}'\n").what == f"`date.created` is '{day}'"


def test_no_date_is_an_error() -> None:
    error = refused("title: A", date="")
    assert error.what == "has no `date`, and a post or chapter needs one" and "2026-11-22" in error.hint


def test_types_come_from_endings_in_any_case_and_do_not_depend_on_the_machine() -> None:
    assert [media_type(name) for name in ("a/b.MP3", "c.vtt", "d", "e.unknown")] == ["audio/mpeg", "text/vtt", "", ""]
