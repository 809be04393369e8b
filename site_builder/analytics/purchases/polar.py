"""Polar's events, sent as Standard Webhooks: orders that were paid, renewals among them, and refunds that went through."""

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
    dig,
    millis,
    offer_of,
    post_of,
)


class _Kind(Told):
    type: str


class _Order(Told):
    id: Key
    created_at: AwareDatetime
    total_amount: Amount
    currency: Currency
    metadata: Any = None
    product: Any = None
    subscription: Any = None


class _OrderEvent(Told):
    data: _Order


class _Refund(Told):
    id: Key
    created_at: AwareDatetime
    status: str
    amount: Amount
    """Without the tax."""
    tax_amount: Amount = 0
    currency: Currency
    metadata: Any = None


class _RefundEvent(Told):
    data: _Refund


def read(raw: bytes) -> Payment:
    """The payment of an event. Raises Passed, or ValidationError if it is not formed as Polar forms them."""
    kind = _Kind.model_validate_json(raw).type
    if kind not in _READERS:
        raise Passed("this kind of event is not asked for")
    return _READERS[kind](raw)


def _order(raw: bytes) -> Payment:
    """Links of Polar's take no metadata but ``reference_id``, which may be the post."""
    order = _OrderEvent.model_validate_json(raw).data
    said = order.metadata, dig(order.subscription, "metadata")
    offer = offer_of(*said, dig(order.product, "metadata"))
    post = post_of(*said) or post_of(*said, under="reference_id")
    return Payment("purchase", order.id, millis(order.created_at), order.total_amount, order.currency, offer, post)


def _refund(raw: bytes) -> Payment:
    back = _RefundEvent.model_validate_json(raw).data
    if back.status != "succeeded":
        raise Passed("the refund has not gone through, or not yet")
    amount, when = back.amount + back.tax_amount, millis(back.created_at)
    return Payment("refund", back.id, when, amount, back.currency, offer_of(back.metadata), post_of(back.metadata))


_READERS = {"order.paid": _order, "refund.created": _refund, "refund.updated": _refund}
