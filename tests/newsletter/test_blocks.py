"""An item's HTML as mail programs can show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.newsletter.blocks import mail_blocks
from site_builder.newsletter.words import words

URL = "https://example.com/blog/why/"


def blocks(html: str, language: str = "en") -> tuple[str, ...]:
    return mail_blocks(html, URL, words(language))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<h2 id=x>A &amp; B</h2>", "<h2>A &amp; B</h2>"),
        ("text & <b>more</b>", "<p>text &amp; <b>more</b></p>"),
        (
            '<pre><code class="language-py"><span class="k">if</span> a &lt; b:\n    c\n</code></pre>',
            "<pre><code>if a &lt; b:\n    c</code></pre>",
        ),
        (
            '<pre><code class="language-mermaid">graph LR</code></pre>',
            f'<p><a href="{URL}">A diagram: see it on the web</a></p>',
        ),
        (
            '<p><img src="a.png" width="5" class="x" onerror="x()"></p>',
            f'<p><img src="{URL}a.png" width="5" alt=""></p>',
        ),
        ('<p><img src="/a.svg" alt="Chart"></p>', f'<p><a href="{URL}">Picture: Chart (see it on the web)</a></p>'),
        (
            '<p><img src="data:image/png;base64,AA" alt=""></p>',
            f'<p><a href="{URL}">A picture: see it on the web</a></p>',
        ),
        (
            '<p><a href="/x/"><img src="/a.svg" alt="Chart"></a></p>',
            '<p><a href="https://example.com/x/">Picture: Chart (see it on the web)</a></p>',
        ),
        (
            '<picture><source srcset="a.avif"><img src="a.png" alt="A"></picture>',
            f'<p><img src="{URL}a.png" alt="A"></p>',
        ),
        ("<p>a<sup><a href='#fn:1'>1</a></sup></p>", '<p>a<sup class="sb-call">1</sup></p>'),
        (
            "<details><summary>More</summary><p>x</p></details>",
            '<div class="sb-note"><p class="sb-label">More</p><p>x</p></div>',
        ),
        ('<p>x<audio src="a.mp3" controls></audio></p>', f'<p>x<a href="{URL}">Listen or watch on the web</a></p>'),
        (
            '<p><a href="javascript:x()">a</a> <a href="mailto:a@example.com">b</a></p>',
            '<p>a <a href="mailto:a@example.com">b</a></p>',
        ),
        (
            "<table><tr><td align=right style='color:red'>1</td></tr></table>",
            '<table><tr><td align="right">1</td></tr></table>',
        ),
        ("<script>x</script><style>y</style><svg><text>z</text></svg><!-- c --><form><input></form>", ""),
        ('<p dir="rtl" lang="ar" style="x">مرحبا</p>', '<p lang="ar" dir="rtl">مرحبا</p>'),
        ("<p>]]&gt; 🚀 为什么</p>", "<p>]]&gt; 🚀 为什么</p>"),
        ("<p>a\x00b\x0bc\x7fd\ufffee\x85</p>", "<p>abcde</p>"),
    ],
    ids=lambda value: value[:40],
)
def test_this_becomes_that(html: str, shown: str) -> None:
    found = "".join(blocks(html))
    assert "".join(blocks(shown)) == found  # it stays as it is
    assert found == shown


def test_each_block_stands_by_itself() -> None:
    assert blocks("<p>a</p>\n text <em>x</em>\n<ul><li>b</li></ul><pre>c</pre> ") == (
        "<p>a</p>",
        "<p>\n text <em>x</em>\n</p>",
        "<ul><li>b</li></ul>",
        "<pre><code>c</code></pre>",
    )


def test_the_words_are_those_of_the_language() -> None:
    assert "图片：图（请在网页上查看）" in "".join(blocks('<img src="a.svg" alt="图">', "zh"))


def test_code_keeps_its_indentation_to_the_letter() -> None:
    code = "def f():\n\treturn '  x '\n\n\n    # ]]> &amp;\n  end"
    [block] = blocks(f"<pre><code>{code.replace('&', '&amp;').replace('>', '&gt;')}\n</code></pre>")
    assert block == f"<pre><code>{code.replace('&', '&amp;').replace('>', '&gt;')}</code></pre>"


@given(st.text())
def test_nothing_that_acts_comes_out_of_any_text(text: str) -> None:
    found = "".join(blocks(f"<p>{text}</p><img src=x onerror=y alt='{text}'>")).lower()
    for forbidden in ("<script", "<iframe", "<style", "<object", "<svg"):
        assert forbidden not in found
    assert not [one for one in found if ord(one) < 32 and one not in "\t\n\r"]
