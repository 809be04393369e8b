"""What mkdocs.yml says about the newsletter: one validated model for the plugin, the issues and their sending."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlencode, urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)

from site_builder.content.offers import Offers
from site_builder.errors import ConfigError, Place

PLACEHOLDER = "{recipient}"
KILOBYTE = 1024

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$")]
"""Text that can stand in a header: no line breaks, no other control characters."""
MailAddress = Annotated[
    str, StringConstraints(pattern=r"^[a-zA-Z0-9_.!#$%&'*+/=?^`{|}~-]+@[a-zA-Z0-9.-]+\.[a-zA-Z0-9-]+$")
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sender(_Part):
    """Who the mail is from."""

    name: Line
    """As readers see it."""
    address: MailAddress


class Segment(_Part):
    """To whom an issue goes: written as a name of ``who``, a list of them, or a mapping."""

    who: tuple[str, ...] = ("everyone",)
    """Any of: ``everyone``, ``free`` (subscribers without a membership), ``members``, a tier (and those above it), a product."""
    interest: str = ""
    """Only those who asked for posts with this tag."""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        value = {"who": value} if isinstance(value, str | list | tuple) else value
        if isinstance(value, dict) and isinstance(value.get("who"), str):
            value = {**value, "who": [value["who"]]}
        return value


class Digest(_Part):
    """An issue for each week (Monday to Sunday) or calendar month, in UTC, made of the posts of that time."""

    id: Id
    every: Literal["week", "month"]
    tag: str = ""
    """Only posts with this tag."""
    subject: Line = ""
    """``{period}`` stands for the week or month, ``{title}`` for the newest post's title."""
    segments: tuple[str, ...] = ("everyone",)
    full: bool = False
    """All that a recipient may read of each post, where otherwise its description stands."""


ANYBODY = ("everyone", "free", "members")


