"""A static host on loopback, in a process of its own so that it takes no time from who measures.

As real hosts do, it keeps connections open, compresses text once, and answers that a file has not changed.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
_COMPRESSED = ("text/", "application/json", "image/svg", "application/xml")


@cache
def _answer(path: Path) -> tuple[bytes, dict[str, str]]:
    """A file's body, compressed if it is text, and its headers."""
    body, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    headers = {"Content-Type": kind, "Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
    if kind.startswith(_COMPRESSED):
        body = gzip.compress(body, 6, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return body, headers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together
    folder: Path

    def do_GET(self) -> None:
        path = self.folder / unquote(urlsplit(self.path).path).lstrip("/")
        path = path / "index.html" if path.is_dir() else path
        if self.folder not in path.resolve().parents or not path.is_file():
            self.send_error(404)
            return
        body, headers = _answer(path)
        unchanged = self.headers.get("If-None-Match") == headers["ETag"]
        self.send_response(304 if unchanged else 200)
        for name, value in headers.items():
            self.send_header(name, value)
        if not unchanged:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that closes a connection is no error; whatever else goes wrong is missed by who has asked."""


@contextmanager
def hosting(folder: Path) -> Iterator[str]:
    """Serve ``folder``, which may still be empty, and give its address. Each file is read once, at the first request."""
    command = [sys.executable, "-m", "benchmarks.host", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        try:
            yield f"http://{HOST}:{process.stdout.readline().strip()}/"
        finally:
            process.stdin.close()


def main() -> None:
    """Serve until standard input ends: with whoever has started it."""
    _Handler.folder = Path(sys.argv[1]).resolve()
    server = _Server((HOST, 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
