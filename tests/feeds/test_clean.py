"""What of an article comes into feeds: its words, links, pictures and code, and nothing of the theme."""

from __future__ import annotations

import re
from html import escape, unescape

import markdown
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from material.extensions import emoji
from pymdownx.superfences import fence_code_format

from site_builder.content.markup import Markup
from site_builder.feeds.clean import absolute, clean

PAGE = "https://blog.example.com/blog/one/"
EXTENSIONS = {
    "admonition": {},
    "attr_list": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "toc": {"permalink": True},
    "pymdownx.details": {},
    "pymdownx.emoji": {"emoji_generator": emoji.to_svg, "emoji_index": emoji.twemoji},
    "pymdownx.highlight": {"anchor_linenums": True, "pygments_lang_class": True},
    "pymdownx.inlinehilite": {},
    "pymdownx.keys": {},
    "pymdownx.superfences": {"custom_fences": [{"name": "mermaid", "class": "mermaid", "format": fence_code_format}]},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {"custom_checkbox": True},
}


def page(text: str, **highlight: object) -> str:
    """What MkDocs makes of Markdown, cleaned."""
    options = {**EXTENSIONS, "pymdownx.highlight": {**EXTENSIONS["pymdownx.highlight"], **highlight}}  # type: ignore[dict-item]
    return clean(markdown.markdown(text, extensions=list(options), extension_configs=options), PAGE)


def code_of(cleaned: str) -> list[str]:
    return [unescape(found) for found in re.findall(r"<pre><code[^>]*>(.*?)</code></pre>", cleaned, re.DOTALL)]


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("../two/", "https://blog.example.com/blog/two/"),
        ("/two/", "https://blog.example.com/two/"),
        ("#part", "https://blog.example.com/blog/one/#part"),
        ("", PAGE),
        ("?a=1&b=2", "https://blog.example.com/blog/one/?a=1&b=2"),
        ("//cdn.example.com/a", "https://cdn.example.com/a"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("HTTP://example.com/", "HTTP://example.com/"),
        ("mailto:ada@example.com", "mailto:ada@example.com"),
        ("文章/", "https://blog.example.com/blog/one/文章/"),
    ],
)
def test_links_are_absolute(address: str, whole: str) -> None:
    assert absolute(address, PAGE, link=True) == whole
    assert clean(f'<a href="{escape(address)}">x</a>', PAGE) == f'<a href="{escape(whole)}">x</a>'


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "java&#115;cript:alert(1)",
        "java&Tab;script:alert(1)",
        "vbscript:x",
        "data:text/html,<script>x</script>",
        "file:///etc/passwd",
        "blob:https://example.com/1",
        "http://[::1",
    ],
)
def test_addresses_that_do_something_else_are_left_out(address: str) -> None:
    for markup in (
        f'<a href="{address}">words</a>',
        f'<img src="{address}" alt="words">',
        f"<a href='{address}'>words</a>",
    ):
        assert clean(markup, PAGE) == "words"


def test_pictures_have_absolute_addresses_in_every_size() -> None:
    markup = (
        '<img src="a.png" srcset="a.png 1x, a,b.png 2x,\n /c.png 640w, javascript:x 3x" alt="A chart" onerror="x()">'
    )
    assert clean(markup, PAGE) == (
        f'<img src="{PAGE}a.png" srcset="{PAGE}a.png 1x, {PAGE}a,b.png 2x, https://blog.example.com/c.png 640w" alt="A chart">'
    )


def test_of_two_pictures_for_light_and_dark_pages_the_light_one_is_kept() -> None:
    assert clean('<img src="a.png#only-light"><img src="b.png#only-dark">', PAGE) == f'<img src="{PAGE}a.png" alt="">'


