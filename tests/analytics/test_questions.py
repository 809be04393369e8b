"""Every question, asked of 20,000 made-up events and compared with what plain Python counts."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from site_builder.analytics import questions
from site_builder.analytics.period import Filter, Period, day_of
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.record import DAY
from site_builder.analytics.store import Store, open_store
from site_builder.analytics.table import BEFORE, NOTES
from site_builder.errors import AnalyticsError
from tests.analytics.made_up import LAST_DAY, events, manifest
from tests.analytics.oracle import Counts, Oracle

EVENTS = list(events(20_000, days=12))
FACTS = {post.id: post for post in manifest().posts}
PERIOD = Period.last(10, LAST_DAY)
ORACLE = Oracle(EVENTS, PERIOD)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("store")) as opened:
        opened.load(EVENTS)
        opened.roll_up()
        opened.load_manifest(manifest())
        yield opened


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("empty")) as opened:
        yield opened


def total(groups: dict[str, Counts]) -> Counts:
    together = Counts()
    for seen in ORACLE.people:
        together.add(seen)
    assert together.views == sum(group.views for group in groups.values())
    return together


def test_the_made_up_site_has_everything_that_can_be_asked_about(store: Store) -> None:
    assert len(EVENTS) == 20_000 == len({event.id for event in EVENTS})
    assert len(ORACLE.people) > 3000 and len(ORACLE.bots) > 50
    assert [name for name, ask in QUESTIONS.items() if not ask(store, PERIOD).rows] == []


def test_the_overview_counts_people_and_tells_of_bots(store: Store) -> None:
    people = total(ORACLE.by("post"))
    said = ORACLE.count("feedback", "helpful")
    helpful = sum(count for (_, yes), count in said.items() if yes)
    told = dict(questions.overview(store, PERIOD).rows)
    assert told["views"] == people.views
    assert told["visitors"] == len(people.visitors)
    assert told["active_seconds"] == round(people.active_ms / people.engaged / 1000, 1)
    assert told["depth"] == round(people.scroll / people.engaged / 100, 4)
    assert told["finished"] == round(people.finished / people.views, 4)
    assert told["unlock"] == ORACLE.count("unlock").total() > 0
    assert told["feedback"] == said.total() > 0
    assert told["helpful"] == round(helpful / said.total(), 4)
    assert told["bot_views"] == len(ORACLE.bots)


def test_posts_have_their_own_readers(store: Store) -> None:
    found = {row["post"]: row for row in questions.posts(store, PERIOD).records()}
    expected = {id: counts for id, counts in ORACLE.by("post").items() if id}
    assert found.keys() == expected.keys()
    for id, counts in expected.items():
        row = found[id]
        assert (row["title"], row["url"]) == (FACTS[id].title, FACTS[id].url)
        assert (row["views"], row["readers"]) == (counts.views, len(counts.visitors))
        assert row["active_minutes"] == round(counts.active_ms / 60_000, 1)
        assert row["finished"] == round(counts.finished / counts.views, 4)
        assert row["paywall_views"] == ORACLE.count("paywall_view")[(id,)]
        assert row["helpful"] == ORACLE.count("feedback", "helpful")[id, True]
        assert row["unhelpful"] == ORACLE.count("feedback", "helpful")[id, False]
    read = [row["views"] for row in found.values()]
    assert read == sorted(read, reverse=True)


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("authors", lambda post: post.authors),
        ("tags", lambda post: post.tags),
        ("categories", lambda post: post.categories),
        ("series", lambda post: [post.course] if post.course else []),
    ],
)
def test_a_group_is_the_sum_of_its_posts(name: str, groups: object, store: Store) -> None:
    views: dict[str, int] = {}
    for id, counts in ORACLE.by("post").items():
        for group in groups(FACTS[id]) if id else ():
            views[group] = views.get(group, 0) + counts.views
    table = QUESTIONS[name](store, PERIOD)
    assert dict(zip(table.column(table.columns[0]), table.column("views"), strict=True)) == views


def test_days_add_up_to_the_whole(store: Store) -> None:
    days = questions.over_time(store, PERIOD)
    assert days.column("at") == tuple(day.isoformat() for day in PERIOD)
    assert sum(days.column("views")) == len(ORACLE.people)
    weeks = questions.over_time(store, PERIOD, step="week")
    assert weeks.column("at") == ("2026-11-13", "2026-11-16")
    assert sum(weeks.column("views")) == len(ORACLE.people)
    months = questions.over_time(store, Period(date(2026, 10, 1), LAST_DAY), step="month")
    assert months.column("at") == ("2026-10-01", "2026-11-01")
    assert sum(months.column("views")) > len(ORACLE.people)


def test_one_day_is_told_by_hours(store: Store) -> None:
    hours = questions.over_time(store, Period.last(1, LAST_DAY))
    seen = Oracle(EVENTS, Period.last(1, LAST_DAY)).people
    at_noon = sum(one.page.t % 86_400_000 // 3_600_000 == 12 for one in seen)
    assert len(hours.rows) == 24 and hours.rows[12][:2] == ("12:00", at_noon)
    assert sum(hours.column("views")) == len(seen) > 0


def test_depth_falls_from_all_to_those_who_finished(store: Store) -> None:
    post = max(ORACLE.by("post").items(), key=lambda pair: (bool(pair[0]), pair[1].views))[0]
    curve = questions.depth(store, PERIOD, where=Filter(post=post))
    seen = [one for one in ORACLE.people if one.page.post == post]
    assert curve.column("at") == tuple(range(0, 101, 5))
    assert curve.column("views") == tuple(sum(one.scroll >= at for one in seen) for at in range(0, 101, 5))
    headings = questions.headings(store, PERIOD, where=Filter(post=post)).records()
    assert [row["title"] for row in headings] == [f"Part {number}" for number in range(6)]
    for number, row in enumerate(headings):
        assert row["views"] == sum(one.heading >= f"part-{number}" for one in seen)
        at = sum(one.heading == f"part-{number}" for one in seen)
        assert row["left"] == round(at / row["views"], 4)


def test_the_funnel_narrows_from_the_teaser_to_the_unlocked_page(store: Store) -> None:
    paid = [id for id, post in FACTS.items() if post.access]
    table = questions.funnel(store, PERIOD)
    readers = [sum(len(counts.visitors) for id, counts in ORACLE.by("post").items() if id in paid)]
    readers += ORACLE.came(("paywall_view", "cta_view", "cta_click", "unlock"), paid)
    assert table.column("step") == ("teaser", "paywall", "offer_seen", "offer_clicked", "unlocked")
    assert list(table.column("readers")) == readers
    assert table.column("share")[-1] == round(readers[-1] / readers[0], 4)
    assert sorted(readers, reverse=True) == readers
    by_one = questions.funnel(store, PERIOD, where=Filter(author="Ada"))
    assert 0 < by_one.rows[0][1] < readers[0]


def test_no_step_of_the_funnel_is_larger_than_the_one_before(tmp_path: Path) -> None:
    """Members have no paywall before them, and a browser may miss a step."""
    post = next(id for id, post in FACTS.items() if post.access)
    seen = next(event for event in EVENTS if event.name == "pageview")._replace(post=post, bot=0)
    ways = {
        "reader": (),
        "member": ("unlock",),
        "other member": ("unlock",),
        "stays": ("paywall_view",),
        "looks": ("paywall_view", "cta_view"),
        "comes back with a token": ("paywall_view", "unlock"),
        "of the footer": ("cta_click",),
    }
    made = [
        seen._replace(id=f"{visitor}-{name}", pv=visitor, visitor=visitor, name=name, props={})
        for visitor, names in ways.items()
        for name in ("pageview", *names)
    ]
    made += [seen._replace(id="bot", visitor="bot", name="paywall_view", props={}, bot=100)]
    with open_store(tmp_path) as one:
        one.load(made)
        one.roll_up()
        one.load_manifest(manifest())
        table = questions.funnel(one, Period.last(1, day_of(seen.t // DAY)))
    assert table.column("readers") == (5, 3, 2, 1, 1)
    assert table.column("kept") == (1.0, 0.6, 0.6667, 0.5, 1.0)


def test_offers_are_seen_and_clicked_and_have_no_unlock_that_no_browser_tells_of(store: Store) -> None:
    rows = {row[0]: row[1:] for row in questions.offers(store, PERIOD).rows}
    clicks = ORACLE.count("cta_click", "offer")
    assert rows["pro"][1] == sum(count for (_, offer), count in clicks.items() if offer == "pro")
    assert rows[""] == (0, sum(count for (_, offer), count in clicks.items() if offer is None))


def test_demos_exercises_and_quizzes_tell_how_they_went(store: Store) -> None:
    runs = ORACLE.count("demo_run", "demo", "ok")
    for row in questions.demos(store, PERIOD).records():
        assert row["ok"] == runs[row["post"], row["demo"], True]
        assert row["failed"] == runs[row["post"], row["demo"], False]
    tried = ORACLE.count("exercise", "demo", "event")
    for row in questions.exercises(store, PERIOD).records():
        assert row["hints"] == tried[row["post"], row["exercise"], "hint"]
    answers = [event for event in ORACLE.events if event.name == "quiz"]
    for row in questions.quizzes(store, PERIOD).records():
        own = [event.props for event in answers if event.post == row["post"]]
        assert row["answers"] == len(own)
        assert row["right"] == round(sum(one["right"] for one in own) / sum(one["of"] for one in own), 4)


def test_courses_lose_readers_chapter_by_chapter(store: Store) -> None:
    rows = questions.courses(store, PERIOD).records()
    assert [(row["course"], row["chapter"]) for row in rows] == [
        (course, chapter) for course in ("first", "second") for chapter in range(1, 6)
    ]
    readers = {id: len(counts.visitors) for id, counts in ORACLE.by("post").items()}
    assert [row["readers"] for row in rows] == [readers.get(row["post"], 0) for row in rows]
    assert rows[0]["kept"] == 1.0 and rows[1]["kept"] == round(rows[1]["readers"] / rows[0]["readers"], 4)


def test_sources_campaigns_and_devices_add_up(store: Store) -> None:
    expected = {name: counts.views for name, counts in ORACLE.by("ref").items()}
    sources = questions.sources(store, PERIOD)
    assert dict(zip(sources.column("source"), sources.column("views"), strict=True)) == expected
    visitors = {name: len(counts.visitors) for name, counts in ORACLE.by("ref").items()}
    assert dict(zip(sources.column("source"), sources.column("visitors"), strict=True)) == visitors
    quoted = [row for row in questions.campaigns(store, PERIOD).records() if row["source"] == "it's"]
    assert [(row["medium"], row["campaign"]) for row in quoted] == [("a\\b", '"q"')]
    assert quoted[0]["views"] == ORACLE.by("utm_source")["it's"].views
    phones = {
        row["value"]: row["views"] for row in questions.devices(store, PERIOD).records() if row["kind"] == "device"
    }
    assert phones == {name: counts.views for name, counts in ORACLE.by("device").items()}


def test_feedback_has_its_words_whatever_stands_in_them(store: Store) -> None:
    said = [event for event in ORACLE.events if event.name == "feedback"]
    words = questions.words(store, PERIOD)
    assert sorted(words.column("words")) == sorted(event.props["text"] for event in said if event.props["text"])
    assert list(words.column("day")) == sorted(words.column("day"), reverse=True)
    assert len(questions.words(store, PERIOD, most=3).rows) == 3
    table = questions.feedback(store, PERIOD)
    assert sum(table.column("yes")) == sum(event.props["helpful"] for event in said)


def test_reactions_shares_and_own_events_are_counted(store: Store) -> None:
    kinds = ORACLE.count("reaction", "kind")
    for kind, count, _ in questions.reactions(store, PERIOD).rows:
        assert count == sum(number for (_, one), number in kinds.items() if one == kind)
    assert sum(questions.shares(store, PERIOD).column("shares")) == ORACLE.count("share").total()
    (own,) = questions.own_events(store, PERIOD).rows
    assert own[:2] == ("x_calculator_used", ORACLE.count("x_calculator_used").total())


def test_what_readers_of_a_post_also_read_is_of_the_same_day(store: Store) -> None:
    pairs = ORACLE.pairs()
    rows = questions.also_read(store, PERIOD, most=3).records()
    assert rows and all(row["readers"] == pairs[row["post"], row["other"]] for row in rows)
    for post in {row["post"] for row in rows}:
        best = sorted((count for (one, _), count in pairs.items() if one == post), reverse=True)[:3]
        assert [row["readers"] for row in rows if row["post"] == post] == best


def test_bots_are_counted_day_by_day(store: Store) -> None:
    table = questions.bots(store, PERIOD)
    assert len(table.rows) == PERIOD.days
    assert sum(table.column("views")) == len(ORACLE.bots)
    assert sum(table.column("people")) == len(ORACLE.people)
    year = questions.bots(store, Period.last(365, LAST_DAY))
    assert year.column("at") == questions.over_time(store, Period.last(365, LAST_DAY)).column("at")
    assert sum(year.column("people")) == sum(questions.over_time(store, Period.last(365, LAST_DAY)).column("views"))


def test_a_filter_counts_only_its_posts(store: Store) -> None:
    for where in (Filter(author="Grace"), Filter(tag="测试"), Filter(course="first"), Filter(language="zh")):
        ids = {
            id for id, post in FACTS.items()
            if where.author in ("", *post.authors) and where.tag in ("", *post.tags)
            and where.course in ("", post.course) and where.language in ("", post.language)
        }  # fmt: skip
        expected = sum(counts.views for id, counts in ORACLE.by("post").items() if id in ids)
        assert 0 < expected < len(ORACLE.people)
        assert dict(questions.overview(store, PERIOD, where=where).rows)["views"] == expected
        assert sum(questions.sources(store, PERIOD, where=where).column("views")) == expected
        assert set(questions.posts(store, PERIOD, where=where).column("post")) <= ids


def test_a_filter_that_leaves_nothing_finds_nothing(store: Store) -> None:
    for name, ask in QUESTIONS.items():
        numbers = [value for row in ask(store, PERIOD, where=Filter(author="Nobody")).rows for value in row[1:]]
        assert not [value for value in numbers if value], name


def test_a_comparison_puts_the_earlier_days_beside(store: Store) -> None:
    both = Period.last(5, LAST_DAY, "previous")
    earlier = both.earlier()
    assert earlier == Period(date(2026, 11, 13), date(2026, 11, 17))
    for name, ask in QUESTIONS.items():
        now, with_before = ask(store, Period.last(5, LAST_DAY)), ask(store, both)
        assert with_before.columns[: len(now.columns)] == now.columns, name
        if name != "words":
            assert len(with_before.columns) > len(now.columns), name
    views = f"views{BEFORE}"
    table = questions.posts(store, both)
    before = dict(zip(*(questions.posts(store, earlier).column(name) for name in ("post", "views")), strict=True))
    found = dict(zip(table.column("post"), table.column(views), strict=True))
    assert {post: count for post, count in found.items() if count is not None} == before
    days = questions.over_time(store, both)
    assert days.column(f"at{BEFORE}") == questions.over_time(store, earlier).column("at")


def test_a_store_without_readers_answers_with_nothing(empty: Store) -> None:
    for name, ask in QUESTIONS.items():
        for where in (Filter(), Filter(post="x"), Filter(tag="x")):
            for row in ask(empty, Period.last(3, LAST_DAY, "year"), where=where).rows:
                assert not [value for value in row if isinstance(value, float) and value], name


def test_every_question_says_its_columns_and_explains_its_notes(store: Store) -> None:
    for name, ask in QUESTIONS.items():
        table = ask(store, PERIOD)
        assert table.name == name
        assert set(table.notes) <= NOTES.keys()
        if "as ``" not in (ask.__doc__ or ""):
            assert [column for column in table.columns if column not in (ask.__doc__ or "")] == [], name


def test_a_table_is_read_back_from_its_csv_and_json(store: Store) -> None:
    for ask in QUESTIONS.values():
        table = ask(store, PERIOD)
        header, *rows = csv.reader(io.StringIO(table.csv(), newline=""))
        assert tuple(header) == table.columns and len(rows) == len(table.rows)
        data = json.loads(table.json())
        assert [tuple(row) for row in data["rows"]] == list(table.rows)
        assert (data["since"], data["until"]) == (PERIOD.since.isoformat(), PERIOD.until.isoformat())
        assert all(data["notes"])


def test_a_demo_that_is_called_by_the_sign_for_all_counts_once(tmp_path: Path) -> None:
    run = next(event for event in EVENTS if event.name == "demo_run")._replace(
        t=EVENTS[0].t, bot=0, props={"demo": "*", "ok": True}
    )
    day = Period.last(1, day_of(run.t // DAY))
    with open_store(tmp_path) as one:
        one.load([run])
        one.roll_up()
        assert dict(questions.overview(one, day).rows)["demo_run"] == 1
        assert [row[2:4] for row in questions.demos(one, day).rows] == [("*", 1)]


def test_a_period_must_go_forward_and_not_for_ever() -> None:
    for since, until in ((LAST_DAY, date(2026, 1, 1)), (date(1990, 1, 1), LAST_DAY)):
        with pytest.raises(AnalyticsError):
            Period(since, until)
    assert Period(date(2024, 2, 29), date(2024, 3, 1), "year").earlier() == Period(date(2023, 2, 28), date(2023, 3, 1))


def test_a_post_that_left_the_manifest_keeps_its_numbers(tmp_path: Path) -> None:
    with open_store(tmp_path) as opened:
        opened.load(EVENTS[:2000])
        opened.roll_up()
        opened.load_manifest(manifest(12))
        table = questions.posts(opened, Period.last(12, LAST_DAY))
        gone = [row for row in table.records() if row["title"] == ""]
        assert gone and all(row["views"] for row in gone)
