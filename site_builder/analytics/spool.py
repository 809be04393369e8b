"""The spool: events on disk before they are answered for. The collector appends, the loader reads; each line has a checksum.

A folder of segments ``NNNNNNNNNNNN.spool``, each line ``CRC-32 of the JSON in hex, space, JSON``. Only the newest segment grows,
and none that a crash or a full disk left is ever written to again: a position in a segment stays true whatever happens. A line
of spaces was forgotten (``spool_forget``). Beside the segments is the spool's id, which says whose positions these are.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from filelock import FileLock, Timeout

from site_builder.analytics.record import Record, from_line
from site_builder.analytics.spool_id import flush_folder, renew_id, spool_id
from site_builder.errors import AnalyticsError, Place

SEGMENT_BYTES = 16_000_000
SEGMENT_SECONDS = 3600.0
GATHERED_BYTES = 1_000_000
GATHERED_SECONDS = 0.005
WAITING_BYTES = 8_000_000
LONGEST_LINE = 200_000
"""Bytes; a body of 64 KB can't become a longer one."""
_SUFFIX = ".spool"
_NAME = re.compile(rf"[0-9]{{12}}{re.escape(_SUFFIX)}")


class Position(NamedTuple):
    """How far a reader has come: all before ``offset`` in ``segment``, and all segments of a lower number."""

    segment: int = 0
    offset: int = 0


START = Position()


class Reading(NamedTuple):
    """What came next in the spool, where to go on, and in words what could not be read."""

    records: list[Record]
    position: Position
    damage: tuple[str, ...] = ()


class SpoolFull(Exception):  # noqa: N818  (it is a state)
    """What was given is not on disk, and whoever sent it is to keep it. Says why."""


def frame(record: Record) -> bytes:
    """The line of a record, with its checksum and line break."""
    line = record.to_line()
    return b"%08x %s\n" % (crc32(line), line)


def unframe(line: bytes) -> Record:
    """The record of one line without its line break. Raises ValueError if the line is not what was written."""
    if line[8:9] != b" " or int(line[:8], 16) != crc32(line[9:]):
        raise ValueError("the checksum is another")
    return from_line(line[9:])


def segments(folder: Path) -> list[int]:
    """The numbers of the segments that are there, the oldest first. What else lies in the folder is left alone."""
    found = (path for path in folder.glob("[0-9]*" + _SUFFIX) if _NAME.fullmatch(path.name) and path.is_file())
    return sorted(int(path.stem) for path in found)


def segment_path(folder: Path, segment: int) -> Path:
    return folder / f"{segment:012}{_SUFFIX}"


def read(folder: Path, position: Position, most: int = 1_000_000) -> Reading:
    """The records after ``position``, of up to ``most`` bytes of one segment; none if there is nothing new.

    A line that is damaged is left out and told of. The end of a segment that is followed by another is the end of it, whole line
    or not; in the newest, half a line is one that is still being written.
    """
    damage: list[str] = []
    while True:
        known = segments(folder)  # before reading: what is followed by another by then does not grow any more
        segment = next((number for number in known if number >= position.segment), None)
        if segment is None:
            return Reading([], position, tuple(damage))
        offset = position.offset if segment == position.segment else 0
        final = known[-1] > segment
        with segment_path(folder, segment).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if offset > size:
                damage.append(
                    f"segment {segment} was read up to byte {offset} and now ends at {size}: it was cut short"
                )
            offset = file.seek(min(offset, size))
            data = file.read(max(most, LONGEST_LINE))
        end = data.rfind(b"\n") + 1
        if end:
            records = _records(data[:end], segment, offset, damage)
            return Reading(records, Position(segment, offset + end), tuple(damage))
        if not final:
            return Reading([], Position(segment, offset), tuple(damage))
        if data:
            damage.append(
                f"segment {segment} ends with half a line of {len(data)} bytes, which nobody was answered for"
            )
        position = Position(segment + 1, 0)


def _records(data: bytes, segment: int, offset: int, damage: list[str]) -> list[Record]:
    found = []
    for line in data.split(b"\n")[:-1]:
        try:
            if not line.isspace():  # else it was forgotten
                found.append(unframe(line))
        except ValueError as error:
            damage.append(f"segment {segment}, byte {offset}: a line of {len(line)} bytes can't be read: {error}")
        offset += len(line) + 1
    return found


def drop(folder: Path, before: int) -> int:
    """Remove the segments of a lower number than ``before``, which are in the store; returns how many. The newest stays."""
    gone = [number for number in segments(folder)[:-1] if number < before]
    for number in gone:
        segment_path(folder, number).unlink(missing_ok=True)
    return len(gone)


