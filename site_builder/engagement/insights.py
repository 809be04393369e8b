"""``insights.json``: what readers did, as far as the next build uses it. Written by ``insights pull``, committed with the site.

It has ids and numbers only, no words of any post and nothing of any reader.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from site_builder.content.offers import SiteId
from site_builder.engagement.events import Uuid
from site_builder.errors import ConfigError, Place

FILE = "insights.json"
"""Beside mkdocs.yml."""

Share = Annotated[float, Field(ge=0, le=1)]
HeadingId = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Leaving(_Frozen):
    """A heading of the public part after which many read no further."""

    heading: HeadingId
    views: int = Field(ge=1)
    """That came to it."""
    share: Share
    """Of these, that ended there."""


class PostInsights(_Frozen):
    """A post or chapter that was read."""

    id: Uuid
    """As in the manifest."""
    readers: int = Field(ge=0)
    """Of a day each, without bots."""
    before: int = Field(default=0, ge=0)
    """Readers in as many days before."""
    finished: Share | None = None
    """Of its page views, that came to its end."""
    stale: bool = False
    """It has not been revised for long, and lost more of its readers than the site did."""
    leaving: Leaving | None = None
    also_read: tuple[Uuid, ...] = ()
    """What its readers read on the same day, and more often than chance would have it: the first the most so."""


class Insights(_Frozen):
    """The whole of the file."""

    v: Literal[1] = 1
    site: SiteId
    since: date
    until: date
    """The last day, itself counted. Days are UTC's."""
    popular: tuple[Uuid, ...] = ()
    """The most read first."""
    posts: tuple[PostInsights, ...] = ()
    """By their ids, so that a new file differs from an old one where the numbers do."""

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        if self.until < self.since:
            raise ValueError(f"it ends on {self.until}, before it begins on {self.since}")
        ids = [post.id for post in self.posts]
        if len(set(ids)) < len(ids):
            raise ValueError(f"the post {next(id for id in ids if ids.count(id) > 1)} is in it twice")
        return self

    def to_json(self) -> bytes:
        """The file, a line for each post: the same insights give the same bytes."""
        head = self.model_dump_json(exclude={"posts"})[:-1]
        posts = ",\n".join(post.model_dump_json(exclude_defaults=True) for post in self.posts)
        return f'{head},"posts":[\n{posts}\n]}}\n'.encode()

    @classmethod
    def read(cls, path: Path, site: str) -> Insights | None:
        """The file at ``path``; None if there is none. Raises ConfigError if it can't be read, is none, or another site's."""
        again = "Fetch it anew with `site-builder insights pull`, or delete it: the site builds without it."
        try:
            found = cls.model_validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ConfigError(f"can't be read: {error.strerror}", place=Place(path), hint=again) from None
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise ConfigError(
                f"is no file of insights: {f'{where}: ' if where else ''}{first['msg']}", place=Place(path), hint=again
            ) from None
        if found.site != site:
            raise ConfigError(
                f"has the insights of the site {found.site!r}, and this is {site!r}", place=Place(path), hint=again
            )
        return found
