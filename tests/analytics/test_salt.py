"""Visitors: the same all day, nobody the day after, and nothing on disk from which an address could be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.analytics.record import DAY
from site_builder.analytics.salt import Salts, network

NOON = 1_795_348_800_000
ADA = ("192.0.2.7", "Firefox", "blog")


def test_a_visitor_is_the_same_all_day_and_after_a_restart(tmp_path: Path) -> None:
    visitor = Salts(tmp_path).visitor(*ADA, NOON)
    assert len(visitor) == 16 and int(visitor, 16)
    assert Salts(tmp_path).visitor(*ADA, NOON + DAY // 2 - 1) == visitor


def test_a_visitor_is_somebody_else_the_day_after(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    assert salts.visitor(*ADA, NOON) != salts.visitor(*ADA, NOON + DAY)


@pytest.mark.parametrize(
    "other", [("192.0.2.8", "Firefox", "blog"), ("192.0.2.7", "Chrome", "blog"), ("192.0.2.7", "Firefox", "b")]
)
def test_address_browser_and_site_tell_visitors_apart(tmp_path: Path, other: tuple[str, str, str]) -> None:
    salts = Salts(tmp_path)
    assert salts.visitor(*ADA, NOON) != salts.visitor(*other, NOON)


def test_texts_that_touch_are_not_taken_for_each_other(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    assert salts.visitor("192.0.2.7", "ab", "c", NOON) != salts.visitor("192.0.2.7", "a", "bc", NOON)


def test_another_collector_makes_other_visitors(tmp_path: Path) -> None:
    assert Salts(tmp_path / "a").visitor(*ADA, NOON) != Salts(tmp_path / "b").visitor(*ADA, NOON)


def test_salts_are_deleted_within_two_days(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    salts.salt(NOON)
    salts.salt(NOON + DAY)
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["2026-11-22", "2026-11-23"]
    salts.forget(NOON + 2 * DAY)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11-23"]


def test_the_salt_of_a_clock_that_was_ahead_is_deleted_too(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    salts.salt(NOON + 400 * DAY)
    visitor = salts.visitor(*ADA, NOON)
    assert [path.name for path in tmp_path.iterdir()] == ["2026-11-22"]
    assert Salts(tmp_path).visitor(*ADA, NOON) == visitor


def test_a_clock_that_goes_back_over_midnight_finds_yesterdays_visitors(tmp_path: Path) -> None:
    salts = Salts(tmp_path)
    visitor = salts.visitor(*ADA, NOON)
    salts.visitor(*ADA, NOON + DAY)
    assert salts.visitor(*ADA, NOON) == visitor


def test_only_the_owner_can_read_a_salt(tmp_path: Path) -> None:
    Salts(tmp_path / "salt").salt(NOON)
    assert (tmp_path / "salt").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "salt" / "2026-11-22").stat().st_mode & 0o777 == 0o600


def test_without_a_place_for_it_a_salt_lasts_as_long_as_the_process(tmp_path: Path) -> None:
    (tmp_path / "salt").write_text("a file where the folder would be")
    salts = Salts(tmp_path / "salt")
    assert salts.visitor(*ADA, NOON) == salts.visitor(*ADA, NOON + 1)
    assert not salts.kept


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::9"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_of_ipv6_the_network_counts(address: str, same: str) -> None:
    assert network(address) == network(same)
    assert network("2001:db8:1:2::9") != network("2001:db8:1:3::9")


def test_what_is_no_address_stays_as_it_is() -> None:
    assert network("unix:") == "unix:"
