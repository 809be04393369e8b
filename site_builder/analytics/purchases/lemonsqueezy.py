"""Lemon Squeezy's events: orders, a subscription's renewals, and refunds of either.

An order tells of a subscription's first payment too, so its first invoice does not count.
"""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime

from site_builder.analytics.purchases.payment import (
    Amount,
    Currency,
    Key,
    Passed,
    Payment,
    Told,
    millis,
    offer_of,
    post_of,
)

_INITIAL = "initial"


class _Meta(Told):
    event_name: str
    test_mode: bool = False
    custom_data: Any = None


class _Kind(Told):
    meta: _Meta


class _Attributes(Told):
    """Of an order, or of a subscription's invoice."""

    status: str
    total: Amount
    currency: Currency
    created_at: AwareDatetime
    billing_reason: str | None = None
    refunded_amount: Amount | None = None
    """Of all refunds until then."""
    refunded_at: AwareDatetime | None = None
    test_mode: bool = False


class _Event(Told):
    class Data(Told):
        id: Key
        attributes: _Attributes

    meta: _Meta
    data: Data


def read(raw: bytes) -> Payment:
    """The payment of an event. Raises Passed, or ValidationError if it is not formed as Lemon Squeezy forms them."""
    kind = _Kind.model_validate_json(raw).meta.event_name
    if kind not in _THINGS:
        raise Passed("this kind of event is not asked for")
    event = _Event.model_validate_json(raw)
    told, said = event.data.attributes, event.meta.custom_data
    if event.meta.test_mode or told.test_mode:
        raise Passed("it is of the test mode, where nobody pays")
    if told.billing_reason == _INITIAL:
        raise Passed("the order tells of a subscription's first payment")
    key = f"{_THINGS[kind]} {event.data.id}"
    if kind.endswith("_refunded"):
        when = told.refunded_at or told.created_at  # updated_at is another each time
        amount = told.refunded_amount or told.total
        return Payment("refund", key, millis(when), amount, told.currency, offer_of(said), post_of(said))
    if told.status != "paid":
        raise Passed("it is not paid, or not any more")
    return Payment("purchase", key, millis(told.created_at), told.total, told.currency, offer_of(said), post_of(said))


_THINGS = {
    "order_created": "order",
    "order_refunded": "order",
    "subscription_payment_success": "invoice",
    "subscription_payment_refunded": "invoice",
}
"""What each event is about; ids are of their kind alone."""
