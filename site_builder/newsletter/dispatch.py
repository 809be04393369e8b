"""From an issue's name to its mails: the issue, its audience on a day, its transport and its ledger, brought together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

from site_builder.content.settings import Settings, load_settings
from site_builder.errors import IssueError, Place, SendingError
from site_builder.membership.desk import open_desk
from site_builder.membership.keyfile import load_keys
from site_builder.newsletter.addresses import person
from site_builder.newsletter.audience import Addressee, Person, audience, people, segment_of
from site_builder.newsletter.issue import ISSUES, Issue, load_issue
from site_builder.newsletter.ledger import Ledger, Row, ledger_path, only_sender, was_sent
from site_builder.newsletter.letters import recipient_names
from site_builder.newsletter.message import Mail, Recipient, compose
from site_builder.newsletter.pace import Clock, Rules
from site_builder.newsletter.publication import Publication, read_publication
from site_builder.newsletter.sending import Run, send
from site_builder.newsletter.subscribers import Subscribers
from site_builder.newsletter.transport_options import SmtpOptions, TransportOptions, read_transport, server
from site_builder.newsletter.transports.campaigns import Campaign, campaigns
from site_builder.newsletter.transports.doors import open_transport

SUBSCRIBERS_FILE = "newsletter/subscribers.db"
"""Where the subscribers are kept, relative to mkdocs.yml."""


def subscribers_of(settings: Settings) -> Subscribers:
    """The database of a site's subscribers, made if there is none. Raises SendingError."""
    return Subscribers(settings.root / SUBSCRIBERS_FILE)


def issue_folder(settings: Settings, name: str) -> Path:
    """The folder of the issue ``name``. Raises IssueError if it was not built."""
    folder = settings.root / ISSUES / name
    if not name or Path(name).name != name or not folder.is_dir():
        raise IssueError(
            f"there is no issue {name!r} that was built",
            place=Place(settings.root / ISSUES),
            hint="`site-builder newsletter list` shows what there is, `newsletter build` builds it.",
        )
    return folder


