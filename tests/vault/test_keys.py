"""The master key: written, read, and what comes of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import MasterKeyError
from site_builder.vault.encoding import base62, with_checksum
from site_builder.vault.keys import PREFIX, MasterKey

RAW = st.binary(min_size=32, max_size=32)


@given(RAW)
def test_a_master_key_reads_back_from_its_written_form(raw: bytes) -> None:
    written = str(MasterKey(raw))
    assert MasterKey.parse(f" {written}\n").raw == raw
    assert len(written) == 54


@given(RAW)
def test_a_master_key_does_not_show_itself_in_a_representation(raw: bytes) -> None:
    master = MasterKey(raw)
    assert repr(master) == "MasterKey()"
    assert master.id not in str(master)


def test_generated_keys_differ() -> None:
    assert MasterKey.generate().raw != MasterKey.generate().raw


@pytest.mark.parametrize(
    "written",
    [
        "",
        "sbk1_",
        str(MasterKey(bytes(32)))[:-1],
        str(MasterKey(bytes(32)))[:-1] + "x",
        str(MasterKey(bytes(32))).replace("sbk1_", "sbk2_"),
        with_checksum(PREFIX + base62(2**256, 43)),
        with_checksum(PREFIX + "_" * 43),
    ],
    ids=["empty", "only the prefix", "cut short", "a mistyped checksum", "another prefix", "too large", "no digits"],
)
def test_what_is_no_master_key_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(MasterKeyError) as refusal:
        MasterKey.parse(written)
    assert len(written) < 10 or written not in str(refusal.value)


def test_a_content_key_changes_with_all_that_it_depends_on() -> None:
    master = MasterKey(bytes(32))
    keys = [
        master.content_key("part", "a-site", "post#1", ["pro"], (0, 0), b"text"),
        master.content_key("asset", "a-site", "post#1", ["pro"], (0, 0), b"text"),
        master.content_key("part", "b-site", "post#1", ["pro"], (0, 0), b"text"),
        master.content_key("part", "a-site", "post#2", ["pro"], (0, 0), b"text"),
        master.content_key("part", "a-site", "post#1", ["pro", "course"], (0, 0), b"text"),
        master.content_key("part", "a-site", "post#1", ["pro"], (1, 0), b"text"),
        master.content_key("part", "a-site", "post#1", ["pro"], (0, 1), b"text"),
        master.content_key("part", "a-site", "post#1", ["pro"], (0, 0), b"text!"),
        MasterKey(b"\1" * 32).content_key("part", "a-site", "post#1", ["pro"], (0, 0), b"text"),
    ]
    assert len(set(keys)) == len(keys)


def test_an_epoch_key_depends_on_who_ended_and_not_on_the_order() -> None:
    master = MasterKey(bytes(32))
    key = master.epoch_key("a-site", "pro", 2, ["one", "two"])
    assert key == master.epoch_key("a-site", "pro", 2, ["two", "one"])
    assert key != master.epoch_key("a-site", "pro", 2, ["one", "three"])
    assert key != master.epoch_key("a-site", "pro", 3, ["one", "two"])
