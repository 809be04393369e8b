"""The finished site appears at once or not at all: built beside the published one, then swapped with it."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from site_builder.errors import Place, PublishError
from site_builder.membership.durable import flush_folder

_AT_FDCWD = -100
_EXCHANGE = 2


@contextmanager
def replacing(site: Path) -> Iterator[Path]:
    """Give a new, empty folder beside ``site``; when the block ends well, it takes the place of ``site``.

    Killed at any moment, either the old or the new site stands there whole; the next build clears away what is left. Raises
    PublishError if another build holds ``site``.
    """
    site = site.resolve()
    coming, going, lock = (site.with_name(f".{site.name}.{ending}") for ending in ("next", "previous", "lock"))
    if site.exists() and not site.is_dir():
        raise PublishError("is a file, not a folder", place=Place(site))
    with _writable(site):
        site.parent.mkdir(parents=True, exist_ok=True)
        held = FileLock(lock)
        try:
            guard = held.acquire(timeout=0)
        except Timeout:
            raise PublishError(
                "another build is writing here", place=Place(site), hint="Wait until it is done; nothing was changed."
            ) from None
    with guard:
        with _writable(site):
            if going.exists() and not site.exists():
                going.rename(site)
            _remove(coming, going)
            _refuse_foreign(site)
            coming.mkdir()
        try:
            yield coming
        except BaseException:
            _remove(coming)
            raise
        with _writable(site):
            _swap(coming, site, going)
            _remove(coming, going)


@contextmanager
def _writable(site: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise PublishError(
            f"can't be written: {error.strerror or error}", place=Place(error.filename or site)
        ) from error


def _refuse_foreign(site: Path) -> None:
    """The folder is replaced as a whole: it must be empty, or hold a site, and no project."""
    names = {path.name for path in site.iterdir()} if site.exists() else set()
    for name in ("mkdocs.yml", ".git", "pyproject.toml"):
        if name in names:
            raise PublishError(
                f"holds {name}, so it is no output folder", place=Place(site), hint="Name another one with -d."
            )
    if names and not names & {"_headers", "sitemap.xml"}:
        raise PublishError(
            "has files in it and is no site that was built before",
            place=Place(site),
            hint="It would be replaced as a whole: name another folder with -d, or empty this one yourself.",
        )


def _swap(coming: Path, site: Path, going: Path) -> None:
    if not site.exists():
        coming.rename(site)
    elif not _exchange(coming, site):
        # Where the system can't exchange two folders, there is a moment without a site; `replacing` mends it after a kill.
        site.rename(going)
        coming.rename(site)
    flush_folder(site.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step: renameat2 on Linux, renamex_np on macOS. False where that can't be done."""
    library = ctypes.CDLL(None, use_errno=True)
    try:
        if sys.platform == "linux":
            failed = library.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
        elif sys.platform == "darwin":
            failed = library.renamex_np(os.fsencode(one), os.fsencode(other), _EXCHANGE)
        else:
            return False
    except AttributeError:
        return False
    return bool(failed == 0)


def _remove(*folders: Path) -> None:
    for folder in folders:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
