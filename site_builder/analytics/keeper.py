"""The process beside the collector: takes events from the spool into the store, so that no answer waits for the store."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from ctypes import c_bool, c_longlong
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import httpx

from site_builder.analytics.loader import Loader
from site_builder.analytics.record import DAY
from site_builder.analytics.store import open_store
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError, SiteError

PAUSE = 1.0
"""Seconds between two looks at how it goes."""
CHORE_SECONDS = 600.0
STOP_SECONDS = 10.0
NICE = 5
log = logging.getLogger("site_builder.analytics")


@dataclass(frozen=True)
class Keeping:
    """What the keeper is told."""

    store: str
    """As ``open_store`` takes it."""
    site: str
    manifest: str = ""
    """A file or an address of ``engagement/manifest.json``; read again every ten minutes, as the site changes."""
    keep_days: int = 0
    """How long single events are kept; 0 for ever. Roll-ups stay."""


class Keeper:
    """The process, as the collector sees it. If the collector dies, however it does, the process ends too."""

    def __init__(self, keeping: Keeping, spool: Path) -> None:
        self.keeping, self.spool = keeping, spool
        self._context = multiprocessing.get_context("spawn")
        self._loaded: c_longlong = self._context.Value(c_longlong, 0, lock=False)  # one process writes, one reads
        self._away: c_bool = self._context.Value(c_bool, False, lock=False)
        self._process: SpawnProcess | None = None
        self._line: Connection | None = None
        self.revive()

    def revive(self) -> None:
        """Start the process if it does not run: it has no state but the store's, and may be killed at any time."""
        if self._process and self._process.is_alive():
            return
        if self._process:
            log.error(f"the keeper of the store ended with exit code {self._process.exitcode}; it is started again")
        self._line, far = self._context.Pipe()
        self._process = self._context.Process(
            target=keep, args=(self.keeping, self.spool, far, self._loaded, self._away), daemon=True, name="keeper"
        )
        self._process.start()
        far.close()

    def stop(self) -> None:
        """Let it take in what is in the spool, and end. A store that is away has it later: the spool stays."""
        assert self._process and self._line
        self._line.close()
        self._process.join(STOP_SECONDS)
        self._process.kill()
        self._process.join()

    @property
    def loaded(self) -> int:
        """Events that the process has taken from the spool since it began."""
        return self._loaded.value

    @property
    def away(self) -> bool:
        """Whether the store can't be used at the moment."""
        return self._away.value


def keep(keeping: Keeping, spool: Path, line: Connection, loaded: c_longlong, away: c_bool) -> None:
    """The process itself: until the other end of ``line`` is closed, which the system does if the collector is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to both; the collector says when
    os.nice(NICE)
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.INFO)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    loader = Loader(spool, lambda: open_store(keeping.store).__enter__(), log.warning)
    loader.start()
    chores = _Chores(keeping)
    try:
        while not line.poll(PAUSE) and loader.is_alive():
            loaded.value = loader.progress.new + loader.progress.known + loader.progress.late
            away.value = bool(loader.away)
            if not loader.away:
                chores.do()
    finally:
        loader.stop(STOP_SECONDS)


class _Chores:
    """What is to be done in the store from time to time, beside loading."""

    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping
        self._due = {self._take_manifest: 0.0, self._prune: 0.0}
        self._manifest = b""
        self._told = ""

    def do(self) -> None:
        """Do what is due. What fails is told once, and tried again: events are loaded all the same."""
        for chore, due in self._due.items():
            if time.monotonic() < due:
                continue
            self._due[chore] = time.monotonic() + CHORE_SECONDS
            try:
                chore()
            except SiteError as error:
                if str(error) != self._told:
                    self._told = str(error)
                    log.warning(self._told)

    def _take_manifest(self) -> None:
        if not self.keeping.manifest:
            return
        raw = read_manifest(self.keeping.manifest)
        if raw != self._manifest:
            with open_store(self.keeping.store) as store:
                store.load_manifest(parse_manifest(raw, self.keeping))
            self._manifest = raw

    def _prune(self) -> None:
        if not self.keeping.keep_days:
            return
        today = time.time_ns() // 1_000_000 // DAY
        with open_store(self.keeping.store) as store:
            gone = store.prune(today - self.keeping.keep_days)
        if gone:
            log.info(f"{gone} events older than {self.keeping.keep_days} days were deleted; their sums stay")


def read_manifest(where: str) -> bytes:
    """The bytes of a manifest in a file or at an address. Raises AnalyticsError."""
    try:
        if not where.startswith(("http://", "https://")):
            return Path(where).read_bytes()
        answer = httpx.get(where, timeout=10, follow_redirects=True)
        answer.raise_for_status()
        return answer.content
    except (OSError, httpx.HTTPError) as error:
        raise AnalyticsError(
            f"the manifest {where} can't be read: {error}",
            hint="It stands at engagement/manifest.json of the built site.",
        ) from None


def parse_manifest(raw: bytes, keeping: Keeping) -> Manifest:
    """Raises AnalyticsError if it is none, or another site's."""
    try:
        manifest = Manifest.parse(raw)
    except ValueError:
        raise AnalyticsError(f"{keeping.manifest} is not a manifest of this version") from None
    if manifest.site != keeping.site:
        raise AnalyticsError(f"{keeping.manifest} is the manifest of {manifest.site!r}, and not of {keeping.site!r}")
    return manifest
