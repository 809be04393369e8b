"""What mkdocs.yml says about how mail is sent: ``transport`` of the newsletter plugin. Secrets come from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar, get_args
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from site_builder.content.offers import EntitlementId
from site_builder.errors import ConfigError, Place, SendingError
from site_builder.newsletter.options import MailAddress
from site_builder.newsletter.transports.presets import PRESETS, Preset

Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^::1$")]
Variable = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
_SECRET = re.compile(r"pass|secret|token|key|credential|^user$|^login$|auth", re.IGNORECASE)
_LOCAL = ("127.0.0.1", "::1", "localhost")


class _Options(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: float | None = Field(default=None, gt=0, le=1000)
    """At most so many mails in a second; the preset's own if it is not given."""
    per_hour: int | None = Field(default=None, gt=0)
    """At most so many mails in an hour, those of earlier runs included."""
    retries: int = Field(default=4, ge=0, le=10)
    """How often a mail is tried again that the server put off."""
    retry_after: float = Field(default=60, gt=0, le=3600)
    """Seconds before the first of these; each further one waits four times as long."""


class FolderOptions(_Options):
    """Files for another program to send: ``.eml``, one for each recipient."""

    kind: Literal["folder"]
    path: str = "newsletter/outbox"
    """Relative to mkdocs.yml; below it each issue has a folder."""


class SmtpOptions(_Options):
    """A mail server, or a mail service by its preset."""

    kind: Literal["smtp", "ses", "postmark", "mailgun", "resend", "brevo"]
    host: Host | None = None
    port: int | None = Field(default=None, gt=0, lt=65536)
    security: Literal["starttls", "tls", "none"] | None = None
    """``none`` is accepted for this machine alone."""
    region: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")] | None = None
    """Of Amazon SES, such as ``eu-central-1``; of Mailgun ``eu``, if the domain is there."""
    user_variable: Variable | None = None
    """The environment variable with the user's name."""
    password_variable: Variable | None = None
    """The environment variable with the password."""
    bounces_to: MailAddress | None = None
    """The envelope's sender, to which servers return what they can't deliver. By default the sender of the mail."""
    timeout: float = Field(default=60, gt=0, le=600)
    """Seconds that the server may take for an answer."""


