"""Front matter: it ends where MkDocs ends it, and what MkDocs would publish as text is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data

from site_builder.content.source import Source, is_draft, parse_source, read_source, written_on
from site_builder.errors import ContentError
from tests.content.pages import refused

PAGE = Path("page.md")


def parse(text: str) -> Source:
    return parse_source(PAGE, text)


def test_front_matter_and_body_are_told_apart() -> None:
    source = parse("---\ntitle: A page\naccess: pro\n---\n\nText\n")
    assert source.meta == {"title": "A page", "access": "pro"}
    assert source.body == "\nText\n"
    assert source.body_line == 5
    assert source.place("access").line == 3
    assert source.place("absent").line is None


@pytest.mark.parametrize(
    "written",
    [
        b"---\naccess: pro\n---\n\nText\n",
        b"\xef\xbb\xbf---\naccess: pro\n---\n\nText\n",
        b"---\r\naccess: pro\r\n---\r\n\r\nText\r\n",
        b"---\raccess: pro\r---\r\rText\r",
        b"--- \t\naccess: pro\n---  \n\nText\n",
        b"---\naccess: pro\n...\n\nText\n",
    ],
    ids=["plain", "BOM", "CRLF", "CR", "blanks behind fences", "dots"],
)
def test_every_way_to_write_the_same_file_reads_the_same(written: bytes, tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_bytes(written)
    source = read_source(file)
    assert (source.meta, source.body, source.body_line) == ({"access": "pro"}, "\nText\n", 4)


def test_a_body_keeps_its_blank_lines_and_the_indentation_of_its_first_line() -> None:
    assert parse("---\ntitle: x\n---\n\n    code\n\n").body == "\n    code\n\n"
    assert parse("    code\n").body == "    code\n"


def test_front_matter_may_be_empty_or_all_there_is() -> None:
    assert parse("---\n---\nText").meta == {}
    assert parse("---\n\n---\nText").body == "Text"
    assert (parse("---\naccess: pro\n---").meta, parse("---\naccess: pro\n---").body) == ({"access": "pro"}, "")
    assert parse("").body == ""


def test_a_rule_in_the_body_is_no_fence() -> None:
    source = parse("---\ntitle: x\n---\nText\n\n---\n\naccess: pro\n")
    assert source.meta == {"title": "x"}
    assert source.body.endswith("access: pro\n")


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("access: pro\n\nText\n", 1, "three hyphens"),
        ("title: x\naccess: pro\n\nText\n", 2, "three hyphens"),
        ("title: x\n    more of it\naccess: pro\n\nText\n", 3, "three hyphens"),
        ("   Access: pro\n\nText\n", 1, "three hyphens"),
        ("\n\ntitle: x\ndraft: true\n\nText\n", 4, "three hyphens"),
        ("\ufeff---\naccess: pro\n---\n", 1, "first character"),
        ("\n---\naccess: pro\n---\nText\n", 2, "first character"),
        (" ---\naccess: pro\n---\nText\n", 1, "first character"),
        ("----\naccess: pro\n----\nText\n", 1, "first character"),
        ("+++\naccess = 'pro'\n+++\nText\n", 1, "first character"),
        ('{\n"access": "pro"\n}\n\nText\n', 2, "three hyphens"),
        ('{"title": "x", "access": "pro"}\n\nText\n', 1, "three hyphens"),
        ("# Title\naccess: pro\n\nText\n", 2, "three hyphens"),
        ("---\naccess: pro\n\nText\n", 1, "never closed"),
        ("---\naccess: pro\n ---\nText\n", 1, "never closed"),
        ("---\naccess: pro\n----\nText\n", 1, "never closed"),
        ("--- # facts\naccess: pro\n---\nText\n", 2, "three hyphens"),
    ],
)
def test_front_matter_that_mkdocs_would_publish_as_text_is_refused(text: str, line: int, word: str) -> None:
    refused(lambda: parse(text), line, word)


@pytest.mark.parametrize(
    ("yaml", "line", "word"),
    [
        ("title: x\naccess: pro\naccess: public\n", 4, "'access' stands a second time"),
        ('access: pro\n"access": public\n', 3, "'access' stands a second time"),
        ("extra:\n  a: 1\n  a: 2\n", 4, "'a' stands a second time"),
        ("Access: pro\n", 2, "meant to be `access`"),
        ("title: x\nACCESS: pro\n", 3, "meant to be `access`"),
        ("title: x\nacess: pro\n", 3, "meant to be `access`"),
        ("' access ': pro\n", 2, "meant to be `access`"),
        ("Draft: true\n", 2, "meant to be `draft`"),
        ("Date: 2099-01-01\n", 2, "meant to be `date`"),
        ("title: x\ntiers: [pro]\n", 3, "belongs under access"),
        ("public_from: 2027-01-01\naccess: pro\n", 2, "belongs under access"),
        ("title: x: y\n", 2, "is not YAML"),
        ("title: x\n\taccess: pro\n", 3, "is not YAML"),
        ("title: [x\n", 3, "is not YAML"),
        ("- access: pro\n", 1, "not a mapping"),
        ("access pro\n", 1, "not a mapping"),
        ("title: x\ndate: 2026-13-45\n", 3, "month must be in 1..12"),
        ("title: x\nage: !!int ''\n", 3, "index out of range"),
        ("title: x\nage: !!bool perhaps\n", 3, "perhaps"),
        ("title: !!python/object/apply:os.system [ls]\n", 2, "could not determine a constructor"),
        ("title: x\n? [a, b]\n: c\n", 3, "unhashable"),
        ("title: *nothing\n", 2, "undefined alias"),
    ],
)
def test_front_matter_that_can_be_misread_is_refused_with_its_line(yaml: str, line: int, word: str) -> None:
    refused(lambda: parse(f"---\n{yaml}---\nText\n"), line, word)


@pytest.mark.parametrize("word", ["accessed", "accent", "accessory", "process", "drafts", "update", "dates", "tier"])
def test_other_words_are_the_writers_own(word: str) -> None:
    assert parse(f"---\n{word}: 1\n---\n").meta == {word: 1}


def test_keys_may_come_from_anchors_and_a_merge() -> None:
    source = parse("---\nbase: &base {access: pro}\n<<: *base\n---\n")
    assert source.meta["access"] == "pro"
    assert source.place("access").line is None
    assert parse("---\nbase: &base {access: pro}\n<<: *base\naccess: public\n---\n").meta["access"] == "public"


def test_keys_need_not_be_text() -> None:
    assert parse("---\n2: a\n2026-01-01: b\ntrue: c\nnull: d\n---\n").meta == {
        2: "a",
        date(2026, 1, 1): "b",
        True: "c",
        None: "d",
    }


def test_a_message_never_repeats_a_long_value() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}, *{before}, *{before}, *{before}, *{before}]\n"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    source = parse(f"---\n{bomb}draft: *i\n---\n")
    with pytest.raises(ContentError) as caught:
        is_draft(source)
    assert len(str(caught.value)) < 300


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_bytes("---\naccess: pro\n---\nText\n".encode("utf-16"))
    refused(lambda: read_source(file), None, "not UTF-8", "byte 0")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-11-22", date(2026, 11, 22)),
        ("2026-11-22 23:30:00", date(2026, 11, 22)),
        ("2026-11-22T23:30:00+08:00", date(2026, 11, 22)),
        ("'2026-11-22'", date(2026, 11, 22)),
        ("'2026-11-22T10:00:00Z'", date(2026, 11, 22)),
        ("{created: 2026-11-22, updated: 2026-12-01}", date(2026, 11, 22)),
        ("{created: 2026-11-22 10:00:00}", date(2026, 11, 22)),
        ("", None),
    ],
)
def test_dates_of_every_kind_are_read(written: str, day: date | None) -> None:
    assert written_on(parse(f"---\ndate: {written}\n---\n")) == day


@pytest.mark.parametrize(
    "written", ["22.11.2026", "soon", "2026", "[2026-11-22]", "{updated: 2026-11-22}", "false", "'2026-13-01'"]
)
def test_a_date_that_is_none_is_refused(written: str) -> None:
    source = parse(f"---\ntitle: x\ndate: {written}\n---\n")
    refused(lambda: written_on(source), 3, "`date` is", "2026-11-22")


@pytest.mark.parametrize(("written", "draft"), [("true", True), ("yes", True), ("false", False), ("off", False)])
def test_a_draft_is_true_or_false(written: str, draft: bool) -> None:
    assert is_draft(parse(f"---\ndraft: {written}\n---\n")) is draft


@pytest.mark.parametrize("written", ["maybe", "1", "", "'true'", "[true]", "0"])
def test_a_draft_that_is_neither_is_refused(written: str) -> None:
    source = parse(f"---\ntitle: x\n\ndraft: {written}\n---\n")
    refused(lambda: is_draft(source), 4, "`draft` is")


FRAGMENTS = st.sampled_from(
    [
        "---",
        "---\n",
        "...\n",
        "----\n",
        "+++\n",
        "\n",
        " ",
        "\t",
        "\r",
        "\ufeff",
        "access: pro\n",
        "access: public\n",
        "Access: pro\n",
        "draft: true\n",
        "title: x\n",
        "title: [\n",
        "- a\n",
        "? b\n",
        "&a ",
        "*a",
        "<<: *a\n",
        "{",
        "}",
        '"access": "pro"',
        ": ",
        "#",
        "a: &a {access: pro}\n",
        "date: 2026-13-45\n",
        "!!int ''",
        "!!binary x",
        "\x00",
        "\u2028",
        "\x85",
        "Text\n",
        "    x\n",
        "'",
        "2026-01-01",
    ]
)
TEXTS = st.lists(FRAGMENTS | st.text(max_size=6), max_size=14).map("".join)


@given(TEXTS | TEXTS.map(lambda text: "---\n" + text))
@example("---\naccess: pro\n...\n---\n")
@example("---\n" + "[" * 2000 + "\n---\n")
@example("---\na: " + "9" * 5000 + "\n---\n")
def test_any_text_is_refused_or_read_as_mkdocs_reads_it(text: str) -> None:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        source = parse(text)
    except ContentError as error:
        assert error.place is not None and error.place.line is not None
        return
    assert source.header + source.body == text
    assert source.body_line == source.header.count("\n") + 1
    body, meta = get_data(text)
    if source.meta:
        if source.header.endswith("\n"):
            assert (meta, body) == (source.meta, source.body.lstrip("\n"))
    else:
        assert not {"access", "draft", "public_from"} & {str(key).strip().lower() for key in meta}
