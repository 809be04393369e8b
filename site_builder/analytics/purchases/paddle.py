"""Paddle Billing's events: transactions that were completed, and refunds that were approved."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AwareDatetime, StringConstraints

from site_builder.analytics.purchases.payment import (
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

_Money = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,12}$")]
"""Paddle writes amounts as text."""
_MOST_ITEMS = 100


class _Kind(Told):
    event_type: str


class _Totals(Told):
    total: _Money
    grand_total: _Money | None = None
    """What is left of the total after a customer's credit."""


class _Details(Told):
    totals: _Totals
    line_items: Any = None


class _Transaction(Told):
    id: Key
    created_at: AwareDatetime
    billed_at: AwareDatetime | None = None
    currency_code: Currency
    details: _Details
    custom_data: Any = None
    items: Any = None


class _TransactionEvent(Told):
    data: _Transaction


class _Adjustment(Told):
    id: Key
    created_at: AwareDatetime
    action: str
    status: str
    currency_code: Currency
    totals: _Totals


class _AdjustmentEvent(Told):
    data: _Adjustment


def read(raw: bytes) -> Payment:
    """The payment of an event. Raises Passed, or ValidationError if it is not formed as Paddle forms them."""
    kind = _Kind.model_validate_json(raw).event_type
    if kind not in _READERS:
        raise Passed("this kind of event is not asked for")
    return _READERS[kind](raw)


def _transaction(raw: bytes) -> Payment:
    sold = _TransactionEvent.model_validate_json(raw).data
    totals = sold.details.totals
    amount = int(totals.total if totals.grand_total is None else totals.grand_total)
    said = [sold.custom_data]
    for number in range(_MOST_ITEMS):
        said.append(dig(sold.items, number, "price", "custom_data"))
        said.append(dig(sold.details.line_items, number, "product", "custom_data"))
    when = millis(sold.billed_at or sold.created_at)
    return Payment("purchase", sold.id, when, amount, sold.currency_code, offer_of(*said), post_of(sold.custom_data))


def _adjustment(raw: bytes) -> Payment:
    """A refund is first to be approved by Paddle. It says nothing of the offer."""
    back = _AdjustmentEvent.model_validate_json(raw).data
    if back.action != "refund" or back.status != "approved":
        raise Passed("it is no refund, or none that is approved yet")
    return Payment("refund", back.id, millis(back.created_at), int(back.totals.total), back.currency_code)


_READERS = {
    "transaction.completed": _transaction,
    "adjustment.created": _adjustment,
    "adjustment.updated": _adjustment,
}
