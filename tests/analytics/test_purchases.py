"""POST /purchase/PROVIDER: signed payments are kept once and without names, with honest sums."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from site_builder.analytics.collector import Collector
from site_builder.analytics.loader import load
from site_builder.analytics.period import Period, day_of
from site_builder.analytics.purchases.providers import load_secrets
from site_builder.analytics.questions.reading import overview
from site_builder.analytics.record import DAY, OLDEST
from site_builder.analytics.spool import WAITING_BYTES
from site_builder.analytics.store import open_store
from site_builder.errors import ConfigError
from tests.analytics.collecting import NOW
from tests.analytics.paying import (
    PADDLE_TRANSACTION,
    PAID,
    PAYMENTS,
    POST,
    SECRETS,
    STRIPE_SESSION,
    Deliver,
    changed,
    delivered,
    signed,
    taking,
)


def test_a_payment_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    answer, [record] = delivered(tmp_path, "stripe", STRIPE_SESSION)
    assert answer.status_code == 200
    assert answer.json() == {"kept": "purchase", "amount": 1190, "currency": "EUR", "offer": "pro", "post": POST}
    assert record._asdict() == {
        **dict.fromkeys(record._fields, ""),
        "id": record.id, "site": "blog", "name": "purchase", "t": PAID * 1000, "received": NOW, "post": POST, "width": 0,
        "visitor": record.id.replace("-", "")[:16], "bot": 0, "props": {"amount": 1190, "currency": "EUR", "offer": "pro"},
    }  # fmt: skip


def test_of_who_paid_nothing_is_kept(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, _: Collector) -> None:
        for provider, body in PAYMENTS:
            assert (await deliver(provider, body)).json()["kept"]

    assert len(taking(tmp_path, talk)) == len(PAYMENTS)
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for secret in (b"ada", b"Ada", b"4242", b"10115", b"cus_1", b"ctm_01", b"cs_live", b"192.0.2.7", *SECRETS["polar"]):
        assert secret not in on_disk


def test_what_comes_again_is_one_event_and_sums_are_honest(tmp_path: Path) -> None:
    """Each twice, and what two events tell of; in a store: purchases and refunds apart, and no two currencies in a sum."""
    dollars = changed(PADDLE_TRANSACTION, data__currency_code="USD", data__id="txn_02")

    async def talk(deliver: Deliver, collector: Collector) -> None:
        for provider, body in (*PAYMENTS, ("paddle", dollars)) * 2:
            assert (await deliver(provider, body)).status_code == 200
        late = changed(STRIPE_SESSION, type="checkout.session.async_payment_succeeded", id="evt_8", created=PAID + 5)
        assert (await deliver("stripe", late)).status_code == 200
        assert collector.counts.webhooks == {
            ("stripe", "kept"): 7,
            ("paddle", "kept"): 6,
            ("lemonsqueezy", "kept"): 6,
            ("polar", "kept"): 4,
        }

    assert len({record.id for record in taking(tmp_path, talk)}) == len(PAYMENTS) + 1
    with open_store(tmp_path) as store:
        load(tmp_path / "spool", store)
        store.roll_up()
        sums = store.rows(
            "SELECT name, key, outcome, events, visitors, amount FROM daily_events WHERE post = '*' AND outcome != '*' "
            "ORDER BY name, key, outcome"
        )
        assert sums == [
            ("purchase", "pro", "EUR", 6, 6, 6 * 1190),
            ("purchase", "pro", "USD", 1, 1, 1190),
            ("refund", "", "EUR", 2, 2, 2 * 1190),
            ("refund", "pro", "EUR", 2, 2, 600),
        ]
        of_post = "SELECT sum(amount) FROM daily_events WHERE name = 'purchase' AND post = :post AND outcome = 'EUR'"
        assert store.rows(of_post, post=POST) == [(6 * 1190,)]
        day = day_of(PAID * 1000 // DAY)
        assert ("purchase", 7) in overview(store, Period(day, day)).rows


def test_while_a_secret_is_changed_both_are_good(tmp_path: Path) -> None:
    both = load_secrets({"SITE_BUILDER_STRIPE_WEBHOOK_SECRET": " whsec_of_old_0123456789, whsec_of_now_0123456789\n"})
    assert both == {"stripe": (b"whsec_of_old_0123456789", b"whsec_of_now_0123456789")}
    raw = json.dumps(STRIPE_SESSION).encode()

    async def talk(deliver: Deliver, _: Collector) -> None:
        for secret, status in (
            (b"whsec_of_old_0123456789", 200),
            (b"whsec_of_now_0123456789", 200),
            (b"whsec_of_all_0123456789", 403),
        ):
            assert (await deliver("stripe", raw, signed("stripe", raw, secret))).status_code == status

    assert len(taking(tmp_path, talk, both)) == 2


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (changed(STRIPE_SESSION, type="customer.created"), "not asked for"),
        (changed(STRIPE_SESSION, livemode=False), "test mode"),
        (changed(STRIPE_SESSION, data__object__amount_total=0), "nothing was paid"),
    ],
)
def test_what_is_of_no_interest_is_200_so_that_it_is_not_sent_again(
    tmp_path: Path, body: dict[str, Any], why: str
) -> None:
    answer, kept = delivered(tmp_path, "stripe", body)
    assert (answer.status_code, answer.json()["kept"], kept) == (200, None, [])
    assert why in answer.json()["why"]


def test_of_a_key_that_stands_twice_the_last_counts(tmp_path: Path) -> None:
    raw = (
        json.dumps(STRIPE_SESSION).encode().replace(b'"amount_total": 1190', b'"amount_total": 1, "amount_total": 1190')
    )
    answer, [record] = delivered(tmp_path, "stripe", raw)
    assert answer.status_code == 200 and record.props["amount"] == 1190


@pytest.mark.parametrize(
    ("created", "t"),
    [
        (PAID, PAID * 1000),
        (NOW // 1000 + 250, NOW),
        (NOW // 1000 - OLDEST // 500, NOW - 2 * OLDEST),
        (0, NOW),
    ],
    ids=["a minute ago", "the provider's clock is ahead", "sent again by hand after two weeks", "before all time"],
)
def test_a_payment_has_the_providers_time_but_none_of_the_future(tmp_path: Path, created: int, t: int) -> None:
    _, [record] = delivered(tmp_path, "stripe", changed(STRIPE_SESSION, data__object__created=created))
    assert record.t == t


def test_what_the_disk_does_not_take_is_a_503_and_sent_again_by_the_provider(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, collector: Collector) -> None:
        collector.spool._gathered = WAITING_BYTES
        assert (await deliver("paddle", PADDLE_TRANSACTION)).status_code == 503
        collector.spool._gathered = 0
        assert (await deliver("paddle", PADDLE_TRANSACTION)).status_code == 200

    assert len(taking(tmp_path, talk)) == 1


def test_what_stands_around_secrets_is_no_empty_secret_which_anybody_could_sign_with() -> None:
    """A file that was written on Windows ends its lines with a carriage return too."""
    written = "\r\n whsec_0123456789abcdef ,\r\n,whsec_fedcba9876543210\r"
    found = load_secrets({"SITE_BUILDER_STRIPE_WEBHOOK_SECRET": written, "SITE_BUILDER_POLAR_WEBHOOK_SECRET": "\r"})
    assert found == {"stripe": (b"whsec_0123456789abcdef", b"whsec_fedcba9876543210")}


def test_secrets_come_from_the_environment_and_an_empty_one_is_none() -> None:
    names = {name: f"SITE_BUILDER_{name.upper()}_WEBHOOK_SECRET" for name in SECRETS}
    assert load_secrets({}) == {}
    assert load_secrets({names["stripe"]: "", names["paddle"]: " ,\n"}) == {}
    assert load_secrets({names[name]: secrets[0].decode() for name, secrets in SECRETS.items()}) == SECRETS


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", "short"),
        ("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", "pdl_ntfset_01"),
        ("SITE_BUILDER_LEMONSQUEEZY_WEBHOOK_SECRET", "lemon"),
        ("SITE_BUILDER_POLAR_WEBHOOK_SECRET", "polar_whs_012345678, whsec_"),
        ("SITE_BUILDER_POLAR_WEBHOOK_SECRET", "whsec_"),
        ("SITE_BUILDER_POLAR_WEBHOOK_SECRET", "whsec_0123456789abcde"),
        ("SITE_BUILDER_POLAR_WEBHOOK_SECRET", "whsec_0123456789abcdef…"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "whsec_"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "whsec_…"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "whsec_0123456789abcdef,whsec_"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "sk_live_0123456789"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "whsec_0123456789,sk_live_0123456789"),
    ],
)
def test_a_secret_that_can_be_none_is_named_but_not_repeated(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_secrets({variable: value})
    said = str(error.value).replace("whsec_ not counted", "")
    assert variable in said and not any(secret in said for secret in value.split(","))
