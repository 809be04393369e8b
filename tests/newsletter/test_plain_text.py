"""Mail for those who read text."""

from __future__ import annotations

import html
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.newsletter.blocks import mail_blocks
from site_builder.newsletter.plain_text import PlainText
from site_builder.newsletter.words import words
from site_builder.newsletter.wrapping import WIDTH, collapse, width, wrap

URL = "https://example.com/a/"


def text(source: str) -> str:
    """As it stands in a mail, with its references."""
    writer = PlainText()
    said = writer.render("".join(mail_blocks(source, URL, words("en"))))
    return "\n".join(filter(None, [said, writer.references()]))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<h1>为什么 x</h1><p>a</p><h2>B</h2><h3>C</h3>", "为什么 x\n========\n\na\n\nB\n-\n\n### C"),
        (
            "<p>a <a href='/b/'>b</a>, <a href='/c/'>c</a> and <a href='/b/'>b</a></p>",
            "a b [1], c [2] and b [1]\n[1] https://example.com/b/\n[2] https://example.com/c/",
        ),
        (
            "<p><a href='https://example.com/'>https://example.com/</a> <a href='mailto:a@example.com'>a@example.com</a></p>",
            "https://example.com/ a@example.com",
        ),
        ("<ul><li>a</li><li>b<ol start=9><li>c</li><li>d</li></ol></li></ul>", "- a\n- b\n  9. c\n  10. d"),
        ("<ol start='--5'><li>a</li></ol>", "1. a"),
        ("<ul><li><p>a</p><pre>x\n  y</pre></li><li><p>b</p></li></ul>", "- a\n\n  x\n    y\n\n- b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        (
            "<table><tr><th>a</th><th>数字</th></tr><tr><td>long</td><td>1</td></tr></table>",
            "a     数字\n----  ----\nlong  1",
        ),
        (
            "<p>an <code>x y</code><br>line <img src='b.png' alt='A chart'><img src='c.png'></p>",
            "an `x y`\nline [A chart]",
        ),
        ("<dl><dt>T</dt><dd>D</dd><dt>U</dt><dd>E</dd></dl>", "T\n  D\n\nU\n  E"),
        ("<p>x<sup>2</sup> and a note<sup><a href='#fn:a'>1</a></sup></p>", "x^2 and a note[^1]"),
        ("<p>中文\n换行 and\nEnglish</p>", "中文换行 and English"),
        ("<p>a&nbsp;b &amp; ]]&gt; 🚀 &lt;i&gt;</p>", "a b & ]]> 🚀 <i>"),
        ("<details><summary>More</summary><p>x</p></details>", "| More\n|\n| x"),
        ("<p>مرحبا بالعالم</p>", "مرحبا بالعالم"),
        ("<hr>", "-" * 72),
        ("", ""),
    ],
    ids=lambda value: value[:40],
)
def test_this_is_written_so(source: str, shown: str) -> None:
    assert text(source) == shown


def test_a_table_too_wide_for_a_line_is_written_row_by_row() -> None:
    long = "many words that take their room " * 3
    shown = text(
        f"<table><tr><th>Name</th><th>What</th></tr><tr><td>a</td><td>{long}</td></tr><tr><td>b</td><td>x</td></tr></table>"
    )
    assert shown == dedent("""\
        Name: a
        What: many words that take their room many words that take their room
        many words that take their room

        Name: b
        What: x""")


def test_code_is_as_long_as_it_is() -> None:
    code = "x = '" + "long " * 40 + "'\n\n\n    y  \tz"
    assert code in text(f"<pre><code>{html.escape(code)}\n</code></pre>")


def test_chinese_is_broken_where_its_script_allows_it() -> None:
    lines = wrap("这是一个很长的中文段落，用来检验换行（比如括号）是否正确。" * 5)
    assert len(lines) > 3 and all(width(line) <= WIDTH for line in lines)
    assert not [line for line in lines if line[0] in "，。）" or line[-1] in "（"]
    assert "".join(lines) == "这是一个很长的中文段落，用来检验换行（比如括号）是否正确。" * 5


def test_an_address_is_never_broken() -> None:
    address = "https://example.com/" + "a" * 100
    assert address in wrap(f"some words {address} and more words")


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=30)


@given(st.lists(WORDS, max_size=40))
def test_wrapping_loses_nothing_and_only_long_words_stand_out(found: list[str]) -> None:
    said = collapse(" ".join(found))
    lines = wrap(said)
    assert "".join(lines).replace(" ", "") == said.replace(" ", "")
    assert all(width(line) <= WIDTH or len(list(filter(None, line.split(" ")))) == 1 for line in lines)
    assert not [line for line in lines if line != line.rstrip(" ")]


@given(
    st.recursive(
        WORDS.map(html.escape),
        lambda inner: st.builds(
            lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
            st.sampled_from(
                [
                    "p",
                    "ul",
                    "ol",
                    "li",
                    "blockquote",
                    "em",
                    "a",
                    "table",
                    "tr",
                    "td",
                    "h2",
                    "pre",
                    "div",
                    "dl",
                    "dt",
                    "dd",
                    "sup",
                ]
            ),
            st.lists(inner, max_size=4),
        ),
        max_leaves=20,
    )
)
def test_any_nesting_is_written_without_losing_a_letter(source: str) -> None:
    shown = text(source)
    letters = [one for one in html.unescape(text_of(source)) if one.isalpha()]
    assert [one for one in shown if one.isalpha()] == letters


def text_of(source: str) -> str:
    from lxml import html as parser

    return str(parser.fragment_fromstring(source, create_parent="div").text_content())
