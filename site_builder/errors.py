"""Errors as values: what is wrong, where, and what would be right. The command line turns them into words and exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where in the writer's files something stands; ``line`` counts from 1, and is absent where a file is wrong as a whole."""

    file: Path | str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else str(self.file)


class SiteError(Exception):
    """Something the user can put right. Nothing was published, nothing was half written.

    Args:
        what: one sentence: what is wrong, with the value that was found.
        place: the file and line, where there is one.
        hint: one sentence: what would be accepted, or what to do next.
    """

    exit_code = 1

    def __init__(self, what: str, *, place: Place | None = None, hint: str = "") -> None:
        self.what, self.place, self.hint = what, place, hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what}" + (f"\n  {self.hint}" if self.hint else "")


class ContentError(SiteError):
    """A page, its front matter or its gate."""


class ConfigError(SiteError):
    """mkdocs.yml or an option."""


class MasterKeyError(SiteError):
    """The master key: missing, damaged, or not the one that sealed this."""


class RosterError(SiteError):
    """The roster of members, or a line of it."""


class SealError(SiteError):
    """Something sealed does not open: damaged, swapped, or sealed under another key."""


class LeakError(SiteError):
    """The leak gate found premium text, a key or a token in what would be published."""


class PublishError(SiteError):
    """The finished site could not be put in place, or another build holds it."""


class IssueError(SiteError):
    """An issue of the newsletter: damaged, changed since it was built, or not for this reader."""


class SendingError(SiteError):
    """The newsletter's subscribers, an issue's ledger, or what carries the mail."""


class AnalyticsError(SiteError):
    """The collector, its spool or its store."""


class SeveralErrors(SiteError):  # noqa: N818  (it is several)
    """More than one error of the same pass, so that a writer mends them together."""

    def __init__(self, errors: list[SiteError]) -> None:
        self.errors = errors
        super().__init__("\n".join(str(error) for error in errors))


@contextmanager
def placed(place: Place | None) -> Iterator[None]:
    """An error that has no place of its own gets this one: that of what cannot be done without what failed."""
    try:
        yield
    except SiteError as error:
        if error.place or isinstance(error, SeveralErrors):
            raise
        raise type(error)(error.what, place=place, hint=error.hint) from None
