"""Sending through a real mail server: what it refuses, puts off, loses and closes; nothing twice, nobody skipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP as MAIL_POLICY
from itertools import pairwise
from pathlib import Path

import pytest

from site_builder.errors import SendingError
from site_builder.newsletter.audience import Addressee
from site_builder.newsletter.issue import Issue
from site_builder.newsletter.ledger import Ledger, Row, State
from site_builder.newsletter.message import Mail
from site_builder.newsletter.pace import Rules
from site_builder.newsletter.sending import REFUSALS, Run, Stopped, send
from site_builder.newsletter.transports.presets import Preset
from site_builder.newsletter.transports.receipt import Receipt
from site_builder.newsletter.transports.smtp import Smtp
from tests.newsletter.post_office import ABORT, STALL, PostOffice
from tests.newsletter.sendable import NOON, Composer, Hours, an_issue

PEOPLE = [
    Addressee(f"reader{number}@example.com", f"Reader {number}", ("public", "supporter", "pro")[number % 3])
    for number in range(9)
]
ADDRESSES = sorted(one.address for one in PEOPLE)
ADA = PEOPLE[0].address


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as opened:
        yield opened


@pytest.fixture
def issue(tmp_path: Path) -> Issue:
    return an_issue(tmp_path / "issues" / "2026-11-22-floats")


@pytest.fixture
def ledger(issue: Issue) -> Iterator[Ledger]:
    with Ledger(issue.folder) as opened:
        opened.begin(issue.digest, "smtp", NOON)
        opened.freeze(PEOPLE)
        yield opened


@pytest.fixture
def hours() -> Hours:
    return Hours()


def smtp(office: PostOffice, timeout: float = 20) -> Smtp:
    return Smtp(Preset("127.0.0.1", office.port, "none"), timeout=timeout)


def run(office: PostOffice, issue: Issue, hours: Hours, timeout: float = 20, **more: object) -> Run:
    settings: dict[str, object] = {"rules": Rules(retries=2), "clock": hours.clock, **more}
    return Run(smtp(office, timeout), Composer(issue), **settings)  # type: ignore[arg-type]


def in_state(ledger: Ledger, state: State) -> list[str]:
    return [row.address for row in ledger.mails(state)]


def test_everybody_gets_one_mail_with_what_they_may_read(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    send(ledger, run(office, issue, hours))
    assert sorted(office.received().elements()) == ADDRESSES == in_state(ledger, "sent")
    variants = {one.address: one.variant for one in PEOPLE}
    for address, raw in office.mails:
        mail = message_from_bytes(raw, policy=MAIL_POLICY)
        text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        assert mail["To"].addresses[0].addr_spec == address
        assert ("Pro alone" in text) == (variants[address] == "pro")
        assert ("supporters" in text) == (variants[address] != "public")
        if variants[address] == "public":
            assert "\n.a line that begins with a dot" in text.replace("\r", "")
    assert office.greeted == 1
    assert hours.slept == []


def test_a_second_run_sends_nothing(office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours) -> None:
    send(ledger, run(office, issue, hours))
    send(ledger, run(office, issue, hours))
    assert len(office.mails) == len(PEOPLE)


@pytest.mark.parametrize("stage", ["RCPT", "END"])
def test_what_is_refused_for_good_is_not_tried_again(
    stage: str, office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.tell(stage, ADA, "550 5.1.1 no such mailbox")
    told: list[tuple[str, str]] = []
    send(ledger, run(office, issue, hours, bounced=lambda *what: told.append(what)))
    assert in_state(ledger, "failed") == [ADA]
    assert ledger.mails("failed")[0].detail == "550 5.1.1 no such mailbox"
    assert told == ([(ADA, "550 5.1.1 no such mailbox")] if stage == "RCPT" else [])
    assert ADA not in office.received() and len(office.mails) == len(PEOPLE) - 1


def test_a_refusal_that_is_not_the_addresss_fault_marks_nobody_as_bounced(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.tell("RCPT", ADA, "550 5.7.1 looks like spam")
    told: list[object] = []
    send(ledger, run(office, issue, hours, bounced=lambda *what: told.append(what)))
    assert in_state(ledger, "failed") == [ADA] and told == []


def test_a_greylisting_server_is_asked_again_later_after_the_others(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    for address in ADDRESSES:
        office.tell("RCPT", address, "451 4.7.1 greylisted, come back later")
    office.tell("RCPT", ADA, "451 4.7.1 not yet")
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "sent") == ADDRESSES
    assert set(office.received().values()) == {1}
    assert office.mails[-1][0] == ADA
    assert sum(hours.slept) == 60 + 240


def test_who_is_put_off_too_often_has_failed(office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours) -> None:
    office.tell("RCPT", ADA, *["452 4.2.2 mailbox full"] * 3)
    send(ledger, run(office, issue, hours))
    assert ledger.mails("failed")[0].detail == "put off 3 times: 452 4.2.2 mailbox full"
    assert len(office.mails) == len(PEOPLE) - 1


def test_a_server_that_stalls_before_the_mail_is_tried_again(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.tell("RCPT", ADA, STALL, STALL)
    send(ledger, run(office, issue, hours, timeout=2))
    assert in_state(ledger, "sent") == ADDRESSES
    assert set(office.received().values()) == {1}


@pytest.mark.parametrize(
    ("stage", "answer", "arrived"), [("DATA", ABORT, False), ("END", ABORT, True), ("END", STALL, False)]
)
def test_a_connection_lost_after_the_mail_began_leaves_doubt_and_is_not_tried_again(
    stage: str, answer: str, arrived: bool, office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.tell(stage, ADA, answer)
    send(ledger, run(office, issue, hours, timeout=2 if answer == STALL else 20))
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "uncertain") == [ADA]
    assert office.received()[ADA] == arrived
    assert in_state(ledger, "sent") == [address for address in ADDRESSES if address != ADA]
    assert "after the mail had been handed over" in ledger.mails("uncertain")[0].detail


def test_an_answer_that_is_none_is_doubt_after_the_mail_and_another_try_before_it(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    before, after, *_ = ADDRESSES
    office.tell("RCPT", before, "what?")
    office.tell("END", after, "what?")
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "uncertain") == [after]
    assert in_state(ledger, "sent") == [address for address in ADDRESSES if address != after]
    assert set(office.received().values()) == {1}


@pytest.mark.parametrize("answer", [ABORT, "421 4.3.2 shutting down"])
def test_a_connection_lost_before_the_mail_began_is_opened_again(
    answer: str, office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    last = max(ledger.mails("pending"), key=lambda row: row.position).address
    office.tell("RCPT", last, answer)
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "sent") == ADDRESSES
    assert set(office.received().values()) == {1}
    assert office.greeted == 2 and hours.slept == []


def test_a_server_that_closes_after_some_mails_is_greeted_again(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.quits_after = 2
    send(ledger, run(office, issue, hours))
    assert len(in_state(ledger, "sent")) + len(in_state(ledger, "uncertain")) == len(PEOPLE)
    assert set(office.received().values()) == {1} and len(office.mails) == len(PEOPLE)
    assert office.greeted >= 5 and hours.slept == []


def test_a_server_that_can_not_be_reached_keeps_everybody_waiting(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    gone = run(office, issue, hours)
    office.__exit__()
    with pytest.raises(SendingError, match="can't be reached") as caught:
        send(ledger, gone)
    assert "--resume" in caught.value.hint
    assert in_state(ledger, "pending") == ADDRESSES
    assert hours.slept == [60, 120, 180, 240, 300]
    with PostOffice() as again:
        send(ledger, run(again, issue, hours))
        assert sorted(again.received().elements()) == ADDRESSES
    office.__enter__()


def test_a_sender_that_the_server_does_not_take_stops_the_run(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    office.tell("MAIL", "*", "553 5.7.1 sender not verified")
    with pytest.raises(SendingError, match=r"takes no mail from mara@example\.com: 553"):
        send(ledger, run(office, issue, hours))
    assert in_state(ledger, "pending") == ADDRESSES


def test_a_server_that_refuses_mail_after_mail_is_left_alone(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    ledger.freeze([Addressee(f"more{number}@example.com", "", "public") for number in range(9)])
    office.tell("RCPT", "*", *["554 5.7.1 your newsletter is not welcome"] * 30)
    with pytest.raises(SendingError, match=f"refused {REFUSALS} mails in a row.*not welcome"):
        send(ledger, run(office, issue, hours))
    assert len(in_state(ledger, "failed")) == REFUSALS and len(in_state(ledger, "pending")) == 8


def test_a_server_that_knows_nobody_does_not_end_the_whole_list(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    ledger.freeze([Addressee(f"more{number}@example.com", "", "public") for number in range(9)])
    office.tell("RCPT", "*", *["550 5.1.1 unknown user"] * 30)
    told: list[object] = []
    with pytest.raises(SendingError, match=f"refused {REFUSALS} mails in a row.*unknown user"):
        send(ledger, run(office, issue, hours, bounced=lambda *what: told.append(what)))
    assert len(told) == REFUSALS and len(in_state(ledger, "pending")) == 8


def test_who_left_since_gets_no_mail(office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours) -> None:
    send(ledger, run(office, issue, hours, left=lambda address: "unsubscribed" if address == ADA else None))
    assert in_state(ledger, "withdrawn") == [ADA]
    assert ADA not in office.received()


def test_a_mail_that_can_not_be_made_is_named_and_the_others_go_out(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    ledger.freeze([Addressee("jörg@example.com", "", "public"), Addressee("x@no_host", "", "public")])
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "failed") == ["jörg@example.com", "x@no_host"]
    assert len(office.mails) == len(PEOPLE)


def test_a_canary_goes_to_the_same_few_and_to_each_variant(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    send(ledger, run(office, issue, hours), only=3)
    first = sorted(office.received())
    variants = {one.address: one.variant for one in PEOPLE}
    assert {variants[address] for address in first} == {"public", "supporter", "pro"}
    assert len(in_state(ledger, "pending")) == len(PEOPLE) - 3
    send(ledger, run(office, issue, hours))
    assert set(office.received().values()) == {1} and len(office.mails) == len(PEOPLE)


def test_the_rate_is_kept_in_each_second_and_each_hour_over_runs_too(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    times: list[datetime] = []
    office.watch = lambda stage, address: times.append(hours.moment) if stage == "AFTER" else None
    rules = Rules(per_second=2, per_hour=4)
    send(ledger, run(office, issue, hours, rules=rules), only=3)
    send(ledger, run(office, issue, hours, rules=rules))
    assert len(times) == len(PEOPLE)
    assert all(later - sooner >= timedelta(seconds=0.5) for sooner, later in pairwise(times))
    assert all(later - sooner >= timedelta(hours=1) for sooner, later in zip(times, times[4:], strict=False))
    assert times[-1] - times[0] < timedelta(hours=2, minutes=1)


def test_a_clock_that_was_set_back_keeps_nobody_waiting_for_it(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    rules = Rules(per_second=2, per_hour=100)
    hours.moment += timedelta(days=1)
    send(ledger, run(office, issue, hours, rules=rules), only=3)
    hours.moment = NOON
    send(ledger, run(office, issue, hours, rules=rules))
    assert len(office.mails) == len(PEOPLE) and max(hours.slept) <= 0.5


class Interrupted(Smtp):
    """Ctrl-C while the third mail is under way."""

    def deliver(self, mail: Mail) -> Receipt:
        if mail.recipient == ADA:
            raise KeyboardInterrupt
        return super().deliver(mail)


def test_an_interrupted_run_says_how_far_it_came_and_can_go_on(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    transport = Interrupted(Preset("127.0.0.1", office.port, "none"))
    with pytest.raises(Stopped) as caught:
        send(ledger, Run(transport, Composer(issue), clock=hours.clock))
    sent = len(in_state(ledger, "sent"))
    assert caught.value.what == f"stopped: {sent} sent, 1 uncertain, {len(PEOPLE) - sent - 1} still to be sent"
    assert caught.value.exit_code == 130
    send(ledger, run(office, issue, hours))
    assert in_state(ledger, "uncertain") == [ADA] and len(office.mails) == len(PEOPLE) - 1


def test_progress_is_told_up_to_the_end(office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours) -> None:
    told: list[tuple[int, int]] = []
    send(ledger, run(office, issue, hours, watch=lambda done, total: told.append((done, total))))
    assert told[0] == (0, 9) and told[-1] == (9, 9) and told == sorted(told)


def test_the_mail_names_the_day_on_which_the_run_began(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    send(ledger, run(office, issue, hours, rules=Rules(per_hour=1)))
    dates = {message_from_bytes(raw, policy=MAIL_POLICY)["Date"].datetime for _, raw in office.mails}
    assert dates == {NOON}


def test_claims_are_on_the_disk_before_the_server_hears_of_the_mail(
    office: PostOffice, issue: Issue, ledger: Ledger, hours: Hours
) -> None:
    seen: list[Row] = []

    def look(stage: str, address: str) -> None:
        if stage == "MAIL":
            with Ledger(issue.folder) as other:
                seen.extend(other.mails("claimed"))

    office.watch = look
    send(ledger, run(office, issue, hours))
    assert [row.address for row in seen] == [address for address, _ in office.mails]
