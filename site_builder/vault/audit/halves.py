"""Work on many files in two processes, where that can be done at no risk."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def can_fork() -> bool:
    """Whether a copy of this process can work beside it: on Linux, with two processors, and while no other thread may hold
    a lock that the copy would wait for without end."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


def in_halves(work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> list[Result]:
    """What ``work`` makes of every second item and of the others, side by side. It sees what this process has in memory;
    what it gives must be possible to pickle. A half whose process fails is done again here, so that its error is seen."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    other = context.Process(target=_send, args=(theirs, work, items[1::2]), daemon=True)
    other.start()
    theirs.close()
    try:
        mine = work(items[::2])
        try:
            return [mine, ours.recv()]
        except EOFError:
            return [mine, work(items[1::2])]
    finally:
        ours.close()
        other.terminate()
        other.join()


def _send(connection: Connection, work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> None:
    try:
        connection.send(work(items))
    except Exception:  # the other process does this half again, and meets the same error
        sys.exit(1)
