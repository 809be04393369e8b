"""Mail that came back: delivery status notifications (RFC 3464), and abuse reports of complaining readers (RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

from site_builder.errors import Place, SendingError
from site_builder.newsletter.addresses import normal_address
from site_builder.newsletter.bounce_formats import Event, Kind
from site_builder.newsletter.transports.receipt import one_line

# Enhanced status codes (RFC 3463) that speak of the address itself.
_BAD_ADDRESS = re.compile(r"\b5\.(?:1\.[1236]|1\.10|2\.1)\b")
_EXPECTED = "Expected a message with a part of the type message/delivery-status or message/feedback-report."


def read_returned(raw: bytes, place: Place) -> list[Event]:
    """The events of one returned mail. Raises SendingError if it is none, or does not say whom it is about."""
    message = message_from_bytes(raw, policy=compat32)
    events = [event for part in message.walk() for event in _events(part, str(message.get("Message-ID", "")), place)]
    if not events:
        raise SendingError("this is no returned mail", place=place, hint=_EXPECTED)
    return events


def _events(part: Message, name: str, place: Place) -> Iterator[Event]:
    kind = part.get_content_type()
    if kind == "message/delivery-status" and part.is_multipart():
        for block in part.get_payload():
            if isinstance(block, Message) and block.get("Final-Recipient"):
                yield _status(block, name, place)
    elif kind == "message/feedback-report":
        yield _report(part, name, place)


def _status(block: Message, name: str, place: Place) -> Event:
    """One recipient's fields. The first address is the one that was written to, the final one where it was forwarded."""
    found = str(block.get("Original-Recipient") or block["Final-Recipient"])
    address = _address(found.partition(";")[2], place)
    action, status = str(block.get("Action", "")).strip().lower(), str(block.get("Status", "")).strip()
    words = one_line(str(block.get("Diagnostic-Code", "")).partition(";")[2] or status)
    if action not in {"failed", "delayed", "delivered", "relayed", "expanded"}:
        raise SendingError(f"found {one_line(action)!r} as Action", place=place, hint="Expected what RFC 3464 knows.")
    kind: Kind = "other"
    if action == "failed":
        kind = "bounced" if _BAD_ADDRESS.search(f"{status} {words}") else "soft"
    return Event(kind, address, f"{name}/{kind}/{address}", words)


def _report(part: Message, name: str, place: Place) -> Event:
    content = part.get_payload()
    block = content[0] if isinstance(content, list) and content else part
    fields = block if isinstance(block, Message) and block.get("Feedback-Type") else _fields(block)
    kind: Kind = "other" if str(fields.get("Feedback-Type", "")).strip().lower() == "not-spam" else "complained"
    address = _address(str(fields.get("Original-Rcpt-To", "")), place)
    return Event(kind, address, f"{name}/{kind}/{address}", one_line(str(fields.get("Feedback-Type", ""))))


def _fields(block: object) -> Message:
    text = block.get_payload() if isinstance(block, Message) else block
    return message_from_bytes(str(text).encode("utf-8", "replace"), policy=compat32)


def _address(found: str, place: Place) -> str:
    try:
        return normal_address(found.strip().strip("<>"))
    except ValueError as error:
        raise SendingError(
            f"found {one_line(found)!r} as the recipient", place=place, hint=f"Expected {error}."
        ) from None
