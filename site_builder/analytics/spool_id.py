"""A spool's own id, by which a store knows how far it has read that spool and no other: random, in a file of the folder."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from site_builder.errors import AnalyticsError, Place

FILE = "id"
_FORM = re.compile(r"[0-9a-f]{32}\n")


def spool_id(folder: Path) -> str:
    """The id of the spool in ``folder``, made now if there is none.

    Whoever makes one beside another that does, or after one was lost, harms nothing: the spool is read from its beginning, and
    a store keeps each event once. Raises AnalyticsError if the file can't be read or written, or holds something else.
    """
    path = folder / FILE
    try:
        found = path.read_bytes().decode("latin-1")
    except FileNotFoundError:
        return renew_id(folder)
    except OSError as error:
        raise AnalyticsError(f"the id of the spool can't be read: {error.strerror}", place=Place(path)) from None
    if not _FORM.fullmatch(found):
        raise AnalyticsError(
            "the id of the spool is damaged",
            place=Place(path),
            hint="Delete this file alone: a new one is made, and what is in the spool is read again, each event kept once.",
        )
    return found[:-1]


def renew_id(folder: Path) -> str:
    """Give the spool an id that no other has, in place of what it had. Raises AnalyticsError if the folder can't be written."""
    fresh = secrets.token_hex(16)
    path = folder / f"{FILE}.{fresh[:8]}"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{fresh}\n")
            file.flush()
            os.fsync(file.fileno())
        path.replace(folder / FILE)
        flush_folder(folder)
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise AnalyticsError(f"the spool can't be written: {error.strerror}", place=Place(folder)) from None
    return fresh


def flush_folder(folder: Path) -> None:
    """Have the names of files in ``folder`` on disk: without its name a file keeps nothing."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