@dataclass(frozen=True)
class Dispatch:
    """An issue that is about to be sent, as things stand on ``day`` (UTC)."""

    settings: Settings
    publication: Publication
    issue: Issue
    options: TransportOptions
    subscribers: Subscribers
    day: date
    to: tuple[str, ...] = ()
    """Segments that go before the issue's own."""

    @cached_property
    def everybody(self) -> dict[str, Person]:
        """All who may get mail."""
        members = open_desk(self.settings, self.day).members.values() if self.settings.roster.exists() else ()
        return people(members, self.subscribers)

    @cached_property
    def campaigns(self) -> dict[str, Campaign]:
        """What a service that has the lists itself is given, by a name for each; empty if mails go to people."""
        return campaigns(self.issue, self.options, self.everybody.values(), self.settings.offers)

    @cached_property
    def addressees(self) -> list[Addressee]:
        """Whom the issue goes to today. Raises SendingError if that is nobody, or a segment is not known."""
        if self.campaigns:
            if self.to:
                raise SendingError(
                    f"--to does not work with {self.options.kind}, which has the lists itself",
                    hint="Which list gets what is said by `lists` under `transport` in mkdocs.yml.",
                )
            return [Addressee(name, "", campaign.variant) for name, campaign in self.campaigns.items()]
        segments = self.publication.options.all_segments(self.settings.offers)
        names = self.to or self.issue.manifest.segments or ("everyone",)
        found = audience(self.issue, self.everybody, segment_of(names, segments), self.settings.offers)
        if not found:
            raise SendingError(
                f"nobody is in {', '.join(names)}",
                hint="`site-builder newsletter subscribers list` and `members list` show who there is.",
            )
        return found

    def variant_now(self, address: str) -> str | None:
        """The variant that an address may get today; None if it is to get no mail any more."""
        if self.campaigns:
            return self.campaigns[address].variant if address in self.campaigns else None
        one = self.everybody.get(person(address))
        return self.issue.access_set_for(one.held, self.settings.offers) if one else None

    def rules(self) -> Rules:
        """How fast, and how often again."""
        options = self.options
        rate = server(options).per_second if isinstance(options, SmtpOptions) else options.per_second
        return Rules(rate, options.per_hour, options.retries, options.retry_after)

    def try_out(self, mails: Iterable[Addressee | Row]) -> None:
        """Compose one mail of each variant, to the sender: what is wrong with the issue shows before any mail goes out."""
        mail = self._composer({})
        for variant in () if self.campaigns else sorted({one.variant for one in mails}):
            mail(Row(self.issue.manifest.sender.address, "", variant, "pending", 0, "", 0), datetime.min)

    def _composer(self, names: Mapping[str, str]) -> Callable[[Row, datetime], Mail]:
        def prepare(row: Row, moment: datetime) -> Mail:
            if row.address in self.campaigns:
                return Mail(self.issue.manifest.sender.address, row.address, "", b"")
            links = self.publication.options.links(names.get(row.address, ""))
            return compose(self.issue, row.variant, Recipient(row.address, row.name, links), moment)

        return prepare

    def _left(self, address: str) -> str | None:
        return None if self.campaigns else self.subscribers.cause(address)

    def _name(self, rows: Sequence[Row]) -> dict[str, str]:
        """Address -> what names it in links, remembered before a mail with it goes out."""
        if self.campaigns:
            return {}
        master = load_keys(self.settings.key_file).current
        names = recipient_names(master, self.settings.site, (row.address for row in rows))
        self.subscribers.remember({name: address for address, name in names.items()})
        return names

    def send(
        self,
        *,
        resume: bool,
        only: int | None,
        clock: Clock,
        watch: Callable[[int, int], object] = lambda done, total: None,
    ) -> None:
        """Send the issue, or go on with it. What became of it stands in its ledger, also when this raises.

        Raises SendingError if it was sent before and ``resume`` is not said, or has not been and it is; if it changed since;
        if another command is sending it; and what ``sending.send`` raises.
        """
        folder = self.issue.folder
        if only is not None and self.campaigns:
            raise SendingError(
                f"--canary does not work with {self.options.kind}, which has the lists itself",
                hint="Leave out `start` under `transport` in mkdocs.yml: then drafts are made, which you can try out there.",
            )
        transport = open_transport(self.settings, self.options, self.issue, self.campaigns)
        with only_sender(folder):
            self._may_begin(resume)
            if not resume:
                self.try_out(self.addressees)
            addressees = self.addressees if not resume or self.to else []
            now = clock.now()
            with Ledger(folder) as ledger:
                ledger.begin(self.issue.digest, transport.kind, now)
                ledger.recover(transport.repeatable)
                if resume:
                    ledger.judge_again(self.variant_now, now)
                    self.try_out(ledger.mails("pending"))
                ledger.freeze(addressees)
                run = Run(
                    transport,
                    self._composer(self._name(ledger.mails("pending"))),
                    self.rules(),
                    clock,
                    self._left,
                    lambda address, detail: self.subscribers.withdraw(address, "bounced", clock.now(), detail),
                    watch,
                )
                send(ledger, run, only)

    def _may_begin(self, resume: bool) -> None:
        folder = self.issue.folder
        if load_issue(folder).digest != self.issue.digest:
            raise SendingError(
                f"the issue {self.issue.id} was built again just now",
                hint="Nothing was sent. Look at it, then send it.",
            )
        if was_sent(folder) == resume:
            return
        if resume:
            raise SendingError(
                f"sending the issue {self.issue.id} has not begun, so there is nothing to resume",
                hint=f"If it has, its ledger {ledger_path(folder)} got lost: restore it first. Else leave out --resume.",
            )
        with Ledger(folder) as ledger:
            ledger.check(self.issue.digest)
            done, waiting = ledger.count("sent"), ledger.count("pending", "claimed")
        raise SendingError(
            f"the issue {self.issue.id} was sent before: {done} sent, {waiting} waiting",
            place=Place(ledger_path(folder)),
            hint="Send the rest with --resume: nobody gets it twice. With --to as well, a further segment is taken in.",
        )


def open_dispatch(config_file: Path, name: str, day: date, to: tuple[str, ...] = ()) -> Dispatch:
    """All that is needed to send the issue ``name``. The caller closes its ``subscribers``. Raises SiteError."""
    settings, publication = load_settings(config_file), read_publication(config_file)
    options = read_transport(publication.options.transport, Place(config_file))
    segment_of(to, publication.options.all_segments(settings.offers))
    issue = load_issue(issue_folder(settings, name))
    return Dispatch(settings, publication, issue, options, subscribers_of(settings), day, to)
