"""The dashboard as its author sees it: by keyboard, on a phone, in the dark, without scripts, and with hostile readers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from site_builder.analytics.dashboard.views import VIEWS
from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics.made_up import events, manifest
from tests.browser.dashboard import STORE, Board, Desk, showing

HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)><style>*{display:none}</style>'


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    """A collector of its own process, with 20,000 events of sixty days; what readers wrote is hostile."""
    data = tmp_path_factory.mktemp("board")
    with SqliteStore(data / STORE) as store:
        store.load_manifest(manifest())
        store.load(
            record._replace(props={**record.props, "text": HOSTILE}, browser=HOSTILE)
            if record.name == "feedback"
            else record
            for record in events(20_000, days=60)
        )
        store.roll_up()
    with showing(data) as shown:
        yield shown


@pytest.fixture
def new_desk(browser: Browser, board: Board) -> Iterator[Callable[..., Desk]]:
    """Makes a browser; options as Playwright's new_context has them. What went wrong in it fails the test."""
    desks: list[Desk] = []

    def make(**options: Any) -> Desk:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en", **options})
        context.set_default_timeout(30_000)
        desks.append(Desk(context, board))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


def until(page: Page, expression: str) -> None:
    """Look again at each frame; the page's policy lets nobody else's script wait in it."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    raise AssertionError(expression)


def test_the_key_opens_by_keyboard_and_leads_on(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk()
    page = desk.page()
    page.goto(f"{desk.board.address}sources?days=7")
    # The page has come before its field is given the focus.
    expect(page.get_by_label("Key")).to_be_focused()
    page.keyboard.type(desk.board.key)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dashboard/sources?days=7")
    assert page.locator("h1").inner_text() == "Sources"
    (cookie,) = desk.context.cookies()
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["path"] == "/dashboard/"
    page.get_by_role("button", name="Sign out").press("Enter")
    page.wait_for_url("**/sign-in")
    assert desk.context.cookies() == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_view_fits_and_breaks_nothing(new_desk: Callable[..., Desk], width: int, scheme: str) -> None:
    desk = new_desk(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="zh-CN" if width == 390 else "en"
    )
    page = desk.signed_in()
    for view in VIEWS:
        page.goto(f"{desk.board.address}{view}?compare=previous")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert page.locator(".panel").count() == len(VIEWS[view])
        assert page.locator("[data-chart] canvas").count() == page.locator("[data-chart]").count()
        assert page.locator("nav [aria-current]").bounding_box()["x"] >= 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(245, 246, 248)" if scheme == "light" else "rgb(18, 21, 27)")


def test_the_chart_answers_to_keys_and_pointer(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("reading?days=7&compare=previous")
    data = json.loads(page.locator("[data-chart]").first.get_attribute("data-chart") or "")
    chart, said = page.locator(".live").first, page.locator(".readout").first
    assert said.inner_text().startswith("2026-11-22 · Views ")
    chart.focus()
    page.keyboard.press("Home")
    assert said.inner_text().startswith(f"2026-11-16 · Views {data['lines'][0]['values'][0]} · Views (before) ")
    page.keyboard.press("ArrowRight")
    assert said.inner_text().startswith("2026-11-17 · ")
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    assert said.inner_text().startswith("2026-11-22 · ")
    box = chart.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60)
    until(page, "document.querySelector('.readout').textContent.startsWith('2026-11-19')")


def test_the_chart_follows_the_window_and_the_change_to_dark(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in()
    page.set_viewport_size({"width": 500, "height": 900})
    until(page, "document.querySelector('.live canvas').getBoundingClientRect().width < 500")
    drawn = "document.querySelector('.live canvas').toDataURL()"
    before = page.evaluate(drawn)
    page.emulate_media(color_scheme="dark")
    until(page, f"{drawn} !== {json.dumps(before)}")


def test_a_period_a_comparison_and_posts_are_chosen_by_keyboard(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("posts")
    page.get_by_label("From").fill("2026-11-01")
    page.get_by_label("To", exact=True).fill("2026-11-10")
    page.get_by_label("Compare with").select_option("year")
    page.locator("summary", has_text="Only some posts").press("Enter")
    page.get_by_label("Tag").select_option("rust")
    page.get_by_role("button", name="Show").press("Enter")
    page.wait_for_url("**/posts?since=2026-11-01&until=2026-11-10&compare=year*tag=rust*")
    assert "2025-11-01 – 2025-11-10" in page.inner_text("main") and "nothing in the days before" in page.inner_text(
        "main"
    )
    page.get_by_role("link", name="Feedback").press("Enter")
    page.wait_for_url("**/feedback?since=2026-11-01&until=2026-11-10&compare=year&tag=rust*")
    page.get_by_role("link", name="中文").press("Enter")
    page.wait_for_url("**lang=zh*")
    assert page.locator("h1").inner_text() == "反馈" and page.locator("html").get_attribute("lang") == "zh-Hans"


def test_the_first_tab_leads_past_the_navigation(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("posts")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.wait_for_url("**#numbers")
    # A browser goes to the place that an address names when it draws next.
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_columns_sort_and_a_post_leads_to_its_depth(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("posts")
    page.locator("#posts").get_by_role("link", name="Reactions").click()
    page.wait_for_url("**sort=reactions*")
    column = page.locator("#posts tbody tr td:nth-child(7)")
    numbers = [int(text) for text in column.all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True) and page.locator("#posts th[aria-sort=descending]").count() == 1
    page.locator("#posts tbody a", has_text="Post 0").click()
    page.wait_for_url("**/depth?*post=*")
    assert page.locator("#headings tbody tr").count() == 6
    assert page.locator("select[name=post] option:checked").inner_text() == "Post 0"


def test_an_answer_is_saved_as_csv(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("sources")
    with page.expect_download() as download:
        page.locator("#sources .files a", has_text="CSV").click()
    assert download.value.suggested_filename == "sources-2026-10-24-2026-11-22.csv"
    assert download.value.path().read_text("utf-8").startswith("source,views,visitors")


def test_hostile_words_are_words(new_desk: Callable[..., Desk]) -> None:
    page = new_desk().signed_in("feedback?rows=words")
    assert page.locator("blockquote").first.inner_text() == HOSTILE
    assert page.locator("main img, main script, main style").count() == 0


def test_without_scripts_there_is_all_but_the_readout(new_desk: Callable[..., Desk]) -> None:
    page = new_desk(java_script_enabled=False).signed_in("reading")
    assert page.locator(".plot svg .line").count() == 2 and page.locator(".ticks li").count() == 5
    page.get_by_role("link", name="7 days").click()
    page.wait_for_url("**days=7*")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(page.url.replace("sign-in", "posts"))
    assert page.url.endswith("/sign-in?next=posts")


def test_a_long_word_keeps_to_its_place_on_a_phone(new_desk: Callable[..., Desk]) -> None:
    desk = new_desk(viewport={"width": 390, "height": 900})
    page = desk.signed_in()
    wide = "document.documentElement.scrollWidth"
    for view in ("posts", "depth", "feedback", "courses"):
        page.goto(f"{desk.board.address}{view}?author={'w' * 200}&tag=python")
        assert page.evaluate(wide) <= 390, view
    page.goto(f"{desk.board.address}courses?days=90")
    page.evaluate("document.querySelectorAll('bdi, summary').forEach((one) => { one.textContent = 'w'.repeat(200); })")
    assert page.locator("#courses .steps bdi").count() == 10 and page.evaluate(wide) <= 390
