"""Bounces and complaints, from files of mail services' webhooks and from returned mail; who is not mailed again for them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from site_builder.errors import Place, SendingError, SeveralErrors, SiteError
from site_builder.newsletter.bounce_formats import Event, read_event
from site_builder.newsletter.returned_mail import read_returned
from site_builder.newsletter.subscribers import Subscribers

SOFT_LIMIT = 3
"""After so many passing failures an address is given up."""


@dataclass(frozen=True)
class Told:
    """What a file had: how many addresses bounced for good, complained, unsubscribed, or failed for now; and the rest."""

    bounced: int = 0
    complained: int = 0
    unsubscribed: int = 0
    soft: int = 0
    given_up: int = 0
    """Of those that failed for now, how many had done so often enough."""
    other: int = 0
    """Events that say nothing of the kind, such as deliveries."""


def read_events(file: Path) -> list[Event]:
    """All events of a file: returned mail (``.eml``), one JSON value, a list of such, or one on each line.

    Raises SeveralErrors with every event that is not understood, by file and line.
    """
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise SendingError(f"the file can't be read: {error.strerror}", place=Place(file)) from None
    if file.suffix.lower() == ".eml":
        return read_returned(raw, Place(file))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SendingError("this is not UTF-8 text", place=Place(file), hint=_EXPECTED) from None
    events: list[Event] = []
    bad: list[SiteError] = []
    for place, value in _values(text, file):
        try:
            events += read_event(value)
        except SendingError as error:
            bad.append(SendingError(error.what, place=place, hint=error.hint))
    if bad:
        raise SeveralErrors(bad)
    return events


_EXPECTED = "Expected returned mail as .eml, or JSON as SES, Postmark, Mailgun, Resend or Brevo send it to a webhook."


def _values(text: str, file: Path) -> Iterator[tuple[Place, object]]:
    """Each JSON value at the top, or in the one list at the top, with the line on which it begins."""
    decoder, at, listed, count, line, seen = json.JSONDecoder(), 0, False, 0, 1, 0
    while True:
        while at < len(text) and (text[at].isspace() or (listed and text[at] in ",]")):
            at += 1
        line, seen = line + text.count("\n", seen, at), at
        place = Place(file, line)
        if at == len(text):
            if not count:
                raise SendingError("found no event", place=Place(file), hint=_EXPECTED)
            return
        if text[at] == "[" and not listed and not count:
            at, listed = at + 1, True
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            raise SendingError(
                f"this is not JSON: {getattr(error, 'msg', error)}", place=place, hint=_EXPECTED
            ) from None
        count += 1
        yield place, value


def apply(events: Iterable[Event], subscribers: Subscribers, at: datetime, soft_limit: int = SOFT_LIMIT) -> Told:
    """Withdraw who is not to be mailed again. The same file twice changes nothing more."""
    counts: Counter[str] = Counter()
    for event in events:
        if event.kind == "other":
            counts["other"] += 1
        elif event.kind == "soft":
            counts["soft"] += 1
            if subscribers.soft_bounce(event.id, event.address, at, event.detail) >= soft_limit:
                detail = f"{soft_limit} passing failures, the last one: {event.detail}"
                counts["given_up"] += subscribers.withdraw(event.address, "bounced", at, detail)
        else:
            counts[event.kind] += subscribers.withdraw(event.address, event.kind, at, event.detail)
    return Told(**counts)
