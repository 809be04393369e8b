"""The pages: each view in both languages, with readers and without, and what hostile words do to them."""

from __future__ import annotations

import csv
import html
import io
import json
import logging
import re
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from site_builder.analytics.dashboard.app import KEPT, version
from site_builder.analytics.dashboard.asked import read_asked
from site_builder.analytics.dashboard.page import MOST_POSTS, _shown
from site_builder.analytics.dashboard.views import VIEWS
from site_builder.analytics.dashboard.words import word
from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.sqlite_store import SqliteStore
from site_builder.analytics.store import Store
from site_builder.analytics.table import Table
from site_builder.errors import AnalyticsError
from tests.analytics.dashboard.asking import Author, make_app, signed_in
from tests.analytics.made_up import LAST_DAY, events, identifier, manifest

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>\u202e{{ 7*7 }}'
POST = identifier(0, 1)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(
    "asks", ["compare=previous", "days=1", "days=365&compare=year&lang=zh", f"post={POST}", "tag=python"]
)
def test_every_view_answers(author: Author, view: str, asks: str) -> None:
    page = author.ask(f"{view}?{asks}")
    assert page.status_code == 200
    assert f'aria-current="page">{word(f"view_{view}", "zh" if "lang=zh" in asks else "en")}</a>' in page.text
    assert "style=" not in page.text and "None" not in page.text
    assert not re.findall(r"(?:src|href|action)=\"(?!/dashboard|[?#])[^\"]*", page.text)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_readers_every_panel_says_so(new_author: Author, view: str, lang: str) -> None:
    page = new_author.ask(f"{view}?lang={lang}&compare=previous")
    assert page.status_code == 200
    for panel in VIEWS[view]:
        key = "pick_post" if panel.one_post else f"empty_{panel.question}"
        assert word(key, "zh" if lang == "zh" else "en") in page.text
    assert "<table" not in page.text and "<svg" not in page.text


def test_hours_of_today_that_have_not_come_have_no_numbers(author: Author, store_path: Path) -> None:
    """It is evening: nine o'clock is the last hour of which anything is known; the day before has had all of its own."""
    for days, hours in (("days=1", 22), (f"since={LAST_DAY - timedelta(1)}&until={LAST_DAY - timedelta(1)}", 24)):
        page = author.ask(f"reading?{days}&compare=previous").text
        [data] = re.findall(r'data-chart="([^"]*)"', page)
        views, before, *_ = (line["values"] for line in json.loads(html.unescape(data))["lines"])
        with SqliteStore(store_path) as store:
            asked = read_asked(dict(parse_qsl(f"{days}&compare=previous")), "en", LAST_DAY)
            told = QUESTIONS["over_time"](store, asked.period)
        assert views == [*told.column("views")[:hours], *[None] * (24 - hours)] and None not in views[:hours]
        assert before == list(told.column("views_before")) and None not in before


def test_each_download_and_table_is_named_by_its_panel(author: Author) -> None:
    page = author.ask("membership").text
    for panel in VIEWS["membership"]:
        title = f"{panel.id}-title"
        assert page.count(f'aria-describedby="{title}">') == 2 and f'<table aria-labelledby="{title}">' in page


def test_pages_say_what_questions_answer(author: Author, store_path: Path) -> None:
    with SqliteStore(store_path) as store:
        table = QUESTIONS["sources"](store, Period.last(30, LAST_DAY))
    page = author.ask("sources").text
    for source, views, *_ in table.rows:
        assert str(source or "direct, or not told") in page and f"{views:,}" in page


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_csv_and_json(author: Author, store_path: Path, question: str) -> None:
    asks = f"days=7&compare=previous&author=Ada&post={POST}"
    period, where = Period.last(7, LAST_DAY, "previous"), Filter(post=POST, author="Ada")
    with SqliteStore(store_path) as store:
        table = QUESTIONS[question](store, period, where=where)
    as_json = author.ask(f"data/{question}.json?{asks}")
    assert as_json.headers["content-type"] == "application/json" and as_json.text == table.json()
    as_csv = author.ask(f"data/{question}.csv?{asks}")
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert as_csv.headers["content-disposition"] == f'attachment; filename="{question}-2026-11-16-2026-11-22.csv"'
    assert len(list(csv.reader(io.StringIO(as_csv.text)))) == len(table.rows) + 1


