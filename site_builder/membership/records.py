"""What one roster line says: a person joins, is granted something, loses it, or gets a new token. Validated at the door."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from site_builder.content.offers import EntitlementId
from site_builder.errors import RosterError
from site_builder.membership.token import random_letters

SEALED_SPACE = 512
LONGEST_RECORD = SEALED_SPACE - 4
LONGEST_MAIL = 254
LONGEST_NAME = 64
LONGEST_REASON = 120
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_DOMAIN_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")


def clean_mail(text: str) -> str:
    """A plain mail address with its domain in lower case. Raises ValueError saying what is wrong."""
    local, at, domain = text.partition("@")
    if not (local and at and domain) or "@" in domain:
        raise ValueError("a mail address has one @ with something on both sides")
    if not text.isprintable() or " " in text:
        raise ValueError("a mail address has no spaces or control characters")
    if set(local) & set('()<>[]:;,\\"') or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError("a mail address has letters, digits and such before the @, single dots between them")
    labels = domain.lower().split(".")
    if len(labels) < 2 or not all(_DOMAIN_LABEL.fullmatch(label) and "_" not in label for label in labels):
        raise ValueError("a mail address ends in a domain, such as example.com")
    clean = f"{local}@{'.'.join(labels)}"
    if len(clean.encode()) > LONGEST_MAIL:
        raise ValueError(f"a mail address has at most {LONGEST_MAIL} bytes")
    return clean


def parse_day(text: str) -> date:
    """An ISO 8601 day. Raises ValueError that names the form."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError("a day such as 2027-12-31")


def _clean_line(text: str) -> str:
    if text.isprintable():
        return text
    if any(letter in _BIDI_CONTROLS or unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text):
        raise ValueError("it must be one line without control characters")
    return text


def _whole_second(moment: datetime) -> datetime:
    if moment.microsecond or moment.utcoffset():
        raise ValueError("a time is in UTC, to the second")
    return moment.replace(tzinfo=UTC)


MemberId = Annotated[str, StringConstraints(pattern=r"^m_[0-9A-Za-z]{10}$")]
Mail = Annotated[str, AfterValidator(clean_mail)]
Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME), AfterValidator(_clean_line)]
Reason = Annotated[str, StringConstraints(max_length=LONGEST_REASON), AfterValidator(_clean_line)]
Moment = Annotated[AwareDatetime, AfterValidator(_whole_second)]
Locator = Annotated[bytes, Field(min_length=8, max_length=8)]
Kek = Annotated[bytes, Field(min_length=32, max_length=32, repr=False)]


class Term(BaseModel):
    """One entitlement up to its last day of access, in UTC; ``None`` is without end."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entitlement: EntitlementId
    until: date | None = None


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    member: MemberId
    at: Moment
    """When this was decided. A record counts from the day of its ``at`` on."""
    terms: tuple[Term, ...] = ()
    """What is granted from ``at`` on."""

    @model_validator(mode="after")
    def _terms_make_sense(self) -> Self:
        if len({term.entitlement for term in self.terms}) != len(self.terms):
            raise ValueError("each tier or product is granted once in a record")
        for term in self.terms:
            if term.until is not None and term.until < self.at.date():
                raise ValueError(
                    f"'{term.entitlement}' would end on {term.until}, before it starts on {self.at.date()}"
                )
        return self


class Join(_Record):
    """A new member with a new token, of which only ``locator`` and ``kek`` are kept."""

    kind: Literal["join"] = "join"
    email: Mail
    name: Name = ""
    locator: Locator
    kek: Kek
    terms: tuple[Term, ...] = Field(min_length=1)


class Grant(_Record):
    """More for a member: a renewal is a new grant, and so is a higher tier or another product."""

    kind: Literal["grant"] = "grant"
    terms: tuple[Term, ...] = Field(min_length=1)


class Ending(_Record):
    """``entitlements`` end at once, all there are if none is named. A downgrade grants the lower tier in the same record."""

    kind: Literal["ending"] = "ending"
    cause: Literal["revoked", "downgraded"]
    entitlements: tuple[EntitlementId, ...] = ()
    reason: Reason = ""

    @model_validator(mode="after")
    def _cause_fits(self) -> Self:
        if self.cause == "revoked" and self.terms:
            raise ValueError("who is revoked is granted nothing in the same record")
        if self.cause == "downgraded" and not (self.entitlements and self.terms):
            raise ValueError("a downgrade says which tiers end and which lower one is granted")
        return self


class Reissue(_Record):
    """A new token in place of the old one, whose keys end at once."""

    kind: Literal["reissue"] = "reissue"
    locator: Locator
    kek: Kek
    terms: tuple[Term, ...] = Field(default=(), max_length=0)


Record = Join | Grant | Ending | Reissue
Records = Mapping[str, Record]
"""Records under the 16 letters that name their roster lines. Their order says nothing."""

R = TypeVar("R", Join, Grant, Ending, Reissue)
_ANY: TypeAdapter[Record] = TypeAdapter(Annotated[Record, Field(discriminator="kind")])


def new_member_id() -> str:
    """``m_`` and 10 random base62 letters: 59 bits, told to nobody but the writer."""
    return "m_" + random_letters(10)


def admit(kind: type[R], **fields: object) -> R:
    """Make a record of what a person typed. Raises RosterError in words, also when it would not fit into a roster line."""
    try:
        record = kind(**fields)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        found = f" (found {first['input']!r})" if where in {"email", "name", "reason"} else ""
        message = first["msg"].removeprefix("Value error, ")
        raise RosterError(f"{where}: {message}{found}" if where else message) from None
    encode(record)
    return record


def encode(record: Record) -> bytes:
    """The record as JSON in UTF-8. Raises RosterError if it has more bytes than a roster line holds."""
    raw = record.model_dump_json().encode()
    if len(raw) > LONGEST_RECORD:
        raise RosterError(
            f"this is too long for a roster line: {len(raw)} bytes, while {LONGEST_RECORD} fit",
            hint="Shorten the name, or grant some of it with a second command: `members extend`.",
        )
    return raw


def decode(raw: bytes) -> Record:
    """The record that ``encode`` wrote. Raises ValueError (pydantic's ValidationError) on anything else."""
    return _ANY.validate_json(raw)
