"""Ways in which a text may come to stand in a published file. Each takes the text and gives the file's bytes."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import lzma
import quopri
import struct
import tarfile
import textwrap
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable

Disguise = Callable[[str], bytes]


def plain(text: str) -> bytes:
    return f"<p>Before. {html.escape(text, quote=False)} After.</p>\n".encode()


def upper_case(text: str) -> bytes:
    return text.upper().encode()


def wrapped(text: str) -> bytes:
    return "\n> ".join(textwrap.wrap(text, 11)).encode()


def a_letter_a_line(text: str) -> bytes:
    return "".join(
        f'<span class="a-class-that-makes-a-long-line-of-one-letter">{letter}</span>\n' for letter in text
    ).encode()


def minified(text: str) -> bytes:
    return ("<p>" + "</p><p>".join(text.split()) + "</p>").encode()


def marked_up(text: str) -> bytes:
    return "".join(f"<b>{letter}</b>" if letter.isalpha() else html.escape(letter) for letter in text).encode()


def highlighted(text: str) -> bytes:
    words = (f'<span class="w"> </span><span class="nf">{html.escape(word)}</span>' for word in text.split(" "))
    return ("<pre><code>" + "".join(words) + "</code></pre>").encode()


def commented(text: str) -> bytes:
    return f"<!-- to do: {text.replace('>', '')} -->".encode()


def attribute(text: str) -> bytes:
    return f'<img src="x.png" alt="{html.escape(text)}">'.encode()


def soft_hyphens(text: str) -> bytes:
    return "\u00ad".join(text).encode()


def zero_width(text: str) -> bytes:
    return "\u200b\u2060\ufeff".join(text).encode()


def line_break_hints(text: str) -> bytes:
    return "<wbr>".join(html.escape(letter) for letter in text).encode()


def bidirectional_marks(text: str) -> bytes:
    return ("\u202b" + "\u200f".join(text) + "\u202c").encode()


def full_width(text: str) -> bytes:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text).encode()


def mathematical_letters(text: str) -> bytes:
    return "".join(
        chr(0x1D41A + ord(letter) - ord("a")) if "a" <= letter <= "z" else letter for letter in text
    ).encode()


def decomposed_accents(text: str) -> bytes:
    return "\u0301".join(text).encode()


def decimal_entities(text: str) -> bytes:
    return "".join(f"&#{ord(letter)};" for letter in text).encode()


def hexadecimal_entities(text: str) -> bytes:
    return "".join(f"&#x{ord(letter):x};" for letter in text).encode()


def escaped_markup(text: str) -> bytes:
    marked = "".join(f"<i>{html.escape(word)}</i> " for word in text.split(" "))
    return f"<description>{html.escape(marked)}</description>".encode()


def escaped_twice(text: str) -> bytes:
    return html.escape("".join(f"&#{ord(letter)};" for letter in text)).encode()


def json_string(text: str) -> bytes:
    return json.dumps({"docs": [{"text": text.replace(" ", "\n")}]}).encode()


def json_all_escaped(text: str) -> bytes:
    units = text.encode("utf-16-be")
    return ('{"a":"' + "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2)) + '"}').encode()


def json_within_json(text: str) -> bytes:
    return json.dumps(json.dumps({"inner": text.replace(" ", "\t")})).encode()


def json_in_attribute(text: str) -> bytes:
    return f'<div data-state="{html.escape(json.dumps([text.replace(" ", chr(10))]))}"></div>'.encode()


def script_hexadecimal(text: str) -> bytes:
    letters = "".join(f"\\x{ord(letter):02x}" if ord(letter) < 256 else f"\\u{{{ord(letter):x}}}" for letter in text)
    return f"const a='{letters}'".encode()


def style_sheet(text: str) -> bytes:
    return ("a::before{content:'" + "".join(f"\\{ord(letter):04x} " for letter in text) + "'}").encode()


def url_encoded(text: str) -> bytes:
    return ("https://example.com/?q=" + urllib.parse.quote_plus(text)).encode()


def url_all_encoded(text: str) -> bytes:
    return ("data:text/plain," + "".join(f"%{byte:02X}" for byte in text.encode())).encode()


def quoted_printable(text: str) -> bytes:
    return b"Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(text.encode(), quotetabs=True)


def in_base64(text: str) -> bytes:
    return b"var x='" + base64.b64encode(text.encode()) + b"';"


def in_base64url(text: str) -> bytes:
    return b'<a href="?state=' + base64.urlsafe_b64encode(text.encode()).rstrip(b"=") + b'">'


def in_wrapped_base64(text: str) -> bytes:
    return b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(text.encode() * 2) + b"\nThe end."


def in_data_address(text: str) -> bytes:
    return b'<iframe src="data:text/html;base64,' + base64.b64encode(text.encode()) + b'"></iframe>'


def in_base64_out_of_step(text: str) -> bytes:
    return b"x='QQQ" + base64.b64encode(text.encode()) + b"'"


def in_hexadecimal(text: str) -> bytes:
    return b"blob = " + text.encode().hex().encode() + b";"


def in_gzip(text: str) -> bytes:
    return gzip.compress(text.encode())


def in_named_gzip(text: str) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile("ledger.txt", "wb", fileobj=packed) as member:
        member.write(text.encode())
    return packed.getvalue()


def in_second_gzip_member(text: str) -> bytes:
    return gzip.compress(b"nothing here") + gzip.compress(text.encode())


def in_gzip_with_wrong_sum(text: str) -> bytes:
    return gzip.compress(text.encode())[:-8] + bytes(8)


def in_gzip_cut_short(text: str) -> bytes:
    return gzip.compress(text.encode() + bytes(range(256)) * 8)[:-20]


def in_zlib(text: str) -> bytes:
    return zlib.compress(text.encode())


def in_raw_deflate(text: str) -> bytes:
    return zlib.compress(text.encode(), wbits=-15)


def in_bzip2(text: str) -> bytes:
    return bz2.compress(text.encode())


def in_xz(text: str) -> bytes:
    return lzma.compress(text.encode())


def in_zip(text: str) -> bytes:
    return _zip({"a/readme.txt": text.encode()}, zipfile.ZIP_DEFLATED)


def stored_in_zip(text: str) -> bytes:
    return _zip({"picture": bytes(range(256)), "readme.txt": text.encode()}, zipfile.ZIP_STORED)


def in_zip_without_directory(text: str) -> bytes:
    whole = in_zip(text)
    return whole[: whole.index(b"PK\1\2")]


def in_zip_in_zip(text: str) -> bytes:
    return _zip({"inner.zip": in_zip(text)}, zipfile.ZIP_DEFLATED)


def in_tar_gz(text: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, content in (("noise", bytes(range(256)) * 4), ("a.txt", text.encode())):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def in_a_binary_file(text: str) -> bytes:
    return b"\0\xff\xfe\x80" * 40 + text.encode() + b"\x80\x81\0" * 40


def in_pdf_stream(text: str) -> bytes:
    return (
        b"%PDF-1.7\n\xe2\xe3\xcf\xd3\n<</Filter/FlateDecode>>stream\n" + zlib.compress(text.encode()) + b"\nendstream"
    )


def utf_16(text: str) -> bytes:
    return text.encode("utf-16")


def utf_16_unmarked(text: str) -> bytes:
    return text.encode("utf-16-be")


def in_png_text(text: str) -> bytes:
    return _png(b"iTXt", b"Comment\0\0\0\0\0" + text.encode())


def in_png_compressed_text(text: str) -> bytes:
    return _png(b"zTXt", b"Comment\0\0" + zlib.compress(text.encode()))


def in_jpeg_metadata(text: str) -> bytes:
    return (
        b"\xff\xd8\xff\xe1\x01\x00<x:xmpmeta>"
        + html.escape(text).encode()
        + b"</x:xmpmeta>\xff\xda"
        + bytes(range(256))
    )


def in_svg_title(text: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg"><title>{html.escape(text)}</title></svg>'.encode()


def source_map(text: str) -> bytes:
    content = json.dumps({"version": 3, "sourcesContent": [f"// {text}\nlet a"]}).encode()
    return b"//# sourceMappingURL=data:application/json;charset=utf-8;base64," + base64.b64encode(content)


def gzip_in_base64_in_json(text: str) -> bytes:
    return json.dumps({"blob": base64.b64encode(gzip.compress(text.encode())).decode()}).encode()


def in_the_middle(text: str) -> bytes:
    words = text.split(" ") if " " in text else list(text)
    middle = len(words) * 3 // 4 or 1
    joined = " " if " " in text else ""
    return f"{joined.join(words[:middle])} [an advertisement stands here] {joined.join(words[middle:])}".encode()


def _zip(members: dict[str, bytes], compression: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def _png(kind: bytes, data: bytes) -> bytes:
    chunks = ((b"IHDR", bytes(13)), (kind, data), (b"IDAT", bytes(range(256))), (b"IEND", b""))
    written = (
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


DISGUISES: tuple[Disguise, ...] = tuple(
    made
    for name, made in list(globals().items())
    if callable(made) and getattr(made, "__module__", "") == __name__ and name[0] != "_"
)
