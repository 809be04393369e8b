"""How fast mails may go out, and when one that was put off is tried again. Time is handed in, so that tests need none."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

HOUR = timedelta(hours=1)
GROWTH = 4
LONGEST_WAIT = timedelta(hours=6)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """The time, in UTC, and waiting for it to pass."""

    now: Callable[[], datetime] = _now
    sleep: Callable[[float], None] = time.sleep

    def wait_until(self, moment: datetime) -> None:
        """Sleep until ``moment`` has come."""
        while (left := (moment - self.now()).total_seconds()) > 0:
            self.sleep(left)


@dataclass(frozen=True)
class Rules:
    """At most so many mails in a second and in an hour; ``retries`` after a first try, ``retry_after`` seconds and longer."""

    per_second: float | None = None
    per_hour: int | None = None
    retries: int = 4
    retry_after: float = 60

    def due_after(self, tries: int, at: datetime) -> datetime | None:
        """When to try again after ``tries`` tries were put off; None: no more."""
        if tries > self.retries:
            return None
        return at + min(timedelta(seconds=self.retry_after * GROWTH ** (tries - 1)), LONGEST_WAIT)


@dataclass
class Pace:
    """Keeps to the rules; ``earlier`` are the times of mails that went out before, in the last hour."""

    rules: Rules
    clock: Clock
    earlier: Iterable[datetime] = ()
    _sent: deque[datetime] = field(init=False)

    def __post_init__(self) -> None:
        self._sent = deque(sorted(self.earlier))

    def ready_at(self) -> datetime:
        """The earliest moment at which the next mail may go out."""
        now = self.clock.now()
        while self._sent and self._sent[0] <= now - HOUR:
            self._sent.popleft()
        if self._sent and self._sent[-1] > now:  # the clock was set back since
            self._sent = deque(min(one, now) for one in self._sent)
        moments = [now]
        if self.rules.per_second and self._sent:
            moments.append(self._sent[-1] + timedelta(seconds=1 / self.rules.per_second))
        if self.rules.per_hour and len(self._sent) >= self.rules.per_hour:
            moments.append(self._sent[-self.rules.per_hour] + HOUR)
        return max(moments)

    def wait(self) -> None:
        """Wait until the next mail may go out."""
        while (left := (self.ready_at() - self.clock.now()).total_seconds()) > 0:
            self.clock.sleep(left)

    def count(self, moment: datetime) -> None:
        """Take note of a mail that goes out."""
        self._sent.append(moment)
