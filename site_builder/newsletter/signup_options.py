"""What mkdocs.yml says about where readers sign up: ``signup`` of the newsletter plugin. Keys come from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from site_builder.errors import ConfigError, Place
from site_builder.newsletter.transport_options import ButtondownAccount, ListmonkServer, read_kind


class ListmonkSignup(ListmonkServer):
    """A list of a listmonk server, with double opt-in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["listmonk"]
    list: int
    """The number of the list that the form is for."""


class ButtondownSignup(ButtondownAccount):
    """The subscribers of a newsletter in Buttondown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["buttondown"]


SignupOptions = ListmonkSignup | ButtondownSignup
SIGNUP_KINDS = ("listmonk", "buttondown")
_ANY: TypeAdapter[SignupOptions] = TypeAdapter(Annotated[SignupOptions, Field(discriminator="kind")])


def read_signup(options: Mapping[str, Any], place: Place | None = None) -> SignupOptions:
    """Validate ``signup``. Raises ConfigError, which never repeats what may be a secret."""
    if not options:
        raise ConfigError(
            "the newsletter plugin has no `signup`, so there is nowhere to fetch readers from",
            place=place,
            hint="Write `signup: {kind: buttondown}`, or `{kind: listmonk, url: https://lists.example.com, list: 1}`.",
        )
    return read_kind("signup", _ANY, SIGNUP_KINDS, options, place)
