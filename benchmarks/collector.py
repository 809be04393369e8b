"""1,000,000 events through HTTP, each on disk before it is answered, while the keeper takes them into SQLite.

The readers are another process on the same machine: 32 of them, each waiting for its answer before it sends again. A body has
eight events, as of a reader who sends when leaving a page (a page view, a few sums of reading, and what was done at hooks).
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from benchmarks.results import Row, at_most, show, step
from site_builder.analytics.store import open_store

EVENTS = 1_000_000
BODY_EVENTS = 8
READERS = 32
RATE_WANTED = 10_000
MILLISECONDS_ALLOWED = 60
MEGABYTES_ALLOWED = 300
SECONDS_TO_LOAD = 300
ORIGIN = "https://example.com"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
HEAD = (
    f"POST /e HTTP/1.1\r\nHost: example.com\r\nOrigin: {ORIGIN}\r\nUser-Agent: {FIREFOX}\r\nAccept-Language: en\r\n"
    "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: "
)


def body(number: int) -> bytes:
    """The request of one page view; ``number`` counts them."""
    now = time.time_ns() // 1_000_000
    view, post = str(UUID(int=number)), str(UUID(int=number % 500))
    place = {"t": now, "pv": view, "url": f"/blog/post-{number % 500}/?utm_source=weekly", "post": post}
    told: list[tuple[str, dict[str, object]]] = [
        ("pageview", {"lang": "en"}),
        *(("engagement", {"scroll": 20 * n, "active_ms": 9_000 * n, "heading": f"part-{n}"}) for n in range(1, 5)),
        ("demo_run", {"demo": "first", "ok": True}),
        ("paywall_view", {"part": "1"}),
        ("cta_view", {"offer": "pro"}),
    ]
    first = number * BODY_EVENTS
    events = [
        {"id": str(UUID(int=first + n)), "name": name, **place, "props": props} for n, (name, props) in enumerate(told)
    ]
    sent = {"v": 1, "site": "blog", "sent": now, "ref": "https://news.example.org/", "width": 1280, "events": events}
    raw = json.dumps(sent, separators=(",", ":")).encode()
    return f"{HEAD}{len(raw)}\r\n\r\n".encode() + raw


@dataclass
class Load:
    """Which bodies are still to be sent, and how long each answer took, in seconds."""

    left: int
    seconds: list[float] = field(default_factory=list)
    refused: int = 0


class Reader(asyncio.Protocol):
    """One connection that is kept: a body, its answer, the next body."""

    def __init__(self, load: Load, done: asyncio.Future[None]) -> None:
        self.load, self.done = load, done

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.send()

    def send(self) -> None:
        if not self.load.left:
            self.transport.close()
            self.done.set_result(None)
            return
        self.load.left -= 1
        raw = body(self.load.left + 1)
        self.began = time.perf_counter()
        self.transport.write(raw)

    def data_received(self, data: bytes) -> None:
        self.load.seconds.append(time.perf_counter() - self.began)
        self.load.refused += not data.startswith(b"HTTP/1.1 202")
        self.send()


def send_all(port: int, bodies: int) -> tuple[float, list[float], int]:
    """Seconds for all, seconds of each answer in order of length, and how many were no 202."""

    async def run() -> tuple[float, list[float], int]:
        load, loop = Load(bodies), asyncio.get_running_loop()
        done = [loop.create_future() for _ in range(READERS)]
        began = time.perf_counter()
        for one in done:
            await loop.create_connection(lambda one=one: Reader(load, one), "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.gather(*done)
        return time.perf_counter() - began, sorted(load.seconds), load.refused

    return asyncio.run(run())


def highest_megabytes(process: int) -> float:
    """The most memory that a process has had so far (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


def children(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def stored(data: Path) -> int:
    with open_store(data) as store:
        return int(store.rows("SELECT COUNT(*) FROM events")[0][0])


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        words = ["--site", "blog", "--origin", ORIGIN, "--data", folder, "--port", str(port), "--rate", "0"]
        collector = subprocess.Popen(
            [sys.executable, "-m", "site_builder", "analytics", "serve", *words], stderr=subprocess.PIPE, text=True
        )
        assert collector.stderr
        collector.stderr.readline()
        with step(f"{EVENTS:,} events"), multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, each, refused = pool.apply(send_all, (port, EVENTS // BODY_EVENTS))
        with step("the rest of the spool into the store") as loading:
            began = time.perf_counter()
            while stored(data) < EVENTS and time.perf_counter() - began < SECONDS_TO_LOAD:
                time.sleep(0.5)
        memory = highest_megabytes(collector.pid)
        keeper = max(highest_megabytes(child) for child in children(collector.pid))
        collector.terminate()
        collector.wait()
        kept = stored(data)
    rows = [
        Row(
            "events/s, each on disk before its answer",
            f"{EVENTS / seconds:,.0f}",
            f"{RATE_WANTED:,}",
            EVENTS / seconds >= RATE_WANTED,
        ),
        Row(f"requests/s, of {BODY_EVENTS} events each", f"{len(each) / seconds:,.0f}"),
        Row("answer, median", f"{1000 * each[len(each) // 2]:.1f} ms"),
        at_most("answer, 99 of 100", 1000 * each[len(each) * 99 // 100], MILLISECONDS_ALLOWED, "{:.1f} ms"),
        at_most("answers that were no 202", refused, 0, "{:,.0f}"),
        Row("events in the store", f"{kept:,}", f"{EVENTS:,}", kept == EVENTS),
        Row("after the last answer until they were", f"{loading.seconds:.0f} s"),
        at_most("memory of the collector", memory, MEGABYTES_ALLOWED, "{:.0f} MB"),
        Row("memory of the keeper beside it", f"{keeper:.0f} MB"),
    ]
    return show(f"{EVENTS:,} events through HTTP, {READERS} readers", rows)


if __name__ == "__main__":
    sys.exit(main())
