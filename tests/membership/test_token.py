"""Tokens: by the vectors that the browser passes too, and under any change of a letter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from site_builder.membership.token import LENGTH, TokenError, kek, locator, new_token, parse_token
from site_builder.vault.encoding import BASE62, with_checksum

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "token.json").read_text("utf-8"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_tokens_agree_with_the_vectors(vector: dict[str, str]) -> None:
    if "error" in vector:
        with pytest.raises(TokenError):
            parse_token(vector["token"])
        return
    token = parse_token(vector["token"])
    assert (locator(token).hex(), kek(token).hex()) == (vector["locator"], vector["kek"])


def test_new_tokens_are_valid_and_differ() -> None:
    tokens = {parse_token(new_token()) for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {LENGTH}


@given(st.integers(0, LENGTH - 1), st.characters(codec="utf-8"))
def test_any_changed_letter_is_noticed_and_the_token_is_not_repeated(place: int, letter: str) -> None:
    token = new_token()
    changed = token[:place] + letter + token[place + 1 :]
    assume(changed != token)
    with pytest.raises(TokenError) as caught:
        parse_token(changed)
    assert token[4:-6] not in str(caught.value)
    assert changed[4:-6] not in str(caught.value)


@given(st.integers(0, LENGTH), st.integers(0, LENGTH))
def test_any_piece_of_a_token_is_refused(start: int, end: int) -> None:
    token = new_token()
    assume(token[start:end] != token)
    with pytest.raises(TokenError):
        parse_token(token[start:end])


def test_a_mistyped_token_has_other_words_than_what_is_no_token() -> None:
    token = with_checksum("mbr_" + "A" * 30)
    mistyped = token[:-1] + BASE62[BASE62.index(token[-1]) - 1]
    for text, words in ((mistyped, "mistyped"), (token[:-3], "not whole"), ("hello", "not a member's token")):
        with pytest.raises(TokenError, match=words):
            parse_token(text)
