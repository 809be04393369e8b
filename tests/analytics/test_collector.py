"""POST /e: good events are kept, bad ones are told why, and hostile ones touch nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from site_builder.analytics.collector import TOLD, Collector, Rules, origins_of
from site_builder.analytics.record import DAY, OLDEST
from site_builder.analytics.spool import WAITING_BYTES
from site_builder.engagement.events import MAX_BODY
from tests.analytics.collecting import FIREFOX, NOW, ORIGIN, RULES, Ask, body, event, send, uuid, visit


def test_a_good_body_is_kept_before_it_is_answered(tmp_path: Path) -> None:
    answer, kept = send(tmp_path, body(event(1), event(2, "pageview")))
    assert answer.status_code == 202
    assert answer.json() == {"accepted": 2, "rejected": []}
    assert [record.id for record in kept] == [uuid(1), uuid(2)]


def test_a_record_has_what_is_known_of_the_sender_and_no_address(tmp_path: Path) -> None:
    told = event(post=uuid(9), url="/blog/caches/?utm_source=weekly&utm_medium=mail&utm_campaign=h%C3%A4+ha&x=1#top")
    _, [record] = send(tmp_path, body(told, ref="https://www.news.example.org/item?id=1", member="m_1"))
    assert len(record.visitor) == 16
    assert record._asdict() == {
        "id": uuid(1), "site": "blog", "name": "engagement", "t": NOW - 500, "received": NOW, "pv": uuid(7),
        "url": "/blog/caches/", "utm_source": "weekly", "utm_medium": "mail", "utm_campaign": "hä ha", "post": uuid(9),
        "visitor": record.visitor, "member": "m_1", "ref": "news.example.org", "width": 1280, "browser": "Firefox",
        "os": "Linux", "device": "desktop", "lang": "zh-CN", "bot": 0, "props": {"scroll": 40, "active_ms": 9_000},
    }  # fmt: skip
    on_disk = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"192.0.2.7" not in on_disk and FIREFOX.encode() not in on_disk


def test_bad_events_are_answered_one_by_one_and_the_good_ones_kept(tmp_path: Path) -> None:
    bad = event(2, props={"scroll": 101, "active_ms": 1})
    answer, kept = send(tmp_path, body(event(1), bad, "secret words", event(4, name="purchase")))
    assert answer.status_code == 202
    assert [one["index"] for one in answer.json()["rejected"]] == [1, 2, 3]
    assert "props.scroll" in answer.json()["rejected"][0]["reason"]
    assert "secret" not in answer.text
    assert [record.id for record in kept] == [uuid(1)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b"\xff\xfe", "body"),
        (b"[]", "body"),
        (b"[" * 60_000, "body"),
        (b'{"v":' * 10_000, "body"),
        (json.dumps(body()).encode().replace(b"9000", b"NaN"), "active_ms"),
        (json.dumps(body()).encode().replace(b"9000", b"1e999"), "active_ms"),
        (json.dumps(body()).encode().replace(b"9000", b"9" * 5_000), "number out of range"),
        (body(v=2), "v"),
        (body(site=...), "site"),
        (body(events=[]), "events"),
        (body(events=[event()] * 101), "events"),
        (body(events={"0": event()}), "events"),
        (body(sent="yesterday"), "sent"),
        (body(sent=-1), "sent"),
        (body(width=10**9), "width"),
        (body(ip="192.0.2.9"), "body"),
        (body(event(id="1")), "id"),
        (body(event(t=10**18)), "t"),
        (body(event(t=True)), "t"),
        (body(event(url="https://example.com/")), "url"),
        (body(event(url="/" + "a" * 2_000)), "url"),
        (body(event(props={"scroll": "40", "active_ms": 1})), "scroll"),
        (body(event(props={"scroll": 4, "active_ms": 1, "__proto__": {}})), "props"),
        (body(event(name="x_a", props={f"k{n}": n for n in range(11)})), "props"),
        (body(event(name=["pageview"])), "name"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_a_400_that_says_where(tmp_path: Path, content: Any, says: str) -> None:
    answer, kept = send(tmp_path, content)
    assert answer.status_code == 400
    assert says in answer.text and len(answer.content) < 500
    assert kept == []


def test_a_body_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    taken = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 1
            yield b" " * 10_000

    async def talk(ask: Ask, collector: Collector) -> None:
        assert (await ask(b" " * (MAX_BODY + 1))).status_code == 413
        assert (await ask(endless())).status_code == 413
        assert (await ask(body())).status_code == 202

    assert len(visit(tmp_path, talk)) == 1
    assert taken == MAX_BODY // 10_000 + 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (415, {"content_type": "application/x-www-form-urlencoded"}),
        (415, {"content_type": None}),
        (415, {"content_encoding": "gzip"}),
        (202, {"content_type": "application/json"}),
        (202, {"content_type": "Text/Plain"}),
        (403, {"origin": "https://example.com.evil.example"}),
        (403, {"origin": "http://example.com"}),
        (403, {"origin": "https://example.com:8443"}),
        (403, {"origin": "null"}),
        (403, {"origin": ""}),
        (202, {"origin": None}),
    ],
)
def test_types_and_origins(tmp_path: Path, status: int, headers: dict[str, str | None]) -> None:
    answer, kept = send(tmp_path, body(), **headers)
    assert answer.status_code == status
    assert len(kept) == (status == 202)
    assert ("access-control-allow-origin" in answer.headers) == (status != 403 and "origin" not in headers)


def test_another_sites_events_are_a_403_which_browsers_keep_and_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """At a 400 they would give them up, and a mistyped --site would cost all events."""

    async def talk(ask: Ask, _: Collector) -> None:
        for site in ("my-blog-041ae680", "my-blog-041ae680", *(f"made-up-{number}" for number in range(2 * TOLD))):
            answer = await ask(body(site=site))
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (403, ORIGIN)
            assert "another site" in answer.text and "made-up" not in answer.text
        for wrong in ("x\nINFO all is well", "Another Site", "x" * 64, 7):
            assert (await ask(body(site=wrong))).status_code == 400

    assert visit(tmp_path, talk) == []
    assert len(caplog.messages) == TOLD
    assert "my-blog-041ae680" in caplog.messages[0] and "--site is blog" in caplog.messages[0]
    assert "all is well" not in caplog.text


def test_another_origin_is_told_once_and_named_only_if_it_is_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    others = ["https://www.example.com", "http://[2001:db8::1]:8000", "null", "", "https://x y", "https://X%0aINFO"]

    async def talk(ask: Ask, _: Collector) -> None:
        for origin in (*others, *others, *(f"https://made-up-{number}.example" for number in range(2 * TOLD))):
            assert (await ask(body(), origin=origin)).status_code == 403

    assert visit(tmp_path, talk) == []
    assert len(caplog.messages) == TOLD
    for named, message in zip(
        ("www.example.com were", "[2001:db8::1]:8000 were", "address that is none were"),
        caplog.messages[:3],
        strict=True,
    ):
        assert named in message and "--origin" in message
    assert "null" not in caplog.text and "INFO" not in caplog.text


def test_a_preflight_is_answered_for_the_sites_origins_alone(tmp_path: Path) -> None:
    async def talk(ask: Ask, collector: Collector) -> None:
        allowed = await ask(b"", "OPTIONS", content_type=None, access_control_request_method="POST")
        assert allowed.status_code == 204
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        assert allowed.headers["access-control-allow-methods"] == "POST"
        assert "access-control-allow-credentials" not in allowed.headers, "nothing is sent with any"
        refused = await ask(b"", "OPTIONS", origin="https://evil.example")
        assert refused.status_code == 403 and "access-control-allow-origin" not in refused.headers

    visit(tmp_path, talk)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_other_methods_are_told_which_there_are(tmp_path: Path, method: str) -> None:
    async def talk(ask: Ask, collector: Collector) -> None:
        answer = await ask(b"", method)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")

    visit(tmp_path, talk)


@pytest.mark.parametrize("header", ["sec_gpc", "dnt"])
def test_of_a_browser_that_asks_for_privacy_nothing_is_kept(tmp_path: Path, header: str) -> None:
    answer, kept = send(tmp_path, body(), **{header: "1"})
    assert (answer.status_code, answer.json()["accepted"], kept) == (202, 0, [])
    _, kept = send(tmp_path, body(), rules=Rules("blog", (ORIGIN,), respect_privacy=False), **{header: "1"})
    assert len(kept) == 1


def test_a_flood_from_one_address_is_a_429_and_others_go_on(tmp_path: Path) -> None:
    rules = Rules("blog", (ORIGIN,), behind_proxy=True, per_second=0.01, burst=3)

    async def talk(ask: Ask, collector: Collector) -> None:
        flood = [await ask(body(event(number)), x_forwarded_for="198.51.100.1") for number in range(5)]
        assert [answer.status_code for answer in flood] == [202, 202, 202, 429, 429]
        assert 90 <= int(flood[3].headers["retry-after"]) <= 100
        assert (await ask(body(event(9)), x_forwarded_for="198.51.100.2")).status_code == 202

    assert len(visit(tmp_path, talk, rules)) == 4


def test_behind_a_proxy_the_last_address_counts_and_else_none(tmp_path: Path) -> None:
    def visitor(forwarded: str | None, behind_proxy: bool, peer: str = "10.0.0.1") -> str:
        rules = Rules("blog", (ORIGIN,), behind_proxy=behind_proxy)
        _, [*_, record] = send(tmp_path, body(), rules=rules, peer=peer, x_forwarded_for=forwarded)
        return str(record.visitor)

    ada = visitor(None, False, peer="198.51.100.1")
    assert visitor("198.51.100.1", True) == ada
    assert visitor("203.0.113.5, 198.51.100.1", True) == ada, "what the sender wrote himself is not believed"
    assert visitor("203.0.113.5, 198.51.100.1:4711", True) == ada, "some proxies write the port too"
    assert visitor("[2001:db8::1]:4711", True) == visitor("2001:db8::1", True)
    assert visitor("198.51.100.1, 203.0.113.5", True) != ada
    assert visitor("198.51.100.1", False) != ada
    assert visitor("no address", True) == visitor(None, False)


@pytest.mark.parametrize(
    ("behind_proxy", "peer", "forwarded", "told"),
    [
        (True, "127.0.0.1", None, "without X-Forwarded-For"),
        (False, "127.0.0.1", "198.51.100.1", "--behind-proxy is missing"),
        (False, "198.51.100.1", "203.0.113.5", ""),
        (True, "127.0.0.1", "198.51.100.1", ""),
        (False, "127.0.0.1", None, ""),
    ],
)
def test_a_proxy_that_is_set_up_by_halves_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, behind_proxy: bool, peer: str, forwarded: str | None, told: str
) -> None:
    async def talk(ask: Ask, collector: Collector) -> None:
        for _ in range(2):
            await ask(body(), x_forwarded_for=forwarded)

    visit(tmp_path, talk, Rules("blog", (ORIGIN,), behind_proxy=behind_proxy), peer)
    assert len(caplog.records) == bool(told) and told in caplog.text


def test_the_site_itself_is_no_source_and_neither_is_nonsense(tmp_path: Path) -> None:
    for referrer in (f"{ORIGIN}/blog/", "http://[", "javascript:alert(1)", ""):
        _, [*_, record] = send(tmp_path, body(ref=referrer))
        assert record.ref == ""


def test_times_lie_in_the_week_before_whatever_clocks_say(tmp_path: Path) -> None:
    wrong = 10 * 365 * DAY
    told = [event(1, t=NOW + wrong), event(2, t=NOW + wrong - 3_000), event(3, t=1), event(4, t=NOW + 2 * wrong)]
    _, kept = send(tmp_path, body(*told, sent=NOW + wrong))
    assert [record.t for record in kept] == [NOW, NOW - 3_000, NOW - OLDEST, NOW]


def test_what_waited_since_other_days_ties_none_of_them_together(tmp_path: Path) -> None:
    """One body, from one browser: an event of today, two of the day before yesterday, and one from before that."""
    before = NOW - 2 * DAY
    times = (NOW, before, before + 1000, before - 1000)

    async def talk(ask: Ask, _: Collector) -> None:
        waited = body(*(event(number, t=t) for number, t in enumerate(times)))
        assert (await ask(waited)).status_code == 202
        assert (await ask(body(event(9, t=NOW)))).status_code == 202

    visitors = [record.visitor for record in visit(tmp_path, talk)]
    assert visitors[0] == visitors[4] and visitors[1] == visitors[2]
    assert len(set(visitors)) == 3


def test_programs_are_kept_apart_and_counted(tmp_path: Path) -> None:
    async def talk(ask: Ask, collector: Collector) -> None:
        assert (await ask(body(event(1)), user_agent="curl/8.5.0")).status_code == 202
        assert (await ask(body(event(2), width=...), origin=None)).status_code == 202
        assert (await ask(body(event(3)))).status_code == 202
        assert (collector.counts.accepted, collector.counts.bots) == (3, 2)

    assert [record.bot for record in visit(tmp_path, talk)] == [100, 50, 0]


def test_what_the_disk_does_not_take_is_a_503_and_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def talk(ask: Ask, collector: Collector) -> None:
        collector.spool._gathered = WAITING_BYTES
        for _ in range(3):
            answer = await ask(body())
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
            assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert collector.disk_full
        collector.spool._gathered = 0
        assert (await ask(body())).status_code == 202
        assert not collector.disk_full

    assert len(visit(tmp_path, talk)) == 1
    assert [record.message for record in caplog.records] == [
        "events can't be kept and are refused: the disk can't keep up",
        "events are kept again",
    ]


HOSTILE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
FIELDS = [*event(), "props", "scroll", "kind", "text", "helpful", "demo", "ok"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_does_harm(tmp_path: Path, data: st.DataObject) -> None:
    """Bytes, JSON, and events of which something is wrong: each has a clear answer, and all that was acknowledged is in the
    spool, whole."""
    bodies: list[bytes] = []
    for _ in range(data.draw(st.integers(5, 30))):
        spoilt = event(
            name=data.draw(st.sampled_from(["engagement", "feedback", "x_own", "demo_run", "pageview"]) | st.text())
        )
        spoilt[data.draw(st.sampled_from(FIELDS))] = data.draw(HOSTILE)
        whole = body(spoilt, event())
        if data.draw(st.booleans()):
            whole[data.draw(st.sampled_from(list(whole)))] = data.draw(HOSTILE)
        bodies.append(
            data.draw(st.sampled_from([json.dumps(whole).encode(), json.dumps(spoilt).encode()]) | st.binary())
        )
    accepted = 0

    async def talk(ask: Ask, collector: Collector) -> None:
        nonlocal accepted
        for content in bodies:
            answer = await ask(content)
            said = answer.json()
            assert answer.status_code in (202, 400)
            assert said.get("accepted", 0) or answer.status_code == 400
            accepted += said.get("accepted", 0)

    known = visit(tmp_path, lambda ask, collector: _nothing())
    assert len(visit(tmp_path, talk, Rules(RULES.site, RULES.origins, per_second=0))) == len(known) + accepted


async def _nothing() -> None:
    pass


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://example.com", "https://example.com"),
        ("https://Example.com:443/", "https://example.com"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_origins_are_written_as_browsers_write_them(address: str, origin: str) -> None:
    assert origins_of([address, address]) == (origin,)


@pytest.mark.parametrize(
    "address",
    [
        "example.com",
        "ftp://example.com",
        "https://",
        "https://a:b@example.com",
        "https://@example.com",
        "https://a:99999",
        "https://example.com/blog/",
        "https://example.com//",
        "https://example.com?x=1",
        "https://example.com/#top",
    ],
)
def test_what_is_no_origin_is_named(address: str) -> None:
    with pytest.raises(ValueError, match=re.escape(address)):
        origins_of([address])
