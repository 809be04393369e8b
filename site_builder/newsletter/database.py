"""A small database in one private file, opened only if it is whole and of the kind that is expected (SQLite)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from site_builder.errors import Place, SendingError
from site_builder.sqlite_errors import in_words

BUSY = 30.0


@dataclass(frozen=True)
class Kind:
    """What a file holds: ``name`` in words, an id in its header, its tables, and the names that git ignores beside it."""

    name: str
    application_id: int
    tables: tuple[str, ...]
    ignored: str


class Database:
    """An open file. Every change is on the disk when ``change`` ends; a crash in it leaves what was there before."""

    def __init__(self, path: Path, kind: Kind) -> None:
        """Open ``path``, made if it is not there: readable by its owner alone, ignored by git. Raises SendingError."""
        self.path, self.kind = path, kind
        with self._in_words():
            if not path.exists():
                _create(path, kind.ignored)
            self._db = sqlite3.connect(path, timeout=BUSY, isolation_level=None)
            try:
                self._check()
                self._db.execute("PRAGMA journal_mode = WAL")
                self._db.execute("PRAGMA synchronous = FULL")
            except BaseException:
                self._db.close()
                raise

    def _check(self) -> None:
        if self._db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("the check of its pages failed")
        if self._id() == 0 and not self._db.execute("SELECT 1 FROM sqlite_schema").fetchone():
            self._db.execute("BEGIN IMMEDIATE")
            if self._id() == 0:  # and no other command has been quicker
                for statement in self.kind.tables:
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {self.kind.application_id}")
            self._db.execute("COMMIT")
        if self._id() != self.kind.application_id:
            raise SendingError(
                f"this database is not {self.kind.name}", place=Place(self.path), hint="It was left as it is."
            )

    def _id(self) -> int:
        (found,) = self._db.execute("PRAGMA application_id").fetchone()
        return int(found)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds."""
        with self._in_words():
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def change(self, *, at_once: bool = True) -> Iterator[sqlite3.Connection]:
        """One transaction, durable at its end, undone by an error in it.

        With ``at_once`` false it stays open, and becomes durable with the next change or ``commit``.
        """
        with self._in_words():
            if not self._db.in_transaction:
                self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            if at_once:
                self._db.execute("COMMIT")

    def commit(self) -> None:
        """Make durable what a change left open."""
        with self._in_words():
            if self._db.in_transaction:
                self._db.execute("COMMIT")

    def _in_words(self) -> AbstractContextManager[None]:
        return in_words(SendingError, self.kind.name, self.path, "Restore it from a backup.")

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _create(path: Path, ignored: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    keep_out_of_git(path.parent, ignored)
    with suppress(FileExistsError):  # another command was quicker
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def keep_out_of_git(folder: Path, pattern: str) -> None:
    """Have git ignore what matches ``pattern`` in ``folder``: such files hold mail addresses in clear."""
    file = folder / ".gitignore"
    lines = file.read_text("utf-8").split("\n") if file.exists() else []
    if pattern not in lines:
        file.write_text("\n".join([*filter(None, lines), pattern, ""]), "utf-8")
