"""A payment as it comes in reality: signed, through HTTP, into the store of the running command, once, and into its numbers."""

from __future__ import annotations

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
from tests.analytics.serving import command, deliver, get
from tests.docs import DOCS, blocks


def shown(port: int) -> Any:
    """What the documentation's own request answers, which has openssl sign it."""
    [script] = [block.text for block in blocks("bash") if block.page == DOCS / "purchases.md"]
    script = script.replace("127.0.0.1:8010", f"127.0.0.1:{port}")
    told = subprocess.run(["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def test_payments_are_in_the_store_of_the_running_command_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stripe = SECRETS["stripe"][0].decode()
    monkeypatch.setenv("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", f"whsec_of_before_0123456789, {stripe}")
    monkeypatch.setenv("SITE_BUILDER_POLAR_WEBHOOK_SECRET", SECRETS["polar"][0].decode())
    monkeypatch.setenv("SITE_BUILDER_PADDLE_WEBHOOK_SECRET", "")
    now = int(time.time())
    session = json.dumps(changed(STRIPE_SESSION, data__object__created=now)).encode()
    order = json.dumps(changed(POLAR_ORDER, data__created_at=datetime.fromtimestamp(now, UTC).isoformat())).encode()
    with command(tmp_path) as shell:
        monkeypatch.setenv("SITE_BUILDER_STRIPE_WEBHOOK_SECRET", stripe)
        [answer] = [block.text for block in blocks("json") if block.page == DOCS / "purchases.md"]
        assert shown(shell.port) == json.loads(answer)
        for _ in range(2):
            assert deliver(shell.port, "stripe", session, signed("stripe", session, at=now))[0] == 200
        assert deliver(shell.port, "polar", order, signed("polar", order, at=now))[0] == 200
        assert deliver(shell.port, "stripe", order, signed("polar", order, at=now))[0] == 403
        assert deliver(shell.port, "paddle", order, {"content-type": "application/json"})[0] == 404
        text = get(shell.port, "/metrics")[1]
        assert 'analytics_webhooks_total{provider="stripe",became="kept"} 3\n' in text
        assert 'analytics_webhooks_total{provider="stripe",became="refused"} 1\n' in text
        assert 'analytics_webhooks_total{provider="polar",became="kept"} 1\n' in text
    assert shell.process.returncode == 0
    assert f"payments of stripe at http://127.0.0.1:{shell.port}/purchase/stripe" in shell.said
    assert "paddle" not in shell.said and stripe not in shell.said
    with open_store(tmp_path) as store:
        found = store.rows("SELECT name, key, outcome, amount FROM events ORDER BY amount")
        assert found == [("purchase", "pro", "EUR", amount) for amount in (1190, 1190, 1200)]
        day = datetime.fromtimestamp(now, UTC).date()
        assert ("purchase", 3) in overview(store, Period(day, day)).rows
