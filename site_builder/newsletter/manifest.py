"""What an issue's manifest.json says: its posts, who may read which passages of them, its variants, and the hash of each file."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from site_builder.errors import IssueError, Place
from site_builder.newsletter.options import Sender

FORMAT: Literal[1] = 1
NAME = "manifest.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Passage(_Part):
    """A run of a post: the entitlements that open it (none: everybody's), and the SHA-256 of its HTML."""

    entitlements: tuple[str, ...]
    sha256: str


class Post(_Part):
    """A post as it went into the issue."""

    id: str
    uri: str
    title: str
    url: str
    passages: tuple[Passage, ...]


class Variant(_Part):
    """The mail for one access set, in the folder ``name``.

    ``held`` are the fewest entitlements that lead to it, ``readable`` says for each passage of each post whether it is
    in it, and ``clipped`` whether the mail was cut to stay below the limit of mail programs.
    """

    name: str
    held: tuple[str, ...]
    readable: tuple[tuple[bool, ...], ...]
    clipped: bool


class Manifest(_Part):
    """All that is needed to send an issue, beside the bodies of its variants."""

    format: Literal[1] = 1
    id: str
    revision: int
    kind: Literal["post", "digest"]
    built: date
    """The build date that was given: it judges which digests are due, and is no clock."""
    newsletter: str
    sender: Sender
    reply_to: str | None
    list_id: str
    language: str
    subject: str
    preview: str
    web: str
    """The address at which the public may read it."""
    segments: tuple[str, ...]
    posts: tuple[Post, ...]
    variants: tuple[Variant, ...]
    placeholders: dict[str, str]
    """What stands in bodies for the recipient's ``address`` and links."""
    files: dict[str, str]
    """Path in the folder, with ``/`` -> SHA-256 of the file, in hexadecimal."""

    def write(self) -> bytes:
        """As JSON, with the SHA-256 of its own canonical form as ``sha256``."""
        data = self.model_dump(mode="json")
        return _json({**data, "sha256": hashlib.sha256(_json(data)).hexdigest()})

    @classmethod
    def read(cls, raw: bytes, place: Place) -> Self:
        """Raises IssueError if it is damaged or of another format."""
        try:
            data = json.loads(raw)
            own = data.pop("sha256")
        except (ValueError, AttributeError, KeyError, TypeError):
            raise IssueError("is no manifest of an issue", place=place, hint=_CURE) from None
        if data.get("format") != FORMAT:
            raise IssueError(
                f"has the format {data.get('format')!r}, and this version reads {FORMAT}",
                place=place,
                hint="It was built by another version of site-builder: use that one, or build the issue again.",
            )
        if own != hashlib.sha256(_json(data)).hexdigest():
            raise IssueError("was changed after it was built", place=place, hint=_CURE)
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise IssueError(
                f"is no manifest of an issue: {error.errors()[0]['msg']}", place=place, hint=_CURE
            ) from None


_CURE = "Issues never change. Restore the folder from your backup, or delete it and build the issue again."


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
