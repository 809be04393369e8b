"""Parts and assets: sealed, opened, and refused when anything differs."""

from __future__ import annotations

import deflate
import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import SealError
from site_builder.vault.encoding import b64u, lp, pad
from site_builder.vault.keys import MasterKey
from site_builder.vault.payload import (
    Heading,
    SealedPart,
    open_asset,
    open_part,
    payload_name,
    seal_asset,
    seal_part,
)
from site_builder.vault.seal import seal

MASTER = MasterKey(b"\7" * 32)
SITE = "a-site"


def sealed_part(
    html: str = "<p>Members read this.</p>", part: str = "post#1", access: tuple[str, ...] = ("pro",)
) -> SealedPart:
    return seal_part(MASTER, SITE, part, access, (0, 0), html, [], [])


@given(
    st.text(max_size=3000),
    st.lists(st.builds(Heading, id=st.text(), title=st.text(), level=st.integers(1, 6)), max_size=3),
)
def test_a_sealed_part_opens_to_what_was_sealed(html: str, toc: list[Heading]) -> None:
    sealed = seal_part(MASTER, SITE, "post#1", ["pro"], (0, 0), html, toc, [])
    opened = open_part(SITE, "post#1", ["pro"], sealed.key, sealed.file)
    assert (opened.html, opened.toc, opened.assets) == (html, tuple(toc), {})


def test_sealing_again_gives_the_same_bytes() -> None:
    assert sealed_part() == sealed_part()
    assert sealed_part(access=("course", "pro")) == sealed_part(access=("pro", "course", "pro"))


def test_any_change_of_text_place_access_or_generation_gives_a_new_key_and_name() -> None:
    variants = [
        sealed_part(),
        sealed_part(html="<p>Members read that.</p>"),
        sealed_part(part="post#2"),
        sealed_part(access=("course", "pro")),
        seal_part(MASTER, SITE, "post#1", ["pro"], (1, 0), "<p>Members read this.</p>", [], []),
        seal_part(MASTER, SITE, "post#1", ["pro"], (0, 1), "<p>Members read this.</p>", [], []),
    ]
    assert len({part.key for part in variants}) == len(variants)
    assert len({part.name for part in variants}) == len(variants)


def test_texts_of_about_one_length_have_files_of_one_length() -> None:
    assert len({len(sealed_part(html="x" * length).file) for length in range(1, 600)}) == 1


@given(st.data())
def test_a_part_with_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    sealed = sealed_part()
    damaged = bytearray(sealed.file)
    bit = data.draw(st.integers(0, len(damaged) * 8 - 1))
    damaged[bit // 8] ^= 1 << bit % 8
    with pytest.raises(SealError):
        open_part(SITE, "post#1", ["pro"], sealed.key, bytes(damaged))


def test_a_part_opens_only_in_its_own_place() -> None:
    one, other = sealed_part(), sealed_part("<p>Another.</p>", "post#2")
    for site, part, access, key, file in [
        ("b-site", "post#1", ["pro"], one.key, one.file),
        (SITE, "post#2", ["pro"], one.key, one.file),
        (SITE, "post#1", ["supporter"], one.key, one.file),
        (SITE, "post#1", ["pro"], other.key, one.file),
        (SITE, "post#1", ["pro"], one.key, other.file),
        (SITE, "post#1", ["pro"], other.key, other.file),
    ]:
        with pytest.raises(SealError):
            open_part(site, part, access, key, file)


def test_an_asset_opens_with_the_key_that_its_part_holds() -> None:
    picture = seal_asset(
        MASTER, SITE, "post#1", "1", ["pro"], (0, 0), b"\x89PNG picture", type="image/png", filename="chart.png"
    )
    sealed = seal_part(MASTER, SITE, "post#1", ["pro"], (0, 0), '<img data-sealed-src="1">', [], [picture])
    found = open_part(SITE, "post#1", ["pro"], sealed.key, sealed.file).assets["1"]
    assert (found.name, found.key, found.type, found.file) == (
        picture.name,
        b64u(picture.key),
        "image/png",
        "chart.png",
    )
    assert open_asset(SITE, "post#1", "1", ["pro"], picture.key, picture.file) == b"\x89PNG picture"
    assert payload_name(picture.file) == picture.name


def test_one_picture_in_two_parts_gives_two_files_that_look_unrelated() -> None:
    one, other = (
        seal_asset(MASTER, SITE, part, "1", ["pro"], (0, 0), b"the same", type="image/png", filename="a.png")
        for part in ("post#1", "post#2")
    )
    assert one.key != other.key
    assert one.file != other.file


def test_a_part_for_nobody_is_refused() -> None:
    with pytest.raises(SealError, match="nobody could open it"):
        sealed_part(access=())


def test_no_more_than_64_mib_are_inflated() -> None:
    m = pad(bytes(deflate.deflate_compress(bytes(64 * 1024 * 1024 + 1), 1)))
    key = b"\1" * 32
    bomb = seal(key, "part", lp(SITE, "post#1", lp("pro")), m)
    with pytest.raises(SealError, match="more than 64 MiB"):
        open_part(SITE, "post#1", ["pro"], key, bomb)
    assert len(bomb) < 1_000_000


def test_keys_do_not_show_in_representations() -> None:
    sealed = sealed_part()
    assert repr(sealed.key) not in repr(sealed)
