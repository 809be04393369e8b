"""Webhooks as payment providers form and sign them, and a collector that takes them; shared by the tests of this folder.

The fields are those that each provider sends around the ones that are read, with people and payments that nobody is.
"""

from __future__ import annotations

import asyncio
import copy
import hmac
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import httpx

from site_builder.analytics.asgi import Receive, Scope, Send
from site_builder.analytics.collector import Collector, Rules
from site_builder.analytics.purchases.endpoint import Purchases
from site_builder.analytics.purchases.providers import Secrets
from site_builder.analytics.record import Record
from site_builder.analytics.salt import Salts
from site_builder.analytics.spool import Spool
from tests.analytics.collecting import NOW, RULES, collected

POST = "6ba7b810-9dad-51d1-80b4-00c04fd430c8"
PAID = NOW // 1000 - 60
PAID_TEXT = "2026-11-22T23:59:00.000000Z"
"""The same second."""
SECRETS: Secrets = {
    "stripe": (b"whsec_0123456789abcdef",),
    "paddle": (b"pdl_ntfset_01example_AbC+/d9",),
    "lemonsqueezy": (b"lemons-and-more",),
    "polar": (b"polar_whs_0123456789",),
}
PERSON = {"email": "ada@example.com", "name": "Ada Example", "address": {"country": "DE", "postal_code": "10115"}}
"""What must be found nowhere."""

