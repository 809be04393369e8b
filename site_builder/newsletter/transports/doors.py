"""The transport that mkdocs.yml names, opened with what the environment has for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from site_builder.content.settings import Settings
from site_builder.errors import ConfigError
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.transport_options import (
    FolderOptions,
    ListmonkOptions,
    SmtpOptions,
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
    """Connects to nobody yet.

    Raises SendingError that names the environment variable which is missing, and ConfigError for a folder of mails that would
    be published.
    """
    if isinstance(options, FolderOptions | SmtpOptions):
        return open_carrier(settings, options, issue.id)
    if isinstance(options, ListmonkOptions):
        from site_builder.newsletter.transports.listmonk import (
            Listmonk,
        )  # brings an HTTP client, which takes time to load

        return Listmonk(options, secret(options.user_variable), secret(options.password_variable), issue, campaigns)
    from site_builder.newsletter.transports.buttondown import Buttondown

    return Buttondown(options, secret(options.password_variable), issue, campaigns)


def open_carrier(settings: Settings, options: FolderOptions | SmtpOptions, name: str) -> Transport:
    """What takes any mail, of an issue or not; below the folder of mails, ``name`` is theirs. Connects and raises as above."""
    if isinstance(options, FolderOptions):
        return Folder(_outbox(settings, options), name)
    where = server(options)
    user = secret(where.user_from) if where.user_from else where.user
    password = secret(where.key_from) if where.key_from else ""
    return Smtp(where, user, password, options.bounces_to, options.timeout)


def _outbox(settings: Settings, options: FolderOptions) -> Path:
    """Where mails are written: they have premium text and addresses in clear, and git is told to ignore all that is there."""
    outbox = settings.root / options.path
    published = any(outbox.resolve().is_relative_to(one.resolve()) for one in (settings.docs_dir, settings.site_dir))
    if published or settings.root.resolve().is_relative_to(outbox.resolve()):
        raise ConfigError(
            f"newsletter option transport.path: mails in {options.path} would be "
            + ("published with the site" if published else "among the site's own files"),
            hint="Give them a folder of their own, such as newsletter/outbox, outside of `docs_dir` and `site_dir`.",
        )
    return outbox
