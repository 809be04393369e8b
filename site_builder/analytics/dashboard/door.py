"""Who may look: a session begun with the author's key, over HTTPS or on this machine; no guesser gets far."""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from site_builder.analytics.attribution import sender_address
from site_builder.analytics.dashboard.key import SESSION_SECONDS, begin_session, in_session, opens, read_lock
from site_builder.analytics.rates import Rates

COOKIE = "site_builder_dashboard"
LONGEST_FORM = 4096
ATTEMPTS, ATTEMPT_SECONDS = 5, 20.0
"""So many at once, then one in so many seconds, for each address."""
_NEXT = re.compile(r"[a-z]*(?:\?[\x21\x23-\x5b\x5d-\x7e]*)?")
_HERE = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Settings:
    """What the dashboard is told."""

    data: Path
    """The folder with the key's lock."""
    behind_proxy: bool = False
    """Whether every request comes through a proxy that adds to X-Forwarded-For, and says X-Forwarded-Proto."""
    now: Callable[[], int] = lambda: int(time.time())
    """Seconds since 1970."""

    @property
    def moment(self) -> datetime:
        """What time it is, in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)


Page = Callable[..., Response]
"""Makes the page of the form from the request, a status, and the key of the word that says what is wrong."""


class Door:
    """Lets in or shows the form. ``page`` makes it: ``page(request, status, problem, **words)``."""

    def __init__(self, settings: Settings, page: Page) -> None:
        self.settings, self.page = settings, page
        self._rates = Rates(1 / ATTEMPT_SECONDS, ATTEMPTS)
        self._one_at_a_time = asyncio.Lock()

    def is_open(self, request: Request) -> bool:
        """Whether the request is in a session."""
        cookie = request.cookies.get(COOKIE, "")
        lock = read_lock(self.settings.data) if cookie else None
        return lock is not None and in_session(lock, cookie, self.settings.now())

    def form(self, request: Request) -> Response:
        """The form; where nobody can sign in, why not."""
        if not self._private(request):
            return self.page(request, 403, "key_insecure", closed=True)
        if read_lock(self.settings.data) is None:
            return self.page(request, 503, "key_none", closed=True)
        return self.page(request, 200, "")

    async def sign_in(self, request: Request) -> Response:
        """The form as it was sent. A right key begins a session and leads to where the reader wanted to go."""
        if not self._private(request) or (lock := read_lock(self.settings.data)) is None:
            return self.form(request)
        if not own_form(request):
            return self.page(request, 403, "from_elsewhere")
        wait = self._rates.wait(self._address(request), time.monotonic())
        if wait:
            answer = self.page(request, 429, "key_wait", seconds=math.ceil(wait))
            answer.headers["retry-after"] = str(math.ceil(wait))
            return answer
        said = await _fields(request)
        async with self._one_at_a_time:  # each takes 16 MB
            right = await run_in_threadpool(opens, lock, said.get("key", ""))
        if not right:
            return self.page(request, 403, "key_wrong", next=said.get("next", ""))
        answer = RedirectResponse(f"{base(request)}/{safe_next(said.get('next', ''))}", 303)
        answer.set_cookie(
            COOKIE,
            begin_session(lock, self.settings.now()),
            max_age=SESSION_SECONDS,
            path=f"{base(request)}/",
            secure=not self._here(request),
            httponly=True,
            samesite="lax",
        )
        return answer

    async def sign_out(self, request: Request) -> Response:
        """End the session in this browser; a new key ends all."""
        if not own_form(request):
            return self.page(request, 403, "from_elsewhere")
        answer = RedirectResponse(f"{base(request)}/sign-in", 303)
        answer.delete_cookie(COOKIE, path=f"{base(request)}/")
        return answer

    def _private(self, request: Request) -> bool:
        return self._https(request) or self._here(request)

    def _here(self, request: Request) -> bool:
        """Over plain HTTP to this machine, where there is nobody between."""
        return not self._https(request) and (request.url.hostname or "") in _HERE

    def _https(self, request: Request) -> bool:
        said = request.headers.get("x-forwarded-proto", "") if self.settings.behind_proxy else ""
        return (said.rpartition(",")[2].strip() or request.url.scheme) == "https"

    def _address(self, request: Request) -> str:
        peer = request.client.host if request.client else ""
        forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
        return sender_address(peer, forwarded, self.settings.behind_proxy)


def base(request: Request) -> str:
    """Where the dashboard stands on its server, without the last slash."""
    return str(request.scope.get("root_path", ""))


def safe_next(wanted: str) -> str:
    """A view with its question, as an address below the dashboard; nothing for anything else."""
    return wanted if _NEXT.fullmatch(wanted) else ""


def own_form(request: Request) -> bool:
    """Whether a form was sent by a page of this server: browsers say it in Sec-Fetch-Site, older ones in Origin."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a small form, each once; none of a large one."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LONGEST_FORM:
            return {}
    try:
        return {name: values[0] for name, values in parse_qs(body.decode("ascii"), max_num_fields=20).items()}
    except ValueError:
        return {}
