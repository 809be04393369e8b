"""A page that runs jobs in the sandbox, in Chromium and in Firefox where there is one; and a host that nobody shall reach."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Protocol

from playwright.sync_api import Page

from site_builder.build.policy import policy_tag
from site_builder.demos.cachedir import cache_folder
from site_builder.demos.runtimes import PYODIDE, SQL_JS, install

HERE = Path(__file__).parent
ASSETS = HERE.parents[3] / "theme" / "demos" / "site"
HOST = "127.0.0.1"
PATIENCE = 90
# Nothing of a new profile's first minutes: no maker's pages, no look-ups.
FIREFOX = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


class Desk(Protocol):
    """One browser with the page open."""

    def call(self, name: str, *given: Any) -> Any: ...


@dataclass
class Orders:
    """What a browser that asks is to do next, and what it said."""

    next: Queue[dict[str, Any]] = field(default_factory=Queue)
    answers: Queue[Any] = field(default_factory=Queue)


@dataclass
class Site:
    """The page and all that it loads, served; ``asked`` are the paths that browsers asked for."""

    address: str
    orders: Orders
    asked: list[str]


@dataclass
class Trap:
    """Another host: ``caught`` are the first bytes of every connection."""

    address: str
    caught: list[bytes]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *given: Any, site: Site, **options: Any) -> None:
        self.site = site
        super().__init__(*given, **options)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        if self.path != "/desk/next":
            return super().do_GET()
        try:
            self._say(self.site.orders.next.get(timeout=PATIENCE))
        except Empty:
            self._say({"over": True})

    def do_POST(self) -> None:
        said = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/desk/answer":
            self.site.orders.answers.put(json.loads(said))
        self._say(None)

    def _say(self, answer: Any) -> None:
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """Lays the page out in a folder, with the runtimes that are locked, and serves it."""
    shutil.copytree(ASSETS, folder / "assets" / "demos")
    for runtime in (PYODIDE, SQL_JS):
        install(runtime, cache_folder(), folder)
    script = (HERE / "desk.js").read_text(encoding="utf-8")
    script = script.replace('"PYODIDE"', json.dumps(PYODIDE.site_path)).replace(
        '"SQL_JS"', json.dumps(SQL_JS.site_path)
    )
    (folder / "desk.js").write_text(script, encoding="utf-8")
    policy = policy_tag({}).replace("{inline-script-hashes}", "")
    page = f'<!doctype html><meta charset="utf-8">{policy}<body><script type="module" src="desk.js"></script>'
    (folder / "index.html").write_text(page, encoding="utf-8")
    site = Site("", Orders(), [])
    server = ThreadingHTTPServer((HOST, 0), partial(_Handler, site=site, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site.address = f"http://{HOST}:{server.server_port}/"
    yield site
    server.shutdown()
    server.server_close()


@contextmanager
def trapping() -> Iterator[Trap]:
    """A host that answers everybody, with leave to read the answer."""
    listener = socket.create_server((HOST, 0))
    trap = Trap(f"{HOST}:{listener.getsockname()[1]}", [])

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(5)
            try:
                trap.caught.append(connection.recv(200))
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 6\r\nConnection: close\r\n\r\ncaught"
                )
            except OSError:
                trap.caught.append(b"")

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(connection,), daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    yield trap
    listener.close()


@dataclass
class Driven:
    """Chromium, through Playwright."""

    page: Page

    def call(self, name: str, *given: Any) -> Any:
        return self.page.evaluate("([name, given]) => window.desk(name, ...given)", [name, list(given)])


@dataclass
class Asking:
    """A browser that asks the site for its orders."""

    orders: Orders

    def call(self, name: str, *given: Any) -> Any:
        self.orders.next.put({"name": name, "given": given})
        return self.orders.answers.get(timeout=PATIENCE)


def firefox_path() -> str | None:
    """Debian's, or whoever's."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


@contextmanager
def firefox(site: Site, profile: Path) -> Iterator[Asking]:
    """Firefox with the page open, in a profile of its own."""
    path = firefox_path()
    assert path
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in FIREFOX.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    command = [path, "--headless", "--no-remote", "--profile", str(profile), f"{site.address}index.html#ask"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield Asking(site.orders)
        process.terminate()
