"""What mkdocs.yml says about feeds: one validated model for the plugin, the feeds and the commands."""

from __future__ import annotations

import re
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from site_builder.errors import ConfigError, Place
from site_builder.vault.feed import FOLDER

Scope = Literal["site", "category", "tag", "author", "course", "language"]
Format = Literal["rss", "atom", "json"]

_PATH = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*")


class PodcastOptions(BaseModel):
    """What a podcast's directory wants to know of the podcast as a whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    image: str
    """The cover: square, 1,400 to 3,000 pixels, JPEG or PNG. An address, or a path relative to the site's root."""
    category: tuple[str, ...]
    """What it is about, in the words of Apple's list, the most fitting first: ``Technology``, or ``Education > Courses``."""
    title: str = ""
    """Its name. By default the site's."""
    description: str = ""
    """What it is about. By default the site's description."""
    author: str = ""
    """Who makes it. By default the site's author."""
    email: str = ""
    """Where a directory writes to, to make sure who owns it. Everybody can read it in the feed."""
    language: str = ""
    """The language that is spoken, such as ``en`` or ``zh-cn``. By default the site's."""
    explicit: bool = False
    """Whether it is not for children. An episode may say so for itself."""
    type: Literal["episodic", "serial"] = "episodic"
    """``serial`` if the episodes are to be heard from the first on."""

    @field_validator("category", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("category")
    @classmethod
    def _some_category(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or not all(re.fullmatch(r"[^>]*[^>\s][^>]*(?:>[^>]*[^>\s][^>]*)?", one) for one in value):
            raise ValueError("must name a category, such as Technology or Education > Courses")
        return value

    @field_validator("image")
    @classmethod
    def _jpeg_or_png(cls, value: str) -> str:
        if not urlsplit(value).path.lower().endswith((".jpg", ".jpeg", ".png")):
            raise ValueError("must be a JPEG or PNG file")
        return value

    @field_validator("email")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
            raise ValueError("must be an e-mail address")
        return value


class FeedsOptions(BaseModel):
    """The options of the ``feeds`` plugin in mkdocs.yml, as they stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scopes: tuple[Scope, ...] = ("site", "category", "tag", "author", "course", "language")
    """What has feeds: the site, and each category, tag, author and course; each language if the items are in several."""
    formats: tuple[Format, ...] = ("rss", "atom", "json")
    """How each of them is written, the one that readers are shown first in front."""
    content: Literal["full", "summary"] = "full"
    """``full``: all that everybody may read; ``summary``: the description and a link."""
    limit: int = Field(default=20, ge=0)
    """So many of the newest items are in a feed; 0: all."""
    folder: str = "feeds"
    """Where feeds lie below the site's root. The site's own lie in the root."""
    title: str = ""
    """The name of the site in feeds. By default ``site_name``."""
    description: str = ""
    """What the site's feed is about. By default ``site_description``."""
    image: str = ""
    """A picture that stands for the site. An address, or a path relative to the site's root."""
    copyright: str = ""
    """Who holds the rights, in plain words. By default ``copyright`` of mkdocs.yml without its HTML."""
    aliases: dict[str, Format] = Field(default_factory=dict)
    """Further addresses of the site's feed, such as ``feed_rss_created.xml: rss``, for those who subscribed before."""
    hubs: tuple[str, ...] = ()
    """WebSub hubs that are told what has changed, such as ``https://hub.example.com/``."""
    members: Literal["tier", "member", False] = False
    """Full text for members, in the clear, at secret addresses: one for each tier, or one for each member."""
    email_feed: bool = False
    """A feed that fits the services which turn RSS into e-mail."""
    podcast: PodcastOptions | None = None
    """The podcast, if there is one: of all items with an ``episode``."""

    @field_validator("members", mode="before")
    @classmethod
    def _on_is_per_tier(cls, value: Any) -> Any:
        return "tier" if value is True else False if value is None else value

    @field_validator("folder")
    @classmethod
    def _folder_stays_on_the_site(cls, value: str) -> str:
        if not _PATH.fullmatch(value.rstrip("/")):
            raise ValueError("must be a path relative to the site's root, such as feeds")
        if f"{value}/".startswith(f"{FOLDER}/"):
            raise ValueError(f"must not be in {FOLDER}, where members' feeds stand")
        return value.rstrip("/")

    @field_validator("aliases")
    @classmethod
    def _aliases_stay_on_the_site(cls, value: dict[str, Format]) -> dict[str, Format]:
        if any(not _PATH.fullmatch(path) for path in value):
            raise ValueError("must be paths relative to the site's root, such as feed.xml")
        return value

    @field_validator("hubs")
    @classmethod
    def _hubs_are_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for hub in value:
            if not re.fullmatch(r"https?://[!-~]+", hub) or not urlsplit(hub).hostname:
                raise ValueError("must be addresses such as https://hub.example.com/")
        return value

    @field_validator("formats")
    @classmethod
    def _some_format(cls, value: tuple[Format, ...]) -> tuple[Format, ...]:
        if not value:
            raise ValueError("must name at least one of rss, atom, json")
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _aliases_are_of_formats_that_are_made(self) -> Self:
        for path, form in self.aliases.items():
            if form not in self.formats or "site" not in self.scopes:
                raise ValueError(f"the alias {path} is of a feed that is not made: {form} of the site")
        return self

    @classmethod
    def read(cls, options: object, place: Place | None = None) -> FeedsOptions:
        """Validate the options. Raises ConfigError that names each bad option, its value and what is accepted."""
        try:
            return cls.model_validate(options or {})
        except ValidationError as error:
            lines = [
                f"feeds option {'.'.join(map(str, one['loc'])) or _whole(one['type'])}: {one['msg']} (found {one['input']!r})"
                for one in error.errors(include_url=False)
            ]
            options_are = f"The feeds plugin's options are: {', '.join(cls.model_fields)}."
            podcast_has = f"A podcast has: {', '.join(PodcastOptions.model_fields)}."
            raise ConfigError("; ".join(lines), place=place, hint=f"{options_are} {podcast_has}") from None


def _whole(kind: str) -> str:
    """What is wrong if it is none of the options alone."""
    return "aliases" if kind == "value_error" else "mapping"
