"""The embedded roster: a file of sealed lines of one length, in any order, so that git can merge two branches of it."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from site_builder.errors import Place, RosterError, SealError
from site_builder.membership.bulk import collector_paused
from site_builder.membership.durable import replace_file
from site_builder.membership.keyfile import MasterKeys
from site_builder.membership.records import SEALED_SPACE, Join, Record, Records, decode, encode
from site_builder.membership.token import random_letters
from site_builder.vault.encoding import b64u, lp, unpad
from site_builder.vault.seal import OVERHEAD, seal, unseal

_LETTERS = -(-(SEALED_SPACE + OVERHEAD) * 8 // 6)
LINE_LENGTH = len("sbr1 ") + 8 + 1 + 16 + 1 + _LETTERS
# The last letter has two spare bits, which are zero: base64url has one form for each line, checked here and not again.
_LINE = re.compile(rb"sbr1 ([0-9a-f]{8}) ([0-9A-Za-z]{16}) ([0-9A-Za-z_-]{%d}[048AEIMQUYcgkosw])" % (_LETTERS - 1))
_BACKUP = "Restore this line from git or a backup; the file was left as it is."

Watch = Callable[[int, int], object]
"""Is told how many lines are sealed, and of how many, for a progress bar."""


def unwatched(done: int, total: int) -> None:
    """Watches nothing."""


@dataclass(frozen=True)
class Roster:
    """The roster of ``site`` in ``path``. Lines sealed under either of ``keys`` are read; new ones get the current key."""

    path: Path
    site: str
    keys: MasterKeys

    @collector_paused()
    def read(self) -> dict[str, Record]:
        """All records, each under the id of its line; none if there is no file yet.

        Raises RosterError with file and line if a line is cut short, damaged or foreign, if one id stands for two records,
        or if a record speaks of a member whose joining is missing.
        """
        records: dict[str, Record] = {}
        numbers: dict[str, int] = {}
        opened = {key.id: key.roster_key(self.site) for key in (self.keys.current, self.keys.former) if key}
        try:
            with self.path.open("rb") as file:
                for number, raw in enumerate(file, 1):
                    if not (line := raw.rstrip(b"\r\n")):
                        continue
                    place = Place(self.path, number)
                    record_id, record = self._open(line, opened, place)
                    if (first := records.setdefault(record_id, record)) is not record and first != record:
                        raise RosterError(
                            f"the id {record_id} stands for another record on line {numbers[record_id]}", place=place
                        )
                    numbers.setdefault(record_id, number)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise RosterError(f"the roster can't be read: {error.strerror}", place=Place(self.path)) from None
        self._check_members(records, numbers)
        return records

    def append(self, records: Iterable[Record], watch: Watch = unwatched) -> None:
        """Add records, all or none of them, durably. The caller holds ``writing(path)`` and has read the roster before."""
        lines = self._seal({random_letters(16): record for record in records}, watch)
        before = self.path.read_bytes() if self.path.exists() else b""
        if before and not before.endswith(b"\n"):
            before += b"\n"
        replace_file(self.path, before + lines)

    def rewrite(self, records: Records, watch: Watch = unwatched) -> None:
        """Put ``records``, sealed under the current key, in place of all lines. Ids stay. The caller holds ``writing(path)``."""
        replace_file(self.path, self._seal(records, watch))

    def _seal(self, records: Records, watch: Watch) -> bytes:
        key_id, key = self.keys.current.id, self.keys.current.roster_key(self.site)
        lines = []
        for done, (record_id, record) in enumerate(records.items(), 1):
            text = lp(encode(record)).ljust(SEALED_SPACE, b"\0")
            lines.append(f"sbr1 {key_id} {record_id} {b64u(seal(key, 'roster', lp(self.site, record_id), text))}\n")
            watch(done, len(records))
        return "".join(lines).encode("ascii")

    def _open(self, line: bytes, keys: dict[str, bytes], place: Place) -> tuple[str, Record]:
        match = _LINE.fullmatch(line)
        if not match:
            raise _misshapen(line, place)
        key_id, record_id, sealed = match[1].decode(), match[2].decode(), urlsafe_b64decode(match[3] + b"=")
        if key_id not in keys:
            raise RosterError(
                f"this line is foreign: sealed under the master key {key_id}, while yours is {self.keys.current.id}",
                place=place,
                hint="Use the key of that id, or restore the roster that goes with your key.",
            )
        try:
            return record_id, decode(unpad(unseal(keys[key_id], "roster", lp(self.site, record_id), sealed)))
        except SealError:
            raise RosterError(
                f"this line is damaged, or foreign: sealed for another site than '{self.site}'",
                place=place,
                hint=f"{_BACKUP} If `site` or `site_name` in mkdocs.yml was changed, put it back.",
            ) from None
        except ValidationError:
            raise RosterError(
                "this line holds a record that this version does not know", place=place, hint="Update site-builder."
            ) from None
        except ValueError:
            raise RosterError("this line is damaged", place=place, hint=_BACKUP) from None

    def _check_members(self, records: dict[str, Record], numbers: dict[str, int]) -> None:
        joined: dict[str, str] = {}
        for record_id, record in records.items():
            if isinstance(record, Join) and joined.setdefault(record.member, record_id) != record_id:
                raise RosterError(
                    f"member {record.member} joins on line {numbers[joined[record.member]]} too",
                    place=Place(self.path, numbers[record_id]),
                )
        for record_id, record in records.items():
            if record.member not in joined:
                raise RosterError(
                    f"this record is about member {record.member}, whose joining is missing: lines were lost",
                    place=Place(self.path, numbers[record_id]),
                    hint="Restore the roster from git or a backup.",
                )


def _misshapen(line: bytes, place: Place) -> RosterError:
    if re.match(rb"(<<<<<<<|=======|>>>>>>>|\|\|\|\|\|\|\|)", line):
        return RosterError(
            "git left a conflict here", place=place, hint="Keep the lines of both sides and delete the marks."
        )
    if len(line) < LINE_LENGTH and line[:5] == b"sbr1 "[: len(line)]:
        return RosterError(
            f"this line is truncated: it has {len(line)} bytes instead of {LINE_LENGTH}", place=place, hint=_BACKUP
        )
    return RosterError("this line is broken: it is not a roster line", place=place, hint=_BACKUP)


def roster_key_id(path: Path) -> str | None:
    """The id of the master key that sealed the first line, without opening it; None if there is no line to tell."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        match = re.match(rb"sbr1 ([0-9a-f]{8}) ", next(chain(file, [b""])))
    return match[1].decode() if match else None
