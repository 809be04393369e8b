"""A report: what is in it, that it is the questions' own numbers, and that nothing from outside breaks it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import html as lxml_html

from site_builder.analytics.period import Filter, Period
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.report import ABOUT, Report, find_post, make_report
from site_builder.analytics.report_page import WIDTH, as_html, as_text, subject
from site_builder.analytics.report_sections import change, sections
from site_builder.analytics.report_words import CHINESE, say_in
from site_builder.analytics.sqlite_store import SqliteStore
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import LAST_DAY, events, manifest

MADE = manifest()
WEEK = (LAST_DAY - timedelta(6), LAST_DAY)
HOSTILE = "\x1b[31mred\x07 <script>alert(1)</script>\r\nBcc: eve@example.com \u202e"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """Sixty days of events, in which one reader wrote what no terminal and no page may obey; nothing changes it."""
    with SqliteStore(tmp_path_factory.mktemp("store") / "events.sqlite") as opened:
        opened.load_manifest(MADE)
        made = list(events(8000, days=60))
        asked = next(at for at in reversed(range(len(made))) if made[at].name == "feedback")
        made[asked] = made[asked]._replace(props={"helpful": False, "text": HOSTILE}, bot=0)
        opened.load(made)
        opened.roll_up()
        yield opened


@pytest.fixture(scope="module")
def week(store: SqliteStore) -> Report:
    return make_report(store, *WEEK)


@pytest.fixture(scope="module")
def post(store: SqliteStore) -> Report:
    return make_report(store, LAST_DAY - timedelta(29), LAST_DAY, "post-0")


def test_its_numbers_are_those_of_the_questions(store: SqliteStore, week: Report, post: Report) -> None:
    for report, where in ((week, Filter()), (post, Filter(post=MADE.posts[0].id))):
        for table in report.tables:
            if table.name in QUESTIONS:
                compared = any(name.endswith("_before") for name in table.columns)
                period = report.period if compared else replace(report.period, compare=None)
                assert table == QUESTIONS[table.name](store, period, where=where), table.name


def test_a_site_and_a_post_have_what_is_to_be_known_of_each(week: Report, post: Report) -> None:
    shown = [section.title for section in sections(week)]
    assert shown[:4] == ["At a glance", "Most read", "Where they came from", "From the teaser to members"]
    assert {"What readers wrote", "Was it helpful?", "Where readers leave (90 days)", "Courses"} < set(shown)
    assert [section.title for section in sections(post)][:3] == [
        "At a glance",
        "How far it was read",
        "By its headings",
    ]
    assert (post.title, post.url) == ("Post 0", "https://example.com/post-0/")


def test_a_post_without_gates_has_no_way_to_membership(store: SqliteStore) -> None:
    assert "funnel" not in {table.name for table in make_report(store, *WEEK, "post-1").tables}


def test_what_is_empty_is_not_shown_and_is_in_the_data(store: SqliteStore) -> None:
    report = make_report(store, date(2020, 1, 1), date(2020, 1, 7))
    assert [section.title for section in sections(report)] == ["At a glance"]
    assert "\nNo reader was counted in these days. Today is told with --until.\n" in as_text(report)
    assert "No reader was counted in these days. Today" in as_html(report)
    assert "members" not in as_text(report)  # what is to be known of tables that are not shown
    assert "posts" in {table["name"] for table in json.loads(report.json())["tables"]}
    assert as_text(report) and as_html(report)


def test_json_has_each_table_whole(week: Report) -> None:
    found = json.loads(week.json())
    assert (found["site"], found["post"], found["until"]) == ("made-up", None, "2026-11-22")
    assert [table["name"] for table in found["tables"]] == [table.name for table in week.tables]
    for table, told in zip(week.tables, found["tables"], strict=True):
        assert [tuple(row) for row in told["rows"]] == list(table.rows)


def test_csv_is_one_table_of_all_numbers(week: Report) -> None:
    rows = list(csv.DictReader(week.csv().splitlines(keepends=True)))
    views = next(row for row in rows if row["table"] == "overview" and row["about"] == "views")
    by_name = dict(zip(week.tables[0].column("measure"), week.tables[0].rows, strict=True))
    assert (int(views["value"]), int(views["before"])) == by_name["views"][1:]
    counted = sum(
        len(table.rows) * sum(not name.endswith("_before") for name in table.columns[ABOUT[table.name] :])
        for table in week.tables
    )
    assert len(rows) == counted
    assert not [row for row in rows for value in row.values() if value and value[0] in "=@\t"]


def test_text_is_narrow_and_has_nothing_that_a_terminal_obeys(week: Report, post: Report) -> None:
    for report in (week, post):
        lines = as_text(report).split("\n")
        assert max(map(len, lines)) <= WIDTH
        assert all(line.isprintable() for line in lines)
    assert "[31mred <script>alert(1)</script> Bcc: eve@example.com" in as_text(week)


def test_the_page_loads_nothing_runs_nothing_and_is_whole(week: Report) -> None:
    page = as_html(week)
    tree = lxml_html.document_fromstring(page)
    assert not tree.xpath("//script | //img | //link | //iframe | //@onclick")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "\x1b" not in page
    assert set(tree.xpath("//a/@href")) <= {MADE.url, *(one.url for one in MADE.posts)}
    assert tree.xpath("//td[contains(@class, 'cell')]/@style") and "prefers-color-scheme: dark" in page
    assert tree.xpath("string(//h1)").strip() == "Made up"


def test_a_subject_is_one_line(week: Report) -> None:
    assert subject(week) == "Made up: 2026-11-16 to 2026-11-22"
    odd = Report(
        MADE.model_copy(update={"title": "A\r\nBcc: eve@example.com"}), Period(LAST_DAY, LAST_DAY), week.tables
    )
    assert subject(odd) == "A Bcc: eve@example.com: 2026-11-22"


@pytest.mark.parametrize(
    ("name", "value", "before", "said"),
    [
        ("views", 150, 100, "+50 %"),
        ("views", 50, 100, "−50 %"),
        ("views", 100, 100, "as before"),
        ("views", 3, 0, "new"),
        ("views", 0, 0, ""),
        ("views", 0, 5, "−100 %"),
        ("views", 5, None, "new"),
        ("views", None, 5, ""),
        ("finished", 0.5, 0.2, "+30 points"),
        ("finished", 0.21, 0.2, "+1 point"),
        ("finished", 0.2, None, ""),
    ],
)
def test_changes_are_told_as_what_they_are(name: str, value: float | None, before: float | None, said: str) -> None:
    assert change(name, value, before, say_in("en")) == said


@pytest.mark.parametrize(
    "named", [MADE.posts[3].id, "https://example.com/post-3/", "/post-3/", "post-3", "Post 3", " POST-3 "]
)
def test_a_post_is_found_by_whatever_names_it(named: str) -> None:
    assert find_post(MADE, named) is MADE.posts[3]


def test_a_name_of_two_posts_or_none_is_refused_with_what_there_is() -> None:
    twins = MADE.model_copy(
        update={"posts": tuple(post.model_copy(update={"title": "Twin"}) for post in MADE.posts[:2])}
    )
    with pytest.raises(AnalyticsError, match="may be several posts") as raised:
        find_post(twins, "twin")
    assert "/post-0/, /post-1/" in raised.value.hint
    with pytest.raises(AnalyticsError, match="no post 'nothing'") as raised:
        find_post(MADE, "nothing")
    assert raised.value.hint.startswith("Name it by")


@pytest.mark.parametrize("mistyped", ["pots-3", "Pst 3", "/blog/post-3/", "https://example.com/pst-3"])
def test_of_a_name_that_is_nearly_right_it_is_told_what_may_be_meant(mistyped: str) -> None:
    with pytest.raises(AnalyticsError) as raised:
        find_post(MADE, mistyped)
    assert "/post-3/" in raised.value.hint.partition("?")[0]


def test_long_names_in_wide_letters_keep_their_columns(week: Report) -> None:
    overview, posts, *_ = week.tables
    rows = tuple((row[0], "缓存为什么会骗人" * 8, *row[2:]) for row in posts.rows)
    text = as_text(Report(MADE, week.period, (overview, replace(posts, rows=rows))))
    named = [line for line in text.split("\n") if set(line) & set("缓存为什么会骗人")]
    [head] = [line for line in text.split("\n") if line.startswith("Most read")]
    # Each wide letter takes two columns: numbers end in the same one, below their heads.
    first = [line for line in named if line.endswith("%")]
    assert len(first) == 10 and {len(line) + sum(ord(one) > 0x3000 for one in line) for line in first} == {len(head)}
    # The names go on below, whole, and within their column.
    assert "".join(re.findall("[缓存为什么会骗人]", "".join(named))) == "缓存为什么会骗人" * 80
    column = len(head) - len(head.lstrip("Most read"))
    assert all(len(line) + sum(ord(one) > 0x3000 for one in line) <= column for line in named if line not in first)


def test_a_chinese_site_has_its_report_in_chinese(week: Report, post: Report) -> None:
    """Titles, and names of things, stay as they are: here all of these are ASCII."""
    names = re.compile(
        r"Post \d+|Part \d|Made up|UTC|first|second|demo-\d|quiz-\d|\w+\.example\.com|https://\S+|like|love|pro|[A-Z]{3}"
    )
    for report in (week, post):
        chinese = replace(report, manifest=report.manifest.model_copy(update={"language": "zh-CN"}))
        tables = tuple(replace(table, rows=()) if table.name == "words" else table for table in chinese.tables)
        text = as_text(replace(chinese, tables=tables))
        assert "概览" in text and not re.search("[A-Za-z]{2,}", names.sub("", text))
        assert max(len(line) for line in text.split("\n")) <= WIDTH
        assert '<html lang="zh-CN">' in as_html(chinese)


def test_what_is_filled_in_is_filled_in_in_both_languages() -> None:
    for english, chinese in CHINESE.items():
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", chinese)), english
