"""Free readers, and those who withdrew: who may get mail."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.errors import SendingError
from site_builder.newsletter.addresses import normal_address, person
from site_builder.newsletter.subscribers import Cause, Reader, Subscribers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 5, 31)


@pytest.fixture
def subscribers(tmp_path: Path) -> Iterator[Subscribers]:
    with Subscribers(tmp_path / "newsletter" / "subscribers.db") as opened:
        yield opened


def reader(address: str = "ada@example.com", **more: object) -> Reader:
    return Reader.model_validate({"address": address, "consented": DAY, **more})


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Ada.B+news@EXAMPLE.Com\t", "Ada.B+news@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@faß.example", "ada@xn--fa-hia.example"),
        ("ada@例子.example", "ada@xn--fsqu00a.example"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_form(written: str, normal: str) -> None:
    assert normal_address(written) == normal


@pytest.mark.parametrize(
    "wrong",
    [
        "", "ada", "@example.com", "ada@", "ada@example", "a@b@example.com", "Ada <ada@example.com>", "ada@exa mple.com",
        "ada@example.com\r\nBcc: all@example.com", "ada\n@example.com", "ada@example.com\0", "ada,bob@example.com",
        "ada@-example.com", "ada@exam_ple.com", "a" * 65 + "@example.com", "ada@" + "a" * 64 + ".com", "ada@xn--zzzzzz---.com",
        "ada@example.com\u2028Bcc:x", ".ada@example.com", "ada..b@example.com",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="a mail address"):
        normal_address(wrong)


@given(st.text(max_size=12), st.text(max_size=12))
@example("ada", "bücher.example")
@example("ada\r\nBcc: bob", "example.com")
@example("ada", "ex\u3002ample.com")
@example("ADA", "EXAMPLE.COM.")
def test_whatever_is_typed_an_address_is_one_line_and_stays_the_same(local: str, domain: str) -> None:
    try:
        address = normal_address(f"{local}@{domain}")
    except ValueError:
        return
    assert address.isprintable() and not set(address) & set(' <>()[]:;,\\"')
    assert address.count("@") == 1 and len(address.encode()) <= 254
    assert address.partition("@")[2].isascii() and address.partition("@")[2] == address.partition("@")[2].lower()
    assert normal_address(address) == address


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z0-9]{1,8})?@[a-z]{1,8}\.(com|example)", fullmatch=True))
def test_one_person_is_known_however_the_address_is_spelled(address: str) -> None:
    assert person(normal_address(address.upper())) == person(normal_address(f" {address} "))


def test_readers_are_kept_with_their_consent(subscribers: Subscribers) -> None:
    ada = reader(name="Ada", source="landing page", interests=("asyncio", "rust"))
    added = subscribers.add([ada, reader("bob@example.com")])
    assert (added.new, added.renewed, added.withdrawn) == (2, 0, ())
    assert subscribers.readers() == [ada, reader("bob@example.com")]


def test_a_reader_who_comes_again_keeps_the_first_consent_and_gets_the_newer_name(subscribers: Subscribers) -> None:
    subscribers.add([reader(name="Ada", source="first", interests=("rust",))])
    later = reader("ADA@example.com", name="Ada B", consented=date(2026, 6, 1), source="second")
    assert subscribers.add([later]).renewed == 1
    (kept,) = subscribers.readers()
    assert (kept.name, kept.consented, kept.source, kept.interests) == ("Ada B", DAY, "first", ("rust",))
    subscribers.add([reader(consented=date(2025, 1, 1), source="older list", interests=("sql",))])
    (kept,) = subscribers.readers()
    assert (kept.name, kept.consented, kept.source, kept.interests) == (
        "Ada B", date(2025, 1, 1), "older list", ("sql",),
    )  # fmt: skip


@pytest.mark.parametrize("cause", ["unsubscribed", "complained", "bounced"])
def test_who_withdrew_stays_so_whatever_is_imported_later(subscribers: Subscribers, cause: Cause) -> None:
    subscribers.add([reader()])
    assert subscribers.withdraw("Ada@example.com", cause, NOON, "said so")
    assert subscribers.readers() == []
    added = subscribers.add([reader(consented=date(2026, 11, 22)), reader("bob@example.com")])
    assert (added.new, added.withdrawn) == (1, ("ada@example.com",))
    assert [one.address for one in subscribers.readers()] == ["bob@example.com"]
    assert subscribers.cause("ADA@example.com") == cause
    assert subscribers.cause("bob@example.com") is None


def test_only_who_asks_anew_comes_back(subscribers: Subscribers) -> None:
    subscribers.withdraw("ada@example.com", "unsubscribed", NOON)
    assert subscribers.add([reader()], again=True).new == 1
    assert subscribers.cause("ada@example.com") is None
    assert [one.address for one in subscribers.readers()] == ["ada@example.com"]


def test_what_a_person_asked_for_goes_before_a_bounce(subscribers: Subscribers) -> None:
    assert subscribers.withdraw("ada@example.com", "bounced", NOON)
    assert subscribers.withdraw("ada@example.com", "unsubscribed", NOON)
    assert not subscribers.withdraw("ada@example.com", "bounced", NOON)
    assert not subscribers.withdraw("ada@example.com", "complained", NOON)
    assert [one.cause for one in subscribers.withdrawals()] == ["unsubscribed"]


def test_nothing_is_kept_of_who_unsubscribed_but_the_address(subscribers: Subscribers) -> None:
    subscribers.add([reader(name="Ada", source="landing page")])
    subscribers.withdraw("ada@example.com", "unsubscribed", NOON)
    assert subscribers.rows("SELECT count(*) FROM reader") == [(0,)]


def test_an_import_that_fails_halfway_adds_nobody(subscribers: Subscribers) -> None:
    def broken() -> Iterator[Reader]:
        yield reader()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        subscribers.add(broken())
    assert subscribers.readers() == []


def test_a_soft_bounce_counts_once_however_often_it_is_told(subscribers: Subscribers) -> None:
    told = ["1", "2", "2", "3"]
    counts = [subscribers.soft_bounce(event, "ada@example.com", NOON, "mailbox full") for event in told]
    assert counts == [1, 2, 2, 3]


def test_the_name_in_a_personal_link_leads_back_to_the_address(subscribers: Subscribers) -> None:
    subscribers.remember({"Xyz": "ada@example.com"})
    subscribers.remember({"Xyz": "ada@example.com", "Abc": "bob@example.com"})
    assert subscribers.address_of("Xyz") == "ada@example.com"
    assert subscribers.address_of("nobody") is None


def test_the_file_is_its_owners_alone_and_git_ignores_it(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    path = tmp_path / "newsletter" / "subscribers.db"
    with Subscribers(path) as opened:
        opened.add([reader()])
        for file in path.parent.glob("subscribers.db*"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        seen = subprocess.run(
            ["git", "status", "--porcelain", "-uall"], cwd=tmp_path, capture_output=True, text=True, check=True
        )
    assert seen.stdout.split() == ["??", "newsletter/.gitignore"]


def test_what_was_added_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    for expected in ([], [reader()]):
        with Subscribers(tmp_path / "subscribers.db") as opened:
            assert opened.readers() == expected
            opened.add([reader()])


def test_a_damaged_file_is_named_and_left(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(SendingError, match=r"subscribers\.db: the subscribers' database is damaged"):
        Subscribers(path)
    assert path.read_bytes() == b"not a database" * 100


def test_a_file_with_broken_pages_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.db"
    with Subscribers(path) as opened:
        opened.add([reader(f"reader{number}@example.com") for number in range(500)])
    whole = bytearray(path.read_bytes())
    whole[5000:9000] = b"\xa5" * 4000
    path.write_bytes(whole)
    with pytest.raises(SendingError, match="damaged"):
        Subscribers(path)


def test_another_database_is_not_taken_for_the_subscribers(tmp_path: Path) -> None:
    path = tmp_path / "subscribers.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE reader (person TEXT)")
    other.close()
    with pytest.raises(SendingError, match="is not the subscribers' database"):
        Subscribers(path)
