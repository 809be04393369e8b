"""From the spool into the store: each batch with its position, so that a crash at any point loses and doubles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from site_builder.analytics.spool import drop, read
from site_builder.analytics.store import Store

BATCH_BYTES = 8_000_000


@dataclass(frozen=True)
class Progress:
    """What was loaded: new events, those that were there already, and in words what could not be read or came too late."""

    new: int = 0
    known: int = 0
    damage: tuple[str, ...] = ()


def load(spool: Path, store: Store, batch_bytes: int = BATCH_BYTES) -> Progress:
    """Load all that the spool has, and remove the segments that are in the store for good. Roll-ups are the caller's.

    Several may load at once: an event is kept once all the same. Raises AnalyticsError if the store can't be used; what was
    loaded until then stays, and the next time goes on from there.
    """
    progress = Progress()
    while True:
        before = store.position()
        try:
            reading = read(spool, before, batch_bytes)
        except FileNotFoundError:  # another loader was quicker, and dropped the segment
            continue
        if reading.position == before:
            return progress
        loaded = store.load(reading.records, reading.position)
        late = (f"{loaded.late} events came after their day was closed, and are not counted",) * bool(loaded.late)
        progress = Progress(
            progress.new + loaded.new, progress.known + loaded.known, (*progress.damage, *reading.damage, *late)
        )
        drop(spool, reading.position.segment)
