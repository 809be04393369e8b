"""Somebody's events in the spool: `forget` takes them out of segments that are loaded and not yet dropped.

Else a store that is removed, or a spool whose id is, would have them read again.
"""

from __future__ import annotations

import os
from pathlib import Path

from site_builder.analytics.spool import segment_path, segments, unframe
from site_builder.errors import AnalyticsError, Place


def forget_in_spool(folder: Path, *, visitor: str = "", member: str = "") -> int:
    """Overwrite a visitor's or a member's lines with spaces, which readers pass over; returns how many lines.

    No line changes its place, so that positions stay true, and a collector may go on writing at the end meanwhile. What is there
    is to be loaded before. Raises AnalyticsError if a segment can't be written.
    """
    who = (visitor or member).encode()
    if not who:
        return 0
    gone = 0
    for path in (segment_path(folder, number) for number in segments(folder)):
        try:
            with path.open("r+b") as file:
                for at, line in _lines(file.read()):
                    if who in line and _theirs(line, visitor, member):
                        file.seek(at)
                        file.write(b" " * len(line))
                        gone += 1
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:  # a loader has dropped it
            continue
        except OSError as error:
            raise AnalyticsError(
                f"the spool can't be written: {error.strerror}; what is to be forgotten is still in it",
                place=Place(path),
            ) from None
    return gone


def _lines(data: bytes) -> list[tuple[int, bytes]]:
    """Whole lines, without their line breaks, and where each begins; half a line at the end is still being written."""
    found, at = [], 0
    for line in data.split(b"\n")[:-1]:
        found.append((at, line))
        at += len(line) + 1
    return found


def _theirs(line: bytes, visitor: str, member: str) -> bool:
    try:
        record = unframe(line)
    except ValueError:  # it is no event to whoever loads it either
        return False
    return record.visitor == visitor if visitor else record.member == member
