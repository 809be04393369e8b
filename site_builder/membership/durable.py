"""Replacing a file so that a crash at any moment leaves the old one or the new one, whole; and one writer at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from site_builder.errors import Place, SiteError

PATIENCE = 120.0


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Put ``content`` in place of ``path``, durably: written beside it, flushed to the disk, renamed over it.

    An existing file keeps its mode; a new one gets ``mode``. A symbolic link keeps pointing to the file that is replaced.
    The caller holds ``writing(path)``, since the file beside has one name. Raises SiteError, with the old file as it was, when
    the disk is full or the folder is not the user's.
    """
    path = path.resolve()
    beside = path.with_name(path.name + ".new")
    try:
        beside.unlink(missing_ok=True)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(path.stat().st_mode & 0o777 if path.exists() else mode)
        beside.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        raise SiteError(f"the file can't be written: {error.strerror}", place=Place(path)) from None


def create_file(path: Path, text: str) -> None:
    """Write a new file that only its owner can read, durably. Raises SiteError if there is one already, or no place for it."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SiteError("there is such a file already; it was left as it is", place=Place(path)) from None
    except OSError as error:
        raise SiteError(f"the file can't be written: {error.strerror}", place=Place(path)) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def flush_folder(folder: Path) -> None:
    """Make a rename in ``folder`` survive a power cut. Does nothing where a folder can't be opened, as on Windows."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def writing(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the lock beside ``path``; others wait up to ``patience`` seconds. Raises SiteError when it does not come free."""
    path = path.resolve()
    lock = FileLock(path.with_name(path.name + ".lock"), timeout=patience)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        what = f"another command has been changing this file for {patience:.0f} s"
        raise SiteError(what, place=Place(path), hint="Wait for it, then try again.") from None
    except OSError as error:
        raise SiteError(f"the file can't be changed: {error.strerror}", place=Place(path)) from None
    try:
        yield
    finally:
        lock.release()
