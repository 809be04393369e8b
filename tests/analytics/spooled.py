"""Events in a spool, as a collector leaves them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from site_builder.analytics.record import Record
from site_builder.analytics.spool import frame, segment_path


def spool_of(folder: Path, *batches: Iterable[Record]) -> Path:
    """A segment for each batch."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, records in enumerate(batches, 1):
        segment_path(folder, number).write_bytes(b"".join(map(frame, records)))
    return folder
