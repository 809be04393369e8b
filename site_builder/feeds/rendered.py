"""Items as earlier builds have rendered them, by a hash of all that they are made of: what has not changed is not made again."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

from site_builder.content.items import Item

_UNSEEN = frozenset(["uri", "place", "passages", "newsletter"])
_SHOWN = tuple(field.name for field in fields(Item) if field.name not in _UNSEEN)


class Rendered:
    """A cache in one file, or in memory alone. A file that can't be read or written is as good as none: builds go on."""

    def __init__(self, file: Path | None) -> None:
        self._file, self._release = file, _release() if file else b""
        self._known: dict[bytes, bytes] = {}
        self._used: dict[bytes, bytes] = {}
        self._made: dict[tuple[int, str], bytes] = {}
        self._keys: dict[int, bytes] = {}
        if file and file.exists():
            try:
                with _opened(file) as database:
                    self._known = dict(database.execute("SELECT key, bytes FROM rendered"))
            except sqlite3.OperationalError:  # another build holds it
                return
            except sqlite3.DatabaseError:
                with suppress(OSError):
                    file.unlink()

    def item(self, item: Item, how: str, make: Callable[[Item], bytes]) -> bytes:
        """The item's bytes, made if they are not there yet; ``how`` names what ``make`` does."""
        at = id(item), how  # within a build an item is what it is
        if at not in self._made:
            key = self._key(item) + how.encode() if self._file else b""
            self._made[at] = self._known.get(key) or make(item)
            self._used[key] = self._made[at]
        return self._made[at]

    def _key(self, item: Item) -> bytes:
        """A hash of what anybody may read of the item, and of what renders it."""
        if id(item) not in self._keys:
            said = repr((item.premium, *(getattr(item, name) for name in _SHOWN)))
            text = f"{len(said)} {said}{item.public_html}".encode("utf-8", "surrogatepass")
            self._keys[id(item)] = hashlib.sha256(self._release + text).digest()
        return self._keys[id(item)]

    def save(self) -> None:
        """Write what is new and forget what was not asked for."""
        new = {key: value for key, value in self._used.items() if key not in self._known}
        old = self._known.keys() - self._used.keys()
        if not self._file or not (new or old):
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with _opened(self._file) as database:
                database.execute("CREATE TABLE IF NOT EXISTS rendered (key BLOB PRIMARY KEY, bytes BLOB)")
                database.executemany("DELETE FROM rendered WHERE key = ?", [(key,) for key in old])
                database.executemany("INSERT OR REPLACE INTO rendered VALUES (?, ?)", new.items())
        except (sqlite3.Error, OSError):
            return


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """The database for one transaction. It need not outlive a power cut."""
    database = sqlite3.connect(file, timeout=0.2)
    try:
        database.execute("PRAGMA synchronous = OFF")
        with database:
            yield database
    finally:
        database.close()


def _release() -> bytes:
    """What renders: this room's source as it is now, and the releases of what it calls."""
    digest = hashlib.sha256(f"{version('feedgen')} {version('lxml')}".encode())
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.digest()
