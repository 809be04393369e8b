"""Damaged, nested and absurd archives neither crash the audit nor pass as clean."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.errors import LeakError
from site_builder.vault.audit import require_clean
from site_builder.vault.audit.containers import INFLATED, Budget, TooLargeError
from site_builder.vault.audit.decode import DEPTH, layers
from site_builder.vault.encoding import pad
from tests.vault.audit.parts import PLACE, SENTENCE, audited

BOMB = bytes(INFLATED + 1)


def in_zip(content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr("x", content)
    return packed.getvalue()


@pytest.fixture(scope="module", params=["gzip", "zlib", "zip", "bzip2", "xz", "twice"])
def bomb(request: pytest.FixtureRequest) -> bytes:
    pack = {
        "gzip": gzip.compress,
        "zlib": zlib.compress,
        "zip": in_zip,
        "bzip2": bz2.compress,
        "xz": lzma.compress,
        "twice": lambda content: gzip.compress(gzip.compress(content)),
    }
    return pack[request.param](BOMB)  # type: ignore[operator, no-any-return]


def test_what_inflates_absurdly_is_not_clean(bomb: bytes, tmp_path: Path) -> None:
    report = audited(tmp_path, {"index.html": "<p>Fine.</p>", "download/data.bin": bomb})
    assert not report.leaks
    with pytest.raises(LeakError, match=r"download/data\.bin inflates to more than 64 MiB"):
        require_clean(report)


def test_many_members_count_together(tmp_path: Path) -> None:
    member = gzip.compress(bytes(INFLATED // 4))
    require_clean(audited(tmp_path, {"a.gz": member * 3}))
    assert audited(tmp_path, {"a.gz": member * 5}).warnings


def test_a_leak_before_an_absurd_member_is_found(tmp_path: Path) -> None:
    report = audited(tmp_path, {"a.gz": gzip.compress(SENTENCE.encode()) + gzip.compress(BOMB)})
    assert report.leaks
    assert report.warnings


def test_each_file_has_its_own_budget(tmp_path: Path) -> None:
    half = gzip.compress(bytes(INFLATED // 2))
    require_clean(audited(tmp_path, {f"{number}.gz": half for number in range(4)}))


def test_brotli_cannot_be_called_clean(tmp_path: Path) -> None:
    with pytest.raises(LeakError, match=r"index\.html\.br is packed with Brotli"):
        require_clean(audited(tmp_path, {"index.html.br": b"\x0b\x02\x80\xff\xfe"}))


@pytest.mark.parametrize("start", [b"", b"\1\2\3\4"], ids=["bare", "with a length"])
def test_a_file_of_the_vault_that_is_not_sealed_is_found(start: bytes, tmp_path: Path) -> None:
    body = zlib.compress(f'{{"html": "<p>{SENTENCE}</p>"}}'.encode(), wbits=-15)
    report = audited(tmp_path, {"vault/payloads/1.bin": start + body + bytes(400)})
    assert [(leak.place.file, leak.how) for leak in report.leaks] == [(PLACE.file, "DEFLATE")]


def test_padding_does_not_hide_an_unsealed_body(tmp_path: Path) -> None:
    body = zlib.compress(f'{{"html": "<p>{SENTENCE}</p>"}}'.encode(), wbits=-15)
    assert audited(tmp_path, {"vault/payloads/1.bin": pad(body)}).leaks
    assert audited(tmp_path, {"vault/payloads/1.bin": b"\xff" * 48 + SENTENCE.encode()}).leaks


def test_nesting_is_read_to_its_depth(tmp_path: Path) -> None:
    packed = SENTENCE.encode()
    for _ in range(DEPTH):
        packed = gzip.compress(packed)
    assert audited(tmp_path, {"a.gz": packed}).leaks


def test_deeper_nesting_cannot_be_called_clean(tmp_path: Path) -> None:
    packed = SENTENCE.encode()
    for _ in range(DEPTH + 1):
        packed = gzip.compress(packed)
    report = audited(tmp_path, {"a.gz": packed})
    assert not report.leaks
    with pytest.raises(LeakError, match="packed"):
        require_clean(report)


@given(
    st.sampled_from(["gzip", "zlib", "zip", "bz2", "xz", "png", "pdf"]), st.integers(0, 2**32), st.binary(max_size=40)
)
def test_a_damaged_archive_never_crashes(kind: str, seed: int, noise: bytes) -> None:
    chance = random.Random(seed)
    text = SENTENCE.encode() * 30
    content = bytearray(
        {
            "gzip": gzip.compress(text),
            "zlib": zlib.compress(text),
            "zip": in_zip(text),
            "bz2": bz2.compress(text),
            "xz": lzma.compress(text),
            "png": b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" + bytes(17) + b"\xff\xff\xff\xfftEXt" + text,
            "pdf": b"%PDF-1.7 \xe2" + zlib.compress(text) * 2,
        }[kind]
    )
    for _ in range(3):
        content[chance.randrange(len(content))] = chance.randrange(256)
    content[(cut := chance.randrange(len(content))) : cut] = noise
    assert list(layers(bytes(content[: chance.randrange(len(content))]), "x.bin", Budget(), lambda text: text))


@given(st.binary(max_size=3000))
def test_any_bytes_can_be_read(content: bytes) -> None:
    for name, in_vault in (("a.bin", False), ("a.bin", True)):
        first = next(layers(content, name, Budget(), lambda text: text, in_vault=in_vault))
        assert first.content == content
        assert list(layers(content, name, Budget(), lambda text: text, in_vault=in_vault))


def test_a_budget_ends() -> None:
    budget = Budget(10)
    budget.take(10)
    with pytest.raises(TooLargeError):
        budget.take(1)
