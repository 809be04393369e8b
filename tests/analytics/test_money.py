"""What was paid, asked of the store and written as people read it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from site_builder.analytics.dashboard.asked import read_asked
from site_builder.analytics.dashboard.grid import grid
from site_builder.analytics.dashboard.views import VIEWS
from site_builder.analytics.money import money
from site_builder.analytics.period import Filter, Period, day_number
from site_builder.analytics.questions import purchases
from site_builder.analytics.record import DAY, Record
from site_builder.analytics.report import make_report
from site_builder.analytics.report_sections import sections
from site_builder.analytics.store import Store, open_store
from tests.analytics.made_up import LAST_DAY, events, manifest

EVENTS = list(events(20_000, days=12))
WEEK = Period.last(6, LAST_DAY, "previous")
PANEL = next(panel for panel in VIEWS["membership"] if panel.question == "purchases")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = open_store(tmp_path_factory.mktemp("store")).__enter__()
    store.load(EVENTS)
    store.roll_up()
    store.load_manifest(manifest())
    return store


def counted(since: date, until: date, post: str = "") -> dict[tuple[str, str], tuple[int, int, int, int]]:
    """One event after the other: by offer and currency, purchases, paid, refunds, refunded."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for event in EVENTS:
        within = day_number(since) <= event.t // DAY <= day_number(until) and post in ("", event.post)
        if within and event.name in ("purchase", "refund"):
            sum = sums[event.props["offer"], event.props["currency"]]
            sum[0 if event.name == "purchase" else 2] += 1
            sum[1 if event.name == "purchase" else 3] += event.props["amount"]
    return {key: (sum[0], sum[1], sum[2], sum[3]) for key, sum in sums.items()}


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (0, "EUR", "0.00 EUR"),
        (5, "EUR", "0.05 EUR"),
        (123_450, "USD", "1,234.50 USD"),
        (-1999, "USD", "-19.99 USD"),
        (1200, "JPY", "1,200 JPY"),
        (1200, "KWD", "1.200 KWD"),
    ],
)
def test_amounts_are_written_in_their_currency(amount: int, currency: str, text: str) -> None:
    assert money(amount, currency) == text


def test_each_offer_and_currency_has_its_own_sums(store: Store) -> None:
    table = purchases(store, WEEK)
    assert table.columns[:6] == ("offer", "currency", "purchases", "paid", "refunds", "refunded")
    now, before = counted(WEEK.since, WEEK.until), counted(date(2026, 11, 11), date(2026, 11, 16))
    assert len(now) == 3 and {(row[0], row[1]): row[2:6] for row in table.rows} == now
    assert {(row[0], row[1]): row[6:] for row in table.rows} == before
    assert [row[2] for row in table.rows] == sorted((sums[0] for sums in now.values()), reverse=True)


def test_of_a_post_only_what_it_led_to_is_told(store: Store) -> None:
    post = next(event.post for event in EVENTS if event.name == "purchase" and event.t // DAY >= day_number(WEEK.since))
    table = purchases(store, WEEK, where=Filter(post=post))
    assert {(row[0], row[1]): row[2:6] for row in table.rows if row[2]} == counted(WEEK.since, WEEK.until, post)
    assert table.notes == ("money", "money_of_posts") and purchases(store, WEEK).notes == ("money",)


def test_the_dashboard_and_the_report_write_amounts_with_their_currency(store: Store) -> None:
    paid = {currency: sums[1] for (_, currency), sums in counted(WEEK.since, WEEK.until).items()}
    rows = grid(PANEL, purchases(store, WEEK), read_asked({}, "en", LAST_DAY), post_href="{}").rows
    assert {row[2].text for row in rows} == {money(amount, currency) for currency, amount in paid.items()}
    assert rows[0][0].text == "pro" and rows[0][2].change
    (payments,) = (one for one in sections(make_report(store, WEEK.since, WEEK.until)) if one.title == "Payments")
    assert {line.cells[2] for line in payments.lines} == {row[2].text for row in rows}


def test_a_payment_for_no_offer_is_named_so_and_without_any_nothing_is_shown(tmp_path: Path) -> None:
    paid = Record("1" * 36, "made-up", "purchase", day_number(LAST_DAY) * DAY, 0, "", "", visitor="2" * 16)
    with open_store(tmp_path) as store:
        store.load_manifest(manifest())
        assert not [one for one in sections(make_report(store, WEEK.since, WEEK.until)) if one.title == "Payments"]
        store.load([paid._replace(props={"amount": 500, "currency": "EUR"})])
        store.roll_up()
        ((offer, count, amount, _, back),) = grid(
            PANEL, purchases(store, WEEK), read_asked({}, "en", LAST_DAY), post_href="{}"
        ).rows
    assert [offer.text, count.text, amount.text, back.text] == ["no offer named", "1", "5.00 EUR", "0.00 EUR"]
