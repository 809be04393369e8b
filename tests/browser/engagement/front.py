"""A static host in front of the collector, as Caddy or nginx would be: it serves a folder and passes ``/e`` on."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Told:
    """A request that came to be passed on or taken: ``path`` with its query, header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Front:
    """Where it passes events on to, and all that came."""

    folder: Path
    collector: str = ""
    """Of ``http://host:port/e``; where there is none, as on a host without one, 404."""
    down: bool = False
    """Nobody is there to whom events could be passed on."""
    told: list[Told] = field(default_factory=list)


def _request(handler: SimpleHTTPRequestHandler) -> Told:
    length = int(handler.headers.get("content-length") or 0)
    headers = {name.lower(): value for name, value in handler.headers.items()}
    return Told(handler.command, handler.path, headers, handler.rfile.read(length))


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, *arguments: Any, front: Front) -> None:
        self.front = front
        super().__init__(*arguments, directory=str(front.folder))

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def do_POST(self) -> None:
        told = _request(self)
        self.front.told.append(told)
        if not self.front.collector:
            self.send_error(404)
            return
        if self.front.down:
            self.send_error(502)
            return
        with closing(http.client.HTTPConnection(urlsplit(self.front.collector).netloc)) as connection:
            connection.request("POST", "/e", told.body, told.headers)
            answer = connection.getresponse()
            content = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class _Services(SimpleHTTPRequestHandler):
    """Takes whatever it is sent, from any site, as the services do whose adapters are tested."""

    told: list[Told]

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _take(self) -> None:
        self.told.append(_request(self))
        self.send_response(202)
        for name in ("origin", "headers", "methods"):
            self.send_header(f"Access-Control-Allow-{name}", "*")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_OPTIONS = _take


@dataclass(frozen=True)
class Running:
    """A server and where it is."""

    address: str
    server: ThreadingHTTPServer

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that has been left does not wait for its answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _start(handler: Callable[..., Any]) -> Running:
    server = _Server((HOST, 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return Running(f"http://{HOST}:{server.server_port}/", server)


def serve_front(front: Front) -> Running:
    return _start(partial(_Handler, front=front))


def serve_services(told: list[Told]) -> Running:
    return _start(type("Services", (_Services,), {"told": told}))
