"""Asking a dashboard without a server between: each request as a browser on the same machine sends it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from site_builder.analytics.dashboard.app import OpenStore, Settings, routes
from site_builder.analytics.dashboard.key import make_key
from site_builder.analytics.sqlite_store import SqliteStore
from tests.analytics.made_up import EVENING

HERE = "http://127.0.0.1:8010"
# In a thread of its own: where a browser is driven too, this one's event loop is taken.
_APART = ThreadPoolExecutor(1)


class Author:
    """Somebody at a browser: keeps cookies between requests, follows no redirect by itself."""

    def __init__(self, app: Starlette, at: str = HERE, **headers: str) -> None:
        self.app, self.at = app, at
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.cookies = httpx.Cookies()

    def ask(self, path: str, method: str = "GET", **options: Any) -> httpx.Response:
        return _APART.submit(asyncio.run, self._ask(f"/dashboard/{path}", method, options)).result()

    async def _ask(self, path: str, method: str, options: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 1))
        async with httpx.AsyncClient(
            transport=transport, base_url=self.at, headers=self.headers, cookies=self.cookies
        ) as client:
            answer = await client.request(method, path, **options)
            self.cookies = client.cookies
            return answer

    def sign_in(self, key: str, next: str = "", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("sign-in", "POST", data={"key": key, "next": next}, headers=named)


def make_app(data: Path, store: Path | OpenStore, **settings: Any) -> Starlette:
    """A server that has the dashboard beside its other routes; it is evening on the last day of the made-up events."""
    told = Settings(data, **{"now": lambda: EVENING, **settings})
    return Starlette(routes=routes((lambda: SqliteStore(store)) if isinstance(store, Path) else store, told))


def signed_in(data: Path, store: Path | OpenStore, **settings: Any) -> Author:
    author = Author(make_app(data, store, **settings))
    assert author.sign_in(make_key(data)).status_code == 303
    return author