STRIPE_SESSION: dict[str, Any] = {
    "id": "evt_1", "object": "event", "api_version": "2026-07-30", "created": PAID, "livemode": True, "pending_webhooks": 1,
    "type": "checkout.session.completed", "request": {"id": None, "idempotency_key": None},
    "data": {"object": {
        "id": "cs_live_1", "object": "checkout.session", "created": PAID, "amount_subtotal": 1000, "amount_total": 1190,
        "currency": "eur",
        "client_reference_id": POST, "customer": "cus_1", "customer_details": PERSON, "invoice": None, "livemode": True,
        "metadata": {"offer": "pro"}, "mode": "payment", "payment_intent": "pi_1", "payment_link": "plink_1",
        "payment_status": "paid", "status": "complete", "subscription": None, "total_details": {"amount_tax": 190},
    }},
}  # fmt: skip
STRIPE_INVOICE: dict[str, Any] = {
    **STRIPE_SESSION, "id": "evt_2", "type": "invoice.paid",
    "data": {"object": {
        "id": "in_1", "object": "invoice", "amount_due": 1190, "amount_paid": 1190, "billing_reason": "subscription_cycle",
        "currency": "eur", "customer": "cus_1", "customer_email": "ada@example.com", "livemode": True, "metadata": {},
        "lines": {"object": "list", "data": [{"id": "il_1", "amount": 1190, "metadata": {"offer": "pro"}}]},
        "parent": {"type": "subscription_details", "subscription_details": {
            "metadata": {"offer": "pro", "post": POST}, "subscription": "sub_1"}},
        "status": "paid", "total": 1190,
    }},
}  # fmt: skip
STRIPE_REFUND: dict[str, Any] = {
    **STRIPE_SESSION, "id": "evt_3", "type": "charge.refunded",
    "data": {
        "object": {
            "id": "ch_1", "object": "charge", "amount": 1190, "amount_captured": 1190, "amount_refunded": 500, "currency": "eur",
            "billing_details": PERSON, "metadata": {"offer": "pro"}, "payment_intent": "pi_1", "refunded": False,
            "payment_method_details": {"card": {"brand": "visa", "last4": "4242"}, "type": "card"},
        },
        "previous_attributes": {"amount_refunded": 200, "receipt_url": "https://example.com/receipt"},
    },
}  # fmt: skip
PADDLE_TRANSACTION: dict[str, Any] = {
    "event_id": "evt_01", "event_type": "transaction.completed", "occurred_at": PAID_TEXT, "notification_id": "ntf_01",
    "data": {
        "id": "txn_01", "status": "completed", "customer_id": "ctm_01", "currency_code": "EUR", "origin": "web",
        "custom_data": {"post": POST}, "subscription_id": None, "billed_at": PAID_TEXT, "created_at": PAID_TEXT,
        "items": [{"price": {"id": "pri_01", "custom_data": {"offer": "pro"}, "unit_price": {"amount": "1000"}}, "quantity": 1}],
        "details": {
            "totals": {"subtotal": "1000", "discount": "0", "tax": "190", "total": "1190", "credit": "0", "balance": "0",
                       "grand_total": "1190", "fee": "110", "earnings": "890", "currency_code": "EUR"},
            "line_items": [{"price_id": "pri_01", "product": {"id": "pro_01", "name": "Pro", "custom_data": None}}],
        },
        "payments": [{"amount": "1190", "method_details": {"type": "card", "card": {"last4": "4242"}}, "status": "captured"}],
    },
}  # fmt: skip
PADDLE_REFUND: dict[str, Any] = {
    **PADDLE_TRANSACTION, "event_id": "evt_02", "event_type": "adjustment.updated",
    "data": {
        "id": "adj_01", "action": "refund", "type": "full", "transaction_id": "txn_01", "customer_id": "ctm_01",
        "reason": "did not like it", "status": "approved", "currency_code": "EUR", "items": [],
        "totals": {"subtotal": "1000", "tax": "190", "total": "1190", "fee": "110", "earnings": "890", "currency_code": "EUR"},
        "created_at": PAID_TEXT, "updated_at": PAID_TEXT,
    },
}  # fmt: skip
LEMON_ORDER: dict[str, Any] = {
    "meta": {"event_name": "order_created", "test_mode": False, "custom_data": {"offer": "pro", "post": POST},
             "webhook_id": "f4c98b1e-0000-4000-8000-000000000001"},
    "data": {
        "type": "orders", "id": "1",
        "attributes": {
            "store_id": 1, "customer_id": 1, "identifier": "104e18a2-0000-4000-8000-000000000001", "order_number": 1,
            "user_name": "Ada Example", "user_email": "ada@example.com", "currency": "EUR", "currency_rate": "1.0000",
            "subtotal": 1000, "discount_total": 0, "tax": 190, "total": 1190, "total_usd": 1300, "refunded_amount": 0,
            "status": "paid", "refunded": False, "refunded_at": None, "created_at": PAID_TEXT, "updated_at": PAID_TEXT,
            "test_mode": False, "first_order_item": {"product_name": "Pro", "variant_id": 1},
        },
    },
}  # fmt: skip
LEMON_REFUND: dict[str, Any] = {
    "meta": {**LEMON_ORDER["meta"], "event_name": "order_refunded"},
    "data": {**LEMON_ORDER["data"], "attributes": {
        **LEMON_ORDER["data"]["attributes"], "status": "partial_refund", "refunded": True, "refunded_amount": 300,
        "refunded_at": PAID_TEXT, "created_at": "2026-10-01T00:00:00.000000Z"}},
}  # fmt: skip
LEMON_INVOICE: dict[str, Any] = {
    "meta": {**LEMON_ORDER["meta"], "event_name": "subscription_payment_success"},
    "data": {
        "type": "subscription-invoices", "id": "1",
        "attributes": {
            "store_id": 1, "subscription_id": 1, "user_name": "Ada Example", "user_email": "ada@example.com",
            "billing_reason": "renewal", "card_brand": "visa", "card_last_four": "4242", "currency": "EUR", "status": "paid",
            "refunded": False, "refunded_at": None, "total": 1190, "created_at": PAID_TEXT, "updated_at": PAID_TEXT,
            "test_mode": False,
        },
    },
}  # fmt: skip
POLAR_ORDER: dict[str, Any] = {
    "type": "order.paid", "timestamp": PAID_TEXT,
    "data": {
        "id": "0b5f2f3e-0000-4000-8000-000000000001", "created_at": PAID_TEXT, "modified_at": None, "status": "paid",
        "paid": True, "subtotal_amount": 1000, "discount_amount": 0, "net_amount": 1000, "tax_amount": 190, "total_amount": 1190,
        "currency": "eur", "billing_reason": "purchase", "billing_name": "Ada Example", "customer": PERSON,
        "metadata": {"reference_id": POST}, "product": {"id": "p", "name": "Pro", "metadata": {"offer": "pro"}},
        "subscription": None, "items": [{"label": "Pro", "amount": 1000}],
    },
}  # fmt: skip
POLAR_REFUND: dict[str, Any] = {
    "type": "refund.updated", "timestamp": PAID_TEXT,
    "data": {
        "id": "1c5f2f3e-0000-4000-8000-000000000001", "created_at": PAID_TEXT, "modified_at": None, "status": "succeeded",
        "reason": "customer_request", "amount": 1000, "tax_amount": 190, "currency": "eur", "metadata": {},
        "order_id": "0b5f2f3e-0000-4000-8000-000000000001", "revoke_benefits": False, "dispute": None,
    },
}  # fmt: skip

