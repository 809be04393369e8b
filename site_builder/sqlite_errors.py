"""What SQLite says when a file fails it, in words and with what to do: the same for each database of the project."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from site_builder.errors import Place, SiteError


@contextmanager
def in_words(kind: type[SiteError], name: str, path: Path, mend: str) -> Iterator[None]:
    """Errors of SQLite and of the system become a ``kind`` about ``name`` at ``path``; ``mend`` is the hint if it is damaged."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise kind(
            f"{name} can't be used: {error}",
            place=Place(path),
            hint="Is the disk full, is the file yours, or does another program hold it?",
        ) from None
    except sqlite3.DatabaseError as error:
        raise kind(f"{name} is damaged: {error}", place=Place(path), hint=mend) from None
    except OSError as error:
        raise kind(f"{name} can't be opened: {error.strerror}", place=Place(path)) from None
