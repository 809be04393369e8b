"""Real collectors for tests: quick children that may be killed, and the command itself as the shell starts it."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from site_builder.analytics.collector import Rules
from tests.analytics.collecting import BROWSER, ORIGIN
from tests.ports import free_port

RULES = Rules("blog", (ORIGIN,), per_second=0)
# Children are forked from a process that has loaded everything, so that each begins in a few milliseconds.
QUICK = multiprocessing.get_context("forkserver")
QUICK.set_forkserver_preload(["site_builder.analytics.serve"])


def run_quick(data: Path, port: int, ready: Connection, file_bytes: int) -> None:
    from site_builder.analytics.serve import Service, serve

    if file_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    serve(Service(RULES, data, port=port, ready=ready.send))


@contextmanager
def quick(data: Path, port: int, file_bytes: int = 0) -> Iterator[BaseProcess]:
    """A collector without a store; it takes connections, and is killed at the end if it still runs."""
    here, there = QUICK.Pipe(duplex=False)
    process = QUICK.Process(target=run_quick, args=(data, port, there, file_bytes))
    process.start()
    there.close()
    try:
        assert here.recv() == f"http://127.0.0.1:{port}"
        yield process
    finally:
        process.kill()
        process.join()


@dataclass
class Shell:
    """A running `site-builder analytics serve`; ``said`` is what it printed, once it has ended."""

    port: int
    process: subprocess.Popen[str]
    said: str = ""


@contextmanager
def command(data: Path, *options: str) -> Iterator[Shell]:
    """The command, from when it takes connections; ended by SIGTERM, and so with all of the spool in the store."""
    port = free_port()
    words = [
        "analytics",
        "serve",
        "--site",
        "blog",
        "--origin",
        ORIGIN,
        "--data",
        str(data),
        "--port",
        str(port),
        *options,
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "site_builder", *words], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    shell = Shell(port, process)
    assert process.stderr
    try:
        for line in process.stderr:
            shell.said += line
            if line.startswith("collecting at"):
                break
        yield shell
    finally:
        process.terminate()
        shell.said += process.stderr.read()
        process.wait()
        process.stderr.close()


def post(port: int, content: Any, host: str = "127.0.0.1", **headers: str) -> tuple[int, dict[str, Any]]:
    """One request on a connection of its own; the status and the JSON of the answer."""
    connection = http.client.HTTPConnection(host, port)
    try:
        connection.request("POST", "/e", json.dumps(content), {**BROWSER, **headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def deliver(port: int, provider: str, raw: bytes, headers: dict[str, str]) -> tuple[int, Any]:
    """One webhook; the status and the JSON of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", f"/purchase/{provider}", raw, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()