@pytest.mark.parametrize(
    "markup",
    [
        "<script>x()</script>",
        "<script>if (a < b) document.write('<p>bad</p>')</script>",
        "<SCRIPT SRC=//example.com/x></SCRIPT >",
        "<style>p { color: red }</style>",
        "<form><input name=a><button>Send</button></form>",
        "<object data=x.swf>bad</object>",
        "<embed src=x>",
        "<template><p>bad</p></template>",
        "<premium-content data-part=1><p>bad</p></premium-content>",
        "<button class=md-clipboard>Copy</button>",
        "<!-- a comment -->",
        "<!-->",
        "<?php bad ?>",
        "<link rel=stylesheet href=x>",
        "<meta http-equiv=refresh content=0>",
        "<base href=//example.com/>",
        "<p hidden>bad</p>",
        "<p style='color: red; Display : none'>bad</p>",
        "<textarea><p>bad</p></textarea>",
        "<select><option>bad</option></select>",
        "<premium-content><p>never closed",
        "<script>never closed",
    ],
)
def test_what_is_no_text_is_left_out(markup: str) -> None:
    assert clean(f"<p>one</p>{markup}", PAGE) == "<p>one</p>"


def test_no_attribute_remains_but_those_that_say_something() -> None:
    markup = '<p id=a class=b style="color: red" onclick="x()" data-x=1 lang=zh dir=rtl title=t aria-label=l>one</p>'
    assert clean(markup, PAGE) == '<p lang="zh" dir="rtl" title="t">one</p>'


def test_unknown_elements_leave_their_words() -> None:
    assert clean("<p><x-note>one <blink>two</blink></x-note></p>", PAGE) == "<p>one two</p>"


def test_what_stands_on_another_page_is_linked() -> None:
    markup = '<iframe src="https://video.example.com/1" title="A film" allow="autoplay"></iframe>'
    assert clean(markup, PAGE) == '<p><a href="https://video.example.com/1">A film</a></p>'


def test_what_plays_has_controls() -> None:
    assert clean('<video autoplay src="a.mp4" poster="a.png"></video>', PAGE) == (
        f'<video src="{PAGE}a.mp4" poster="{PAGE}a.png" controls=""></video>'
    )


def test_the_articles_own_title_is_left_to_the_feed() -> None:
    assert page("# Title\n\nText.\n\n# Second") == "<p>Text.</p>\n<h1>Second</h1>"


PROGRAM = "def f(a):\n\tif a <= 1:\n\n        return \"</pre> & 'x'\"  # why\n\n\n    return f(a - 1)\n"


@pytest.mark.parametrize(
    ("fence", "highlight"),
    [
        ("```python", {}),
        ("```", {}),
        ('``` { .python title="a.py" linenums="1" hl_lines="2 3" }', {}),
        ('``` { .python linenums="1" }', {"linenums_style": "inline"}),
        ('``` { .python linenums="1" }', {"linenums_style": "pymdownx-inline"}),
        ('``` { .python linenums="7" }', {"line_spans": "__span", "line_anchors": "__codelineno"}),
        ("```mermaid", {}),
        ("```python", {"use_pygments": False}),
    ],
    ids=str,
)
def test_code_keeps_its_text_to_the_letter(fence: str, highlight: dict[str, object]) -> None:
    (code,) = code_of(page(f"{fence}\n{PROGRAM}```\n", **highlight))
    # Markdown itself makes spaces of tabs, and Pygments cuts blank lines at the ends.
    assert code.rstrip("\n") == PROGRAM.expandtabs(4).rstrip("\n")


def test_code_says_its_language_and_its_title() -> None:
    cleaned = page('``` { .python title="a & b.py" }\nx = 1\n```\n')
    assert cleaned == '<p><strong>a &amp; b.py</strong></p><pre><code class="language-python">x = 1\n</code></pre>'


def test_annotations_become_numbers_that_the_list_below_explains() -> None:
    cleaned = page("``` { .python .annotate }\nf()  # (1)!\ng(2)  # (12)\n```\n\n1. Why.\n")
    assert code_of(cleaned) == ["f()  # (1)\ng(2)  # (12)\n"]
    assert "<li>Why.</li>" in cleaned


def test_what_looks_like_an_annotation_in_code_is_code() -> None:
    assert code_of(page('```python\nx = "(1)!"\n```\n')) == ['x = "(1)!"\n']


