"""The collector as a server: granian in this process, the keeper of the store in another, and where both begin and end."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import resource_tracker
from pathlib import Path

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from site_builder.analytics.asgi import Receive, Scope, Send
from site_builder.analytics.collector import Collector, Rules
from site_builder.analytics.dashboard.key import FILE as KEY_FILE
from site_builder.analytics.keeper import Keeper, Keeping
from site_builder.analytics.metrics import TYPE, prometheus
from site_builder.analytics.purchases.endpoint import PATH, Purchases
from site_builder.analytics.purchases.providers import Secrets
from site_builder.analytics.salt import Salts
from site_builder.analytics.spool import Spool, segment_path, segments
from site_builder.errors import AnalyticsError

BACKLOG = 4096
"""Connections at once; each costs some kilobytes."""
HEADER_MILLISECONDS = 10_000
LOOK_SECONDS = 5.0
SWITCH_SECONDS = 0.001
"""How long the thread that flushes to the disk, and those of the server, wait for the one that reads events. Python's 5 ms would
be in every answer."""
log = logging.getLogger("site_builder.analytics")


@dataclass(frozen=True)
class Service:
    """What `site-builder analytics serve` was told. Without ``keeping``, events stay in the spool."""

    rules: Rules
    data: Path
    host: str = "127.0.0.1"
    port: int = 8010
    keeping: Keeping | None = None
    secrets: Secrets = field(default_factory=dict, repr=False)
    """Of the payment providers whose webhooks are taken at ``/purchase/PROVIDER``."""
    routes: tuple[BaseRoute, ...] = ()
    """What is served beside ``/e``, ``/purchase/``, ``/health`` and ``/metrics``."""
    ready: Callable[[str], None] = field(default=lambda address: None)
    """Called with the address once connections are taken."""


def serve(service: Service) -> None:
    """Collect until SIGTERM or SIGINT; requests that are under way are answered first.

    Raises AnalyticsError if the folder, the spool or the port is another's.
    """
    try:
        service.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        if {path.name for path in service.data.iterdir()} <= {KEY_FILE}:  # a new folder, and not the blog's own
            (service.data / ".gitignore").write_text("*\n", "utf-8")  # what readers do is for no repository
    except OSError as error:
        raise AnalyticsError(f"the folder {service.data} can't be used: {error.strerror}") from None
    _refuse_taken(service.host, service.port)
    sys.setswitchinterval(SWITCH_SECONDS)
    _take_connections()
    asyncio.run(_serve(service))


async def _serve(service: Service) -> None:
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):  # before anything begins that would have to be ended
        loop.add_signal_handler(sign, stopped.set)
    spool = Spool(service.data / "spool")
    collector = Collector(service.rules, spool, Salts(service.data / "salt"))
    for damage in spool.damage:
        log.warning(damage)
    collector.counts.damage += len(spool.damage)
    beside: list[asyncio.Task[None]] = []
    with _deaf_to_ctrl_c():
        keeper = Keeper(service.keeping, spool.folder) if service.keeping else None
    try:
        rest = Starlette(routes=[*_own_routes(collector, keeper), *service.routes])
        server = Server(
            _application(collector, Purchases(collector, service.secrets), rest),
            service.host,
            service.port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
            websockets=False,
            log_enabled=False,
            backlog=BACKLOG,
        )
        beside += [
            asyncio.create_task(one)
            for one in (_look_after(collector, keeper), _announce(service), _stop(server, stopped))
        ]
        gc.collect()
        gc.freeze()  # what is here by now stays, and looking at it again and again would hold answers up
        await server.serve()
    finally:
        for task in beside:
            task.cancel()
        await spool.close()
        if keeper:
            await asyncio.to_thread(keeper.stop)


def _application(
    collector: Collector, purchases: Purchases, rest: Starlette
) -> Callable[[Scope, Receive, Send], object]:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        answering = collector if path == "/e" else purchases if path.startswith(PATH) else rest
        await answering(scope, receive, send)

    return application


def _own_routes(collector: Collector, keeper: Keeper | None) -> list[Route]:
    async def health(request: Request) -> Response:
        """200 while events are kept; 503 if the disk refused the last ones. A store that is down does not stop collecting."""
        said = {"events": "refused: the disk is full or fails" if collector.disk_full else "kept"}
        if keeper:
            said["store"] = "away: events wait in the spool" if keeper.away else "in use"
        return Response(json.dumps(said), 503 if collector.disk_full else 200, media_type="application/json")

    async def metrics(request: Request) -> Response:
        paths = [segment_path(collector.spool.folder, number) for number in segments(collector.spool.folder)]
        sizes = [size for path in paths if (size := _size(path)) is not None]
        gauges = {
            "spool_segments": ("Segments that are not yet dropped.", float(len(sizes))),
            "spool_bytes": ("Bytes of these.", float(sum(sizes))),
            "spool_waiting_bytes": ("Bytes that wait for the disk.", float(collector.spool.gathered)),
            "spool_commits": ("Writes to the disk, each with an fsync.", float(collector.spool.commits)),
        }
        if keeper:
            gauges["events_loaded"] = ("Events that went from the spool into the store.", float(keeper.loaded))
            gauges["store_away"] = ("1 while the store can't be used.", float(keeper.away))
        return PlainTextResponse(prometheus(collector.counts, gauges), media_type=TYPE)

    return [Route("/health", health), Route("/metrics", metrics)]


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # the keeper has dropped it
        return None


async def _look_after(collector: Collector, keeper: Keeper | None) -> None:
    """Salts go in time also when nobody reads, and the keeper is there."""
    while True:
        collector.salts.forget(collector.clock())
        if keeper:
            with _deaf_to_ctrl_c():
                keeper.revive()
        await asyncio.sleep(LOOK_SECONDS)


async def _stop(server: Server, stopped: asyncio.Event) -> None:
    await stopped.wait()
    server.stop()  # type: ignore[no-untyped-call]


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal; one that is started here never hears it, not even while it begins.

    It is held back here meanwhile, and not lost.
    """
    resource_tracker.ensure_running()  # starting a process would start this one first, which lets all signals through again
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


async def _announce(service: Service) -> None:
    """The server tells nobody when it takes connections, so one is made."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (to connect to, not to listen on)
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection(anywhere.get(service.host, service.host), service.port)
            writer.close()
            break
        await asyncio.sleep(0.01)
    host = f"[{service.host}]" if ":" in service.host else service.host
    service.ready(f"http://{host}:{service.port}")


def _take_connections() -> None:
    """Each is a file to the system, which gives a process few unless it asks for more."""
    if sys.platform == "win32":
        return
    import resource

    few, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * BACKLOG if most == resource.RLIM_INFINITY else min(2 * BACKLOG, most)
    if few != resource.RLIM_INFINITY and few < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def _refuse_taken(host: str, port: int) -> None:
    """The server would share the port with another that listens there, and each would get some of the events."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AnalyticsError(
            f"{host}, port {port} can't be listened on: {error.strerror}",
            hint="Stop what listens there, or name another with --host and --port.",
        ) from None
