"""The file of insights: its bytes, and what is refused at the door."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from site_builder.engagement.insights import Insights, Leaving, PostInsights
from site_builder.errors import ConfigError

A, B = (f"0000000{number}-0000-4000-8000-000000000000" for number in (1, 2))
DAYS = '"since": "2026-01-01", "until": "2026-01-02"'
POST = f'{{"id": "{A}", "readers": 1}}'
FOUND = Insights(
    site="my-blog",
    since=date(2026, 8, 25),
    until=date(2026, 11, 22),
    popular=(B, A),
    posts=(
        PostInsights(id=A, readers=5, leaving=Leaving(heading="why", views=80, share=0.625), also_read=(B,)),
        PostInsights(id=B, readers=9, before=8, finished=0.5, stale=True),
    ),
)


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "insights.json"
    path.write_bytes(FOUND.to_json())
    assert Insights.read(path, "my-blog") == FOUND


def test_it_has_a_line_for_each_post_and_nothing_that_is_not_known() -> None:
    head, *posts, _ = FOUND.to_json().decode().splitlines()
    assert head.startswith('{"v":1,"site":"my-blog","since":"2026-08-25","until":"2026-11-22","popular":[')
    assert posts[1] == f'{{"id":"{B}","readers":9,"before":8,"finished":0.5,"stale":true}}'
    assert "finished" not in posts[0]


def test_of_no_posts_it_is_a_file_too() -> None:
    empty = Insights(site="my-blog", since=FOUND.since, until=FOUND.until)
    assert Insights.model_validate_json(empty.to_json()) == empty


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert Insights.read(tmp_path / "insights.json", "my-blog") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no file of insights: Invalid JSON"),
        ("[]", "is no file of insights"),
        (f'{{"v": 2, "site": "my-blog", {DAYS}}}', "insights: v: "),
        (f'{{"v": 1, "site": "other", {DAYS}}}', "of the site 'other', and this is 'my-blog'"),
        ('{"v": 1, "site": "my-blog", "since": "2026-01-02", "until": "2026-01-01"}', "ends on 2026-01-01"),
        (f'{{"v": 1, "site": "my-blog", {DAYS}, "x": 1}}', "x: Extra inputs"),
        (f'{{"v": 1, "site": "my-blog", {DAYS}, "popular": ["<script>"]}}', r"popular\.0: "),
        (f'{{"v": 1, "site": "my-blog", {DAYS}, "posts": [{POST}, {POST}]}}', "is in it twice"),
        (f'{{"v": 1, "site": "my-blog", {DAYS}, "posts": [{{"id": "{A}", "readers": -1}}]}}', r"posts\.0\.readers: "),
    ],
)
def test_what_is_none_is_refused_and_its_cure_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "insights.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said) as raised:
        Insights.read(path, "my-blog")
    assert "site-builder insights pull" in raised.value.hint and raised.value.place


def test_a_folder_of_that_name_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read"):
        Insights.read(tmp_path, "my-blog")