def test_every_panel_links_its_files(author: Author) -> None:
    for view, panels in VIEWS.items():
        page = author.ask(f"{view}?days=90&post={POST}").text
        linked = set(re.findall(r"/dashboard/(data/[^?\"]+\?[^\"]+)", page))
        shown = {
            panel.question
            for panel in panels
            if f"empty_{panel.question}" and word(f"empty_{panel.question}", "en") not in page
        }
        assert {
            f"data/{question}.{form}?days=90&amp;post={POST}&amp;lang=en"
            for question in shown
            for form in ("csv", "json")
        } == linked


def test_what_is_wrong_is_told_and_the_usual_shown(author: Author) -> None:
    page = author.ask("posts?since=2026-12-31&until=2026-01-01")
    assert page.status_code == 400 and word("unclear_order", "en") in page.text and "Post 0" in page.text
    assert author.ask("data/posts.json?since=soon").status_code == 400


@pytest.mark.parametrize("path", ["nothing", "data/nothing.csv", "data/posts.xml", "static/nothing.js", "posts/more"])
def test_what_is_not_there_is_a_404(author: Author, path: str) -> None:
    assert author.ask(path).status_code == 404


def test_words_of_strangers_stay_words(tmp_path: Path) -> None:
    facts = manifest(4)
    named = dict.fromkeys(("authors", "tags", "categories"), (HOSTILE,))
    posts = tuple(
        post.model_copy(
            update={
                "title": HOSTILE,
                "course": HOSTILE,
                "access": ("pro",),
                "chapter": 1,
                "headings": tuple(one.model_copy(update={"title": HOSTILE}) for one in post.headings),
                **named,
            }
        )
        for post in facts.posts
    )
    texts = ("text", "demo", "quiz", "kind", "to", "offer")
    with SqliteStore(tmp_path / "hostile.sqlite") as store:
        store.load_manifest(facts.model_copy(update={"title": HOSTILE, "posts": posts}))
        store.load(
            record._replace(
                ref=HOSTILE, utm_source=HOSTILE, utm_campaign=HOSTILE, browser=HOSTILE, lang=HOSTILE,
                props={name: HOSTILE if name in texts else value for name, value in record.props.items()},
            )
            for record in events(1500, posts=4)
        )  # fmt: skip
        store.roll_up()
    author = signed_in(tmp_path, tmp_path / "hostile.sqlite")
    seen = 0
    for view in VIEWS:
        page = author.ask(
            f"{view}?post={identifier(0, 1)}&author=x%22%3E%3Cscript%3E" if view == "depth" else view
        ).text
        page += author.ask(f"{view}?days=90&compare=previous").text
        assert "<img" not in page and page.count("<script") == 2 and "\u202e49" not in page
        seen += page.count("&lt;script&gt;")
    assert seen > 100


def test_nothing_is_kept_or_framed_and_no_other_host_is_let_in(author: Author) -> None:
    for path in ("posts", "sign-in", "data/posts.csv", "nothing", "static/main.css"):
        headers = author.ask(path).headers
        assert (
            "default-src 'none'" in headers["content-security-policy"]
            and "unsafe" not in headers["content-security-policy"]
        )
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-robots-tag"] == "noindex"
        assert headers["cache-control"] == ("no-cache" if path.startswith("static/") else "no-store")


