"""Who may get mail and who must not: free readers with the day of their consent, and all who withdrew it, for good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints

from site_builder.membership.records import Name, Reason
from site_builder.newsletter.addresses import Address, person
from site_builder.newsletter.database import Database, Kind

Cause = Literal["unsubscribed", "complained", "bounced"]
Interest = Annotated[Name, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^;]*$")]

SUBSCRIBERS = Kind(
    name="the subscribers' database",
    application_id=0x53425355,
    tables=(
        "CREATE TABLE reader (person TEXT PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL, "
        "consented TEXT NOT NULL, source TEXT NOT NULL, interests TEXT NOT NULL) STRICT",
        "CREATE TABLE withdrawal (person TEXT PRIMARY KEY, address TEXT NOT NULL, cause TEXT NOT NULL, "
        "at TEXT NOT NULL, detail TEXT NOT NULL) STRICT",
        "CREATE TABLE bounce (event TEXT PRIMARY KEY, person TEXT NOT NULL, at TEXT NOT NULL, detail TEXT NOT NULL) STRICT",
        "CREATE TABLE letter (name TEXT PRIMARY KEY, address TEXT NOT NULL) STRICT",
    ),
    ignored="/subscribers.db*",
)


class Reader(BaseModel):
    """A free subscriber. ``consented`` is the day on which they asked for mail, ``source`` where; ``interests`` are tags."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Address
    name: Name = ""
    consented: date
    source: Reason = ""
    interests: tuple[Interest, ...] = ()


@dataclass(frozen=True)
class Withdrawal:
    """Somebody who gets no mail any more, with the cause and what was said, such as a mail server's answer."""

    address: str
    cause: Cause
    at: datetime
    detail: str = ""


@dataclass(frozen=True)
class Added:
    """How many readers are new, how many were there and have been brought up to date, and who stays withdrawn."""

    new: int
    renewed: int
    withdrawn: tuple[str, ...]


class Subscribers(Database):
    """The database of subscribers, in a file beside mkdocs.yml. It holds mail addresses in clear."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, SUBSCRIBERS)

    def add(self, readers: Iterable[Reader], again: bool = False) -> Added:
        """Add readers, all or none. Who withdrew stays so, but for ``again``: they asked anew.

        Of a reader who is there already the first consent and its source are kept; name and interests are the newer ones.
        """
        with self.change() as db:
            return _add(db, readers, again)

    def take(self, readers: Iterable[Reader], gone: Iterable[Withdrawal], keep: bool = True) -> tuple[Added, int]:
        """Withdraw ``gone``, then add readers: all of it or nothing. What became of them, and how many withdrawals are news.

        With ``keep`` false this is found out, and nothing is changed.
        """
        with suppress(_NotKept), self.change() as db:
            news = sum(_withdraw(db, one) for one in gone)
            added = _add(db, readers)
            if not keep:
                raise _NotKept
        return added, news

    def readers(self) -> list[Reader]:
        """All who may get mail, by address. Members are not among them, unless they subscribed too."""
        found = self.rows(
            "SELECT address, name, consented, source, interests FROM reader "
            "WHERE person NOT IN (SELECT person FROM withdrawal) ORDER BY person"
        )
        return [
            Reader.model_construct(
                address=address, name=name, consented=date.fromisoformat(consented), source=source,
                interests=tuple(json.loads(interests)),
            )
            for address, name, consented, source, interests in found
        ]  # fmt: skip

    def withdraw(self, address: str, cause: Cause, at: datetime, detail: str = "") -> bool:
        """Never mail this address again; whether that is news. What a person asked for is kept before a mere bounce.

        Of who unsubscribed or complained nothing is kept but the address that gets no mail.
        """
        with self.change() as db:
            return _withdraw(db, Withdrawal(address, cause, at, detail))

    def withdrawals(self) -> list[Withdrawal]:
        """All who get no mail, by address."""
        found = self.rows("SELECT address, cause, at, detail FROM withdrawal ORDER BY person")
        return [Withdrawal(address, cause, datetime.fromisoformat(at), detail) for address, cause, at, detail in found]

    def cause(self, address: str) -> Cause | None:
        """Why this address gets no mail; None if it may get some."""
        found = self.rows("SELECT cause FROM withdrawal WHERE person = ?", person(address))
        return found[0][0] if found else None

    def soft_bounce(self, event: str, address: str, at: datetime, detail: str) -> int:
        """Note a passing failure, once for each ``event``; how many the address has had."""
        with self.change() as db:
            db.execute(
                "INSERT OR IGNORE INTO bounce VALUES (?, ?, ?, ?)", (event, person(address), at.isoformat(), detail)
            )
            (count,) = db.execute("SELECT count(*) FROM bounce WHERE person = ?", (person(address),)).fetchone()
        return int(count)

    def remember(self, names: Mapping[str, str]) -> None:
        """Keep which address each name in a personal link stands for, so that links outlive a change of the master key."""
        with self.change() as db:
            db.executemany("INSERT OR IGNORE INTO letter VALUES (?, ?)", names.items())

    def address_of(self, name: str) -> str | None:
        """The address that a personal link names."""
        found = self.rows("SELECT address FROM letter WHERE name = ?", name)
        return str(found[0][0]) if found else None

    def __enter__(self) -> Self:
        return self


class _NotKept(Exception):  # noqa: N818  (it undoes a change)
    pass


def _add(db: sqlite3.Connection, readers: Iterable[Reader], again: bool = False) -> Added:
    new = renewed = 0
    stays: list[str] = []
    for reader in readers:
        who = person(reader.address)
        if again:
            db.execute("DELETE FROM withdrawal WHERE person = ?", (who,))
            db.execute("DELETE FROM bounce WHERE person = ?", (who,))
        if db.execute("SELECT 1 FROM withdrawal WHERE person = ?", (who,)).fetchone():
            stays.append(reader.address)
            continue
        values = (reader.address, reader.name, str(reader.consented), reader.source, _stored(reader.interests))
        there = db.execute("SELECT 1 FROM reader WHERE person = ?", (who,)).fetchone()
        db.execute(
            "INSERT INTO reader VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET "
            "address = excluded.address, name = coalesce(nullif(excluded.name, ''), name), "
            "source = iif(excluded.consented < consented, excluded.source, source), "
            "consented = min(excluded.consented, consented), "
            "interests = iif(excluded.interests = '[]', interests, excluded.interests)",
            (who, *values),
        )
        renewed, new = (renewed + 1, new) if there else (renewed, new + 1)
    return Added(new, renewed, tuple(stays))


def _withdraw(db: sqlite3.Connection, one: Withdrawal) -> bool:
    changed = db.execute(
        "INSERT INTO withdrawal VALUES (?, ?, ?, ?, ?) ON CONFLICT (person) DO UPDATE SET "
        "cause = excluded.cause, at = excluded.at, detail = excluded.detail "
        "WHERE cause = 'bounced' AND excluded.cause <> 'bounced'",
        (person(one.address), one.address, one.cause, one.at.isoformat(), one.detail),
    )
    if one.cause != "bounced":
        db.execute("DELETE FROM reader WHERE person = ?", (person(one.address),))
    return changed.rowcount > 0


def _stored(interests: Iterable[str]) -> str:
    return json.dumps(list(dict.fromkeys(interests)), ensure_ascii=False)