class Spool:
    """The writing end; one at a time has a folder. ``append`` belongs to one event loop.

    What comes in while the disk is busy, or within ``GATHERED_SECONDS``, shares one write and one fsync (group commit).
    """

    def __init__(
        self, folder: Path, *, segment_bytes: int = SEGMENT_BYTES, segment_seconds: float = SEGMENT_SECONDS
    ) -> None:
        """Take the folder, and put right what a crash left.

        Raises AnalyticsError if another collector has it, it can't be written, or its id is damaged.
        """
        self.folder = folder
        self.segment_bytes, self.segment_seconds = segment_bytes, segment_seconds
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            flush_folder(folder.parent)
            self._lock = FileLock(folder / "lock", timeout=0, thread_local=False)
            self._lock.acquire()
            try:
                # An emptied folder is another spool: its numbers may be any, if the clock was set back.
                self.id = spool_id(folder) if segments(folder) else renew_id(folder)
                self.damage = tuple(filter(None, (_cut(segment_path(folder, number)) for number in segments(folder))))
                """What was cut off at opening, in words."""
            except BaseException:
                self._lock.release()
                raise
        except Timeout:
            raise AnalyticsError(
                "another collector writes to this spool",
                place=Place(folder),
                hint="Stop it, or give this one another --data.",
            ) from None
        except OSError as error:
            raise AnalyticsError(f"the spool can't be written: {error.strerror}", place=Place(folder)) from None
        self.commits = 0
        self._file: int | None = None
        self._segment, self._size, self._born = 0, 0, 0.0
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._gathered = 0
        self._committing: asyncio.Task[None] | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="spool")

    @property
    def gathered(self) -> int:
        """Bytes that wait to be written."""
        return self._gathered

    async def append(self, lines: bytes) -> None:
        """Keep framed lines; returns when they are on disk. Raises SpoolFull if they are not."""
        if self._gathered + len(lines) > WAITING_BYTES:
            raise SpoolFull("the disk can't keep up")
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((lines, waiter))
        self._gathered += len(lines)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit())
        await waiter

    async def _commit(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if self._gathered < GATHERED_BYTES:
                await asyncio.sleep(GATHERED_SECONDS)
            batch, self._waiting = self._waiting, []
            error: Exception | None = None
            lines = b"".join(lines for lines, _ in batch)
            try:
                await loop.run_in_executor(self._writer, self._write, lines)
            except Exception as found:  # whatever it is, nobody may be left waiting
                error = found
            self._gathered -= len(lines)
            for _, waiter in batch:
                if waiter.done():  # whoever asked is gone
                    continue
                if error:
                    waiter.set_exception(SpoolFull(getattr(error, "strerror", None) or repr(error)))
                else:
                    waiter.set_result(None)
        self._committing = None

    def _write(self, lines: bytes) -> None:
        """Write and flush to the disk. After an error nothing of ``lines`` counts, and the next write begins a segment."""
        stale = time.monotonic() - self._born > self.segment_seconds
        if self._file is not None and not os.fstat(self._file).st_nlink:
            self._leave()  # somebody removed it: what is written there is nowhere
        if self._file is not None and (stale or self._size + len(lines) > self.segment_bytes) and self._size:
            self._leave()
        if self._file is None:
            self._begin()
        assert self._file is not None
        try:
            written = 0
            while written < len(lines):
                written += os.write(self._file, memoryview(lines)[written:])
            os.fdatasync(self._file)
        except OSError:
            # A reader may have seen some of it already, so its place is not used again.
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
                if not self._size:
                    segment_path(self.folder, self._segment).unlink()
            self._leave()
            raise
        self._size += len(lines)
        self.commits += 1

    def _begin(self) -> None:
        """The clock gives the number, so that none comes twice even if the folder was emptied; one set back gives the next."""
        newest = max(segments(self.folder), default=0)
        self._segment = max(newest + 1, self._segment + 1, int(time.time()))
        file = os.open(segment_path(self.folder, self._segment), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            flush_folder(self.folder)  # a file whose name is not on disk keeps nothing
        except OSError:
            os.close(file)
            raise
        self._file, self._size, self._born = file, 0, time.monotonic()

    def _leave(self) -> None:
        assert self._file is not None
        os.close(self._file)
        self._file = None

    async def close(self) -> None:
        """Write what waits, and give the folder back."""
        while self._committing is not None:
            await self._committing
        self._writer.shutdown()
        if self._file is not None:
            self._leave()
        self._lock.release()


def _cut(path: Path) -> str:
    """Cut off the half line that a crash left at the end of a segment; says so, or nothing."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        back = min(size, LONGEST_LINE)
        file.seek(size - back)
        tail = back - (file.read(back).rfind(b"\n") + 1)
        if not tail:
            return ""
        file.truncate(size - tail)
        os.fsync(file.fileno())
    return f"segment {int(path.stem)} ended with half a line of {tail} bytes, which nobody was answered for: it was cut off"
