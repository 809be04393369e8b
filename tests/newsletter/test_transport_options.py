"""What mkdocs.yml may say of a transport: presets, no secrets, no mail in clear; and what the environment must have."""

from __future__ import annotations

from typing import Any

import pytest

from site_builder.errors import ConfigError, SendingError
from site_builder.newsletter.transport_options import (
    KINDS,
    ButtondownOptions,
    FolderOptions,
    ListmonkOptions,
    SmtpOptions,
    read_transport,
    secret,
    server,
)
from site_builder.newsletter.transports.presets import PRESETS
from tests.docs import DOCS, section


def preset(**options: Any) -> tuple[str, int, str]:
    found = read_transport(options)
    assert isinstance(found, SmtpOptions)
    where = server(found)
    return where.host, where.port, where.security


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({"kind": "ses", "region": "eu-central-1"}, ("email-smtp.eu-central-1.amazonaws.com", 587, "starttls")),
        ({"kind": "postmark"}, ("smtp-broadcasts.postmarkapp.com", 587, "starttls")),
        ({"kind": "mailgun"}, ("smtp.mailgun.org", 587, "starttls")),
        ({"kind": "mailgun", "region": "eu"}, ("smtp.eu.mailgun.org", 587, "starttls")),
        ({"kind": "resend"}, ("smtp.resend.com", 465, "tls")),
        ({"kind": "brevo"}, ("smtp-relay.brevo.com", 587, "starttls")),
        ({"kind": "brevo", "port": 2525}, ("smtp-relay.brevo.com", 2525, "starttls")),
        ({"kind": "postmark", "host": "smtp.example.com"}, ("smtp.example.com", 587, "starttls")),
        ({"kind": "smtp", "host": "mail.example.com"}, ("mail.example.com", 587, "starttls")),
        ({"kind": "smtp", "host": "mail.example.com", "security": "tls"}, ("mail.example.com", 465, "tls")),
        ({"kind": "smtp", "host": "127.0.0.1", "security": "none", "port": 1025}, ("127.0.0.1", 1025, "none")),
    ],
)
def test_a_mail_service_is_known_by_its_name(options: dict[str, Any], where: tuple[str, int, str]) -> None:
    assert preset(**options) == where


def test_every_service_takes_a_login_through_an_encrypted_connection() -> None:
    for name, one in PRESETS.items():
        if name != "smtp":
            assert one.security in ("starttls", "tls") and one.key_from and (one.user or one.user_from)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "has no `transport`"),
        ({"kind": "pigeon"}, "pigeon"),
        ({"host": "mail.example.com"}, "newsletter option transport"),
        ({"kind": "ses"}, "ses needs a region"),
        ({"kind": "smtp"}, "smtp needs a host"),
        ({"kind": "smtp", "host": "mail.example.com", "security": "none"}, "for anybody to read"),
        ({"kind": "smtp", "host": "mail.example.com", "port": 99999}, "transport.port"),
        ({"kind": "smtp", "host": "mail example"}, "transport.host"),
        ({"kind": "smtp", "host": "mail.example.com", "user_variable": "MAIL_USER"}, "go together"),
        ({"kind": "folder", "colour": "red"}, "transport.colour"),
        ({"kind": "postmark", "per_second": 0}, "transport.per_second"),
        (
            {"kind": "listmonk", "url": "http://lists.example.com", "template": 1, "lists": [{"id": 1, "holds": []}]},
            "https",
        ),
        ({"kind": "listmonk", "url": "https://lists.example.com", "template": 1, "lists": []}, "transport.lists"),
        ({"kind": "buttondown"}, "transport.lists"),
    ],
)
def test_what_can_not_work_is_told_by_option(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read_transport(options)


def test_the_kinds_are_named_where_one_is_missing() -> None:
    with pytest.raises(ConfigError) as caught:
        read_transport({"kind": "pigeon"})
    assert all(kind in caught.value.hint for kind in KINDS)


SECRET = "hunter2-Very/Secret+Value"


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "smtp", "host": "mail.example.com", "password": SECRET},
        {"kind": "smtp", "host": "mail.example.com", "user": SECRET},
        {"kind": "smtp", "host": "mail.example.com", "user_variable": SECRET, "password_variable": SECRET},
        {"kind": "postmark", "token": SECRET},
        {"kind": "postmark", "server_token": SECRET},
        {"kind": "resend", "api_key": SECRET},
        {"kind": "buttondown", "lists": [{"id": 1, "holds": []}], "apikey": SECRET},
        {"kind": "buttondown", "lists": [{"id": 1, "holds": []}], "password_variable": SECRET},
        {
            "kind": "listmonk", "template": 1, "lists": [{"id": 1, "holds": []}],
            "url": f"https://bot:{SECRET}@lists.example.com",
        },
    ],
)  # fmt: skip
def test_a_secret_in_mkdocs_yml_is_refused_and_never_repeated(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        read_transport(options)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("environment", [{}, {"POSTMARK_SECRET_KEY": "  "}])
def test_a_missing_password_is_asked_for_by_the_variables_name(environment: dict[str, str]) -> None:
    with pytest.raises(SendingError, match="the environment variable POSTMARK_SECRET_KEY is not set") as caught:
        secret("POSTMARK_SECRET_KEY", environment)
    assert "never into mkdocs.yml" in caught.value.hint


def test_a_broken_password_is_not_repeated() -> None:
    assert secret("KEY", {"KEY": f" {SECRET}\n"}) == SECRET
    for broken in (f"{SECRET}\nmore", f"{SECRET}é"):
        with pytest.raises(SendingError, match="the environment variable KEY has") as caught:
            secret("KEY", {"KEY": broken})
        assert SECRET not in str(caught.value)


def test_every_kind_option_and_variable_is_documented() -> None:
    text = section(DOCS / "sending.md", "Transports")
    for kind in KINDS:
        assert f"| `{kind}` |" in text, kind
    for model in (FolderOptions, SmtpOptions, ListmonkOptions, ButtondownOptions):
        for name in model.model_fields:
            assert name == "kind" or f"`{name}`" in text, name
    for preset in PRESETS.values():
        for variable in filter(None, (preset.user_from, preset.key_from)):
            assert f"`{variable}`" in text, variable
