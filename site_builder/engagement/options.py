"""What mkdocs.yml says about hooks and who is told of them: one validated model for the plugin, the pages and the collector."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from site_builder.engagement.events import EVENT_NAMES
from site_builder.errors import ConfigError, Place

REACTIONS = ("like", "love", "thanks", "insightful", "surprising", "confusing")
SHARES = ("native", "copy", "email", "bluesky", "hackernews", "linkedin", "reddit", "telegram", "weibo", "x")


def _http(value: str) -> str:
    # Without signs that end something in a Content-Security-Policy, where its host will stand.
    if not re.fullmatch(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?(?:/[^\s;,'\"<>\\#]*)?", value):
        raise ValueError("must be an address such as https://stats.example.com/e")
    return value


class _Adapter(BaseModel):
    """Another service that is told the same events; ``endpoint`` is where it takes them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: ClassVar[str]
    """As readers know it."""
    endpoint: str

    @field_validator("endpoint")
    @classmethod
    def _an_address(cls, value: str) -> str:
        return _http(value)


class Plausible(_Adapter):
    name: ClassVar[str] = "Plausible"
    kind: Literal["plausible"]
    domain: str = Field(pattern=r"^[^\s,/]+$")
    """The site's name there."""
    endpoint: str = "https://plausible.io/api/event"


class Umami(_Adapter):
    name: ClassVar[str] = "Umami"
    kind: Literal["umami"]
    website: str
    """The site's id there, a UUID."""
    endpoint: str = "https://cloud.umami.is/api/send"

    @field_validator("website")
    @classmethod
    def _a_uuid(cls, value: str) -> str:
        if not re.fullmatch(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", value):
            raise ValueError("must be the site's id in Umami, such as 94db1cb1-74f4-4a40-ad6c-962362670409")
        return value


class GoatCounter(_Adapter):
    name: ClassVar[str] = "GoatCounter"
    kind: Literal["goatcounter"]
    endpoint: str
    """The site's own address there, such as ``https://my-code.goatcounter.com/count``."""


class Matomo(_Adapter):
    name: ClassVar[str] = "Matomo"
    kind: Literal["matomo"]
    endpoint: str
    """The address of ``matomo.php``."""
    site_id: int = Field(ge=1)


class Ga4(_Adapter):
    name: ClassVar[str] = "Google Analytics"
    google: ClassVar[str] = "https://www.google-analytics.com/mp/collect"
    kind: Literal["ga4"]
    measurement_id: str = Field(pattern=r"^G-[0-9A-Z]+$")
    api_secret: str = Field("", pattern=r"^[0-9A-Za-z_-]*$")
    """Stands in every page. Empty if ``endpoint`` is your own, which adds it."""
    endpoint: str = google

    @model_validator(mode="after")
    def _with_what_opens_it(self) -> Self:
        if self.endpoint == self.google and not self.api_secret:
            raise ValueError(
                "Google takes nothing without an api_secret, which stands in every page; or give an endpoint of your own that"
                " adds it"
            )
        return self


Adapter = Annotated[Plausible | Umami | GoatCounter | Matomo | Ga4, Field(discriminator="kind")]
ADAPTERS: dict[str, type[_Adapter]] = {
    "plausible": Plausible,
    "umami": Umami,
    "goatcounter": GoatCounter,
    "matomo": Matomo,
    "ga4": Ga4,
}


class EngagementOptions(BaseModel):
    """The options of the ``engagement`` plugin in mkdocs.yml, as they stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endpoint: str = "/e"
    """Where browsers report: a path on the site's own host, a whole address, or nothing, and then they don't."""
    hooks: dict[str, bool] = Field(default_factory=dict)
    """Which hooks are off, such as ``{share: false}``; the others are on. ``false`` alone: all are off."""
    reactions: tuple[str, ...] = ("like", "insightful", "confusing")
    """What readers may say with one click below an article."""
    share: tuple[str, ...] = ("native", "copy", "email")
    """Where they may pass it on."""
    adapters: tuple[Adapter, ...] = ()
    """Other services that are told the same, instead of the collector or as well."""
    respect_privacy_signals: bool = True
    """Whoever sends Global Privacy Control or Do Not Track is not counted."""
    consent: Literal["none", "ask"] = "none"
    """``ask``: nothing is reported before a reader has agreed; then it is with a member's id. ``none``: without."""
    counts: bool = False
    """Pages tell how many have read them, from ``site-builder insights pull``."""
    also_read: bool = True
    """Articles name what their readers read as well, where ``site-builder insights pull`` has found it out."""

    @field_validator("endpoint")
    @classmethod
    def _a_path_or_an_address(cls, value: str) -> str:
        if value and not re.fullmatch(r"/(?:[A-Za-z0-9._~-][A-Za-z0-9._~/-]*)?", value):
            return _http(value)
        return value

    @field_validator("hooks", mode="before")
    @classmethod
    def _all_or_each(cls, value: Any) -> Any:
        return switches(value)

    @field_validator("reactions")
    @classmethod
    def _known_reactions(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _among(value, REACTIONS)

    @field_validator("share")
    @classmethod
    def _known_shares(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _among(value, SHARES)

    @property
    def reports(self) -> bool:
        """Whether anybody is told of anything."""
        return bool(self.endpoint or self.adapters)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The origins, beside the site's own, that a page talks to."""
        addresses = [self.endpoint, *(adapter.endpoint for adapter in self.adapters)]
        return tuple(dict.fromkeys(address.lower() for address in map(_origin, addresses) if address))

    @classmethod
    def read(cls, options: object, place: Place | None = None) -> EngagementOptions:
        """Validate the options. Raises ConfigError that names each bad option, its value and what is accepted."""
        try:
            return cls.model_validate(options or {})
        except ValidationError as error:
            lines = [
                f"engagement option {'.'.join(map(str, one['loc'])) or 'mapping'}: {one['msg']} (found {one['input']!r})"
                for one in error.errors(include_url=False)
            ]
            hint = f"The engagement plugin's options are: {', '.join(cls.model_fields)}."
            raise ConfigError("; ".join(lines), place=place, hint=hint) from None


def switches(value: Any) -> dict[str, bool]:
    """What ``hooks`` says, of a site, a folder or a page: which hooks are on and which off. ``false`` and ``true`` are of all.

    Raises:
        ValueError: it says something else.
    """
    if value is None:
        return {}
    if isinstance(value, bool):
        return dict.fromkeys(EVENT_NAMES, value)
    if not isinstance(value, dict) or not all(isinstance(one, bool) for one in value.values()):
        raise ValueError("must be true, false, or a mapping such as {share: false}")
    if unknown := [str(name) for name in value if name not in EVENT_NAMES]:
        raise ValueError(f"there is no hook {unknown[0]!r}; there are {', '.join(EVENT_NAMES)}")
    return dict(value)


def _among(value: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [one for one in value if one not in known]:
        raise ValueError(f"there is no {unknown[0]!r}; there are {', '.join(known)}")
    return tuple(dict.fromkeys(value))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
