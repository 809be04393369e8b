"""POST /purchase/PROVIDER: what is not signed, or no event, is refused with a clear answer, and keeps nobody else out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.analytics.collector import Collector, Rules
from site_builder.analytics.purchases.endpoint import AT_ONCE, MAX_WEBHOOK, ONE_AT_ONCE
from tests.analytics.collecting import NOW, RULES
from tests.analytics.paying import (
    LEMON_ORDER,
    PAID_TEXT,
    PAYMENTS,
    SECRETS,
    STRIPE_SESSION,
    Deliver,
    changed,
    delivered,
    signed,
    taking,
)


@pytest.mark.parametrize("provider", SECRETS)
def test_whatever_is_wrong_with_a_signature_the_answer_is_the_same(tmp_path: Path, provider: str) -> None:
    body = dict(PAYMENTS)[provider]
    raw = json.dumps(body).encode()
    right = signed(provider, raw)
    answers = set()

    async def talk(deliver: Deliver, collector: Collector) -> None:
        wrong = [
            {"content-type": "application/json"},
            signed(provider, raw, b"whsec_another"),
            signed(provider, raw + b" "),
            *(signed(provider, raw, at=NOW // 1000 + off) for off in (-301, 301) if provider != "lemonsqueezy"),
            *({**right, name: value + "0"} for name, value in right.items() if "signature" in name),
            *({**right, name: "\x80é"} for name in right if "signature" in name),
        ]
        for headers in wrong:
            answer = await deliver(provider, raw, {name: value.encode("latin-1") for name, value in headers.items()})
            answers.add((answer.status_code, answer.content))
        assert collector.counts.webhooks == {(provider, "refused"): len(wrong)}

    assert taking(tmp_path, talk) == []
    [(status, said)] = answers
    assert status == 403 and b"not signed" in said


def test_a_signature_is_looked_at_before_anything_else_of_the_body(tmp_path: Path) -> None:
    for content in (b"", b"{", b"[" * 100_000, b"\xff\xfe"):
        answer, _ = delivered(tmp_path, "stripe", content, {"content-type": "application/json"})
        assert answer.status_code == 403


def test_who_has_no_secret_has_no_address(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, collector: Collector) -> None:
        raw = json.dumps(LEMON_ORDER).encode()
        answers = [await deliver("lemonsqueezy", raw, signed("lemonsqueezy", raw)), await deliver("nobody", raw, {})]
        answers += [await deliver("", raw, {}), await deliver("stripe/", raw, {})]
        assert {(answer.status_code, answer.content) for answer in answers} == {
            (404, b'{"error":"nothing is taken here"}')
        }
        assert not collector.counts.webhooks

    only = {"stripe": SECRETS["stripe"]}
    assert taking(tmp_path, talk, only) == []


@pytest.mark.parametrize(
    ("status", "method", "headers"),
    [
        (405, "GET", {}),
        (405, "PUT", {}),
        (405, "OPTIONS", {}),
        (415, "POST", {"content-type": "text/plain"}),
        (415, "POST", {"content-type": ""}),
        (415, "POST", {"content-encoding": "gzip"}),
        (200, "POST", {"content-type": "Application/JSON"}),
        (200, "POST", {"origin": "https://elsewhere.example"}),
    ],
)
def test_methods_and_types(tmp_path: Path, status: int, method: str, headers: dict[str, str]) -> None:
    async def talk(deliver: Deliver, _: Collector) -> None:
        raw = json.dumps(STRIPE_SESSION).encode()
        answer = await deliver("stripe", raw, {**signed("stripe", raw), **headers}, method)
        assert answer.status_code == status
        assert answer.headers.get("allow") == ("POST" if status == 405 else None)
        assert "access-control-allow-origin" not in answer.headers

    assert len(taking(tmp_path, talk)) == (status == 200)


def test_a_body_that_is_too_large_is_refused_and_a_large_one_taken(tmp_path: Path) -> None:
    large = json.dumps(changed(STRIPE_SESSION, data__object__description="x" * 200_000)).encode()
    assert delivered(tmp_path, "stripe", large)[0].status_code == 200
    assert delivered(tmp_path, "stripe", b" " * (MAX_WEBHOOK + 1))[0].status_code == 413


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"null", b"[]", b"\xff\xfe", b"[" * 200_000, b'{"type":' * 20_000, b'{"type": NaN}',
        json.dumps(STRIPE_SESSION).encode().replace(b"1190", b"NaN"),
        json.dumps(STRIPE_SESSION).encode().replace(b"1190", b"1e999"),
        json.dumps(STRIPE_SESSION).encode().replace(b"1190", b"9" * 4_000),
        json.dumps(STRIPE_SESSION).encode().replace(b"1190", b"-1190"),
    ],
)  # fmt: skip
def test_what_is_signed_but_no_event_is_a_400_that_says_where(tmp_path: Path, content: bytes) -> None:
    answer, kept = delivered(tmp_path, "stripe", content)
    assert (answer.status_code, kept) == (400, [])
    assert answer.json()["error"] and len(answer.content) < 300


def test_a_burst_of_a_provider_is_taken_and_a_flood_without_signature_is_a_429(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = Rules(RULES.site, RULES.origins, per_second=0.01, burst=3)

    async def talk(deliver: Deliver, _: Collector) -> None:
        for number in range(10):
            body = changed(STRIPE_SESSION, data__object__id=f"cs_{number}")
            assert (await deliver("stripe", body)).status_code == 200
        flood = [await deliver("stripe", b"{}", {"content-type": "application/json"}) for _ in range(5)]
        assert [answer.status_code for answer in flood] == [403, 403, 403, 429, 429]
        assert 90 <= int(flood[3].headers["retry-after"]) <= 100
        assert (await deliver("stripe", STRIPE_SESSION)).status_code == 200, "the same address"

    assert len(taking(tmp_path, talk, rules=rules)) == 11
    [told] = caplog.messages
    assert "/purchase/stripe" in told and "SITE_BUILDER_STRIPE_WEBHOOK_SECRET" in told


def test_slow_senders_cost_the_memory_of_so_many_bodies_and_no_more(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, _: Collector) -> None:
        go = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"{"
            await go.wait()

        waiting = [
            asyncio.create_task(deliver("stripe", slowly(), unsigned(f"198.51.100.{number // ONE_AT_ONCE}")))
            for number in range(AT_ONCE)
        ]
        await asyncio.sleep(0)
        while (answer := await deliver("stripe", STRIPE_SESSION)).status_code == 200:
            await asyncio.sleep(0)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        go.set()
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {403, 429}
        assert (await deliver("stripe", STRIPE_SESSION)).status_code == 200

    rules = Rules(RULES.site, RULES.origins, behind_proxy=True, per_second=0)
    assert {record.id for record in taking(tmp_path, talk, rules=rules)}


@pytest.mark.parametrize("one", ["198.51.100.1", "2001:db8::{:x}"], ids=["an address", "a network"])
def test_who_sends_slowly_keeps_no_provider_out(tmp_path: Path, one: str) -> None:
    async def talk(deliver: Deliver, _: Collector) -> None:
        go, begun = asyncio.Event(), asyncio.Semaphore(0)

        async def slowly() -> AsyncIterator[bytes]:
            begun.release()
            yield b"{"
            await go.wait()

        waiting = [
            asyncio.create_task(deliver("stripe", slowly(), unsigned(one.format(number))))
            for number in range(AT_ONCE + 4)
        ]
        for _ in range(ONE_AT_ONCE):
            await begun.acquire()
        while not any(task.done() for task in waiting):
            await asyncio.sleep(0)
        raw = json.dumps(STRIPE_SESSION).encode()
        answer = await deliver("stripe", raw, {**signed("stripe", raw), "x-forwarded-for": "203.0.113.5"})
        go.set()
        assert answer.status_code == 200
        statuses = [answer.status_code for answer in await asyncio.gather(*waiting)]
        assert statuses.count(403) == ONE_AT_ONCE and statuses.count(503) == len(waiting) - ONE_AT_ONCE
        assert (await deliver("stripe", b"{}", unsigned(one.format(1)))).status_code == 403, "there is room again"

    rules = Rules(RULES.site, RULES.origins, behind_proxy=True, per_second=0)
    assert len(taking(tmp_path, talk, rules=rules)) == 1


def unsigned(address: str) -> dict[str, str]:
    return {"content-type": "application/json", "x-forwarded-for": address}


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.sampled_from(["", "-1", PAID_TEXT]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=10,
)


def paths(value: Any, *above: str) -> list[str]:
    """All places in a body, as ``changed`` takes them."""
    if not isinstance(value, dict):
        return ["__".join(above)]
    return ["__".join(above)] * bool(above) + [
        path for key, inner in value.items() for path in paths(inner, *above, key)
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_does_harm(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes and spoilt events, signed or not: each has a clear answer, and what was kept is in the spool, whole and in bounds."""
    requests: list[tuple[str, bytes, bool]] = []
    for _ in range(data.draw(st.integers(5, 25))):
        provider, body = data.draw(st.sampled_from(PAYMENTS))
        for path in data.draw(st.lists(st.sampled_from(paths(body)), min_size=1, max_size=1)):
            body = changed(body, **{path: data.draw(HOSTILE)})
        raw = data.draw(st.just(json.dumps(body).encode()) | st.binary(max_size=60))
        requests.append((provider, raw, data.draw(st.sampled_from([True, True, True, False]))))
    kept = 0

    async def talk(deliver: Deliver, _: Collector) -> None:
        nonlocal kept
        for provider, raw, right in requests:
            answer = await deliver(provider, raw, None if right else {"content-type": "application/json"})
            assert answer.status_code in ((200, 400) if right else (403,))
            kept += bool(answer.json().get("kept"))

    async def nothing(deliver: Deliver, _: Collector) -> None:
        pass

    rules = Rules(RULES.site, RULES.origins, per_second=0)
    before = len(taking(tmp_path, nothing))
    records = taking(tmp_path, talk, rules=rules)
    assert len(records) == before + kept
    for record in records:
        assert record.name in ("purchase", "refund") and 0 < record.props["amount"] <= 2 * 10**12 and record.t <= NOW
        assert len(record.props["currency"]) == 3 and record.props["currency"].isupper()
