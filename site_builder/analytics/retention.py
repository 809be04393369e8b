"""How long single events are kept, and how somebody's are removed. What was counted of a day stays, and names nobody."""

from __future__ import annotations

import re

from site_builder.analytics.record import DAY, OLDEST
from site_builder.analytics.store import Store
from site_builder.errors import AnalyticsError

SHORTEST = OLDEST // DAY + 1
"""Days: an event may come so late, and a day that is closed takes no more."""
_VISITOR = re.compile(r"[0-9a-f]{16}")
_MEMBER = re.compile(r"[0-9a-f]{32}")


def prune(store: Store, keep_days: int, now: int) -> int:
    """Delete the events of days more than ``keep_days`` before today; ``now`` in ms since 1970. Returns how many.

    If the clock was ahead once and days to come were closed, events are taken again from tomorrow on: today's are gone.

    Raises AnalyticsError if ``keep_days`` is below ``SHORTEST``, or the store can't be used.
    """
    if keep_days < SHORTEST:
        raise AnalyticsError(
            f"events can't be deleted after {keep_days} days: readers who were offline send theirs up to a week later",
            hint=f"Keep them for {SHORTEST} days or more.",
        )
    today = now // DAY
    store.reopen(today + 1)
    return store.prune(today - keep_days)


def forget_visitor(store: Store, visitor: str) -> int:
    """Remove a visitor's events, and count their day anew; returns how many events. Raises AnalyticsError if it is no visitor."""
    if not _VISITOR.fullmatch(visitor):
        raise AnalyticsError(f"{visitor!r} is no visitor", hint="A visitor is 16 digits and letters from a to f.")
    return store.forget(visitor=visitor)


def forget_member(store: Store, member: str) -> int:
    """Remove all events that a member sent with consent, and count their days anew; returns how many events.

    ``member`` is a code as events have it. Raises AnalyticsError if it is none, such as an id of the roster, which no event has.
    """
    if not _MEMBER.fullmatch(member):
        raise AnalyticsError(
            f"{member!r} is no code of a member in events",
            hint="`site-builder members show MEMBER --in-events` tells a member's codes: 32 digits and letters from a to f.",
        )
    return store.forget(member=member)
