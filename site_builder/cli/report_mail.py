"""A report as a mail to the author: between the analytics room, which makes the report, and the newsletter's, which sends."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from site_builder.analytics.report import Report
from site_builder.analytics.report_page import as_html, as_text, subject
from site_builder.cli.dates import now
from site_builder.content.settings import load_settings
from site_builder.errors import ConfigError, Place, SendingError
from site_builder.newsletter.headers import mailbox
from site_builder.newsletter.message import Mail
from site_builder.newsletter.publication import Publication, read_publication
from site_builder.newsletter.transport_options import FolderOptions, SmtpOptions, read_transport
from site_builder.newsletter.transports.doors import open_carrier
from site_builder.newsletter.transports.receipt import Unreachable


def send_report(report: Report, config_file: Path, to: str = "") -> str:
    """Send it to ``to``, or else to the newsletter's sender; returns the address.

    Raises ConfigError if mkdocs.yml names no sender, no transport, or one that has its readers itself, IssueError if ``to`` is no
    address, SendingError if the mail was not taken.
    """
    publication, place = read_publication(config_file), Place(config_file)
    options = read_transport(publication.options.transport, place)
    if not isinstance(options, SmtpOptions | FolderOptions):
        raise ConfigError(
            f"{options.kind} sends to its own lists, and a report goes to its author",
            place=place,
            hint="Print it with --format html, and send that by another program.",
        )
    mail = report_mail(report, publication, to, now(), place)
    transport = open_carrier(load_settings(config_file), options, f"report-{report.period.until}")
    try:
        receipt = transport.deliver(mail)
    except Unreachable as error:
        raise SendingError(str(error), hint="Nothing was sent.") from None
    finally:
        transport.close()
    if receipt.verdict != "sent":
        lost = receipt.verdict == "unknown"
        raise SendingError(
            f"the report to {mail.recipient} {'may not have been' if lost else 'was not'} taken: {receipt.detail}",
            hint="Run it again: a report that comes twice does no harm.",
        )
    return mail.recipient


def report_mail(report: Report, publication: Publication, to: str, moment: datetime, place: Place) -> Mail:
    """The mail, its plain text and its HTML; the same report, address and ``moment`` (aware) give the same bytes."""
    sender = publication.options.sender
    if sender is None:
        raise ConfigError(
            "the newsletter plugin has no `sender`, whom a report's mail would be from",
            place=place,
            hint="Add `sender: {name: Ada Example, address: ada@example.com}`.",
        )
    to = to or sender.address
    named = "\n".join((report.url, report.period.since.isoformat(), report.period.until.isoformat(), to.lower()))
    digest = hashlib.sha256(named.encode()).hexdigest()
    message = EmailMessage(policy=SMTP)
    message["From"] = mailbox(sender.name, sender.address).replace("\r\n", "")
    message["To"] = mailbox("", to)
    message["Subject"] = subject(report)
    message["Date"] = format_datetime(moment)
    message["Message-ID"] = f"<report.{digest[:32]}@{sender.address.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answer by a machine
    message.set_content(as_text(report), cte="quoted-printable")
    message.add_alternative(as_html(report), subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{digest[:24]}")
    return Mail(sender.address, to, str(message["Message-ID"]), message.as_bytes())