def test_tabs_become_headings_with_what_stands_under_them() -> None:
    text = '=== "One & all"\n\n    First.\n\n    === "In it"\n\n        Deep.\n\n=== "Two"\n\n    Second.\n'
    cleaned = page(text)
    assert re.findall(r"<h4>(.*?)</h4>|<p>(.*?)</p>", cleaned) == [
        *(("One &amp; all", ""), ("", "First."), ("In it", ""), ("", "Deep."), ("Two", ""), ("", "Second."))
    ]


def test_tabs_of_the_older_style_do_as_well() -> None:
    markup = '<div class="tabbed-set"><input type=radio><label>One</label><div class="tabbed-content"><p>First.</p></div></div>'
    assert clean(markup, PAGE) == "<h4>One</h4><div><p>First.</p></div>"


def test_tasks_have_boxes_that_can_be_read() -> None:
    assert re.findall("<li>(.*?)</li>", page("- [x] done\n- [ ] open\n")) == ["☑ done", "☐ open"]


def test_notes_are_set_off_and_keep_their_title() -> None:
    assert re.sub(r"\n+", "", page('!!! note "Look & see"\n    Here.\n')) == (
        "<blockquote><p><strong>Look &amp; see</strong></p><p>Here.</p></blockquote>"
    )
    assert "<details" in page('??? tip "More"\n    There.\n')


def test_emoji_are_letters_and_icons_without_words_are_nothing() -> None:
    assert page("A :smile: and :material-heart: b.") == "<p>A 😄 and  b.</p>"
    assert clean('<svg role="img" aria-label="A heart"><path/></svg>', PAGE) == "A heart"
    assert clean("<svg><title>A heart</title><path/></svg>", PAGE) == "A heart"


def test_a_demo_is_its_code_with_what_it_puts_out_and_its_files() -> None:
    svg = "data:image/svg+xml;base64,PHN2Zy8+"
    markup = (
        '<div class="demo"><code-demo id="demo-a" data-demo="{&quot;code&quot;:&quot;1&quot;}">'
        '<div class="highlight"><pre><code><span class="mi">1</span>\n</code></pre></div>'
        '<div class="code-demo__output"><pre class="code-demo__value">1 &lt; 2</pre>'
        '<div class="code-demo__table"><table><tr><td>3</td></tr></table></div>'
        f'<img class="code-demo__picture" alt="Plot" src="{svg}"></div>'
        '<p class="code-demo__files"><a href="a.csv" download>a.csv</a></p>'
        '<details class="code-demo__hint" data-search-exclude><summary>Hint 1</summary>Spoiled.</details>'
        '<details class="code-demo__solution" data-search-exclude><summary>Solution</summary>Spoiled.</details>'
        "</code-demo></div>"
    )
    assert clean(markup, PAGE) == (
        "<div><pre><code>1\n</code></pre><blockquote><pre><code>1 &lt; 2</code></pre>"
        "<div><table><tr><td>3</td></tr></table></div>"
        f'<p><img alt="Plot" src="{svg}"></p></blockquote>'
        f'<p><a href="{PAGE}a.csv">a.csv</a></p></div>'
    )


def test_a_hidden_demo_leaves_nothing() -> None:
    files = '<p class="code-demo__files"><a href="a.csv" download>a.csv</a></p>'
    assert clean(f'<p>a</p><div class="demo" hidden><code-demo data-demo="{{}}">{files}</code-demo></div>', PAGE) == (
        "<p>a</p>"
    )


def test_permanent_links_and_the_ways_back_from_footnotes_are_left_out() -> None:
    cleaned = page("## Part\n\nText.[^1]\n\n[^1]: Note.\n")
    assert "<h2>Part</h2>" in cleaned and "¶" not in cleaned and "↩" not in cleaned
    assert f'<a href="{PAGE}#fn:1">1</a>' in cleaned


def test_tables_keep_how_their_columns_are_aligned() -> None:
    assert '<td align="right">2</td>' in page("| a | b |\n|---|--:|\n| 1 | 2 |\n")


