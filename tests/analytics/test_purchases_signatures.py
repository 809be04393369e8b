"""Signatures of webhooks: each provider's scheme, against values that openssl made; what is old, altered or damaged is refused.

Made with `printf '%s' "$SIGNED" | openssl dgst -sha256 -hmac "$SECRET"`; for base64 with `-binary | base64`.
"""

from __future__ import annotations

import hmac
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.analytics.purchases.signatures import TOLERANCE, Signed, lemonsqueezy, paddle, standard, stripe

BODY = '{"id":"evt_1","name":"Zoë"}'.encode()
AT = 1_795_392_000
STRIPE, PADDLE = b"whsec_0123456789abcdef", b"pdl_ntfset_01example_AbC+/d9"
LEMON, POLAR = b"lemons and more", b"polar_whs_0123456789"
ENCODED = b"whsec_c2l4dGVlbiBieXRlcyBvaw=="
"""Of the key `sixteen bytes ok`."""
STRIPE_V1 = b"8a34c0f1ad96891e46fed96277e5c4221318e2a8d7a12a6c34903c4afdc3ed61"
PADDLE_H1 = b"91447b21a4ddb326433889a723d5e72fa7c1d04631268ee956cffbb3b743c9dc"
LEMON_HEX = b"759204b53f96200abb585d930eda54fb4048905e3caff5f0714d5924a0bc48b5"
POLAR_V1 = b"39qa+dQ2OLSDJYJTus8bftAJuKmuXzOWDIh+QSga/4M="
ENCODED_V1 = b"Z70TVw3WSy0LDfF+kvIUmra5ngNKNoqJuSSksZVOEKc="


def stamped(signature: bytes, at: bytes = b"%d" % AT, name: bytes = b"msg_1") -> dict[bytes, bytes]:
    return {b"webhook-id": name, b"webhook-timestamp": at, b"webhook-signature": signature}


KNOWN = [
    (stripe, STRIPE, {b"stripe-signature": b"t=%d,v1=%s" % (AT, STRIPE_V1)}),
    (paddle, PADDLE, {b"paddle-signature": b"ts=%d;h1=%s" % (AT, PADDLE_H1)}),
    (lemonsqueezy, LEMON, {b"x-signature": LEMON_HEX}),
    (standard, POLAR, stamped(b"v1," + POLAR_V1)),
    (standard, ENCODED, stamped(b"v1," + ENCODED_V1)),
]
IDS = ["stripe", "paddle", "lemonsqueezy", "polar", "standard"]
each = pytest.mark.parametrize(("signed", "secret", "headers"), KNOWN, ids=IDS)


@each
def test_what_openssl_signed_is_believed(signed: Signed, secret: bytes, headers: dict[bytes, bytes]) -> None:
    assert signed(secret, headers, BODY, AT)


@each
def test_another_body_secret_or_signature_is_not(signed: Signed, secret: bytes, headers: dict[bytes, bytes]) -> None:
    assert not signed(secret, headers, BODY + b" ", AT)
    assert not signed(secret, headers, b"", AT)
    assert not signed(secret + b"x", headers, BODY, AT)
    assert not signed(secret, {}, BODY, AT)
    for name in headers:
        assert not signed(secret, {**headers, name: b""}, BODY, AT)
    *_, (last, value) = headers.items()
    other = value[:-8] + (b"00000000" if value[-8:] != b"00000000" else b"11111111")
    assert not signed(secret, {**headers, last: other}, BODY, AT)
    assert not signed(secret, {**headers, last: value[:-1]}, BODY, AT)


@pytest.mark.parametrize(("signed", "secret", "headers"), KNOWN[:2] + KNOWN[3:], ids=IDS[:2] + IDS[3:])
@pytest.mark.parametrize("off", [-TOLERANCE - 1, -TOLERANCE, TOLERANCE, TOLERANCE + 1])
def test_what_was_signed_long_ago_or_by_a_clock_far_off_is_refused(
    signed: Signed, secret: bytes, headers: dict[bytes, bytes], off: int
) -> None:
    assert signed(secret, headers, BODY, AT + off) == (abs(off) <= TOLERANCE)


def test_one_of_several_signatures_is_enough() -> None:
    old = b"0" * 64
    assert stripe(STRIPE, {b"stripe-signature": b"t=%d,v1=%s,v1=%s,v0=x" % (AT, old, STRIPE_V1)}, BODY, AT)
    assert stripe(STRIPE, {b"stripe-signature": b"v1=%s, t=%d, v1=%s" % (STRIPE_V1, AT, old)}, BODY, AT)
    assert paddle(PADDLE, {b"paddle-signature": b"ts=%d;h1=%s;h1=%s" % (AT, old, PADDLE_H1)}, BODY, AT)
    assert standard(POLAR, stamped(b"v1,AAAA v1,%s" % POLAR_V1), BODY, AT)


def test_a_signature_of_another_scheme_is_none() -> None:
    assert not stripe(STRIPE, {b"stripe-signature": b"t=%d,v0=%s" % (AT, STRIPE_V1)}, BODY, AT)
    assert not paddle(PADDLE, {b"paddle-signature": b"ts=%d;h2=%s" % (AT, PADDLE_H1)}, BODY, AT)
    assert not standard(POLAR, stamped(b"v1a,%s v2,%s %s" % (POLAR_V1, POLAR_V1, POLAR_V1)), BODY, AT)


def test_a_time_that_is_not_the_signed_one_is_refused() -> None:
    for times in (b"t=%d,t=%d," % (AT, AT + 1), b"t=+%d," % AT, b"t= %d," % AT, b"t=%d0," % AT, b"t=,", b"t=1e9,"):
        assert not stripe(STRIPE, {b"stripe-signature": times + b"v1=" + STRIPE_V1}, BODY, AT)
    assert not standard(POLAR, stamped(b"v1," + POLAR_V1, b"%d" % (AT + 1)), BODY, AT)
    assert not standard(POLAR, stamped(b"v1," + POLAR_V1, name=b"msg_2"), BODY, AT)


def test_a_secret_that_only_looks_encoded_is_taken_as_it_is_written() -> None:
    assert not standard(b"whsec_not base64!", stamped(b"v1," + POLAR_V1), BODY, AT)


@pytest.mark.parametrize("secret", [b"", b"whsec_", b"whsec_===="])
@pytest.mark.parametrize("key", [b"", b"whsec_"])
def test_a_secret_without_anything_secret_is_no_key(secret: bytes, key: bytes) -> None:
    made = b64encode(hmac.digest(key, b"msg_1.%d.%s" % (AT, BODY), "sha256"))
    assert not standard(secret, stamped(b"v1," + made), BODY, AT)


@given(
    header=st.binary(max_size=200) | st.text("tsvh=,;0123456789 ", max_size=60).map(str.encode),
    body=st.binary(max_size=50),
)
def test_no_header_is_believed_by_chance_or_does_harm(header: bytes, body: bytes) -> None:
    names = (
        b"stripe-signature",
        b"paddle-signature",
        b"x-signature",
        b"webhook-id",
        b"webhook-timestamp",
        b"webhook-signature",
    )
    headers = dict.fromkeys(names, header)
    for signed, secret, _ in KNOWN:
        assert not signed(secret, headers, body, AT)
        assert not signed(secret, {**headers, b"webhook-timestamp": b"%d" % AT}, body, AT)
