"""What a build depends on beside its files: the day, and for whom it is made. Everything else is in the source."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path

from site_builder.errors import ConfigError

DATE_VARIABLE = "SITE_BUILDER_DATE"


class Audience(Enum):
    """Who will see what is built."""

    READERS = "readers"
    """The published site: gated parts are sealed."""
    ANYBODY = "anybody"
    """A preview without any key, as for a pull request from a fork: gated parts are absent."""
    AUTHOR = "author"
    """The author's own machine: gated parts stand in clear, with a badge. Never published."""


@dataclass(frozen=True)
class BuildInputs:
    """``today`` judges expiries, drafts, future posts and ``public_from``; ``progress`` is told of each step done."""

    today: date
    audience: Audience = Audience.READERS
    published: Path | None = None
    """The folder that this build will take the place of, if it is not the one in mkdocs.yml."""
    progress: Callable[[str, int, int], None] = field(default=lambda step, done, total: None, compare=False)


def build_date(configured: date | None = None) -> date:
    """The day that is configured, else SITE_BUILDER_DATE, else today in UTC. Raises ConfigError if the variable is no date."""
    if configured is not None:
        return configured
    given = os.environ.get(DATE_VARIABLE, "")
    try:
        return date.fromisoformat(given) if given else datetime.now(UTC).date()
    except ValueError:
        raise ConfigError(f"{DATE_VARIABLE} is {given!r}", hint="Write a day, such as 2026-11-22.") from None
