"""The dashboard as an ASGI application: its pages, the CSV and JSON behind them, and the headers that keep them to themselves."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from site_builder.analytics.dashboard.asked import DAYS, Asked, Unclear, read_asked, read_language, usual
from site_builder.analytics.dashboard.charts import bar
from site_builder.analytics.dashboard.door import Door, Settings, base, safe_next
from site_builder.analytics.dashboard.page import choices, hidden, notes, post_choice, post_title, shown
from site_builder.analytics.dashboard.stores import OpenStore, Stores
from site_builder.analytics.dashboard.views import FIRST, VIEWS
from site_builder.analytics.dashboard.words import LANGUAGES, NAMES, Language, column_word, word
from site_builder.analytics.questions import QUESTIONS
from site_builder.analytics.questions.once import Once
from site_builder.errors import AnalyticsError, SiteError
from site_builder.theme import theme_file

__all__ = ["OpenStore", "Settings", "dashboard", "routes"]

log = logging.getLogger("site_builder.analytics")
PATH = "/dashboard"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
KEPT = "public, max-age=31536000, immutable"
"""The script and style sheet under an address with their version."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-robots-tag": "noindex",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def routes(open_store: OpenStore, settings: Settings) -> tuple[BaseRoute, ...]:
    """What a server adds to its own routes, to have the dashboard at ``/dashboard/``."""

    def slash(request: Request) -> Response:
        return RedirectResponse(f"{base(request)}{PATH}/", 308)

    return Route(PATH, slash), Mount(PATH, dashboard(open_store, settings))


def dashboard(open_store: OpenStore, settings: Settings) -> Starlette:
    """The application; ``open_store`` is called in a thread, when a page finds no store that is open and idle.

    Without its script and style sheet it is plain, but there: that is no reason to stop collecting.
    """
    assets = assets_dir()
    if assets is None:
        log.warning("the dashboard's script and style sheet are missing; in a checkout, `make theme` makes them")
    pages = _Pages(open_store, settings, assets)
    door = pages.door
    return Starlette(
        routes=[
            Route("/", pages.view),
            Route("/sign-in", door.form),
            Route("/sign-in", door.sign_in, methods=["POST"]),
            Route("/sign-out", door.sign_out, methods=["POST"]),
            Route("/data/{question}.{form}", pages.data),
            Route("/static/{name}", pages.asset),
            Route("/{view}", pages.view),
        ],
        middleware=[Middleware(_Headers), Middleware(GZipMiddleware, compresslevel=4)],
        exception_handlers={AnalyticsError: pages.away, 404: pages.nowhere},
    )


def assets_dir() -> Path | None:
    """The folder of the script and style sheet; None if the installation lacks it."""
    try:
        return theme_file("dashboard/main.css").parent
    except SiteError:
        return None


def version(files: Mapping[str, bytes]) -> str:
    """What stands in the addresses of the script and style sheet, so that a browser may keep them until they change."""
    return hashlib.sha256(b"".join(files[name] for name in sorted(files))).hexdigest()[:12]


