"""POST /purchase/PROVIDER: signed payments are kept once and without names; all else is refused, and says nothing of why."""

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
from site_builder.analytics.loader import load
from site_builder.analytics.period import Period, day_of
from site_builder.analytics.purchases.endpoint import AT_ONCE, MAX_WEBHOOK
from site_builder.analytics.purchases.providers import load_secrets
from site_builder.analytics.questions.reading import overview
from site_builder.analytics.record import DAY, OLDEST
from site_builder.analytics.spool import WAITING_BYTES
from site_builder.analytics.store import open_store
from site_builder.errors import ConfigError
from tests.analytics.collecting import NOW, RULES
from tests.analytics.paying import (
    LEMON_INVOICE,
    LEMON_ORDER,
    LEMON_REFUND,
    PADDLE_REFUND,
    PADDLE_TRANSACTION,
    PAID,
    PAID_TEXT,
    POLAR_ORDER,
    POLAR_REFUND,
    POST,
    SECRETS,
    STRIPE_INVOICE,
    STRIPE_REFUND,
    STRIPE_SESSION,
    Deliver,
    changed,
    delivered,
    signed,
    taking,
)

PAYMENTS = (
    ("stripe", STRIPE_SESSION), ("stripe", STRIPE_INVOICE), ("stripe", STRIPE_REFUND), ("paddle", PADDLE_TRANSACTION),
    ("paddle", PADDLE_REFUND), ("lemonsqueezy", LEMON_ORDER), ("lemonsqueezy", LEMON_INVOICE), ("lemonsqueezy", LEMON_REFUND),
    ("polar", POLAR_ORDER), ("polar", POLAR_REFUND),
)  # fmt: skip


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


def test_while_a_secret_is_changed_both_are_good(tmp_path: Path) -> None:
    both = load_secrets({"SITE_BUILDER_STRIPE_WEBHOOK_SECRET": " whsec_of_old, whsec_of_now\n"})
    assert both == {"stripe": (b"whsec_of_old", b"whsec_of_now")}
    raw = json.dumps(STRIPE_SESSION).encode()

    async def talk(deliver: Deliver, _: Collector) -> None:
        for secret, status in ((b"whsec_of_old", 200), (b"whsec_of_now", 200), (b"whsec_of_all", 403)):
            assert (await deliver("stripe", raw, signed("stripe", raw, secret))).status_code == status

    assert len(taking(tmp_path, talk, both)) == 2


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
    _, [record] = delivered(tmp_path, "stripe", changed(STRIPE_SESSION, created=created))
    assert record.t == t


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


def test_what_the_disk_does_not_take_is_a_503_and_sent_again_by_the_provider(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, collector: Collector) -> None:
        collector.spool._gathered = WAITING_BYTES
        assert (await deliver("paddle", PADDLE_TRANSACTION)).status_code == 503
        collector.spool._gathered = 0
        assert (await deliver("paddle", PADDLE_TRANSACTION)).status_code == 200

    assert len(taking(tmp_path, talk)) == 1


def test_slow_senders_cost_the_memory_of_so_many_bodies_and_no_more(tmp_path: Path) -> None:
    async def talk(deliver: Deliver, _: Collector) -> None:
        go = asyncio.Event()

        async def slowly() -> AsyncIterator[bytes]:
            yield b"{"
            await go.wait()

        headers = {"content-type": "application/json"}
        waiting = [asyncio.create_task(deliver("stripe", slowly(), headers)) for _ in range(AT_ONCE)]
        await asyncio.sleep(0)
        while (answer := await deliver("stripe", STRIPE_SESSION)).status_code == 200:
            await asyncio.sleep(0)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        go.set()
        assert {answer.status_code for answer in await asyncio.gather(*waiting)} <= {403, 429}
        assert (await deliver("stripe", STRIPE_SESSION)).status_code == 200

    assert {record.id for record in taking(tmp_path, talk, rules=Rules(RULES.site, RULES.origins, per_second=0))}


def test_secrets_come_from_the_environment_and_an_empty_one_is_none() -> None:
    names = {name: f"SITE_BUILDER_{name.upper()}_WEBHOOK_SECRET" for name in SECRETS}
    assert load_secrets({}) == {}
    assert load_secrets({names["stripe"]: "", names["paddle"]: " ,\n"}) == {}
    assert load_secrets({names[name]: secrets[0].decode() for name, secrets in SECRETS.items()}) == SECRETS


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", "short"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "sk_live_0123456789"),
        ("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", "whsec_0123456789,sk_live_0123456789"),
    ],
)
def test_a_secret_that_can_be_none_is_named_but_not_repeated(variable: str, value: str) -> None:
    with pytest.raises(ConfigError) as error:
        load_secrets({variable: value})
    assert variable in str(error.value) and value not in str(error.value)


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
