"""The dashboard over two million events: what a browser shows of them, against what was counted one event after the other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_builder.analytics.dashboard.views import VIEWS
from site_builder.analytics.period import Period
from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics import two_million
from tests.analytics.made_up import LAST_DAY, manifest
from tests.analytics.oracle import Oracle
from tests.browser.dashboard import STORE, Desk, showing

DAYS = 90
TIMES = DAYS // two_million.DAYS
"""So often are the counted days in the period."""
ROWS = """panel => [...document.querySelectorAll(`#${panel} tbody tr`)].map((row) => [...row.cells].map(
  (cell) => (cell.matches(".number") ? cell.firstChild : cell).textContent.trim()))"""
POSTS = {post.id: post for post in manifest().posts}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("two_million")
    yield folder
    for path in folder.glob(f"{STORE}*"):
        path.unlink()


@pytest.fixture(scope="module")
def counted(data: Path) -> Oracle:
    """The days that the others are copies of."""
    return Oracle(two_million.fill(data / STORE), Period.last(two_million.DAYS, LAST_DAY))


@pytest.fixture(scope="module")
def page(browser: Browser, data: Path, counted: Oracle) -> Iterator[Page]:
    with showing(data) as board:
        desk = Desk(browser.new_context(locale="en", viewport={"width": 1280, "height": 900}), board)
        yield desk.signed_in()
        desk.close()


def look(page: Page, view: str, asks: str = "") -> None:
    """Open a view of ninety days beside the ninety before, and see that its charts are drawn."""
    page.goto(f"{page.url.split('/dashboard/')[0]}/dashboard/{view}?days={DAYS}&compare=previous{asks}")
    assert page.locator(".live canvas").count() == page.locator("[data-chart]").count()


def rows(page: Page, panel: str, *columns: int) -> dict[str, list[str]]:
    """Cells of a panel's table by what the first column says; of each only the number, without what changed."""
    found = page.evaluate(ROWS, panel)
    return {row[0]: [row[at] for at in columns] for row in found}


def told(count: float) -> str:
    return f"{TIMES * count:,}"


def test_there_are_two_million_and_a_copied_day_is_counted_as_its_events_are(data: Path, counted: Oracle) -> None:
    with SqliteStore(data / STORE) as store:
        assert store.rows("SELECT count(*), count(DISTINCT day) FROM events") == [(2_000_000, 200)]
    last = two_million.FIRST
    assert all(two_million.counted_anew(data / STORE, day) for day in (last - 101, last - 178))


def test_every_view_opens_and_says_that_nothing_changed(page: Page) -> None:
    for view in VIEWS:
        look(page, view)
        assert page.locator(".empty").all_inner_texts() == (
            ["Choose one post above to see at which headings its readers leave."] if view == "depth" else []
        )
        assert page.locator("main").inner_text().count("▲") == page.locator("main").inner_text().count("▼") == 0


def test_what_is_read_at_a_glance_and_over_time(page: Page, counted: Oracle) -> None:
    look(page, "reading")
    tiles = dict(
        zip(page.locator(".tiles dt").all_inner_texts(), page.locator(".tiles dd").all_text_contents(), strict=True)
    )
    visitors = {(seen.page.t // 86_400_000, seen.page.visitor) for seen in counted.people}
    expected = {
        "Visitors": told(len(visitors)),
        "Page views": told(len(counted.people)),
        "Unlocks": told(counted.count("unlock").total()),
        "Demo runs": told(counted.count("demo_run").total()),
        "Views by bots": told(len(counted.bots)),
    }
    assert {name: tiles[name].split("=")[0].split("before")[0].strip() for name in expected} == expected
    days = rows(page, "over_time", 1)
    assert len(days) == 25 and int(days["2026-08-25"][0].replace(",", "")) + int(
        days["2026-08-26"][0].replace(",", "")
    ) == len(counted.people)


def test_posts_authors_and_devices(page: Page, counted: Oracle) -> None:
    look(page, "posts")
    by_post = sorted(
        ((counts.views, POSTS[id].title, len(counts.visitors)) for id, counts in counted.by("post").items() if id),
        reverse=True,
    )
    assert rows(page, "posts", 1, 2) == {title: [told(views), told(readers)] for views, title, readers in by_post[:25]}
    pairs = counted.pairs()
    titles = {post.title: id for id, post in POSTS.items()}
    for first, (other, readers) in rows(page, "also_read", 1, 2).items():
        assert readers == told(pairs[titles[first], titles[other]])
    look(page, "groups")
    views = {"Ada": 0, "Grace": 0, "Linus": 0}
    for id, counts in counted.by("post").items():
        for author in POSTS[id].authors if id else ():
            views[author] += counts.views
    assert rows(page, "authors", 1) == {author: [told(count)] for author, count in views.items()}
    look(page, "devices")
    devices = {name: [told(counts.views)] for name, counts in counted.by("device").items()}
    assert rows(page, "devices-device", 1) == devices


def test_sources_depth_and_the_way_to_membership(page: Page, counted: Oracle) -> None:
    look(page, "sources")
    sources = {name or "direct, or not told": [told(one.views)] for name, one in counted.by("ref").items()}
    assert rows(page, "sources", 1) == sources
    look(page, "depth")
    deep = {f"{at} %": [told(sum(seen.scroll >= at for seen in counted.people))] for at in range(0, 101, 5)}
    assert rows(page, "depth", 1) == deep
    look(page, "membership")
    paid = [id for id, post in POSTS.items() if post.access]
    teaser = sum(len(one.visitors) for id, one in counted.by("post").items() if id in paid)
    way = [teaser, *counted.came(("paywall_view", "cta_view", "cta_click", "unlock"), paid)]
    assert [text for (text,) in rows(page, "funnel", 1).values()] == [told(count) for count in way]
    assert page.locator("#funnel .steps b").all_inner_texts() == [told(count) for count in way]


def test_what_is_tried_and_said_and_bots(page: Page, counted: Oracle) -> None:
    look(page, "practice")
    passed = counted.count("exercise", "event")
    for id in (id for (id,), _ in counted.count("exercise").most_common(3)):
        assert rows(page, "exercises", 2)[POSTS[id].title] == [told(passed[id, "pass"])]
    look(page, "courses")
    readers = {id: len(one.visitors) for id, one in counted.by("post").items()}
    chapters = [post for post in POSTS.values() if post.course]
    assert page.locator("#courses .steps b").all_inner_texts() == [told(readers.get(post.id, 0)) for post in chapters]
    look(page, "feedback")
    said = counted.count("feedback", "helpful")
    assert (
        rows(page, "feedback", 1, 2).items()
        <= {one.title: [told(said[id, True]), told(said[id, False])] for id, one in POSTS.items()}.items()
    )
    look(page, "bots")
    days = [[int(text.replace(",", "")) for text in row] for row in rows(page, "bots", 1, 2).values()]
    assert len(days) == 25 and sum(days[0]) + sum(days[1]) == len(counted.bots) + len(counted.people)
