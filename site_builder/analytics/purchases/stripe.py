"""Stripe's events: a Checkout session that was paid, a subscription's renewals, and refunds.

A session tells of what is bought the first time, so an invoice counts only if it follows later. Sessions of payment methods
that take days are told twice, as completed and as paid: only what was paid counts, under the session's id and at its time.
Of a renewal, and of each refund, one event alone tells, so that the event's time is theirs.
"""

from __future__ import annotations

from typing import Any

from site_builder.analytics.purchases.payment import (
    Amount,
    Currency,
    Key,
    Passed,
    Payment,
    Seconds,
    Told,
    dig,
    offer_of,
    post_of,
)

_FOLLOWING = ("subscription_cycle", "subscription_update", "subscription_threshold", "subscription")
_IN_HUNDREDTHS = frozenset({"ISK", "UGX"})
"""Stripe tells these with two digits more than they have, as they once had them (its special cases of currencies)."""


class _Kind(Told):
    type: str
    livemode: bool


class _Session(Told):
    id: Key
    created: Seconds
    payment_status: str
    amount_total: Amount | None
    currency: Currency | None
    client_reference_id: Any = None
    metadata: Any = None


class _SessionEvent(Told):
    class Data(Told):
        object: _Session

    data: Data


class _Invoice(Told):
    id: Key
    billing_reason: str | None
    amount_paid: Amount
    currency: Currency
    metadata: Any = None
    parent: Any = None
    subscription_details: Any = None
    lines: Any = None


class _InvoiceEvent(Told):
    class Data(Told):
        object: _Invoice

    created: Seconds
    data: Data


class _Charge(Told):
    id: Key
    amount_refunded: Amount
    currency: Currency
    metadata: Any = None


class _Before(Told):
    amount_refunded: Amount = 0


class _RefundEvent(Told):
    class Data(Told):
        object: _Charge
        previous_attributes: _Before | None = None

    created: Seconds
    data: Data


def read(raw: bytes) -> Payment:
    """The payment of an event. Raises Passed, or ValidationError if it is not formed as Stripe forms them."""
    kind = _Kind.model_validate_json(raw)
    if kind.type not in _READERS:
        raise Passed("this kind of event is not asked for")
    if not kind.livemode:
        raise Passed("it is of the test mode, where nobody pays")
    return _READERS[kind.type](raw)


def _session(raw: bytes) -> Payment:
    session = _SessionEvent.model_validate_json(raw).data.object
    if session.payment_status != "paid" or session.amount_total is None or session.currency is None:
        raise Passed("it is not paid, or not yet")
    post = post_of(session.metadata) or post_of({"post": session.client_reference_id})
    money = _money(session.amount_total, session.currency)
    return Payment("purchase", session.id, session.created * 1000, *money, offer_of(session.metadata), post)


def _invoice(raw: bytes) -> Payment:
    event = _InvoiceEvent.model_validate_json(raw)
    invoice = event.data.object
    if invoice.billing_reason not in _FOLLOWING:
        raise Passed("it is no renewal: the Checkout session tells of the first payment")
    said = (
        dig(invoice.parent, "subscription_details", "metadata"),
        dig(invoice.subscription_details, "metadata"),  # where it stood before Stripe's version of March 2025
        invoice.metadata,
        dig(invoice.lines, "data", 0, "metadata"),
    )
    money = _money(invoice.amount_paid, invoice.currency)
    return Payment("purchase", invoice.id, event.created * 1000, *money, offer_of(*said), post_of(*said))


def _refund(raw: bytes) -> Payment:
    """A charge tells how much of it was given back in all, and the event how much before."""
    event = _RefundEvent.model_validate_json(raw)
    charge = event.data.object
    before = event.data.previous_attributes or _Before()
    money = _money(max(charge.amount_refunded - before.amount_refunded, 0), charge.currency)
    key, said = f"{charge.id} {charge.amount_refunded}", charge.metadata
    return Payment("refund", key, event.created * 1000, *money, offer_of(said), post_of(said))


def _money(amount: int, currency: str) -> tuple[int, str]:
    return amount // 100 if currency in _IN_HUNDREDTHS else amount, currency


_READERS = {
    "checkout.session.completed": _session,
    "checkout.session.async_payment_succeeded": _session,
    "invoice.paid": _invoice,
    "charge.refunded": _refund,
}
