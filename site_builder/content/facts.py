"""What the front matter of a post or chapter says of it to feeds, podcasts and the newsletter: validated, not yet looked up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from site_builder.content.mapping import shown
from site_builder.content.source import Source
from site_builder.errors import ContentError

_CLOCK = re.compile(r"(?:(?:(\d+):)?([0-5]?\d):)?(\d+)")
_DATE = "Write it as 2026-11-22, or with a time as 2026-11-22T08:30:00+01:00."
_FILE = (
    "Write the path of a file from this page, or from the docs folder with a `/` before it, or `{url, type, length}`."
)
_ACCEPTED = {
    "audio": _FILE,
    "authors": "Write a list of the ids in .authors.yml.",
    "categories": "Write a list of words.",
    "course": "Write the name of the course.",
    "date.created": _DATE,
    "date.updated": _DATE,
    "enclosures": f"It is a list. {_FILE}",
    "id": "Write any words that no other page has as its id; they never change again.",
    "image": "Write the path of an image from this page, or from the docs folder with a `/` before it, or `{url, alt}`.",
    "lang": "Write a language's code, such as en, zh or pt-BR; between quotes where YAML reads something else, as in 'no'.",
    "newsletter": "Write `true`, or a mapping such as `{segments: [free], subject: …}`.",
    "podcast": "Write `true`, or a mapping with: {podcast}.",
    "podcast.duration": "Write `1:02:03`, `45:00`, or seconds.",
    "podcast.episode": "Write a whole number, from 1.",
    "podcast.explicit": "Write `true` or `false`.",
    "podcast.season": "Write a whole number, from 1.",
    "podcast.type": "Write full, trailer or bonus.",
    "tags": "Write a list of words.",
    "video": _FILE,
}


def _whole_day(value: object) -> object:
    """A day is its first moment in UTC; a time without a zone is in UTC as well."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if not isinstance(value, datetime):
        raise ValueError("is no day")
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is a day that UTC does not have") from None


def _seconds(value: object) -> object:
    """YAML reads 1:02:03 as a number to the base of 60, which is seconds; with a leading zero it stays text."""
    if isinstance(value, str) and (found := _CLOCK.fullmatch(value.strip())):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    return value


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _an_address(value: object) -> object:
    return {"url": value} if isinstance(value, str) else value


def _mapping_or_true(value: object) -> object:
    return {} if value is True else value


Text = Annotated[str, BeforeValidator(_text)]
Words = tuple[Text, ...]
Time = Annotated[datetime, BeforeValidator(_whole_day)]


class Facts(BaseModel):
    """A mapping in front matter; a key without a value counts as absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_absent(cls, values: object) -> object:
        return (
            {key: value for key, value in values.items() if value is not None} if isinstance(values, dict) else values
        )


class NamedFile(Facts):
    """A file as the writer names it: a path on this site, or an address elsewhere with what can't be read from it."""

    url: Annotated[str, StringConstraints(min_length=1)]
    type: Annotated[str, StringConstraints(pattern=r"^[\w.+-]+/[\w.+-]+$")] | None = None
    length: int | None = Field(default=None, ge=0)
    alt: str = ""

    @property
    def elsewhere(self) -> bool:
        return re.match(r"https?://", self.url) is not None


File = Annotated[NamedFile, BeforeValidator(_an_address)]


class PodcastFacts(Facts):
    """``podcast`` in the front matter: what Apple's tags for podcasts say of an episode. ``duration`` is in seconds."""

    duration: Annotated[int, BeforeValidator(_seconds), Field(ge=0)] = 0
    season: int | None = Field(default=None, ge=1)
    episode: int | None = Field(default=None, ge=1)
    type: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool = Field(default=False, strict=True)
    image: File | None = None
    transcript: File | None = None


class Dates(Facts):
    """``date`` in the front matter, in UTC; Material allows for further dates."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    created: Time
    updated: Time | None = None


def _as_dates(value: object) -> object:
    return value if isinstance(value, dict) else {"created": value}


class ItemFacts(Facts):
    """All of it; other keys of the front matter are somebody else's."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    date: Annotated[Dates, BeforeValidator(_as_dates)]
    id: Text = ""
    course: Text = ""
    title: Text = ""
    description: Text = ""
    lang: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")] | None = None
    authors: Words = ()
    categories: Words = ()
    tags: Words = ()
    image: File | None = None
    audio: File | None = None
    video: File | None = None
    enclosures: tuple[File, ...] = ()
    podcast: Annotated[PodcastFacts, BeforeValidator(_mapping_or_true)] | None = None
    newsletter: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _yes_and_no(cls, values: Any) -> Any:
        if values.get("newsletter") is True:
            values = {**values, "newsletter": {"send": True}}
        return {
            key: value for key, value in values.items() if not (key in ("newsletter", "podcast") and value is False)
        }

    @property
    def published(self) -> datetime:
        return self.date.created

    @property
    def updated(self) -> datetime:
        """Never before ``published``."""
        return max(self.date.updated or self.date.created, self.date.created)

    @property
    def files(self) -> tuple[tuple[str, NamedFile], ...]:
        """What the item brings along, each with the key that names it."""
        single = (("audio", self.audio), ("video", self.video))
        return (*((key, file) for key, file in single if file), *(("enclosures", file) for file in self.enclosures))


def read_facts(meta: Mapping[str, Any], source: Source) -> ItemFacts:
    """Validate the front matter ``meta`` of a page that was written in ``source``; folder files may have added to it.

    Raises:
        ContentError: no date, or a value that is not understood, with its line where it stands in the page itself.
    """
    refuse_undated(meta, source)
    try:
        return ItemFacts.model_validate(dict(meta))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
        key, *below = (str(step) for step in first["loc"] if not isinstance(step, int))
        place = source.place(key)
        if first["type"] == "extra_forbidden":
            raise ContentError(
                f"`{key}` has the key {shown(below[-1])}", place=place, hint=f"It may have {_keys(key, below)}."
            ) from None
        named = ".".join([key, *below])
        value = None if first["type"] == "missing" else first["input"]
        hint = _ACCEPTED.get(named) or _ACCEPTED.get(key) or f"{first['msg']}."
        hint = hint.replace("{podcast}", ", ".join(PodcastFacts.model_fields))
        raise ContentError(f"`{named}` is {shown(value)}", place=place, hint=hint) from None


def _keys(key: str, below: list[str]) -> str:
    model = PodcastFacts if key == "podcast" and len(below) == 1 else NamedFile
    return ", ".join(model.model_fields)


def refuse_undated(meta: Mapping[str, Any], source: Source) -> None:
    """Raise ContentError if a post or chapter has no date."""
    if meta.get("date") is None:
        raise ContentError(
            "has no `date`, and a post or chapter needs one",
            place=source.place("date"),
            hint="Write `date: 2026-11-22` at its top; `draft: true` keeps it back.",
        )
