"""The folder of files, and the SMTP connection: certificates, logins, and no password where it does not belong."""

from __future__ import annotations

import stat
import traceback
from email import message_from_bytes
from email.policy import SMTP as MAIL_POLICY
from pathlib import Path

import pytest

from site_builder.errors import SendingError
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.message import Mail, Recipient, compose
from site_builder.newsletter.transports.folder import Folder, file_name
from site_builder.newsletter.transports.presets import Preset
from site_builder.newsletter.transports.receipt import Unreachable, one_line
from site_builder.newsletter.transports.smtp import Smtp
from tests.newsletter.post_office import PostOffice, tls
from tests.newsletter.sendable import NOON, an_issue

PASSWORD = "correct horse/battery+staple"
LOGIN = {"user": "mara", "password": PASSWORD}


@pytest.fixture
def issue(tmp_path: Path) -> Issue:
    return an_issue(tmp_path / "issues" / "floats")


@pytest.fixture
def mail(issue: Issue) -> Mail:
    return mail_to(issue, "ada@example.com")


def mail_to(issue: Issue, address: str) -> Mail:
    return compose(issue, "public", Recipient(address, "Ada", {"unsubscribe": "https://example.com/u/x"}), NOON)


def test_a_folder_gets_one_private_file_for_each_recipient(tmp_path: Path, issue: Issue) -> None:
    folder = Folder(tmp_path / "outbox", issue.id)
    addresses = [
        "ada@example.com",
        "ada+x@example.com",
        "a/../../d@example.com",
        "..@example.com",
        "a" * 64 + "@example.com",
    ]
    for address in addresses:
        assert folder.deliver(Mail("mara@example.com", address, "<1@x>", address.encode())).verdict == "sent"
    files = list((tmp_path / "outbox" / "floats").iterdir())
    assert sorted(file.read_bytes() for file in files) == sorted(address.encode() for address in addresses)
    assert all(file.suffix == ".eml" and stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert stat.S_IMODE((tmp_path / "outbox" / "floats").stat().st_mode) == 0o700
    assert (tmp_path / "outbox" / ".gitignore").read_text() == "*\n"


def test_the_same_mail_again_is_the_same_file(tmp_path: Path, mail: Mail) -> None:
    folder = Folder(tmp_path / "outbox", "floats")
    names = {folder.deliver(mail).detail for _ in range(2)}
    (file,) = (tmp_path / "outbox" / "floats").iterdir()
    assert names == {file.name} and file.read_bytes() == mail.raw
    assert message_from_bytes(file.read_bytes(), policy=MAIL_POLICY)["To"].addresses[0].addr_spec == "ada@example.com"


def test_names_of_files_differ_where_addresses_do() -> None:
    addresses = ["a_b@example.com", "a/b@example.com", "a\\b@example.com", "A.b@example.com"]
    assert len({file_name(address) for address in addresses}) == 4
    assert file_name("ADA@example.com") == file_name("ada@example.com")


def test_a_folder_that_can_not_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file")
    with pytest.raises(SendingError, match="the folder can't be made"):
        Folder(tmp_path / "outbox", "floats")


def test_starttls_with_a_certificate_that_is_trusted_and_a_login(
    tmp_path: Path, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    office = PostOffice(tls_context=context, require_starttls=True, auth_required=True)
    office.password = PASSWORD.encode()
    office._settings["authenticator"] = office.authenticate
    with office:
        transport = Smtp(Preset("127.0.0.1", office.port, "starttls"), **LOGIN)
        assert transport.deliver(mail).verdict == "sent"
        transport.close()
    assert office.mails[0][1] == mail.raw


@pytest.mark.parametrize("name", ["127.0.0.1", "mail.example.com"])
def test_a_certificate_that_is_not_trusted_or_anothers_gets_no_password_and_no_mail(
    tmp_path: Path, mail: Mail, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls(tmp_path, name)
    if name != "127.0.0.1":
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    with PostOffice(tls_context=context, require_starttls=True) as office:
        transport = Smtp(Preset("127.0.0.1", office.port, "starttls"), **LOGIN)
        with pytest.raises(SendingError, match=r"the certificate of 127\.0\.0\.1:.* is not good"):
            transport.deliver(mail)
    assert office.mails == []


def test_a_server_without_starttls_gets_no_password(mail: Mail) -> None:
    with PostOffice() as office:
        transport = Smtp(Preset("127.0.0.1", office.port, "starttls"), **LOGIN)
        with pytest.raises(SendingError, match="offers no STARTTLS"):
            transport.deliver(mail)
    assert office.mails == []


def test_a_wrong_password_names_the_variables_and_is_never_repeated(
    tmp_path: Path, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    office = PostOffice(tls_context=context, require_starttls=True, auth_required=True)
    office._settings["authenticator"] = office.authenticate
    with office:
        preset = Preset("127.0.0.1", office.port, "starttls", user_from="MAIL_USER", key_from="MAIL_PASSWORD")
        with pytest.raises(SendingError, match=r"does not accept the user's name or the password \(535\)") as caught:
            Smtp(preset, **LOGIN).deliver(mail)
    assert "MAIL_USER and MAIL_PASSWORD" in caught.value.hint
    assert PASSWORD not in "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in repr(vars(caught.value))


def test_nobody_at_the_door_is_told_as_unreachable(mail: Mail) -> None:
    with PostOffice() as office:
        port = office.port
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port} can't be reached: Connection refused"):
        Smtp(Preset("127.0.0.1", port, "none")).deliver(mail)


def test_the_server_does_not_learn_the_name_of_the_writers_machine(mail: Mail) -> None:
    names: list[str] = []

    class Listening(PostOffice):
        async def handle_EHLO(self, server, session, envelope, hostname, responses):  # type: ignore[no-untyped-def]
            names.append(hostname)
            return await super().handle_EHLO(server, session, envelope, hostname, responses)

    with Listening() as office:
        transport = Smtp(Preset("127.0.0.1", office.port, "none"))
        transport.deliver(mail)
        transport.close()
    assert names == ["[127.0.0.1]"]


def test_bounces_can_go_to_another_address(mail: Mail) -> None:
    senders: list[str] = []
    with PostOffice() as office:
        office.watch = lambda stage, address: senders.append(address) if stage == "MAIL" else None
        transport = Smtp(Preset("127.0.0.1", office.port, "none"), bounces_to="bounces@example.com")
        transport.deliver(mail)
        transport.close()
    assert senders == ["bounces@example.com"]


def test_a_servers_words_become_one_short_line() -> None:
    assert one_line(b"no\r\nsuch\x1b[31m \xff user" + b"x" * 500).startswith("no such [31m")
    assert len(one_line("x" * 500)) == 200


def test_a_host_that_is_none_is_told_and_leaves_no_mail_in_doubt(mail: Mail) -> None:
    with pytest.raises(SendingError, match=r"mail\.\.example\.com is no host's name"):
        Smtp(Preset("mail..example.com", 587)).deliver(mail)
