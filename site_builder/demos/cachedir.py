"""The folder that keeps what was fetched once, so that later builds need no network; and one writer at a time in it."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from filelock import FileLock, Timeout

from site_builder.errors import Place, SiteError

VARIABLE = "SITE_BUILDER_CACHE"
PATIENCE = 900.0


def cache_folder(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """``$SITE_BUILDER_CACHE``, else ``site-builder`` in ``$XDG_CACHE_HOME``, else in the platform's own folder. Not made here."""
    if chosen := environ.get(VARIABLE):
        return Path(chosen).expanduser().absolute()
    if (shared := environ.get("XDG_CACHE_HOME")) and Path(shared).is_absolute():
        return Path(shared) / "site-builder"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "site-builder"
    if platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / "site-builder"
    return Path.home() / ".cache" / "site-builder"


@contextmanager
def one_at_a_time(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock beside ``path``, so that two builds do not fetch it at once; makes the folders above it.

    Raises SiteError if the folder can't be written, or another build keeps the lock for longer than ``patience`` seconds.
    """
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=patience)
    make(path.parent)
    try:
        lock.acquire()
    except Timeout:
        what = f"another build has been fetching this for {patience:.0f} s"
        raise SiteError(what, place=Place(path), hint="Wait for it, then build again.") from None
    except OSError as error:
        raise _unwritable(path.parent, error) from None
    try:
        yield
    finally:
        lock.release()


def make(folder: Path) -> None:
    """Make a folder of the cache and those above it. Raises SiteError if that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def _unwritable(folder: Path, error: OSError) -> SiteError:
    hint = f"Set {VARIABLE} to a folder that can be written."
    return SiteError(f"the cache can't be written: {error.strerror}", place=Place(folder), hint=hint)


def sha256_of(path: Path) -> str:
    """In hex. Reads a file again only if it changed since, by its times, size and inode: a page of demos asks many times."""
    stat = path.stat()
    return _sha256(path, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=4096)
def _sha256(path: Path, *_stat: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
