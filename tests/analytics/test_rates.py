"""Rates: a burst is taken, a flood is not, and one address does not shut out another."""

from __future__ import annotations

import pytest

from site_builder.analytics.rates import Rates


def test_a_burst_is_taken_and_what_follows_waits_as_long_as_is_said() -> None:
    rates = Rates(per_second=2, burst=5)
    assert [rates.wait("192.0.2.7", 100.0) for _ in range(6)] == [0, 0, 0, 0, 0, pytest.approx(0.5)]
    assert rates.wait("192.0.2.7", 100.4) > 0
    assert rates.wait("192.0.2.7", 100.5) == 0
    assert rates.wait("192.0.2.7", 100.5) > 0


def test_an_address_that_paused_has_its_whole_burst_again() -> None:
    rates = Rates(per_second=2, burst=5)
    for now in (100.0, 110.0):
        assert [bool(rates.wait("192.0.2.7", now)) for _ in range(6)] == [False] * 5 + [True]


def test_a_flood_from_one_address_does_not_shut_out_another() -> None:
    rates = Rates(per_second=1, burst=1)
    for _ in range(100):
        rates.wait("192.0.2.7", 100.0)
    assert rates.wait("192.0.2.8", 100.0) == 0


def test_the_addresses_of_one_ipv6_network_share_a_bucket() -> None:
    rates = Rates(per_second=1, burst=1)
    assert rates.wait("2001:db8::1", 100.0) == 0
    assert rates.wait("2001:db8::2", 100.0) > 0


def test_a_flood_from_many_addresses_costs_no_more_memory_and_who_is_refused_stays_so() -> None:
    rates = Rates(per_second=1, burst=1, most=10)
    rates.wait("192.0.2.7", 100.0)
    for number in range(1_000):
        rates.wait(f"198.51.100.{number}", 100.0)
        assert rates.wait("192.0.2.7", 100.0) > 0
    assert len(rates._full) == 10


def test_a_rate_of_0_is_none() -> None:
    rates = Rates(per_second=0, burst=0)
    assert not any(rates.wait("192.0.2.7", 100.0) for _ in range(1_000))
