"""What is read of each provider's events: offer, amount, currency, post and time, of what was paid or given back, once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from site_builder.analytics.purchases.payment import Passed, Payment, offer_of, post_of
from site_builder.analytics.purchases.providers import PROVIDERS
from tests.analytics.paying import (
    LEMON_INVOICE,
    LEMON_ORDER,
    LEMON_REFUND,
    PADDLE_REFUND,
    PADDLE_TRANSACTION,
    PAID,
    POLAR_ORDER,
    POLAR_REFUND,
    POST,
    STRIPE_INVOICE,
    STRIPE_REFUND,
    STRIPE_SESSION,
    changed,
)

AT = PAID * 1000
ORDER_ID, REFUND_ID = POLAR_ORDER["data"]["id"], POLAR_REFUND["data"]["id"]


def read(provider: str, body: dict[str, Any], **changes: Any) -> Payment:
    return PROVIDERS[provider].read(json.dumps(changed(body, **changes)).encode())


@pytest.mark.parametrize(
    ("provider", "body", "payment"),
    [
        ("stripe", STRIPE_SESSION, Payment("purchase", "cs_live_1", AT, 1190, "EUR", "pro", POST)),
        ("stripe", STRIPE_INVOICE, Payment("purchase", "in_1", AT, 1190, "EUR", "pro", POST)),
        ("stripe", STRIPE_REFUND, Payment("refund", "ch_1 500", AT, 300, "EUR", "pro", "")),
        ("paddle", PADDLE_TRANSACTION, Payment("purchase", "txn_01", AT, 1190, "EUR", "pro", POST)),
        ("paddle", PADDLE_REFUND, Payment("refund", "adj_01", AT, 1190, "EUR", "", "")),
        ("lemonsqueezy", LEMON_ORDER, Payment("purchase", "order 1", AT, 1190, "EUR", "pro", POST)),
        ("lemonsqueezy", LEMON_INVOICE, Payment("purchase", "invoice 1", AT, 1190, "EUR", "pro", POST)),
        ("lemonsqueezy", LEMON_REFUND, Payment("refund", "order 1", AT, 300, "EUR", "pro", POST)),
        ("polar", POLAR_ORDER, Payment("purchase", ORDER_ID, AT, 1190, "EUR", "pro", POST)),
        ("polar", POLAR_REFUND, Payment("refund", REFUND_ID, AT, 1190, "EUR", "", "")),
    ],
)
def test_what_each_provider_sends_is_read(provider: str, body: dict[str, Any], payment: Payment) -> None:
    assert read(provider, body) == payment


def test_a_payment_that_two_events_tell_of_has_one_key() -> None:
    late = read("stripe", STRIPE_SESSION, type="checkout.session.async_payment_succeeded", id="evt_9", created=PAID + 9)
    assert late.key == read("stripe", STRIPE_SESSION).key
    assert read("paddle", PADDLE_REFUND, event_type="adjustment.created").key == read("paddle", PADDLE_REFUND).key
    assert read("polar", POLAR_REFUND, type="refund.created").key == read("polar", POLAR_REFUND).key


@pytest.mark.parametrize(
    ("provider", "body", "changes"),
    [
        ("stripe", STRIPE_SESSION, {"type": "payment_intent.succeeded"}),
        ("stripe", STRIPE_SESSION, {"livemode": False}),
        ("stripe", STRIPE_SESSION, {"data__object__payment_status": "unpaid"}),
        ("stripe", STRIPE_SESSION, {"data__object__payment_status": "no_payment_required"}),
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": None}),
        ("stripe", STRIPE_INVOICE, {"data__object__billing_reason": "subscription_create"}),
        ("stripe", STRIPE_INVOICE, {"data__object__billing_reason": "manual"}),
        ("stripe", STRIPE_INVOICE, {"data__object__billing_reason": None}),
        ("paddle", PADDLE_TRANSACTION, {"event_type": "transaction.paid"}),
        ("paddle", PADDLE_REFUND, {"data__action": "credit"}),
        ("paddle", PADDLE_REFUND, {"data__status": "pending_approval"}),
        ("lemonsqueezy", LEMON_ORDER, {"meta__event_name": "subscription_created"}),
        ("lemonsqueezy", LEMON_ORDER, {"meta__test_mode": True}),
        ("lemonsqueezy", LEMON_ORDER, {"data__attributes__test_mode": True}),
        ("lemonsqueezy", LEMON_ORDER, {"data__attributes__status": "pending"}),
        ("lemonsqueezy", LEMON_INVOICE, {"data__attributes__billing_reason": "initial"}),
        (
            "lemonsqueezy",
            LEMON_INVOICE,
            {"meta__event_name": "subscription_payment_refunded", "data__attributes__billing_reason": "initial"},
        ),
        ("polar", POLAR_ORDER, {"type": "order.created"}),
        ("polar", POLAR_REFUND, {"data__status": "pending"}),
    ],
)
def test_what_is_not_paid_not_asked_for_or_told_elsewhere_is_passed_over(
    provider: str, body: dict[str, Any], changes: dict[str, Any]
) -> None:
    with pytest.raises(Passed):
        read(provider, body, **changes)


@pytest.mark.parametrize(
    ("provider", "body", "changes"),
    [
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": -1}),
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": "1190"}),
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": 11.9}),
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": True}),
        ("stripe", STRIPE_SESSION, {"data__object__amount_total": 10**15}),
        ("stripe", STRIPE_SESSION, {"data__object__currency": "euro"}),
        ("stripe", STRIPE_SESSION, {"data__object__id": ""}),
        ("stripe", STRIPE_SESSION, {"data__object": []}),
        ("stripe", STRIPE_SESSION, {"data__object__created": -1}),
        ("stripe", STRIPE_SESSION, {"data__object__created": "yesterday"}),
        ("stripe", STRIPE_INVOICE, {"created": -1}),
        ("stripe", STRIPE_REFUND, {"created": -1}),
        ("stripe", STRIPE_SESSION, {"livemode": "true"}),
        ("stripe", STRIPE_REFUND, {"data__previous_attributes": {"amount_refunded": -700}}),
        ("paddle", PADDLE_TRANSACTION, {"data__details__totals__grand_total": "-1"}),
        ("paddle", PADDLE_TRANSACTION, {"data__details__totals__grand_total": "1e3"}),
        ("paddle", PADDLE_TRANSACTION, {"data__details__totals__grand_total": "٣"}),
        ("paddle", PADDLE_TRANSACTION, {"data__details__totals__total": 1190}),
        ("paddle", PADDLE_TRANSACTION, {"data__currency_code": ...}),
        ("paddle", PADDLE_TRANSACTION, {"data__billed_at": "2026-11-22T23:59:00"}),
        ("paddle", PADDLE_REFUND, {"data__created_at": ...}),
        ("lemonsqueezy", LEMON_ORDER, {"data__attributes__total": -1}),
        ("lemonsqueezy", LEMON_ORDER, {"data__attributes__created_at": "soon"}),
        ("lemonsqueezy", LEMON_ORDER, {"data__id": 1}),
        ("lemonsqueezy", LEMON_ORDER, {"meta": None}),
        ("polar", POLAR_ORDER, {"data__total_amount": ...}),
        ("polar", POLAR_REFUND, {"data__tax_amount": -1}),
    ],
)
def test_what_is_no_event_of_theirs_is_an_error(provider: str, body: dict[str, Any], changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(provider, body, **changes)


def test_metadata_is_where_it_is_and_else_nothing_is_known() -> None:
    gone: tuple[Any, ...] = (
        ..., None, [], "offer", {"offer": None}, {"offer": ["pro"]}, {"offer": "Pro Plan!"}, {"offer": "x" * 33},
    )  # fmt: skip
    for metadata in gone:
        found = read("stripe", STRIPE_SESSION, data__object__metadata=metadata)
        assert (found.offer, found.post, found.amount) == ("", POST, 1190)
    for other in (..., None, "user_1", POST.upper(), f"{POST}1", 7):
        assert read("stripe", STRIPE_SESSION, data__object__client_reference_id=other).post == ""
    old = read(
        "stripe",
        STRIPE_INVOICE,
        data__object__parent=...,
        data__object__subscription_details={"metadata": {"offer": "supporter"}},
    )
    assert old.offer == "supporter"
    line = read("stripe", STRIPE_INVOICE, data__object__parent=None)
    assert line.offer == "pro"
    product = read("paddle", PADDLE_TRANSACTION, data__items=[], data__custom_data=None)
    assert (product.offer, product.post) == ("", "")
    lines = [{"product": {}}, {"product": {"custom_data": {"offer": "async-course"}}}]
    assert read("paddle", PADDLE_TRANSACTION, data__items=None, data__details__line_items=lines).offer == "async-course"
    assert read("lemonsqueezy", LEMON_ORDER, meta__custom_data=...).offer == ""
    own = read("polar", POLAR_ORDER, data__metadata={"post": POST, "offer": "supporter"}, data__product=None)
    assert (own.offer, own.post) == ("supporter", POST)
    assert (offer_of({}, {"offer": "a"}, {"offer": "b"}), post_of({"post": "x"}, {"post": POST})) == ("a", POST)


def test_a_refund_is_what_this_one_gave_back() -> None:
    assert read("stripe", STRIPE_REFUND, data__previous_attributes=...).amount == 500
    assert read("stripe", STRIPE_REFUND, data__previous_attributes=None).amount == 500
    assert read("stripe", STRIPE_REFUND, data__previous_attributes={"amount_refunded": 900}).amount == 0
    assert read("lemonsqueezy", LEMON_REFUND, data__attributes__refunded_amount=...).amount == 1190
    told = {"meta__event_name": "subscription_payment_refunded", "data__attributes__refunded_amount": 400}
    renewal = read("lemonsqueezy", LEMON_INVOICE, **told, data__attributes__status="refunded")
    assert (renewal.name, renewal.key, renewal.amount) == ("refund", "invoice 1", 400)
    assert read("lemonsqueezy", LEMON_INVOICE).key == renewal.key


@pytest.mark.parametrize(("currency", "amount"), [("jpy", 119_000), ("isk", 1_190), ("ugx", 1_190), ("kwd", 119_000)])
def test_amounts_are_in_the_smallest_unit_that_a_currency_has(currency: str, amount: int) -> None:
    for body, column in (
        (STRIPE_SESSION, "amount_total"),
        (STRIPE_INVOICE, "amount_paid"),
        (STRIPE_REFUND, "amount_refunded"),
    ):
        told = {f"data__object__{column}": 119_000, "data__object__currency": currency}
        if body is STRIPE_REFUND:
            told["data__previous_attributes__amount_refunded"] = 0
        found = read("stripe", body, **told)
        assert (found.amount, found.currency) == (amount, currency.upper())


def test_what_a_customers_credit_paid_is_no_money() -> None:
    assert read("paddle", PADDLE_TRANSACTION, data__details__totals__grand_total="0").amount == 0
    assert read("paddle", PADDLE_TRANSACTION, data__details__totals__grand_total=None).amount == 1190


LATER = "2026-12-12T08:00:00Z"


@pytest.mark.parametrize(
    ("provider", "body", "later"),
    [
        ("stripe", STRIPE_SESSION, {"type": "checkout.session.async_payment_succeeded", "created": PAID + 20 * 86_400}),
        ("paddle", PADDLE_TRANSACTION, {"occurred_at": LATER, "data__updated_at": LATER}),
        (
            "paddle",
            PADDLE_REFUND,
            {"event_type": "adjustment.created", "occurred_at": LATER, "data__updated_at": LATER},
        ),
        ("lemonsqueezy", LEMON_ORDER, {"data__attributes__updated_at": LATER}),
        ("lemonsqueezy", LEMON_REFUND, {"data__attributes__updated_at": LATER}),
        ("polar", POLAR_ORDER, {"timestamp": LATER, "data__modified_at": LATER}),
        ("polar", POLAR_REFUND, {"type": "refund.created", "timestamp": LATER, "data__modified_at": LATER}),
    ],
)
def test_what_is_told_again_weeks_later_is_the_same_payment_at_the_same_time(
    provider: str, body: dict[str, Any], later: dict[str, Any]
) -> None:
    """A store may look for an event that it knows only near the time which it says."""
    assert read(provider, body, **later) == read(provider, body)


def test_a_time_that_is_not_there_is_the_things_own() -> None:
    earlier = "2026-11-22T00:00:00Z"
    assert read("paddle", PADDLE_TRANSACTION, data__billed_at=None, data__created_at=earlier).t == AT - 86_340_000
    told = {"refunded_at": None, "created_at": earlier, "updated_at": LATER}
    changes = {f"data__attributes__{name}": value for name, value in told.items()}
    assert read("lemonsqueezy", LEMON_REFUND, **changes).t == AT - 86_340_000
