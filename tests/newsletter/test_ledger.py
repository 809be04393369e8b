"""The ledger of an issue: frozen, claimed, settled after a crash, and tied to the very bytes of its issue."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from site_builder.errors import SendingError
from site_builder.newsletter.audience import Addressee
from site_builder.newsletter.ledger import Ledger, ledger_path, only_sender, was_sent
from tests.newsletter.sendable import NOON, write_issue

PEOPLE = [Addressee(f"reader{number}@example.com", "", ("public", "pro")[number > 6]) for number in range(9)]
ADDRESSES = [one.address for one in PEOPLE]
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_issue(tmp_path / "issues" / "floats")


@pytest.fixture
def ledger(folder: Path) -> Iterator[Ledger]:
    with Ledger(folder) as opened:
        opened.begin("d1", "smtp", NOON)
        opened.freeze(PEOPLE)
        yield opened


def order(ledger: Ledger) -> list[str]:
    return [row.address for row in sorted(ledger.mails("pending"), key=lambda row: row.position)]


def test_the_audience_is_frozen_and_nobody_is_in_it_twice(ledger: Ledger) -> None:
    assert ledger.freeze([*PEOPLE, Addressee("READER1@example.com", "", "pro")]) == 0
    assert sorted(order(ledger)) == ADDRESSES
    assert ledger.counts() == {"pro": {"pending": 2}, "public": {"pending": 7}}


def test_the_order_is_the_same_everywhere_and_has_each_variant_early(ledger: Ledger, tmp_path: Path) -> None:
    with Ledger(write_issue(tmp_path / "elsewhere" / "floats")) as other:
        other.freeze(reversed(PEOPLE))
        assert order(other) == order(ledger) != ADDRESSES
    variants = {one.address: one.variant for one in PEOPLE}
    assert [variants[address] for address in order(ledger)[:4]] == ["pro", "public", "pro", "public"]


def test_who_is_added_later_comes_after_those_who_wait(ledger: Ledger) -> None:
    before = order(ledger)
    assert ledger.freeze([Addressee("late@example.com", "", "pro"), *PEOPLE]) == 1
    assert order(ledger) == [*before, "late@example.com"]


def test_a_run_that_ended_before_its_audience_was_written_down_ties_nobody(folder: Path) -> None:
    with Ledger(folder) as opened:
        opened.begin("d1", "smtp", NOON)
    assert not was_sent(folder)
    with Ledger(folder) as opened:
        opened.begin("d2", "folder", LATER)  # built again since, as it may be
        opened.freeze(PEOPLE)
        opened.check("d2", "folder")
        with pytest.raises(SendingError, match="has changed since sending it began"):
            opened.begin("d1", "folder", LATER)


def test_a_claim_that_a_crash_left_becomes_doubt_and_is_not_sent_again(ledger: Ledger, folder: Path) -> None:
    first = order(ledger)[0]
    ledger.claim(first, NOON)
    ledger.close()
    with Ledger(folder) as opened:
        assert opened.recover(repeatable=False) == 1
        assert [row.address for row in opened.mails("uncertain")] == [first]
        assert first not in order(opened)
        assert opened.recover(repeatable=False) == 0


def test_a_claim_of_a_transport_that_can_repeat_is_simply_done_again(ledger: Ledger) -> None:
    first = order(ledger)[0]
    ledger.claim(first, NOON)
    assert ledger.recover(repeatable=True) == 1
    assert order(ledger)[0] == first


def test_what_was_put_off_comes_when_it_is_due(ledger: Ledger) -> None:
    first, second, *_ = order(ledger)
    ledger.record(first, "pending", NOON, "451 later", LATER)
    row = ledger.next(NOON)
    assert row and row.address == second
    row = ledger.next(LATER)
    assert row and (row.address, row.tries, row.detail) == (first, 1, "451 later")
    for address in ADDRESSES:
        if address != first:
            ledger.record(address, "sent", NOON)
    assert ledger.next(NOON) is None
    assert ledger.next_due() == LATER


def test_the_operator_decides_about_doubt(ledger: Ledger) -> None:
    first, second, third, fourth, *_ = order(ledger)
    for address in (first, second, third):
        ledger.record(address, "uncertain", NOON)
    ledger.record(fourth, "failed", NOON, "550 no")
    assert ledger.resolve([first.upper()], sent=True, at=LATER) == [first]
    assert sorted(ledger.resolve([], sent=False, at=LATER)) == sorted([second, third])
    assert {second, third} <= set(order(ledger)) and fourth not in order(ledger)
    assert ledger.resolve([fourth], sent=False, at=LATER) == [fourth]
    assert ledger.count("sent") == 1 and ledger.count("pending") == 8


def test_nobody_else_can_be_decided_about(ledger: Ledger) -> None:
    first, second, *_ = order(ledger)
    ledger.record(first, "uncertain", NOON)
    for address in (second, "nobody@example.com"):
        with pytest.raises(SendingError, match="neither uncertain nor failed"):
            ledger.resolve([first, address], sent=False, at=LATER)
    assert [row.address for row in ledger.mails("uncertain")] == [first]


def test_those_who_wait_are_judged_again(ledger: Ledger) -> None:
    sent, gone, *_ = order(ledger)
    ledger.record(sent, "sent", NOON)
    now = {address: "public" for address in ADDRESSES if address != gone}
    ledger.judge_again(now.get, LATER)
    assert [row.address for row in ledger.mails("withdrawn")] == [gone]
    assert {row.variant for row in ledger.mails("pending")} == {"public"}
    assert ledger.mails("sent")[0].variant == "pro"


def test_the_ledger_says_whether_sending_began(folder: Path) -> None:
    assert not was_sent(folder)
    with Ledger(folder) as ledger:
        assert not was_sent(folder)
        ledger.begin("d1", "smtp", NOON)
        ledger.freeze(PEOPLE)
    assert was_sent(folder)


def test_an_issue_that_changed_after_sending_began_is_refused(ledger: Ledger) -> None:
    ledger.begin("d1", "smtp", LATER)
    with pytest.raises(SendingError, match="the issue floats has changed since sending it began") as caught:
        ledger.begin("d2", "smtp", LATER)
    assert caught.value.place and "Restore the folder" in caught.value.hint


def test_another_kind_of_transport_is_refused(ledger: Ledger) -> None:
    with pytest.raises(SendingError, match="began with the transport smtp, not folder"):
        ledger.begin("d1", "folder", LATER)


def test_the_ledger_of_another_issue_is_refused(ledger: Ledger, folder: Path) -> None:
    ledger.close()
    other = write_issue(folder.with_name("other"))
    shutil.copy(ledger_path(folder), ledger_path(other))
    for use in (Ledger, was_sent):
        with pytest.raises(SendingError, match="the ledger of the issue floats, not of other"):
            use(other)


@pytest.mark.parametrize("damage", [b"", b"SQLite format 3\0 but no more", b"\0" * 5000])
def test_a_damaged_ledger_is_an_error_and_stays_as_it_is(ledger: Ledger, folder: Path, damage: bytes) -> None:
    ledger.close()
    path = ledger_path(folder)
    whole = path.read_bytes()
    path.write_bytes(damage + whole[len(damage) : 4096] + b"\xa5" * 8000 + whole[12096:])
    spoilt = path.read_bytes()
    for use in (was_sent, Ledger):
        with pytest.raises(SendingError, match="the ledger of sending is damaged"):
            use(folder)
    assert path.read_bytes() == spoilt


def test_a_second_sender_is_told_and_stops_at_once(folder: Path) -> None:
    with only_sender(folder):
        with (
            pytest.raises(SendingError, match="the issue floats is being sent by another command"),
            only_sender(folder),
        ):
            raise AssertionError
        with only_sender(folder.with_name("other")):
            pass
    with only_sender(folder):
        pass


def test_the_ledger_stands_beside_the_issue_and_is_its_owners_alone(ledger: Ledger, folder: Path) -> None:
    assert ledger.path == folder.parent / "floats.ledger"
    assert stat.S_IMODE(ledger.path.stat().st_mode) == 0o600
    assert (folder.parent / ".gitignore").read_text() == "*.ledger*\n"