def test_keys_and_inline_code_keep_their_text() -> None:
    assert page("++ctrl+a++ `#!python x = 1`") == (
        '<p><kbd>Ctrl</kbd>+<kbd>A</kbd> <code class="language-python">x = 1</code></p>'
    )


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div class=highlight>", "</div>", "<pre>", "</pre>", "<code>", "</code>", "<span class=c1>"),
        *("</span>", '<span class="n">', "<a href=", "'javascript:x'", '"/a b"', ">", "</a>", "<script>", "</script>"),
        *(
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "<svg>",
            "</svg>",
            "<title>",
            "<img alt=x src=",
            "<td style=text-align:left>",
        ),
        *("<div class=tabbed-set>", "<label>", "</label>", "<div class=tabbed-content>", "<div class=tabbed-block>"),
        *("<input type=checkbox checked>", "<div class=admonition>", "<p class=admonition-title>", "<h1>", "</h1>"),
        *(
            "<img srcset='a 1x, b,c 2x,' src=a>",
            "<iframe src=/x title=y>",
            "<table class=highlighttable>",
            "<td class=code>",
        ),
        *(
            "&lt;",
            "&#13;",
            "&#0;",
            "&amp",
            "&nbsp;",
            "\n",
            "\r\n",
            "  ",
            "(1)!",
            "\x00",
            "\ufffe",
            "\ud800",
            "é",
            "文",
            "<",
        ),
        *(
            "<premium-content>",
            "</premium-content>",
            "<noscript>",
            "<details open>",
            "<q/>",
            "</",
            "<a/b=c d>",
            '"',
            "'",
            "=",
        ),
    ]
)
MARKUP = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=24).map("".join)


@settings(max_examples=300, deadline=None)
@given(MARKUP)
@example("<div>" * 3000)
@example("<p><div class=tabbed-set><label>a" * 50)
@example("<a =" * 2000 + '"')
@example("<!--" * 2000)
@example("<" * 5000)
def test_any_text_is_taken_and_what_comes_out_stays(markup: str) -> None:
    cleaned = clean(markup, PAGE)
    assert clean(cleaned, PAGE) == cleaned
    cleaned.encode("utf-8")


KEPT = """a abbr audio b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure
    h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p picture pre q rp rt ruby s samp section small source strong sub summary sup
    table tbody td tfoot th thead time tr track u ul var video wbr"""


@settings(max_examples=200, deadline=None)
@given(MARKUP)
def test_nothing_dangerous_comes_out(markup: str) -> None:
    """As another parser reads it, that of the standard library."""
    for tag in Markup(clean(markup, PAGE)).tags:
        assert tag.name in KEPT.split()
        for name, value in tag.attributes.items():
            assert not name.startswith("on") and name not in ("style", "id")
            if name in ("href", "src", "poster"):
                assert value.split(":")[0].lower() in ("http", "https", "mailto", "tel", "data")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60))
def test_text_is_kept_to_the_letter(text: str) -> None:
    assert unescape(clean(f"<pre>x{escape(text)}x</pre>", PAGE)) == f"<pre><code>x{text}x</code></pre>"


def test_words_around_code_stay_whatever_the_class_of_what_is_around_them() -> None:
    markup = '<div class="highlight"><p>Look:</p><pre><code>x = 1</code></pre><p>So.</p></div>'
    assert clean(markup, PAGE) == "<p>Look:</p><pre><code>x = 1</code></pre><p>So.</p>"


def test_lines_of_things_that_are_gone_leave_one_end_of_a_line() -> None:
    assert clean("<p>a</p>\n\n<style>x</style>\n\n<p>b</p>\n<pre>c\n\n\n<b></b>\n\nd</pre>", PAGE) == (
        "<p>a</p>\n<p>b</p>\n<pre><code>c\n\n\n\n\nd</code></pre>"
    )


def test_a_formula_is_shown_as_it_was_written() -> None:
    assert clean('<math alttext="x^2"><mi>x</mi></math>', PAGE) == "x^2"
    assert clean("<math><mi>x</mi><annotation>x^2</annotation></math>", PAGE) == "x^2"
    assert clean("<math><mi>x</mi><mo>&lt;</mo><mn>2</mn></math>", PAGE) == "x&lt;2"


def test_the_end_of_a_line_right_behind_pre_is_none_as_html_has_it() -> None:
    assert clean("<pre>\n  a\n\nb</pre>", PAGE) == "<pre><code>  a\n\nb</code></pre>"
