"""An issue as it is sent: its folder read, every file compared with its hash, and the variant for what a reader holds."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from site_builder.content.access import may_read
from site_builder.content.offers import Offers
from site_builder.errors import IssueError, Place
from site_builder.newsletter.manifest import NAME, Manifest

ISSUES = "newsletter/issues"
"""Where issues stand, relative to mkdocs.yml."""


@dataclass(frozen=True)
class Body:
    """One variant's HTML and plain text, with the manifest's placeholders in them."""

    html: str
    text: str


@dataclass(frozen=True)
class Issue:
    """A folder that was read whole. ``digest`` is the SHA-256 of its manifest, so it names these very bytes."""

    folder: Path
    manifest: Manifest
    bodies: Mapping[str, Body]
    digest: str

    @property
    def id(self) -> str:
        return self.manifest.id

    def access_set_for(self, held: Collection[str], offers: Offers) -> str:
        """The name of the variant with all that a holder of the entitlements ``held`` may read, and nothing else.

        Raises:
            IssueError: there is none, since the offers of mkdocs.yml have changed after the issue was built.
        """
        readable = tuple(
            tuple(may_read(passage.entitlements, held, offers) for passage in post.passages)
            for post in self.manifest.posts
        )
        for variant in self.manifest.variants:
            if variant.readable == readable:
                return variant.name
        raise IssueError(
            f"has no variant for a reader who holds {', '.join(sorted(held)) or 'nothing'}",
            place=Place(self.folder),
            hint="The tiers or products of mkdocs.yml have changed: build the issue again with --again.",
        )


def load_issue(folder: Path) -> Issue:
    """Read an issue and verify it. Raises IssueError that names the file which is missing, damaged or changed."""
    manifest_file = folder / NAME
    raw = _read(manifest_file)
    manifest = Manifest.read(raw, Place(manifest_file))
    if manifest.id != folder.name:
        raise IssueError(
            f"is the issue {manifest.id!r}", place=Place(folder), hint="Give the folder its own name again."
        )
    if outside := [name for name in manifest.files if not re.fullmatch(r"[\w+.-]+(/[\w+.-]+)?", name) or ".." in name]:
        raise IssueError(f"names {outside[0]!r}, a file outside of the issue", place=Place(manifest_file), hint=_CURE)
    files = {name: _read(folder / name) for name in manifest.files}
    for name, content in files.items():
        if hashlib.sha256(content).hexdigest() != manifest.files[name]:
            raise IssueError("was changed after the issue was built", place=Place(folder / name), hint=_CURE)
    try:
        bodies = {
            variant.name: Body(*(files[f"{variant.name}/{name}"].decode("utf-8") for name in ("body.html", "body.txt")))
            for variant in manifest.variants
        }
    except KeyError as missing:
        raise IssueError(f"does not name the file {missing}", place=Place(manifest_file), hint=_CURE) from None
    return Issue(folder, manifest, bodies, hashlib.sha256(raw).hexdigest())


_CURE = "Issues never change. Restore the folder from your backup, or delete it and build the issue again."


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise IssueError(f"can't be read: {error.strerror}", place=Place(file), hint=_CURE) from None
