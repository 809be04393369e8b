"""Images and attachments that only gated parts use are found by name and by content."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import tarfile
import urllib.parse
import zipfile
import zlib
from pathlib import Path

import pytest

from site_builder.errors import Place
from site_builder.vault.audit import PremiumFile, require_clean
from tests.vault.audit.parts import audited

PLACE = Place("content/blog/posts/ledger.md", 30)
CONTENT = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    written = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


def premium(name: str = "blog/posts/images/drift-by-weekday-and-bank.png", content: bytes = CONTENT) -> PremiumFile:
    return PremiumFile(PLACE, name, content)


@pytest.mark.parametrize(
    "published",
    [
        {"blog/posts/images/drift-by-weekday-and-bank.png": b"an optimised copy"},
        {"assets/drift_by_weekday_and_bank.9f2c.webp": b"a converted copy"},
        {"index.html": "<img src='images/drift-by-weekday-and-bank.png'>"},
        {"index.html": f"<img src='{urllib.parse.quote('images/drift-by-weekday-and-bank.png').replace('-', '%2D')}'>"},
        {"search.json": '{"src":"images\\/drift-by-weekday-and-bank.png"}'},
        {"sitemap.xml.gz": gzip.compress(b"<loc>https://example.com/drift-by-weekday-and-bank.png</loc>")},
    ],
    ids=["as a file", "converted", "in HTML", "URL-encoded", "in JSON", "in a packed sitemap"],
)  # fmt: skip
def test_a_name_is_found(published: dict[str, str | bytes], tmp_path: Path) -> None:
    report = audited(tmp_path, published, premium=(), files=[premium()])
    assert [(leak.place, leak.found) for leak in report.leaks] == [(PLACE, premium().name)]
    assert "file name" in report.leaks[0].how


def test_a_short_name_is_found_with_its_folder(tmp_path: Path) -> None:
    file = premium("blog/posts/images/a.png")
    require_clean(audited(tmp_path, {"index.html": "<img src='a.png'>"}, premium=(), files=[file]))
    assert audited(tmp_path, {"index.html": "<img src='posts/images/a.png'>"}, premium=(), files=[file]).leaks
    (tmp_path / "index.html").unlink()
    assert audited(tmp_path, {"blog/posts/images/a.png": b"x"}, premium=(), files=[file]).leaks


def test_a_name_that_public_text_uses_too_is_no_leak(tmp_path: Path) -> None:
    published = {"index.html": "<img src='images/drift-by-weekday-and-bank.png'>"}
    require_clean(
        audited(tmp_path, published, premium=(), files=[premium()], public=["![](../drift-by-weekday-and-bank.png)"])
    )


def in_zip(content: bytes, compression: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        archive.writestr("x", content)
    return packed.getvalue()


def in_tar(content: bytes, mode: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        member = tarfile.TarInfo("x")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.mark.parametrize(
    "published",
    [
        CONTENT,
        gzip.compress(CONTENT),
        b"url(data:image/png;base64," + base64.b64encode(CONTENT) + b")",
        b'<img src="data:image/png;base64,' + base64.b64encode(CONTENT) + b'">',
        CONTENT.hex().encode(),
        in_zip(CONTENT, zipfile.ZIP_DEFLATED),
        in_zip(CONTENT, zipfile.ZIP_STORED),
        in_tar(CONTENT, "w"),
        in_tar(CONTENT, "w:gz"),
        b"%PDF-1.7 \xe2\xe3" + CONTENT + b"endstream",
    ],
    ids=[
        "as it is",
        "gzip",
        "style",
        "data address",
        "hexadecimal",
        "zip",
        "stored zip",
        "tar",
        "tar.gz",
        "inside another",
    ],
)
def test_a_content_is_found_under_another_name(published: bytes, tmp_path: Path) -> None:
    report = audited(tmp_path, {"other.bin": published}, premium=(), files=[premium()])
    assert [leak.place for leak in report.leaks] == [PLACE]
    assert "same" in report.leaks[0].how


def test_an_attachment_that_is_text_is_found_too(tmp_path: Path) -> None:
    rows = b"day,bank,drift\n" + b"".join(b"%d,north,0.0%d\n\n" % (day, day) for day in range(60))
    assert audited(
        tmp_path, {"x.csv": "\n", "y.csv": rows, "z.csv": rows + b"1"}, premium=(), files=[premium("a.csv", rows)]
    ).leaks
    assert audited(tmp_path, {"y.csv": gzip.compress(rows)}, premium=(), files=[premium("a.csv", rows)]).leaks


def test_a_png_without_its_metadata_is_the_same_image(tmp_path: Path) -> None:
    pixels = (b"IDAT", bytes(range(256)) * 3)
    whole = png((b"IHDR", bytes(13)), (b"tEXt", b"Comment\0by me"), pixels, (b"IEND", b""))
    bare = png((b"IHDR", bytes(13)), pixels, (b"IEND", b""))
    report = audited(tmp_path, {"card.png": bare}, premium=(), files=[premium("a/b.png", whole)])
    assert [leak.how for leak in report.leaks] == ["same image"]


def test_a_jpeg_without_its_metadata_is_the_same_image(tmp_path: Path) -> None:
    scan = b"\xff\xda\x00\x08" + bytes(range(200)) * 4
    whole, bare = (
        b"\xff\xd8\xff" + marker + scan for marker in (b"\xe1\x00\x20Exif" + bytes(26), b"\xdb\x00\x43" + bytes(65))
    )
    assert audited(tmp_path, {"card.jpg": bare}, premium=(), files=[premium("a/b.jpg", whole)]).leaks


def test_tiny_and_empty_files_are_no_leak(tmp_path: Path) -> None:
    files = [premium("a/.gitkeep", b""), premium("b/dot.gif", b"GIF89a\1\0")]
    require_clean(audited(tmp_path, {"x": b"", "y": b"GIF89a\1\0"}, premium=(), files=files))


def test_another_picture_is_no_leak(tmp_path: Path) -> None:
    other = png((b"IHDR", bytes(13)), (b"IDAT", bytes(range(255, -1, -1)) * 8))
    require_clean(audited(tmp_path, {"picture.png": other}, premium=(), files=[premium()]))
