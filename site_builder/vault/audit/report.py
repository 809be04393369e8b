"""What the audit found, and the error that stops a build."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from site_builder.errors import LeakError, Place
from site_builder.vault.audit.links import SOURCE_LINK

STALE_FEED = "members' feed at an address that no member has by this key, roster and day"
_SHOWN = 5


@dataclass(frozen=True)
class Leak:
    """Something premium or secret in a file that would be published.

    ``file`` is below the site's folder; ``place`` is the source of what leaked, or the published file itself for keys
    and tokens; ``found`` is an excerpt of at most 80 characters and never a key or token; ``how`` says in what form
    it stood there ("plain text", "base64", …).
    """

    file: Path
    place: Place
    found: str
    how: str

    def __str__(self) -> str:
        return f"{self.place}: stands in {self.file} ({self.how}): {self.found}"


@dataclass(frozen=True)
class AuditReport:
    """The result of an audit. ``warnings`` name files that could not be read to the end; nobody can say that they are
    clean."""

    leaks: tuple[Leak, ...]
    warnings: tuple[str, ...]
    files: int
    bytes: int
    patterns: int


def require_clean(report: AuditReport) -> None:
    """Raise LeakError, naming published files and source lines, unless the report has neither leaks nor warnings."""
    links = [leak for leak in report.leaks if leak.how == SOURCE_LINK]
    if links and len(links) == len(report.leaks):
        raise LeakError(
            f"links to the source of a gated page: {links[0].found}",
            place=Place(links[0].file),
            hint="Take edit and source links off gated pages: whoever can read the source reads all of it.",
        )
    if report.leaks and all(leak.how == STALE_FEED for leak in report.leaks):
        raise LeakError(
            f"is a {STALE_FEED}",
            place=Place(report.leaks[0].file),
            hint="Build the site again: whoever once had that address would go on reading there.",
        )
    if report.leaks:
        first, *others = report.leaks
        lines = [f"premium content or a secret would be published in {first.file} ({first.how}): {first.found}"]
        lines += [f"  {leak}" for leak in others[: _SHOWN - 1]]
        if len(others) >= _SHOWN:
            lines.append(f"  and {len(others) - _SHOWN + 1} more")
        raise LeakError(
            "\n".join(lines),
            place=first.place,
            hint="A build publishes nothing while this stands. Find the plugin, template or page that put it there; "
            "what is no secret may be said in a public part too.",
        )
    if report.warnings:
        raise LeakError(
            "\n  ".join(report.warnings[:_SHOWN]),
            hint="A build publishes nothing while this stands: what cannot be read cannot be called clean. "
            "Take the file out of the site, or publish it unpacked.",
        )