def test_a_browser_keeps_the_script_and_style_sheet_until_they_change(author: Author) -> None:
    page = author.ask("posts").text
    addresses = re.findall(r'(?:src|href)="/dashboard/(static/main\.\w+\?v=\w+)"', page)
    assert len(addresses) == 2
    for address in addresses:
        answer = author.ask(address)
        assert answer.headers["cache-control"] == KEPT
        assert answer.headers["content-type"].split(";")[0] in ("text/css", "text/javascript")
    assert author.ask("static/main.css?v=1").headers["cache-control"] == "no-cache"
    assert author.ask("posts?v=1").headers["cache-control"] == "no-store"
    assert author.ask("static/nothing.js?v=1").headers["cache-control"] == "no-store"
    assert version({"a": b"1", "b": b"2"}) == version({"b": b"2", "a": b"1"}) != version({"a": b"1", "b": b"3"})


def test_answers_are_compressed_for_who_can_read_that(author: Author) -> None:
    for path in ("posts", "data/posts.csv", "static/main.js"):
        plain = author.ask(path, headers={"accept-encoding": "identity"})
        small = author.ask(path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in plain.headers and small.headers["content-encoding"] == "gzip"
        assert small.text == plain.text and small.num_bytes_downloaded < plain.num_bytes_downloaded / 2
        assert "accept-encoding" in plain.headers["vary"].lower()


def test_a_store_that_is_away_is_told_to_the_author_alone(tmp_path: Path) -> None:
    def away() -> AbstractContextManager[Store]:
        raise AnalyticsError("the ClickHouse server at db.example.com can't be reached")

    author = signed_in(tmp_path, away)
    page = author.ask("posts")
    assert page.status_code == 503 and "db.example.com" in page.text and "collected all the same" in page.text
    assert author.ask("data/posts.csv").status_code == 503
    assert Author(make_app(tmp_path, away)).ask("posts").status_code == 303


def test_a_page_that_fails_is_logged_and_no_more(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> AbstractContextManager[Store]:
        raise RuntimeError("secret")

    with caplog.at_level(logging.ERROR):
        page = signed_in(tmp_path, broken).ask("posts")
    assert page.status_code == 500 and "secret" not in page.text and "content-security-policy" in page.headers
    assert "secret" in caplog.text


def test_a_post_is_chosen_by_its_name(author: Author) -> None:
    page = author.ask(f"depth?post={POST}&compare=previous").text
    assert f'<option value="{POST}" selected>Post 0</option>' in page and "Part 5" in page
    assert page.count("<option value=") < MOST_POSTS
    assert author.ask("depth?post=gone").status_code == 200


def test_links_to_posts_keep_a_tag_whatever_it_is_called() -> None:
    asked = read_asked({"tag": "POST", "lang": "en"}, "", LAST_DAY)
    panel = next(one for one in VIEWS["posts"] if one.question == "posts")
    table = Table("posts", ("post", *panel.columns), ((POST, "Post 0", *(1 for _ in panel.columns[1:])),))
    drawn = _shown(panel, table, asked, "/dashboard")
    assert drawn.grid
    (href,) = {cell.href for row in drawn.grid.rows for cell in row if cell.href}
    asks = parse_qs(urlsplit(href).query)
    assert (asks["tag"], asks["post"]) == (["POST"], [POST])


def test_without_a_manifest_the_whole_site_is_shown(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "bare.sqlite") as store:
        store.load(events(400))
        store.roll_up()
    page = signed_in(tmp_path, tmp_path / "bare.sqlite").ask("posts").text
    assert "a post that is gone" in page and "<details" not in page


def test_a_chart_has_its_numbers_for_the_script(author: Author) -> None:
    page = author.ask("reading?days=7&compare=previous").text
    found = re.search(r'data-chart="([^"]+)"', page)
    assert found
    data = json.loads(found[1].replace("&#34;", '"'))
    assert data["at"][-1] == "2026-11-22" and [line["before"] for line in data["lines"]] == [False, True, False, True]
    assert all(len(line["values"]) == 7 for line in data["lines"])
