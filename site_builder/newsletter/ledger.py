"""The ledger of one issue: who gets it, and for each of them what has become of it. Written before a mail goes out, and after.

A row is claimed, durably, before the transport is called. So a crash at any moment leaves at most one row of which it is not
known whether the mail went out; it is never sent again by itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Self, get_args

from filelock import FileLock, Timeout

from site_builder.errors import Place, SendingError
from site_builder.newsletter.addresses import person
from site_builder.newsletter.audience import Addressee
from site_builder.newsletter.database import Database, Kind

State = Literal["pending", "claimed", "sent", "failed", "uncertain", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)

LEDGER = Kind(
    name="the ledger of sending",
    application_id=0x53424C47,
    tables=(
        "CREATE TABLE issue (id TEXT NOT NULL, digest TEXT NOT NULL, transport TEXT NOT NULL, begun TEXT NOT NULL) STRICT",
        "CREATE TABLE mail (recipient TEXT PRIMARY KEY, position INTEGER NOT NULL, address TEXT NOT NULL, "
        "name TEXT NOT NULL, variant TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN "
        f"{STATES}), tries INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL DEFAULT '', at TEXT NOT NULL DEFAULT '', "
        "detail TEXT NOT NULL DEFAULT '') STRICT",
        "CREATE INDEX waiting ON mail (state, position)",
    ),
    ignored="*.ledger*",
)


@dataclass(frozen=True)
class Row:
    """One mail: ``tries`` so far, and ``detail``, the last answer of the transport."""

    address: str
    name: str
    variant: str
    state: State
    tries: int
    detail: str
    position: int


_COLUMNS = "address, name, variant, state, tries, detail, position"


def ledger_path(folder: Path) -> Path:
    """Where the ledger of the issue in ``folder`` stands: beside it, since the folder never changes."""
    return folder.with_name(f"{folder.name}.ledger")


def was_sent(folder: Path) -> bool:
    """Whether sending the issue in ``folder`` has begun. Raises SendingError if its ledger is damaged, or another issue's."""
    path = ledger_path(folder)
    if not path.exists():
        return False
    with Ledger(folder) as ledger:
        return bool(ledger.rows("SELECT 1 FROM mail LIMIT 1"))


@contextmanager
def only_sender(folder: Path) -> Iterator[None]:
    """Be the only one who sends this issue or changes its ledger. Raises SendingError at once if somebody else does."""
    path = ledger_path(folder)
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise SendingError(
            f"the issue {folder.name} is being sent by another command",
            place=Place(path),
            hint="Wait until it has ended; `site-builder newsletter status` shows how far it is.",
        ) from None
    except OSError as error:
        raise SendingError(f"the ledger can't be locked: {error.strerror}", place=Place(path)) from None
    try:
        yield
    finally:
        lock.release()


