"""The process beside the collector: takes events from the spool into the store, so that no answer waits for the store."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import time
from ctypes import c_bool, c_longlong
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import httpx

from site_builder.analytics.loader import load
from site_builder.analytics.retention import prune
from site_builder.analytics.store import Store, open_store
from site_builder.engagement.manifest import Manifest
from site_builder.errors import AnalyticsError, SiteError

PAUSE = 1.0
"""Seconds between two looks into the spool."""
RETRY_SECONDS = 5.0
"""After the store could not be used."""
ROLL_UP_SECONDS = 20.0
MANIFEST_SECONDS = 600.0
MANIFEST_RETRY_SECONDS = 20.0
"""After it could not be taken."""
LARGEST_MANIFEST = 64_000_000
"""Bytes that are taken from an address: tens of thousands of posts have less."""
PRUNE_SECONDS = 3600.0
STOP_SECONDS = 10.0
NICE = 10
log = logging.getLogger("site_builder.analytics")


@dataclass(frozen=True)
class Keeping:
    """What the keeper is told."""

    store: str = field(repr=False)
    """As ``open_store`` takes it: there may be a password in it."""
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
        self._loaded = self._context.RawValue(c_longlong, 0)  # one process writes, one reads
        self._away = self._context.RawValue(c_bool, False)
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
    while True:
        try:
            with open_store(keeping.store) as store:
                if away.value:
                    log.info("the store can be used again")
                    away.value = False
                _Shift(keeping, spool, store, line, loaded).work()
                return
        except SiteError as error:
            if not away.value:
                log.warning(f"the store can't be used; events wait in the spool: {error}")
                away.value = True
        if line.poll(RETRY_SECONDS):
            return


class _Shift:
    """The work as long as the store can be used."""

    def __init__(self, keeping: Keeping, spool: Path, store: Store, line: Connection, loaded: c_longlong) -> None:
        self.keeping, self.spool, self.store, self.line, self.loaded = keeping, spool, store, line, loaded
        self._due = {self._roll_up: 0.0, self._take_manifest: 0.0, self._prune: 0.0}
        self._told = ""

    def work(self) -> None:
        """Raises SiteError when the store can't be used any more."""
        while True:
            if not self.store.current():  # also when no event comes: what is there now lacks what the spool still has
                raise AnalyticsError("the store was replaced or removed while it was open")
            self._load()
            for chore, due in self._due.items():
                began = time.monotonic()
                if began >= due:
                    pause = chore()
                    # What takes long is done less often, so that the store is there for questions too.
                    self._due[chore] = time.monotonic() + max(pause, 10 * (time.monotonic() - began))
            if self.line.poll(PAUSE):
                break
        self._load()
        self._roll_up()

    def _load(self) -> None:
        progress = load(self.spool, self.store)
        self.loaded.value += progress.new + progress.known
        for damage in progress.damage:
            log.warning(damage)

    def _roll_up(self) -> float:
        self.store.roll_up()
        return ROLL_UP_SECONDS

    def _take_manifest(self) -> float:
        """What posts are called is good to have: without it, or with an old one, events are kept all the same."""
        if not self.keeping.manifest:
            return MANIFEST_SECONDS
        try:
            manifest = take_manifest(self.keeping.manifest)
            if manifest.site != self.keeping.site:
                raise AnalyticsError(
                    f"{self.keeping.manifest} is the manifest of {manifest.site!r}, and not of {self.keeping.site!r}",
                    hint=f"--site is to be {manifest.site}, or --manifest is to name the manifest of {self.keeping.site}.",
                )
        except AnalyticsError as error:
            if str(error) != self._told:
                self._told = str(error)
                log.warning(self._told)
            return MANIFEST_RETRY_SECONDS
        if self.store.manifest() != manifest:  # another may have been loaded by hand
            self.store.load_manifest(manifest)
        return MANIFEST_SECONDS

    def _prune(self) -> float:
        if self.keeping.keep_days:
            gone = prune(self.store, self.keeping.keep_days, time.time_ns() // 1_000_000)
            if gone:
                log.info(f"{gone} events older than {self.keeping.keep_days} days were deleted; their sums stay")
        return PRUNE_SECONDS


def read_manifest(where: str) -> bytes:
    """The bytes of a manifest in a file or at an address. Raises AnalyticsError."""
    try:
        if not where.startswith(("http://", "https://")):
            return Path(where).read_bytes()
        with httpx.stream("GET", where, timeout=10, follow_redirects=True) as answer:
            if not answer.is_success:
                raise OSError(f"the server answered {answer.status_code}")
            raw = b""
            for part in answer.iter_bytes(65_536):
                raw += part
                if len(raw) > LARGEST_MANIFEST:
                    raise OSError(f"it has more than {LARGEST_MANIFEST:,} bytes")
            return raw
    except (OSError, httpx.HTTPError, httpx.InvalidURL) as error:
        raise AnalyticsError(
            f"the manifest {where} can't be read: {getattr(error, 'strerror', None) or error}",
            hint="It stands at engagement/manifest.json of the built site.",
        ) from None


def take_manifest(where: str) -> Manifest:
    """The manifest in a file or at an address. Raises AnalyticsError if it can't be read, or is none."""
    raw = read_manifest(where)
    try:
        return Manifest.parse(raw)
    except ValueError:
        raise AnalyticsError(
            f"{where} is not a manifest of this version",
            hint="It is engagement/manifest.json of a site that was built with the engagement plugin.",
        ) from None