class NewsletterOptions(_Part):
    """The options of the ``newsletter`` plugin in mkdocs.yml, as they stand there."""

    name: Line = ""
    """What the newsletter is called. By default ``site_name``."""
    sender: Sender | None = None
    """Whom the mail is from; without it the site has an archive page, and no issue can be built."""
    reply_to: MailAddress | None = None
    """Where answers go. By default to the sender."""
    list_id: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9][a-zA-Z0-9.-]*$")] = ""
    """Names the list to mail programs (RFC 2919). By default ``newsletter.`` and the site's host."""
    postal_address: Line = ""
    """The physical address that the law of many countries wants in each mail."""
    unsubscribe_url: str = ""
    """Where a reader unsubscribes; ``{recipient}`` stands for what names the reader. By default a mail to ``reply_to``."""
    one_click_url: str = ""
    """An HTTPS endpoint that unsubscribes by a POST (RFC 8058), with ``{recipient}``. No static host can be one."""
    preferences_url: str = ""
    """Where a reader says what to get, with ``{recipient}``."""
    segments: dict[Id, Segment] = Field(default_factory=dict)
    """Names that posts and digests may be sent to, beside ``everyone``, ``free``, ``members`` and the ids of offers."""
    digests: tuple[Digest, ...] = ()
    archive: bool = True
    """Whether the site has a page of past issues."""
    archive_page: str = "newsletter/"
    """Where that page is, relative to the site's root."""
    clip_limit: int = Field(default=102, ge=20, le=10_000)
    """Kilobytes of HTML beyond which a mail is cut, with a button to read on: Gmail clips at about 102."""
    transport: dict[str, Any] = Field(default_factory=dict)
    """How mail is sent."""
    signup: dict[str, Any] = Field(default_factory=dict)
    """Where readers sign up, if that is a service which they can be fetched from."""

    @field_validator("unsubscribe_url", "preferences_url", "one_click_url")
    @classmethod
    def _addresses_are_complete(cls, value: str) -> str:
        if value and (urlsplit(value).scheme != "https" or not urlsplit(value).hostname or re.search(r"[\s<>]", value)):
            raise ValueError("must be a whole https address, such as https://lists.example.com/u/{recipient}")
        if not urlsplit(value).netloc.isascii():
            raise ValueError("must have its host in ASCII, as in https://xn--bcher-kva.example/u/{recipient}")
        return value

    @field_validator("one_click_url", "unsubscribe_url")
    @classmethod
    def _addresses_name_the_reader(cls, value: str) -> str:
        if value and PLACEHOLDER not in value:
            raise ValueError(f"must have {PLACEHOLDER} where the reader is named")
        return value

    @field_validator("archive_page")
    @classmethod
    def _page_stays_on_the_site(cls, value: str) -> str:
        if not re.fullmatch(r"([\w-]+/)+", value):
            raise ValueError("must be a path relative to the site's root, such as newsletter/")
        return value

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Self:
        ids = [digest.id for digest in self.digests]
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise ValueError(f"two digests have the id {min(twice)!r}")
        if taken := set(ANYBODY) & self.segments.keys():
            raise ValueError(f"the segment {min(taken)!r} is there already")
        return self

    @classmethod
    def read(cls, options: object, place: Place | None = None) -> NewsletterOptions:
        """Validate the options. Raises ConfigError that names each bad option, its value and what is accepted."""
        try:
            return cls.model_validate(options or {})
        except ValidationError as error:
            lines = []
            for one in error.errors(include_url=False):
                # What is unknown may be a password, and so may be anything about how mail is sent.
                hidden = one["type"] == "extra_forbidden" or one["loc"][:1] in ((), ("transport",), ("signup",))
                shown = "" if hidden else f" (found {one['input']!r})"
                lines.append(f"newsletter option {'.'.join(map(str, one['loc'])) or 'segments'}: {one['msg']}{shown}")
            hint = f"The newsletter plugin's options are: {', '.join(cls.model_fields)}."
            raise ConfigError("; ".join(lines), place=place, hint=hint) from None

    def all_segments(self, offers: Offers, place: Place | None = None) -> Mapping[str, Segment]:
        """Every segment by name: those of mkdocs.yml, ``everyone``, ``free``, ``members``, and one for each offer.

        Raises:
            ConfigError: a segment of mkdocs.yml names nobody that there is, or a digest goes to an unknown segment.
        """
        known = (*ANYBODY, *offers.by_id)
        for name, segment in self.segments.items():
            if unknown := [who for who in segment.who if who not in known]:
                what = f"newsletter option segments.{name}: there is no {unknown[0]!r}"
                raise ConfigError(what, place=place, hint=f"It may be any of: {', '.join(known)}.")
            if name in offers.by_id:
                raise ConfigError(f"newsletter option segments.{name}: an offer has this id", place=place)
        segments = {**{name: Segment(who=(name,)) for name in known}, **self.segments}
        for digest in self.digests:
            if missing := [name for name in digest.segments if name not in segments]:
                what = f"newsletter option digests: {digest.id} goes to the segment {missing[0]!r}, which is not known"
                raise ConfigError(what, place=place, hint=f"The segments are: {', '.join(segments)}.")
        return segments

    def links(self, recipient: str) -> Mapping[str, str]:
        """The personal links of the reader whom ``recipient`` names: ``unsubscribe``, ``one_click`` and ``preferences``.

        Those that are not configured are absent, but for ``unsubscribe``, which is then a mail to ``reply_to`` or the sender.
        """
        personal = {
            "unsubscribe": self.unsubscribe_url,
            "one_click": self.one_click_url,
            "preferences": self.preferences_url,
        }
        found = {name: url.replace(PLACEHOLDER, quote(recipient, safe="")) for name, url in personal.items() if url}
        address = self.reply_to or (self.sender.address if self.sender else "")
        mail = f"mailto:{address}?{urlencode({'subject': f'unsubscribe {recipient}'}, quote_via=quote)}"
        return {"unsubscribe": mail, **found}
