"""An npm registry on this machine that serves what a test puts into it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from site_builder.demos.runtimes import Runtime


def archive(files: dict[str, bytes]) -> bytes:
    """As npm packs them: gzipped, all below ``package/``."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as package:
        for name, content in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(content)
            package.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def integrity(content: bytes) -> str:
    return "sha512-" + b64encode(hashlib.sha512(content).digest()).decode()


def runtime(name: str, packed: bytes, files: dict[str, bytes], needed: list[str]) -> Runtime:
    """A lock of ``needed``."""
    digests = {path: hashlib.sha256(files[path]).hexdigest() for path in needed}
    return Runtime(
        name=name,
        version="1.2.3",
        integrity=integrity(packed),
        size=len(packed),
        licence="MIT",
        notice="Tiny, by example.com\n",
        files=digests,
    )


@dataclass
class Registry:
    """Serves the archive of each name as version 1.2.3, with an integrity that fits it."""

    address: str = ""
    archives: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> bytes | None:
        self.asked.append(path)
        name = path.strip("/").removesuffix(".tgz")
        if name not in self.archives:
            return None
        packed = self.archives[name]
        if path.endswith(".tgz"):
            return packed
        dist = {"tarball": f"{self.address}/{name}.tgz", "integrity": integrity(packed)}
        version = {"name": name, "version": "1.2.3", "dist": dist}
        return json.dumps({"name": name, "dist-tags": {"latest": "1.2.3"}, "versions": {"1.2.3": version}}).encode()


@contextmanager
def serving() -> Iterator[Registry]:
    registry = Registry()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = registry.answer(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body or b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        registry.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield registry
        finally:
            server.shutdown()
            thread.join()
