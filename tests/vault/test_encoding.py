"""Properties of encodings that single vectors can't show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.vault.encoding import (
    BASE62,
    b64u,
    base62,
    checksum_fits,
    from_b64u,
    from_base62,
    lp,
    pad,
    padme,
    u32,
    unpad,
    with_checksum,
)


@given(st.lists(st.binary(max_size=9), max_size=5), st.lists(st.binary(max_size=9), max_size=5))
def test_different_fields_never_give_the_same_bytes(one: list[bytes], other: list[bytes]) -> None:
    assert (lp(*one) == lp(*other)) == (one == other)


@given(st.integers(2, 2**40))
def test_padme_adds_at_most_12_percent_and_never_takes_away(length: int) -> None:
    assert length <= padme(length) <= length * 1.12


@given(st.binary(max_size=5000))
def test_a_padded_body_comes_back(body: bytes) -> None:
    padded = pad(body)
    assert unpad(padded) == body
    assert len(padded) >= 1024


@given(st.binary(max_size=40))
def test_base64url_comes_back(raw: bytes) -> None:
    assert from_b64u(b64u(raw)) == raw


@given(st.text(alphabet=BASE62 + "-_=+/ ", max_size=12))
def test_only_one_text_stands_for_some_bytes(text: str) -> None:
    try:
        raw = from_b64u(text)
    except ValueError:
        return
    assert b64u(raw) == text


@given(st.integers(0, 62**8 - 1))
def test_base62_comes_back(number: int) -> None:
    assert from_base62(base62(number, 8)) == number


@given(st.text(alphabet=BASE62, min_size=1, max_size=34), st.data())
def test_the_checksum_notices_any_one_letter(text: str, data: st.DataObject) -> None:
    checked = with_checksum(text)
    at = data.draw(st.integers(0, len(checked) - 1))
    letter = data.draw(st.sampled_from(BASE62.replace(checked[at], "")))
    assert checksum_fits(checked)
    assert not checksum_fits(checked[:at] + letter + checked[at + 1 :])


def test_a_number_that_does_not_fit_is_refused() -> None:
    with pytest.raises(OverflowError):
        base62(62**3, 3)
    with pytest.raises(OverflowError):
        u32(2**32)
