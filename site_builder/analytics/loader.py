"""From the spool into the store: each batch with its position, so that a crash at any point loses and doubles nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from site_builder.analytics.schema import keepable
from site_builder.analytics.spool import drop, read, segments
from site_builder.analytics.spool_id import spool_id
from site_builder.analytics.store import Store
from site_builder.errors import AnalyticsError, Place

BATCH_BYTES = 8_000_000


@dataclass(frozen=True)
class Progress:
    """What was loaded: new events, those that were there already, and in words what could not be read or came too late."""

    new: int = 0
    known: int = 0
    damage: tuple[str, ...] = ()


def load(spool: Path, store: Store, batch_bytes: int = BATCH_BYTES) -> Progress:
    """Load all that the spool has, and remove the segments that are in the store for good. Roll-ups are the caller's.

    Several may load at once, the same spool or each its own: an event is kept once all the same. Raises AnalyticsError if the
    store can't be used, or the spool's id is damaged; what was loaded until then stays, and the next time goes on from there.
    """
    progress = Progress()
    if not segments(spool):
        return progress
    name = spool_id(spool)
    while True:
        before = store.position(name)
        try:
            reading = read(spool, before, batch_bytes)
        except FileNotFoundError:  # another loader was quicker, and dropped the segment
            continue
        except OSError as error:
            raise AnalyticsError(f"the spool can't be read: {error.strerror}", place=Place(spool)) from None
        if reading.position == before:
            return progress
        damage = list(reading.damage)
        try:
            loaded = store.load(reading.records, name, reading.position)
        except ValueError:  # what is told of it quotes nothing of a reader
            kept = [record for record in reading.records if keepable(record)]
            damage.append(
                f"{len(reading.records) - len(kept)} events can't be kept: they have values that no event has"
            )
            loaded = store.load(kept, name, reading.position)
        if loaded.late:
            damage.append(f"{loaded.late} events came after their day was closed, and are not counted")
        progress = Progress(progress.new + loaded.new, progress.known + loaded.known, (*progress.damage, *damage))
        _drop(spool, reading.position.segment)


def _drop(spool: Path, before: int) -> None:
    try:
        drop(spool, before)
    except OSError as error:
        raise AnalyticsError(
            f"loaded segments of the spool can't be removed: {error.strerror}", place=Place(spool)
        ) from None
