"""listmonk and Buttondown on this machine, as far as their documentation describes what is used of them, over real HTTP."""

from __future__ import annotations

import json
import re
import threading
from abc import ABC, abstractmethod
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class Service(ABC):
    """Answers by ``answer``; ``heard`` are the requests. ``drop`` ends the connection after so many requests, unanswered."""

    def __init__(self, authorization: str) -> None:
        self.authorization = authorization
        self.heard: list[tuple[str, str, Any]] = []
        self.made: list[dict[str, Any]] = []
        self.drop: set[str] = set()
        self.status: dict[str, int] = {}

    @abstractmethod
    def answer(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]: ...

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                content = json.loads(self.rfile.read(length)) if length else None
                service.heard.append((self.command, parts.path, content))
                step = f"{self.command} {parts.path}"
                code, said = 403, {"message": "no"}
                if self.headers.get("Authorization") == service.authorization:
                    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    code, said = service.answer(self.command, parts.path, query, content)
                code = service.status.get(step, code)
                if step in service.drop:
                    self.close_connection = True
                    return
                raw = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = do

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Listmonk(Service):
    def __init__(self, *lists: int) -> None:
        super().__init__("token bot:s3cret")
        self.lists = lists

    def answer(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        if method == "GET" and (found := re.fullmatch(r"/api/lists/(\d+)", path)):
            known = int(found[1]) in self.lists
            return (200, {"data": {"id": int(found[1])}}) if known else (400, {"message": "list not found"})
        if (method, path) == ("GET", "/api/campaigns"):
            named = [one for one in self.made if query["query"] in one["name"]]
            return 200, {"data": {"results": named, "total": len(named)}}
        if (method, path) == ("POST", "/api/campaigns"):
            lists = [{"id": one, "name": f"List {one}"} for one in content["lists"] if one in self.lists]
            made = {**content, "id": len(self.made) + 1, "status": "draft", "lists": lists}
            self.made.append(made)
            return 200, {"data": made}
        if method == "PUT" and (found := re.fullmatch(r"/api/campaigns/(\d+)/status", path)):
            made = self.made[int(found[1]) - 1]
            made["status"] = content["status"]
            return 200, {"data": made}
        return 404, {"message": "not found"}


class Buttondown(Service):
    def __init__(self, *tags: str) -> None:
        super().__init__("Token s3cret")
        self.tags = tags

    def answer(self, method: str, path: str, query: dict[str, str], content: Any) -> tuple[int, Any]:
        if method == "GET" and path.startswith("/v1/tags/"):
            tag = path.rpartition("/")[2]
            return (200, {"id": tag}) if tag in self.tags else (404, {"detail": "Not Found"})
        if (method, path) == ("POST", "/v1/emails"):
            self.made.append({**content, "id": f"em_{len(self.made) + 1}"})
            return 201, self.made[-1]
        return 404, {"detail": "Not Found"}
