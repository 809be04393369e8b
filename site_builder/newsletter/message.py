"""One recipient's mail, made of an issue's variant: the same issue, recipient and date give the same bytes."""

from __future__ import annotations

import hashlib
import html
import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache

from site_builder.errors import IssueError
from site_builder.newsletter.headers import clean, mailbox, uri, words
from site_builder.newsletter.issue import Issue


@dataclass(frozen=True)
class Recipient:
    """Whom a mail goes to.

    ``links`` are theirs alone: ``unsubscribe`` (https or mailto), and if there are such, ``one_click`` (the https endpoint of
    RFC 8058) and ``preferences``, as ``NewsletterOptions.links`` makes them.
    """

    address: str
    name: str = ""
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mail:
    """A whole message: ``raw`` has lines that end in CRLF, none longer than 998 bytes, and is ASCII (RFC 5322)."""

    sender: str
    recipient: str
    message_id: str
    raw: bytes

    def parsed(self) -> EmailMessage:
        """The message as Python's own parser reads it."""
        return message_from_bytes(self.raw, policy=SMTP)


def compose(issue: Issue, variant: str, recipient: Recipient, date: datetime) -> Mail:
    """The mail with the variant of this name; ``date``, which is aware, is when the sending run says it was sent.

    Raises:
        IssueError: a name or address that can't stand in a header, a missing link, or no such variant.
    """
    said, body = issue.manifest, issue.bodies.get(variant)
    if body is None:
        raise IssueError(f"the issue {issue.id} has no variant {variant!r}")
    to, values = mailbox(recipient.name, recipient.address), _personal(said.placeholders, recipient)
    message_id = message_id_of(issue, recipient.address)
    # Neither quoted-printable nor base64 can have "=_" in it.
    boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:24]}"
    headers = [
        ("From", mailbox(said.sender.name, said.sender.address)),
        ("To", to),
        *([("Reply-To", mailbox("", said.reply_to))] if said.reply_to else []),
        ("Subject", words(clean(said.subject, "subject"), "Subject")),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
        ("List-Id", f"<{said.list_id}>"),
        *_unsubscribe(recipient.links),
        ("Content-Language", said.language),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    escaped = {place: html.escape(value) for place, value in values.items()}
    lines = [f"{name}: {value}".encode("ascii") for name, value in headers]
    for subtype, text, personal in (("plain", body.text, values), ("html", body.html, escaped)):
        lines += [b"", b"--" + boundary.encode(), *_part(subtype, text, personal)]
    raw = b"\r\n".join([*lines, b"--" + boundary.encode() + b"--", b""])
    return Mail(said.sender.address, recipient.address, message_id, raw)


def message_id_of(issue: Issue, address: str) -> str:
    """The same for each attempt to send this issue to this address, so that a mail that comes twice can be told."""
    named = "\n".join((issue.manifest.list_id, issue.id, address.lower()))
    host = issue.manifest.sender.address.partition("@")[2]
    return f"<{hashlib.sha256(named.encode()).hexdigest()[:40]}@{host}>"


def _unsubscribe(links: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """RFC 2369, and RFC 8058 where an endpoint takes a POST: then that address stands alone, for programs to use."""
    if one_click := links.get("one_click"):
        yield "List-Unsubscribe", f"<{uri(one_click)}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    else:
        yield "List-Unsubscribe", f"<{uri(links['unsubscribe'])}>"


def _personal(placeholders: Mapping[str, str], recipient: Recipient) -> dict[str, str]:
    known = {**recipient.links, "address": recipient.address}
    if missing := sorted({*placeholders, "unsubscribe"} - known.keys()):
        raise IssueError(f"the mail to {recipient.address} has no link {missing[0]!r}, which the issue needs")
    return {place: known[name] for name, place in placeholders.items()}


@dataclass(frozen=True)
class _Opening:
    """The beginning of a body, encoded: it is the same in all mails, and most of each. The rest is filled in before."""

    encoding: str
    encoded: bytes
    rest: bytes


@lru_cache(maxsize=128)
def _opening(text: str, places: tuple[str, ...]) -> _Opening:
    """Quoted-printable, but base64 where that is shorter, as in Chinese."""
    whole = text.encode()
    first = min((at for place in places if (at := whole.find(place.encode())) >= 0), default=len(whole))
    if len(b2a_qp(whole, istext=True)) <= len(whole) * 1.37:
        end = whole.rfind(b"\n", 0, first) + 1
        return _Opening("quoted-printable", _quoted(whole[:end]), whole[end:])
    # Whole lines of base64 have 57 bytes each.
    head = whole[:first].replace(b"\n", b"\r\n")
    end = len(head) // 57 * 57
    return _Opening("base64", _base64(head[:end]), head[end:] + whole[first:].replace(b"\n", b"\r\n"))


def _part(subtype: str, text: str, values: Mapping[str, str]) -> list[bytes]:
    """A part's headers and content."""
    opening = _opening(text, tuple(values))
    rest = opening.rest
    if values:
        personal = {place.encode(): value.encode() for place, value in values.items()}
        rest = re.sub(b"|".join(map(re.escape, personal)), lambda found: personal[found[0]], rest)
    encode = _quoted if opening.encoding == "quoted-printable" else _base64
    return [
        f'Content-Type: text/{subtype}; charset="utf-8"'.encode(),
        f"Content-Transfer-Encoding: {opening.encoding}".encode(),
        b"",
        opening.encoded + encode(rest),
    ]


def _quoted(raw: bytes) -> bytes:
    return b2a_qp(raw, istext=True).replace(b"\n", b"\r\n")


def _base64(raw: bytes) -> bytes:
    return encodebytes(raw).replace(b"\n", b"\r\n")
