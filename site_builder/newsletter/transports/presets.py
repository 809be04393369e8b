"""Mail services by name: where their SMTP servers are, and the environment variables with what opens them.

Hosts, ports and kinds of credentials as the services' own documentation has them in 2026. Rates are careful beginnings, not the
services' limits: those depend on the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Preset:
    """A server: ``user`` is a fixed name, else the variable ``user_from`` has it; without ``key_from`` there is no login.

    ``{region}`` stands in ``host`` where one must be given, in ``regional`` where one may be.
    """

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    user_from: str = ""
    key_from: str = ""
    per_second: float | None = None
    regional: str = ""


PRESETS = {
    "smtp": Preset(),
    # SMTP credentials of their own, for one region each; accounts in the sandbox may send one mail a second.
    "ses": Preset(
        "email-smtp.{region}.amazonaws.com", user_from="SES_SMTP_USER", key_from="SES_SMTP_PASSWORD", per_second=1
    ),
    # The host of broadcast streams: newsletters may not go through the transactional one. An SMTP token is a pair of keys.
    "postmark": Preset(
        "smtp-broadcasts.postmarkapp.com", user_from="POSTMARK_ACCESS_KEY", key_from="POSTMARK_SECRET_KEY",
        per_second=10,
    ),
    # Credentials belong to a domain; domains in the EU have a server of their own.
    "mailgun": Preset(
        "smtp.mailgun.org", user_from="MAILGUN_SMTP_USER", key_from="MAILGUN_SMTP_PASSWORD", per_second=10,
        regional="smtp.{region}.mailgun.org",
    ),
    # The user's name is the same for all; the password is an API key. SMTP counts against the API's rate.
    "resend": Preset("smtp.resend.com", 465, "tls", "resend", key_from="RESEND_API_KEY", per_second=2),
    # An SMTP key, which is not an API key.
    "brevo": Preset(
        "smtp-relay.brevo.com", user_from="BREVO_SMTP_USER", key_from="BREVO_SMTP_KEY", per_second=10
    ),
}  # fmt: skip
