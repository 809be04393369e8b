"""Any premium paragraph is found in any two disguises worn one over the other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from site_builder.errors import Place
from site_builder.vault.audit import PremiumText
from site_builder.vault.audit.canonical import fold, weight
from site_builder.vault.audit.fresh import KnownLines
from site_builder.vault.audit.patterns import CAUGHT, EVIDENCE
from tests.vault.audit import disguises
from tests.vault.audit.parts import audited

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzåéüß", min_size=2, max_size=12)
RUSSIAN = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюя", min_size=2, max_size=12)
CHINESE = st.text(
    alphabet="的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工",
    min_size=2,
    max_size=6,
)
PARAGRAPHS = st.one_of(st.lists(words, min_size=20, max_size=60).map(" ".join) for words in (WORDS, RUSSIAN, CHINESE))

# Worn underneath: text in, text out. Worn above: anything that carries bytes whole.
INNER = [
    disguises.plain,
    disguises.wrapped,
    disguises.minified,
    disguises.marked_up,
    disguises.highlighted,
    disguises.soft_hyphens,
    disguises.zero_width,
    disguises.line_break_hints,
    disguises.decimal_entities,
    disguises.json_string,
    disguises.json_all_escaped,
    disguises.script_hexadecimal,
    disguises.style_sheet,
    disguises.escaped_markup,
    disguises.url_all_encoded,
    disguises.in_base64,
    disguises.in_base64url,
    disguises.in_hexadecimal,
]
OUTER = [
    disguises.json_string,
    disguises.json_all_escaped,
    disguises.script_hexadecimal,
    disguises.url_all_encoded,
    disguises.quoted_printable,
    disguises.in_base64,
    disguises.in_wrapped_base64,
    disguises.in_hexadecimal,
    disguises.in_gzip,
    disguises.in_zlib,
    disguises.in_zip,
    disguises.stored_in_zip,
    disguises.in_tar_gz,
    disguises.in_a_binary_file,
    disguises.in_png_compressed_text,
    disguises.utf_16,
    disguises.gzip_in_base64_in_json,
]


@settings(max_examples=150)
@given(PARAGRAPHS, st.sampled_from(INNER), st.sampled_from(OUTER))
def test_a_paragraph_is_found_in_two_disguises(
    paragraph: str, inner: disguises.Disguise, outer: disguises.Disguise
) -> None:
    assume(len(set(fold(paragraph.encode()))) >= 10)
    with tempfile.TemporaryDirectory() as folder:
        premium = [PremiumText(Place("a.md", 7), f"Before.\n\n{paragraph}", "markdown")]
        report = audited(Path(folder), {"leaky": outer(inner(paragraph).decode())}, premium=premium)
    assert {leak.place for leak in report.leaks} == {Place("a.md", 9)}


@settings(max_examples=150)
@given(PARAGRAPHS, st.data())
def test_any_stretch_that_is_long_enough_is_found(paragraph: str, data: st.DataObject) -> None:
    assume(len(set(fold(paragraph.encode()))) >= 10)
    start = data.draw(st.integers(0, len(paragraph) // 2))
    lengths = range(start + 1, len(paragraph) + 1)
    end = next((end for end in lengths if _is_enough(paragraph[start:end])), None)
    assume(end is not None and len(set(fold(paragraph[start:end].encode()))) >= 10)
    with tempfile.TemporaryDirectory() as folder:
        premium = [PremiumText(Place("a.md", 1), paragraph, "markdown")]
        report = audited(Path(folder), {"leaky": f"<p>Zzz {paragraph[start:end]} zzz</p>"}, premium=premium)
    assert report.leaks


def _is_enough(text: str) -> bool:
    folded = fold(text.encode())
    return len(folded) >= CAUGHT and weight(folded) >= EVIDENCE


@given(st.text())
def test_folding_a_text_is_folding_its_letters(text: str) -> None:
    whole = text.encode("utf-8", "ignore")
    assert fold(whole) == b"".join(fold(letter.encode("utf-8", "ignore")) for letter in text)
    assert fold(fold(whole)) == fold(whole)


@given(st.lists(st.text(alphabet="ab <>/\n", max_size=200), max_size=6))
def test_no_line_is_left_out_that_was_not_there_before(texts: list[str]) -> None:
    known, before = KnownLines(), set[bytes]()
    for text in texts:
        lines = text.encode().split(b"\n")
        fresh = known.fresh(text.encode()).split(b"\n")
        assert all(line in fresh or line in before or not line for line in lines)
        before.update(lines)