class Ledger(Database):
    """The open ledger of an issue. Who sends holds ``only_sender``; who only reads need not."""

    def __init__(self, folder: Path) -> None:
        """Open the ledger beside ``folder``, made if there is none. Raises SendingError if it is damaged, or another issue's."""
        super().__init__(ledger_path(folder), LEDGER)
        self.issue = folder.name
        for (issue,) in self.rows("SELECT id FROM issue WHERE id <> ?", self.issue):
            self.close()
            raise SendingError(
                f"this is the ledger of the issue {issue}, not of {self.issue}",
                place=Place(self.path),
                hint="Put the right one in its place. Without it, nobody knows who got the issue.",
            )

    def begin(self, digest: str, transport: str, at: datetime) -> None:
        """Tie a new ledger to an issue, by the SHA-256 of its manifest; or check that this one is its ledger.

        Raises SendingError if the issue has changed since sending began, or if that was with another kind of transport: who
        got it is not known there.
        """
        with self.change() as db:
            if not db.execute("SELECT 1 FROM mail LIMIT 1").fetchone():
                # A run that ended before its audience was written down has sent nothing.
                db.execute("DELETE FROM issue")
                db.execute("INSERT INTO issue VALUES (?, ?, ?, ?)", (self.issue, digest, transport, at.isoformat()))
        self.check(digest, transport)

    def check(self, digest: str, transport: str | None = None) -> None:
        """Raises SendingError as ``begin`` does."""
        found = self.rows("SELECT digest, transport FROM issue")
        if not found:
            return
        its_digest, its_transport = found[0]
        if its_digest != digest:
            raise SendingError(
                f"the issue {self.issue} has changed since sending it began",
                place=Place(self.path),
                hint="Some got the former text. Restore the folder, or build a new issue for the new text.",
            )
        if transport is not None and its_transport != transport:
            raise SendingError(
                f"sending the issue {self.issue} began with the transport {its_transport}, not {transport}",
                place=Place(self.path),
                hint=f"Put {its_transport} back into mkdocs.yml. If nobody got a mail that way, delete the ledger.",
            )

    def freeze(self, addressees: Iterable[Addressee]) -> int:
        """Take in who is not there yet, in an order that is the same everywhere and has each variant early on; how many."""
        ranked = sorted(addressees, key=lambda one: hashlib.sha256(f"{self.issue}\n{one.address}".encode()).digest())
        ranks: Counter[str] = Counter()
        ordered = []
        for one in ranked:
            ordered.append((ranks[one.variant], one.variant, one))
            ranks[one.variant] += 1
        ordered.sort(key=lambda entry: entry[:2])
        with self.change() as db:
            (last,) = db.execute("SELECT coalesce(max(position), 0) FROM mail").fetchone()
            before = db.total_changes
            db.executemany(
                "INSERT OR IGNORE INTO mail (recipient, position, address, name, variant) VALUES (?, ?, ?, ?, ?)",
                [
                    (person(one.address), last + number, one.address, one.name, one.variant)
                    for number, (*_, one) in enumerate(ordered, 1)
                ],
            )
            return db.total_changes - before

    def judge_again(self, current: Callable[[str], str | None], at: datetime) -> None:
        """Give those who wait the variant that they may read now, which ``current`` tells by address; None: they are gone."""
        with self.change() as db:
            waiting = db.execute("SELECT recipient, address, variant FROM mail WHERE state = 'pending'").fetchall()
            for recipient, address, variant in waiting:
                if (now := current(address)) is None:
                    db.execute(
                        "UPDATE mail SET state = 'withdrawn', at = ?, detail = 'left since' WHERE recipient = ?",
                        (at.isoformat(), recipient),
                    )
                elif now != variant:
                    db.execute("UPDATE mail SET variant = ? WHERE recipient = ?", (now, recipient))

    def recover(self, repeatable: bool) -> int:
        """Settle what a crashed run had claimed: uncertain, or if the transport can repeat a mail unharmed, pending."""
        state = "pending" if repeatable else "uncertain"
        with self.change() as db:
            found = db.execute(
                "UPDATE mail SET state = ?, detail = 'the sender ended while this mail was under way' "
                "WHERE state = 'claimed'",
                (state,),
            )
            return found.rowcount

    def next(self, at: datetime, last: int | None = None) -> Row | None:
        """The first mail that is due, of those up to the position ``last``."""
        found = self.rows(
            f"SELECT {_COLUMNS} FROM mail WHERE state = 'pending' AND due <= ? AND position <= ? "  # noqa: S608
            "ORDER BY position LIMIT 1",
            at.isoformat(),
            last if last is not None else 1 << 62,
        )
        return Row(*found[0]) if found else None

    def next_due(self, last: int | None = None) -> datetime | None:
        """When the first of the mails that wait for another try is due."""
        found = self.rows(
            "SELECT min(due) FROM mail WHERE state = 'pending' AND position <= ?", last if last is not None else 1 << 62
        )
        return datetime.fromisoformat(found[0][0]) if found[0][0] else None

    def position_of(self, count: int) -> int:
        """The position of the last of the first ``count`` mails that wait."""
        found = self.rows(
            "SELECT max(position) FROM (SELECT position FROM mail WHERE state = 'pending' ORDER BY position LIMIT ?)",
            count,
        )
        return int(found[0][0] or 0)

    def claim(self, address: str, at: datetime) -> None:
        """Say, durably and before the transport is called, that this mail is about to go out."""
        self._set(address, "claimed", at, "")

    def record(self, address: str, state: State, at: datetime, detail: str = "", due: datetime | None = None) -> None:
        """Say what became of a mail; with ``due`` it is to be tried again then.

        It becomes durable with the next claim, or by ``commit``: so each mail costs one flush of the disk. A crash before
        that leaves the mail in doubt.
        """
        self._set(address, state, at, detail, due, at_once=False)

    def _set(
        self,
        address: str,
        state: State,
        at: datetime,
        detail: str,
        due: datetime | None = None,
        *,
        at_once: bool = True,
    ) -> None:
        with self.change(at_once=at_once) as db:
            db.execute(
                "UPDATE mail SET state = ?, at = ?, detail = ?, due = ?, tries = tries + ? WHERE recipient = ?",
                (state, at.isoformat(), detail, due.isoformat() if due else "", int(due is not None), person(address)),
            )

    def counts(self) -> dict[str, dict[State, int]]:
        """For each variant, how many mails are in each state."""
        found: dict[str, dict[State, int]] = {}
        for variant, state, count in self.rows(
            "SELECT variant, state, count(*) FROM mail GROUP BY variant, state ORDER BY variant, state"
        ):
            found.setdefault(variant, {})[state] = count
        return found

    def count(self, *states: State) -> int:
        """How many mails are in any of these states."""
        return sum(
            number for by_state in self.counts().values() for state, number in by_state.items() if state in states
        )

    def mails(self, *states: State) -> list[Row]:
        """The mails in any of these states, by address."""
        marks = ", ".join("?" * len(states))
        query = f"SELECT {_COLUMNS} FROM mail WHERE state IN ({marks}) ORDER BY recipient"  # noqa: S608
        return [Row(*found) for found in self.rows(query, *states)]

    def sent_since(self, moment: datetime) -> list[datetime]:
        """When mails went out after ``moment``, oldest first."""
        found = self.rows("SELECT at FROM mail WHERE state = 'sent' AND at > ? ORDER BY at", moment.isoformat())
        return [datetime.fromisoformat(at) for (at,) in found]

    def resolve(self, addresses: Iterable[str], sent: bool, at: datetime) -> list[str]:
        """The operator's word on uncertain mails, and on failed ones that are named: ``sent``, or to be tried again.

        Without addresses all that are uncertain are meant. Raises SendingError, and changes nothing, for an address that is
        neither.
        """
        open_ones = {person(row.address): row.address for row in self.mails("uncertain", "failed")}
        wanted = [person(address) for address in addresses]
        if strangers := [address for address in wanted if address not in open_ones]:
            raise SendingError(
                f"the mail to {strangers[0]} is neither uncertain nor failed",
                place=Place(self.path),
                hint="`site-builder newsletter status` names those that are.",
            )
        wanted = wanted or [person(row.address) for row in self.mails("uncertain")]
        with self.change() as db:
            db.executemany(
                "UPDATE mail SET state = ?, at = ?, detail = ?, due = '', tries = 0 WHERE recipient = ?",
                [("sent" if sent else "pending", at.isoformat(), "as the operator says", one) for one in wanted],
            )
        return [open_ones[one] for one in wanted]

    def __enter__(self) -> Self:
        return self
