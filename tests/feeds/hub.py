"""A web host and a WebSub hub on loopback, which do to those who ask what a test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class Host:
    """``files`` are served by path. ``answers`` are a hub's next ones, each a status or ``stall``; then it takes everything."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    answers: list[int | str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[dict[str, str]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def hub(self) -> str:
        return f"{self.url}hub"


@contextmanager
def host() -> Iterator[Host]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            there.asked.append(self.path)
            content = there.files.get(self.path.lstrip("/"))
            self._answer(404 if content is None else 200, content or b"Not found")

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            there.heard.append(dict(parse_qsl(form, strict_parsing=True)))
            answer = there.answers.pop(0) if there.answers else 204
            if isinstance(answer, str):
                there.over.wait(30)
                return
            self._answer(answer, b"" if answer == 204 else b"no such topic here\nmore", **there.headers)

        def _answer(self, status: int, content: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "text/plain", "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Host(f"http://127.0.0.1:{server.server_port}/")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        there.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
