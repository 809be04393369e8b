"""A payment as it comes in reality: signed, through HTTP, into the store of the running command, once, and into its numbers."""

from __future__ import annotations

import http.client
import json
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from site_builder.analytics.period import Period
from site_builder.analytics.questions.reading import overview
from site_builder.analytics.store import open_store
from tests.analytics.paying import POLAR_ORDER, SECRETS, STRIPE_SESSION, changed, signed
from tests.analytics.serving import command, get


def deliver(port: int, provider: str, raw: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", f"/purchase/{provider}", raw, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def by_openssl(raw: bytes, secret: str, at: int) -> str:
    """A signature of Stripe's, made as docs/purchases.md shows it."""
    told = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", secret, "-r"],
        input=b"%d.%s" % (at, raw),
        capture_output=True,
        check=True,
    )
    return f"t={at},v1={told.stdout.split()[0].decode()}"


def test_payments_are_in_the_store_of_the_running_command_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = SECRETS["stripe"][0].decode()
    monkeypatch.setenv("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", f"whsec_of_before, {secret}")
    monkeypatch.setenv("SITE_BUILDER_POLAR_WEBHOOK_SECRET", SECRETS["polar"][0].decode())
    monkeypatch.setenv("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", "")
    now = int(time.time())
    session = json.dumps(changed(STRIPE_SESSION, created=now)).encode()
    order = json.dumps(changed(POLAR_ORDER, timestamp=datetime.fromtimestamp(now, UTC).isoformat())).encode()
    with command(tmp_path) as shell:
        by_hand = {"content-type": "application/json", "stripe-signature": by_openssl(session, secret, now)}
        for _ in range(2):
            status, said = deliver(shell.port, "stripe", session, by_hand)
            assert (status, said["kept"], said["offer"], said["amount"]) == (200, "purchase", "pro", 1190)
        assert deliver(shell.port, "polar", order, signed("polar", order, at=now))[0] == 200
        assert deliver(shell.port, "stripe", order, by_hand)[0] == 403
        assert deliver(shell.port, "paddle", order, {"content-type": "application/json"})[0] == 404
        text = get(shell.port, "/metrics")[1]
        assert 'analytics_webhooks_total{provider="stripe",became="kept"} 2\n' in text
        assert 'analytics_webhooks_total{provider="stripe",became="refused"} 1\n' in text
        assert 'analytics_webhooks_total{provider="polar",became="kept"} 1\n' in text
    assert shell.process.returncode == 0
    assert f"payments of stripe at http://127.0.0.1:{shell.port}/purchase/stripe" in shell.said
    assert "paddle" not in shell.said and secret not in shell.said
    with open_store(tmp_path) as store:
        assert store.rows("SELECT name, key, outcome, amount FROM events") == [("purchase", "pro", "EUR", 1190)] * 2
        day = datetime.fromtimestamp(now, UTC).date()
        assert ("purchase", 2) in overview(store, Period(day, day)).rows