PAYMENTS = (
    ("stripe", STRIPE_SESSION), ("stripe", STRIPE_INVOICE), ("stripe", STRIPE_REFUND), ("paddle", PADDLE_TRANSACTION),
    ("paddle", PADDLE_REFUND), ("lemonsqueezy", LEMON_ORDER), ("lemonsqueezy", LEMON_INVOICE), ("lemonsqueezy", LEMON_REFUND),
    ("polar", POLAR_ORDER), ("polar", POLAR_REFUND),
)  # fmt: skip


def changed(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy of ``body`` in which what stands at ``a__b`` is another; with ``...`` it is not there."""
    made = copy.deepcopy(body)
    for path, value in changes.items():
        at = made
        *steps, last = path.split("__")
        for step in steps:
            at = at[step]
        at[last] = value
        if value is ...:
            del at[last]
    return made


def signed(provider: str, raw: bytes, secret: bytes = b"", at: int = NOW // 1000) -> dict[str, str]:
    """The headers with which a provider sends ``raw``."""
    secret = secret or SECRETS[provider][0]

    def made(signed: bytes) -> bytes:
        return hmac.new(secret, signed, "sha256").digest()

    own = {
        "stripe": {"stripe-signature": f"t={at},v0=6ffbb59b,v1={made(b'%d.%s' % (at, raw)).hex()}"},
        "paddle": {"paddle-signature": f"ts={at};h1={made(b'%d:%s' % (at, raw)).hex()}"},
        "lemonsqueezy": {"x-signature": made(raw).hex(), "x-event-name": "order_created"},
        "polar": {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(at),
            "webhook-signature": f"v1,{b64encode(made(b'msg_1.%d.%s' % (at, raw))).decode()}",
        },
    }[provider]
    return {"content-type": "application/json; charset=utf-8", "user-agent": "a provider", **own}


Deliver = Callable[..., Coroutine[Any, Any, httpx.Response]]


def taking(
    folder: Path,
    talk: Callable[[Deliver, Collector], Awaitable[None]],
    secrets: Secrets = SECRETS,
    rules: Rules = RULES,
) -> list[Record]:
    """Let ``talk`` deliver webhooks to a collector in ``folder``, and return all that it has kept."""

    async def run() -> None:
        spool = Spool(folder / "spool")
        collector = Collector(rules, spool, Salts(folder / "salt"), clock=lambda: NOW)
        purchases = Purchases(collector, secrets)

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await purchases(scope, receive, send)

        transport = httpx.ASGITransport(application, client=("192.0.2.7", 1234))
        async with httpx.AsyncClient(transport=transport, base_url="http://collector.example.com") as client:

            async def deliver(
                provider: str, content: Any, headers: dict[str, str] | None = None, method: str = "POST"
            ) -> httpx.Response:
                raw = content if isinstance(content, bytes) or headers is not None else json.dumps(content).encode()
                said = signed(provider, raw) if headers is None else headers
                return await client.request(method, f"/purchase/{provider}", content=raw, headers=said)

            await talk(deliver, collector)
        await spool.close()

    asyncio.run(run())
    return collected(folder / "spool")


def delivered(
    folder: Path, provider: str, content: Any, headers: dict[str, str] | None = None
) -> tuple[httpx.Response, list[Record]]:
    """One webhook: the answer, and what was kept."""
    answers: list[httpx.Response] = []

    async def talk(deliver: Deliver, _: Collector) -> None:
        answers.append(await deliver(provider, content, headers))

    kept = taking(folder, talk)
    return answers[0], kept