class _Pages:
    def __init__(self, open_store: OpenStore, settings: Settings, assets: Path | None) -> None:
        self.stores, self.settings = Stores(open_store), settings
        self.door = Door(settings, self.sign_in_page)
        self._templates = Environment(
            loader=PackageLoader(__package__ or ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._templates.globals |= {"bar": bar, "days": DAYS, "views": tuple(VIEWS), "languages": NAMES}
        # In memory: what a server sends by itself from a file is not compressed.
        self.assets = {path.name: path.read_bytes() for path in assets.iterdir()} if assets else {}
        self.version = self._templates.globals["version"] = version(self.assets)

    def view(self, request: Request) -> Response:
        """A view; to who has not signed in, the way there."""
        name = request.path_params.get("view", FIRST)
        if name not in VIEWS:
            return self.nowhere(request)
        if not self.door.is_open(request):
            asks = f"?{request.url.query}" if request.url.query else ""
            return self._to_sign_in(request, safe_next(f"{name}{asks}"))
        asked, problem = self._asked(request)
        with self.stores.one() as opened:
            store = Once(opened)
            manifest = store.manifest()
            offered = choices(asked, manifest)
            if name == "depth":
                offered = [post_choice(store, asked, manifest), *offered]
            panels = shown(name, store, asked, base(request), self.settings.moment)
            return self._page(
                request,
                "view.html",
                400 if problem else 200,
                asked.language,
                asked=asked,
                view=name,
                problem=problem,
                panels=panels,
                notes=notes(panels, asked),
                choices=offered,
                hidden=hidden(asked, offered),
                post_title=post_title(manifest, asked.where.post) or asked.where.post,
                site=manifest.title if manifest else "",
            )

    def data(self, request: Request) -> Response:
        """A question's whole answer as CSV or JSON, for who has signed in."""
        if not self.door.is_open(request):
            return PlainTextResponse("sign in first\n", 401)
        question, form = request.path_params["question"], request.path_params["form"]
        if question not in QUESTIONS or form not in ("csv", "json"):
            return PlainTextResponse("there is no such answer\n", 404)
        asked, problem = self._asked(request)
        if problem:
            return PlainTextResponse(word(problem, "en") + "\n", 400)
        with self.stores.one() as store:
            table = QUESTIONS[question](store, asked.period, where=asked.where)
        name = f"{question}-{asked.period.since}-{asked.period.until}.{form}"
        saved = {"content-disposition": f'attachment; filename="{name}"'} if form == "csv" else {}
        media_type = "text/csv; charset=utf-8" if form == "csv" else "application/json"
        return Response(table.csv() if form == "csv" else table.json(), media_type=media_type, headers=saved)

    def asset(self, request: Request) -> Response:
        """The script or the style sheet, or the licence of what is in them."""
        name = request.path_params["name"]
        if name not in self.assets:
            return self.nowhere(request)
        kept = KEPT if request.query_params.get("v") == self.version else "no-cache"
        kind = {".js": "text/javascript", ".css": "text/css"}.get(Path(name).suffix, "text/plain")
        return Response(self.assets[name], media_type=kind, headers={"cache-control": kept})

    def sign_in_page(
        self, request: Request, status: int, problem: str, *, closed: bool = False, next: str = "", **said: int
    ) -> Response:
        language = read_language(request.query_params, request.headers.get("accept-language", ""))
        wanted = safe_next(next or request.query_params.get("next", ""))
        words = word(problem, language).format(**said) if problem else ""
        return self._page(request, "sign_in.html", status, language, problem=words, closed=closed, next=wanted, site="")

    def nowhere(self, request: Request, error: Exception | None = None) -> Response:
        return self._message(request, 404, "not_found")

    def away(self, request: Request, error: Exception) -> Response:
        """The store can't be used. Why, only who has signed in is told; what the door reads comes before that."""
        try:
            said = str(error) if self.door.is_open(request) else ""
        except AnalyticsError:
            said = ""
        return self._message(request, 503, "store_away", said)

    def _message(self, request: Request, status: int, key: str, said: str = "") -> Response:
        language = read_language(request.query_params, request.headers.get("accept-language", ""))
        return self._page(request, "message.html", status, language, key=key, said=said, site="")

    def _asked(self, request: Request) -> tuple[Asked, str]:
        """What is asked, or the usual and the key of what is wrong."""
        said, languages = request.query_params, request.headers.get("accept-language", "")
        today = self.settings.moment.date()
        try:
            return read_asked(said, languages, today), ""
        except Unclear as unclear:
            return usual(said, languages, today), str(unclear)

    def _to_sign_in(self, request: Request, wanted: str) -> Response:
        language = request.query_params.get("lang", "")
        said = [("next", wanted)] if wanted not in ("", FIRST) else []
        said += [("lang", language)] if language in LANGUAGES else []
        return RedirectResponse(f"{base(request)}/sign-in" + (f"?{urlencode(said)}" if said else ""), 303)

    def _page(self, request: Request, template: str, status: int, language: Language, **about: object) -> Response:
        words = {"t": partial(_word, language), "label": partial(column_word, language=language), "language": language}
        text = self._templates.get_template(template).render(base=base(request), **about, **words)
        return HTMLResponse(text, status, headers={"cache-control": "no-store"})


def _word(language: Language, key: str, **said: object) -> str:
    text = word(key, language)
    return text.format(**said) if said else text


class _Headers:
    """Puts ``HEADERS`` on every answer, lets nobody keep what does not say so itself, and logs what went wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def send_with(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
            await send(message)

        try:
            await self.app(scope, receive, send_with)
        except Exception:
            log.exception("a page of the dashboard could not be made")
            if not begun:
                await PlainTextResponse("The page could not be made; the log says why.\n", 500)(
                    scope, receive, send_with
                )
