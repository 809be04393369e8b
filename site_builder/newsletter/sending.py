"""Sending what waits in a ledger: claim, hand to the transport, record; nothing twice, nobody skipped, doubt named as doubt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NoReturn

from site_builder.errors import IssueError, SendingError
from site_builder.newsletter.ledger import Ledger, Row, State
from site_builder.newsletter.message import Mail
from site_builder.newsletter.pace import HOUR, Clock, Pace, Rules
from site_builder.newsletter.transports.receipt import Receipt, Transport, Unreachable

PATIENCE = 5
"""How often a server that can't be reached is tried before a run gives up."""
REFUSALS = 10
"""After so many refusals in a row the server refuses the newsletter, not the readers, even if it says that no address exists."""

Prepare = Callable[[Row, datetime], Mail]
"""Makes the mail of a row; the time is that of the run's beginning. Raises IssueError if there can be none."""
Left = Callable[[str], str | None]
"""Why an address gets no mail any more, asked just before it would go out; None: it may."""


@dataclass(frozen=True)
class Run:
    """What a run of sending needs beside the ledger. ``bounced`` is told of addresses that the server says do not exist."""

    transport: Transport
    prepare: Prepare
    rules: Rules = field(default_factory=Rules)
    clock: Clock = field(default_factory=Clock)
    left: Left = lambda address: None
    bounced: Callable[[str, str], object] = lambda address, detail: None
    watch: Callable[[int, int], object] = lambda done, total: None


class Stopped(SendingError):  # noqa: N818  (as the user did)
    """A run that was interrupted; the ledger says how far it came."""

    exit_code = 130


def send(ledger: Ledger, run: Run, only: int | None = None) -> None:
    """Send all that waits in ``ledger``, or the first ``only`` of it. The caller holds ``only_sender`` and reports.

    A mail that the server puts off is tried again later, after the others. Raises SendingError if the server can't be
    reached, lets nobody in, or refuses mail after mail; what was not sent then waits for the next run.
    """
    last = ledger.position_of(only) if only is not None else None
    begun = run.clock.now()
    pace = Pace(run.rules, run.clock, ledger.sent_since(begun - HOUR))
    total = only if only is not None else ledger.count("pending")
    done = unreachable = refusals = 0
    try:
        while True:
            run.watch(min(done, total), total)
            row = ledger.next(run.clock.now(), last)
            if row is None:
                due = ledger.next_due(last)
                if due is None:
                    return
                ledger.commit()
                run.clock.wait_until(due)
                continue
            if pace.ready_at() > run.clock.now():
                ledger.commit()
                pace.wait()
            if (mail := _ready(ledger, run, row, begun)) is None:
                done += 1
                continue
            now = run.clock.now()
            ledger.claim(row.address, now)
            pace.count(now)
            try:
                receipt = _deliver(ledger, run, mail, row)
            except Unreachable as error:
                unreachable += 1
                ledger.record(row.address, "pending", run.clock.now(), str(error))
                if unreachable > PATIENCE:
                    raise SendingError(str(error), hint="Nothing is lost: go on later with --resume.") from None
                ledger.commit()
                run.clock.sleep(run.rules.retry_after * unreachable)
                continue
            unreachable = 0
            done += _record(ledger, run, row, receipt)
            refusals = refusals + 1 if receipt.verdict == "refused" else 0
            if refusals == REFUSALS:
                raise SendingError(
                    f"the server refused {refusals} mails in a row, the last one with: {receipt.detail}",
                    hint="The others were not tried. Mend the cause, then `newsletter resolve --retry` with their addresses. "
                    "`subscribers list --withdrawn` names those whose addresses were taken for bad ones.",
                )
    except KeyboardInterrupt:
        _stopped(ledger)
    finally:
        ledger.commit()
        run.transport.close()


def _ready(ledger: Ledger, run: Run, row: Row, begun: datetime) -> Mail | None:
    """The row's mail, unless the reader has left since, or none can be made."""
    if why := run.left(row.address):
        ledger.record(row.address, "withdrawn", run.clock.now(), why)
        return None
    try:
        mail = run.prepare(row, begun)
    except IssueError as error:
        ledger.record(row.address, "failed", run.clock.now(), error.what)
        return None
    if not mail.recipient.isascii():
        ledger.record(row.address, "failed", run.clock.now(), "few mail servers take an address that is not ASCII")
        return None
    return mail


def _deliver(ledger: Ledger, run: Run, mail: Mail, row: Row) -> Receipt:
    """The transport's answer; whatever interrupts it is put down as doubt, unless the transport says it took nothing."""
    try:
        return run.transport.deliver(mail)
    except Unreachable:
        raise
    except SendingError as error:
        ledger.record(row.address, "pending", run.clock.now(), error.what)
        raise
    except BaseException:
        state: State = "pending" if run.transport.repeatable else "uncertain"
        ledger.record(row.address, state, run.clock.now(), "interrupted while this mail was under way")
        raise


def _record(ledger: Ledger, run: Run, row: Row, receipt: Receipt) -> bool:
    """Write down what became of a mail; whether that is final."""
    now = run.clock.now()
    if receipt.verdict == "later":
        due = run.rules.due_after(row.tries + 1, now)
        if due is not None:
            ledger.record(row.address, "pending", now, receipt.detail, due)
            return False
        ledger.record(row.address, "failed", now, f"put off {row.tries + 1} times: {receipt.detail}")
    elif receipt.verdict == "refused":
        if receipt.bad_address:
            run.bounced(row.address, receipt.detail)
        ledger.record(row.address, "failed", now, receipt.detail)
    else:
        ledger.record(row.address, "sent" if receipt.verdict == "sent" else "uncertain", now, receipt.detail)
    return True


def _stopped(ledger: Ledger) -> NoReturn:
    raise Stopped(
        f"stopped: {ledger.count('sent')} sent, {ledger.count('uncertain', 'claimed')} uncertain, "
        f"{ledger.count('pending')} still to be sent",
        hint="Go on with --resume.",
    ) from None
