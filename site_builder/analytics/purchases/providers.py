"""Which payment providers are understood, and the secrets of their webhooks, which stand in the environment alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from site_builder.analytics.purchases import lemonsqueezy, paddle, polar, signatures, stripe
from site_builder.analytics.purchases.payment import Payment
from site_builder.analytics.purchases.signatures import Signed
from site_builder.errors import ConfigError

SHORTEST = 16
"""Letters of a secret that a provider made, without its ``whsec_``: what is shorter was copied by halves."""
SHORTEST_OWN = 6
"""Of one that the author made up himself, as Lemon Squeezy has it: the fewest that it takes."""
Secrets = Mapping[str, tuple[bytes, ...]]
"""By provider: the secret in use and, while one is rotated, the one before it."""


class Provider(NamedTuple):
    """How a provider signs, and how its events are read."""

    signed: Signed
    read: Callable[[bytes], Payment]
    """Raises Passed where nothing is to be kept, and pydantic's ValidationError where it is no event of his."""


PROVIDERS = {
    "stripe": Provider(signatures.stripe, stripe.read),
    "paddle": Provider(signatures.paddle, paddle.read),
    "lemonsqueezy": Provider(signatures.lemonsqueezy, lemonsqueezy.read),
    "polar": Provider(signatures.standard, polar.read),
}


def variable(provider: str) -> str:
    """The environment variable with a provider's secret."""
    return f"SITE_BUILDER_{provider.upper()}_WEBHOOK_SECRET"


def load_secrets(environ: Mapping[str, str] | None = None) -> Secrets:
    """The secrets of the providers that have one; two of the same stand in a variable with a comma or space between them.

    An empty variable counts as absent. Raises ConfigError, never repeating a secret, if one can't be right.
    """
    environ = os.environ if environ is None else environ
    found = {name: tuple(filter(None, re.split(r"[\s,]+", environ.get(variable(name), "")))) for name in PROVIDERS}
    for name, secrets in found.items():
        if not all(map(str.isascii, secrets)):
            raise ConfigError(
                f"{variable(name)} holds a letter that no secret has",
                hint="Copy the secret that the provider shows for this webhook: an example's … is no part of one.",
            )
        shortest = SHORTEST_OWN if name == "lemonsqueezy" else SHORTEST
        if any(len(secret.removeprefix("whsec_")) < shortest for secret in secrets):
            raise ConfigError(
                f"{variable(name)} holds a secret of fewer than {shortest} letters, whsec_ not counted",
                hint="It is the one that the provider shows for this webhook. Two are written with a comma between them.",
            )
        if name == "stripe" and not all(secret.startswith("whsec_") for secret in secrets):
            raise ConfigError(
                f"{variable(name)} is not the secret of a webhook",
                hint="Stripe shows it at the webhook's endpoint, and it begins with whsec_. An API key has no place here.",
            )
    return {name: tuple(secret.encode() for secret in secrets) for name, secrets in found.items() if secrets}
