"""The tables that every engine has, and an event's row: what is asked about stands in columns, so that SQL needs no JSON.

``events`` is raw and ends with retention; ``daily_views``, ``daily_events`` and ``daily_pairs`` are roll-ups and stay.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from pydantic_core import to_json

from site_builder.analytics.record import DAY, Record

HOUR = 3_600_000
LARGEST = (1 << 63) - 1
WHOLE_SITE = "*"
"""Stands for ``post`` where a row is about all pages together; visitors can't be summed from those of posts."""
ANY = "*"
"""Stands for ``key`` and ``outcome`` where a row is about all of a name."""
WAY = "way"
"""In place of an event's name: readers of a post and day who saw its paywall, with the furthest of ``WAY_STEPS`` as ``key``."""
WAY_STEPS = {"paywall": "paywall_view", "offer_seen": "cta_view", "offer_clicked": "cta_click", "unlocked": "unlock"}
"""The steps from a paywall on, and the event of each."""
WAY_EVENTS = tuple(WAY_STEPS.values())
OPEN = "open"
"""The ``key`` of ``WAY`` for those who saw no paywall, because the post was open to them: members."""
SEPARATOR = "\t"
"""Between source, medium and campaign."""

TEXT, NUMBER = "text", "number"
EVENTS = {
    "id": TEXT, "site": TEXT, "name": TEXT, "t": NUMBER, "received": NUMBER, "day": NUMBER, "hour": TEXT, "pv": TEXT, "url": TEXT,
    "post": TEXT, "visitor": TEXT, "member": TEXT, "source": TEXT, "campaign": TEXT, "width": NUMBER, "browser": TEXT, "os": TEXT,
    "device": TEXT, "language": TEXT, "bot": NUMBER, "scroll": NUMBER, "active_ms": NUMBER, "reach": TEXT, "key": TEXT,
    "outcome": TEXT, "amount": NUMBER, "out_of": NUMBER, "words": TEXT, "props": TEXT,
}  # fmt: skip
VIEWS = {
    "pv": TEXT, "post": TEXT, "bot": NUMBER, "visitor": TEXT, "hour": TEXT, "source": TEXT, "campaign": TEXT, "device": TEXT,
    "browser": TEXT, "os": TEXT, "language": TEXT, "active_ms": NUMBER, "scroll": NUMBER, "depth": TEXT, "heading": TEXT,
}  # fmt: skip
"""Page views of the day that is being rolled up."""
DAILY_VIEWS = {
    "dim": TEXT, "post": TEXT, "day": NUMBER, "bot": NUMBER, "value": TEXT,
    "views": NUMBER, "visitors": NUMBER, "engaged": NUMBER, "active_ms": NUMBER, "scroll": NUMBER, "finished": NUMBER,
}  # fmt: skip
DAILY_EVENTS = {
    "name": TEXT, "post": TEXT, "day": NUMBER, "bot": NUMBER, "key": TEXT, "outcome": TEXT,
    "events": NUMBER, "visitors": NUMBER, "amount": NUMBER, "out_of": NUMBER,
}  # fmt: skip
DAILY_PAIRS = {"post": TEXT, "other": TEXT, "day": NUMBER, "visitors": NUMBER}
DAILY = {"daily_views": DAILY_VIEWS, "daily_events": DAILY_EVENTS, "daily_pairs": DAILY_PAIRS}

KEYS = {
    "reaction": "kind", "share": "to", "demo_run": "demo", "exercise": "demo", "quiz": "quiz", "paywall_view": "part",
    "cta_view": "offer", "cta_click": "offer", "purchase": "offer", "refund": "offer", "unlock": "tier",
    "newsletter_signup": "form",
}  # fmt: skip
"""Which prop of an event names the thing it is about."""


_KINDS = tuple(int if kind == NUMBER else str for kind in EVENTS.values())
_numbers = itemgetter(*(at for at, kind in enumerate(_KINDS) if kind is int))


def day_of_ms(t: int) -> int:
    """The day, since 1970 in UTC, of a time in ms."""
    return t // DAY


def keepable(record: Record) -> bool:
    """Whether it has a row."""
    try:
        row(record)
    except ValueError:
        return False
    return True


def row(record: Record) -> tuple[Any, ...]:
    """A record as ``EVENTS`` has it. Raises ValueError if a value is none that every engine takes."""
    try:
        found = _row(record)
    except (TypeError, AttributeError, OverflowError):  # of another kind, or a number without end
        raise ValueError("a value of the event is none that it can have") from None
    if tuple(map(type, found)) != _KINDS or not -LARGEST <= min(_numbers(found)) <= max(_numbers(found)) <= LARGEST:
        raise ValueError("a value of the event is none that it can have")
    return found


def _row(record: Record) -> tuple[Any, ...]:
    props = record.props
    scroll = active_ms = amount = out_of = 0
    reach = outcome = words = rest = ""
    key = str(props.get(KEYS.get(record.name, ""), ""))
    if record.name == "engagement":
        scroll, active_ms = int(props.get("scroll", 0)), int(props.get("active_ms", 0))
        # Sorts by depth, then time, so that the largest of a page view has the furthest heading, in every engine.
        reach = f"{scroll // 5 * 5:03}{active_ms:08}{props.get('heading') or ''}"
    elif record.name == "demo_run":
        outcome = "ok" if props.get("ok") else "failed"
    elif record.name == "exercise":
        outcome = str(props.get("event", ""))
    elif record.name == "quiz":
        amount, out_of = int(props.get("right", 0)), int(props.get("of", 0))
    elif record.name == "feedback":
        outcome, words = "yes" if props.get("helpful") else "no", str(props.get("text") or "")
    elif record.name == "cta_click":
        outcome = str(props.get("to", ""))
    elif record.name in ("purchase", "refund"):  # by offer and currency, so that no sum of them adds two currencies
        outcome, amount = str(props.get("currency", "")), int(props.get("amount", 0))
    elif record.name not in KEYS and props:
        rest = to_json(props, inf_nan_mode="null").decode()
    tags = (record.utm_source, record.utm_medium, record.utm_campaign)
    campaign = SEPARATOR.join(tag.replace(SEPARATOR, " ") for tag in tags) if any(tags) else ""
    return (
        record.id, record.site, record.name, record.t, record.received, day_of_ms(record.t), f"{record.t % DAY // HOUR:02}",
        record.pv, record.url, record.post, record.visitor, record.member, record.ref, campaign, record.width, record.browser,
        record.os, record.device, record.lang, record.bot, scroll, active_ms, reach, key, outcome, amount, out_of, words, rest,
    )  # fmt: skip


assert len(EVENTS) == 29
