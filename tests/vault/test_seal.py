"""The sealing primitive refuses whatever was not sealed just so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import SealError
from site_builder.vault.seal import OVERHEAD, seal, unseal

KEYS = st.binary(min_size=32, max_size=32)
TEXTS = st.binary(max_size=200)


@given(KEYS, st.text(max_size=8), TEXTS, TEXTS)
def test_what_is_sealed_opens_again(key: bytes, kind: str, aad: bytes, text: bytes) -> None:
    sealed = seal(key, kind, aad, text)
    assert unseal(key, kind, aad, sealed) == text
    assert len(sealed) == len(text) + OVERHEAD
    assert seal(key, kind, aad, text) == sealed


@given(KEYS, TEXTS, st.data())
def test_any_single_flipped_bit_is_refused(key: bytes, text: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(key, "part", b"context", text))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        unseal(key, "part", b"context", bytes(sealed))


@given(KEYS, TEXTS, st.integers(0, 300))
def test_anything_cut_short_is_refused(key: bytes, text: bytes, length: int) -> None:
    sealed = seal(key, "part", b"context", text)
    with pytest.raises(SealError):
        unseal(key, "part", b"context", sealed[: min(length, len(sealed) - 1)])


@given(KEYS, st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_two_texts_or_contexts_never_share_a_seal(
    key: bytes, one: tuple[bytes, bytes], other: tuple[bytes, bytes]
) -> None:
    same = seal(key, "part", *one)[:32] == seal(key, "part", *other)[:32]
    assert same == (one == other)


@given(KEYS, KEYS, TEXTS)
def test_no_other_key_opens(key: bytes, other: bytes, text: bytes) -> None:
    if key != other:
        with pytest.raises(SealError):
            unseal(other, "part", b"", seal(key, "part", b"", text))
