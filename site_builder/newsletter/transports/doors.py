"""The transport that mkdocs.yml names, opened with what the environment has for it."""

from __future__ import annotations

from collections.abc import Mapping

from site_builder.content.settings import Settings
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.transport_options import (
    ButtondownOptions,
    FolderOptions,
    ListmonkOptions,
    TransportOptions,
    secret,
    server,
)
from site_builder.newsletter.transports.campaigns import Campaign
from site_builder.newsletter.transports.folder import Folder
from site_builder.newsletter.transports.receipt import Transport
from site_builder.newsletter.transports.smtp import Smtp


def open_transport(
    settings: Settings, options: TransportOptions, issue: Issue, campaigns: Mapping[str, Campaign]
) -> Transport:
    """Raises SendingError that names the environment variable which is missing. Connects to nobody yet."""
    if isinstance(options, FolderOptions):
        return Folder(settings.root / options.path, issue.id)
    if isinstance(options, ListmonkOptions):
        from site_builder.newsletter.transports.listmonk import (
            Listmonk,
        )  # brings an HTTP client, which takes time to load

        return Listmonk(options, secret(options.user_variable), secret(options.password_variable), issue, campaigns)
    if isinstance(options, ButtondownOptions):
        from site_builder.newsletter.transports.buttondown import Buttondown

        return Buttondown(options, secret(options.password_variable), issue, campaigns)
    where = server(options)
    user = secret(where.user_from) if where.user_from else where.user
    password = secret(where.key_from) if where.key_from else ""
    return Smtp(where, user, password, options.bounces_to, options.timeout)