class ListOf(BaseModel):
    """A list or tag of the service, and what those who are on it hold."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int | str
    holds: tuple[EntitlementId, ...]


class ListmonkServer(BaseModel):
    """Where a listmonk server is, and which environment variables let in."""

    url: str
    user_variable: Variable = "LISTMONK_API_USER"
    password_variable: Variable = "LISTMONK_API_TOKEN"  # noqa: S105  (a variable's name)
    timeout: float = Field(default=60, gt=0, le=600)

    @field_validator("url")
    @classmethod
    def _is_safe(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
            raise ValueError("must begin with https://, but for a server on this machine")
        if not parts.hostname or "@" in value or parts.query or parts.fragment:
            raise ValueError("must be the server's address alone, such as https://lists.example.com")
        return value.rstrip("/")


class ButtondownAccount(BaseModel):
    """Where Buttondown is, and which environment variable lets in."""

    password_variable: Variable = "BUTTONDOWN_API_KEY"  # noqa: S105  (a variable's name)
    url: Literal["https://api.buttondown.com"] = "https://api.buttondown.com"
    timeout: float = Field(default=60, gt=0, le=600)


class ListmonkOptions(_Options, ListmonkServer):
    """A listmonk server, which has the lists itself."""

    kind: Literal["listmonk"]
    template: int
    """The id of a campaign template with nothing but ``{{ template "content" . }}``: an issue is a whole page."""
    lists: tuple[ListOf, ...] = Field(min_length=1)
    """``{id: 3, holds: [pro]}``: who is on list 3 has Pro."""
    start: bool = False
    """Whether campaigns are started; by default they are left as drafts."""

    @field_validator("lists")
    @classmethod
    def _lists_have_numbers(cls, value: tuple[ListOf, ...]) -> tuple[ListOf, ...]:
        if wrong := [one.id for one in value if not isinstance(one.id, int)]:
            raise ValueError(f"the id of a list in listmonk is a number, not {wrong[0]!r}")
        return value


class ButtondownOptions(_Options, ButtondownAccount):
    """Buttondown, which has the subscribers itself, with a tag for each thing they hold."""

    kind: Literal["buttondown"]
    lists: tuple[ListOf, ...] = Field(min_length=1)
    """``{id: tag_…, holds: [pro]}``: who has the tag of that id has Pro."""
    start: bool = False


TransportOptions = FolderOptions | SmtpOptions | ListmonkOptions | ButtondownOptions
_ANY: TypeAdapter[TransportOptions] = TypeAdapter(Annotated[TransportOptions, Field(discriminator="kind")])
_Found = TypeVar("_Found")
KINDS = tuple(kind for model in get_args(TransportOptions) for kind in get_args(model.model_fields["kind"].annotation))


def read_transport(options: Mapping[str, Any], place: Place | None = None) -> TransportOptions:
    """Validate ``transport``. Raises ConfigError; never repeats a value that may be a secret, and refuses all that look so."""
    if not options:
        raise ConfigError(
            "the newsletter plugin has no `transport`, so nothing can be sent",
            place=place,
            hint=f"Write `transport: {{kind: folder}}`, or another kind: {', '.join(KINDS)}.",
        )
    found = read_kind("transport", _ANY, KINDS, options, place)
    if isinstance(found, SmtpOptions):
        server(found, place)
    return found


def read_kind(
    option: str, models: TypeAdapter[_Found], kinds: tuple[str, ...], options: Mapping[str, Any], place: Place | None
) -> _Found:
    """Validate an option of the plugin that is of one of several kinds, as ``read_transport`` does."""
    for name in options:
        if _SECRET.search(str(name)) and not str(name).endswith("_variable"):
            raise ConfigError(
                f"newsletter option {option}.{name}: what opens a mail server does not belong into mkdocs.yml",
                place=place,
                hint="Take it out, change it, since it may be in git, and put the new one into an environment variable.",
            )
    try:
        return models.validate_python({"kind": None, **options})
    except ValidationError as error:
        lines = []
        for one in error.errors(include_url=False):
            where = ".".join(str(step) for step in one["loc"] if step not in kinds)
            hidden = one["type"] == "extra_forbidden" or where.endswith("_variable") or "@" in str(one["input"])
            shown = "" if hidden else f" (found {one['input']!r})"
            lines.append(f"newsletter option {option}{'.' if where else ''}{where}: {one['msg']}{shown}")
        raise ConfigError("; ".join(lines), place=place, hint=f"The kinds are: {', '.join(kinds)}.") from None


def server(options: SmtpOptions, place: Place | None = None) -> Preset:
    """Where to connect: the preset, and what mkdocs.yml says otherwise. Raises ConfigError if the host is missing."""
    preset = PRESETS[options.kind]
    host = options.host or preset.host.replace("{region}", options.region or "")
    if options.region and preset.regional:
        host = options.host or preset.regional.replace("{region}", options.region)
    if not host or ("{region}" in preset.host and not options.region and not options.host):
        what = "region, such as eu-central-1" if "{region}" in preset.host else "host"
        raise ConfigError(f"newsletter option transport: {options.kind} needs a {what}", place=place)
    security = options.security or preset.security
    if security == "none" and host not in _LOCAL:
        raise ConfigError(
            f"newsletter option transport.security: with 'none' all mails would go to {host} for anybody to read",
            place=place,
            hint="Write starttls or tls.",
        )
    if (options.user_variable is None) != (options.password_variable is None) and not preset.key_from:
        raise ConfigError("newsletter option transport: user_variable and password_variable go together", place=place)
    return Preset(
        host=host,
        port=options.port or (465 if options.security == "tls" else preset.port),
        security=security,
        user=preset.user,
        user_from=options.user_variable or preset.user_from,
        key_from=options.password_variable or preset.key_from,
        per_second=options.per_second or preset.per_second,
    )


def secret(variable: str, environ: Mapping[str, str] = os.environ) -> str:
    """What an environment variable holds. Raises SendingError that names the variable if it is missing or empty."""
    value = environ.get(variable, "").strip()
    if not value:
        raise SendingError(
            f"the environment variable {variable} is not set, so nothing was done",
            hint=f"Put what the mail service gave you into {variable}; never into mkdocs.yml.",
        )
    if not (value.isprintable() and value.isascii()):
        raise SendingError(
            f"the environment variable {variable} has line breaks, control characters or letters beyond ASCII in it",
            hint="Such a name or password can't be handed over. Was it copied whole, and nothing else?",
        )
    return value
