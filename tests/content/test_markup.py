"""Reading and changing HTML, whatever it looks like."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.content.markup import Markup, Use, is_balanced, names_in, renamed, seal_addresses, uses, without_files


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        "<p>a<br>b<img src=x><hr/></p>",
        "<div><p>left open</div>",
        "<ul><li>a<li>b</ul>",
        "<table><tr><td>a<td>b</table>",
        "<svg><path d='m'/></svg>",
        "<!-- </div> --><p>x</p>",
        "<P>x</p>",
        '<p title="</div>">x</p>',
        "<script>if (a < b) '</div>'</script>",
        "a < b > c & d",
    ],
)
def test_whole_pieces_are_balanced(text: str) -> None:
    assert is_balanced(text)


@pytest.mark.parametrize(
    "text",
    [
        "</div>",
        "<div>",
        "<p>",
        "</p>",
        "<b><i></b></i>",
        "<div></p></div>",
        "</div><div>",
        "<ul></li></ul>",
        "<![foo[",
        "x <!-- y",
    ],
)
def test_broken_pieces_are_not(text: str) -> None:
    assert not is_balanced(text)


def test_an_element_ends_behind_its_own_end() -> None:
    text = "<div><p>a<p>b</div><i>c</i>"
    assert [Markup(text).html(tag) for tag in Markup(text).tags] == [
        "<div><p>a<p>b</div>",
        "<p>a<p>b",
        "<p>b",
        "<i>c</i>",
    ]


def test_uses_are_the_addresses_of_this_site() -> None:
    text = (
        '<a href="a.pdf"><img src=b.png alt="c.png"></a><img srcset="d.png 1x, e.png 2x" src="//x.example.com/f.png">'
        '<video poster="g.png"><source src="h&amp;i.mp4"></video><object data=j.svg></object><a href="#k"></a>'
        '<a href="mailto:l@example.com"></a><img src="data:image/png;base64,x"><p style="background: url( \'m.png\' )"></p>'
        '<a href=" https://example.com/n"></a><code>src="o.png"</code><!-- <img src="p.png"> --><a href=""></a>'
    )
    assert list(uses(text)) == [
        Use("href", "a.pdf"), Use("src", "b.png"), Use("srcset", "d.png"), Use("srcset", "e.png"), Use("poster", "g.png"),
        Use("src", "h&i.mp4"), Use("data", "j.svg"), Use("style", "m.png"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "sealed"),
    [
        ('<img src="a.png">', '<img data-sealed-src="1">'),
        ("<img src=a.png>", '<img data-sealed-src="1">'),
        ("<IMG\n SRC = 'a.png' alt=x/>", '<IMG\n data-sealed-src="1" alt=x/>'),
        ('<img alt=" src=b.png " src="a.png"/>', '<img alt=" src=b.png " data-sealed-src="1"/>'),
        ('<img alt=" src=\'a.png\' " src="b.png">', '<img alt=" src=\'a.png\' " src="b.png">'),
        ('<img data-src="a.png" src="a.png">', '<img data-src="a.png" data-sealed-src="1">'),
        ('<a href="a.png"><img src="a.png"></a>', '<a data-sealed-href="1"><img data-sealed-src="1"></a>'),
        ('<p>src="a.png"</p><!-- <img src="a.png"> -->', '<p>src="a.png"</p><!-- <img src="a.png"> -->'),
        ('<img src="&#97;.png">', '<img data-sealed-src="1">'),
        ('é\n€<img src="a.png">\r\n<img src="a.png">é', 'é\n€<img data-sealed-src="1">\r\n<img data-sealed-src="1">é'),
        ("<img src>", "<img src>"),
        ("<img hidden src='a.png' class=b>", '<img hidden data-sealed-src="1" class=b>'),
    ],
)
def test_only_the_addresses_of_sealed_files_change(text: str, sealed: str) -> None:
    assert seal_addresses(text, {"a.png": "1"}.get) == sealed


def test_ids_change_with_all_that_refers_to_them() -> None:
    text = (
        '<h2 id="a">A<a href="#a">¶</a></h2><input id="__tabbed_1_1" name="__tabbed_1"><label for="__tabbed_1_1">'
        '</label><a name="a"></a><p aria-labelledby="b a">#a</p><a href="x#a">x</a><input name="a"><code>href="#a"</code>'
    )
    assert renamed(text, {"a": "n", "__tabbed_1": "__tabbed_9", "__tabbed_1_1": "__tabbed_9_1"}) == (
        '<h2 id="n">A<a href="#n">¶</a></h2><input id="__tabbed_9_1" name="__tabbed_9"><label for="__tabbed_9_1">'
        '</label><a name="n"></a><p aria-labelledby="b n">#a</p><a href="x#a">x</a><input name="n"><code>href="#a"</code>'
    )
    assert names_in(text) == {"a", "__tabbed_1", "__tabbed_1_1"}
    assert renamed(text, {}) == text


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "/",
        "=",
        '"',
        "'",
        "&",
        ";",
        "!",
        "--",
        "<!--",
        "-->",
        "<![",
        "]]>",
        "<?",
        "<!DOCTYPE",
        "img",
        "div",
        " src",
        "href",
        "p",
        "a.png",
        "\n",
        " ",
        "id",
        "#",
        "é",
        "<script>",
        "</script>",
        "<textarea>",
        "</",
        "&#97",
        "\x00",
        "<p ",
        "<a ",
    ]
)
HTML = st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join)


@given(HTML)
@example("<![if x]>")
@example("<!a[")
@example("<![CDATA[x]]>")
def test_no_html_is_too_strange_to_read(text: str) -> None:
    is_balanced(text)
    assert all(use.address for use in uses(text))
    assert seal_addresses(text, lambda address: None) == text
    assert renamed(text, {"no such id": "x"}) == text
    assert all(text.startswith(tag.text, tag.start) and tag.start < tag.end <= len(text) for tag in Markup(text).tags)


@given(HTML, HTML)
def test_a_sealed_address_is_nowhere_in_a_tag_s_src_or_href(before: str, after: str) -> None:
    text = f'{before}<img src="secret.png" alt="x">{after}'
    sealed = seal_addresses(text, lambda address: "1" if address == "secret.png" else None)
    assert Use("src", "secret.png") not in list(uses(sealed))
    assert Use("href", "secret.png") not in list(uses(sealed))


def test_files_that_are_hidden_leave_their_words_and_links_lead_to_the_page_instead() -> None:
    text = (
        '<p><img alt="A &amp; B" src="x.png"><img src="x.png"><img alt="seen" src="y.png">'
        '<a href="x.png">get</a> <a href="y.png">see</a></p>'
        '<video controls><source src="x.png"><p>old browsers</p></video><audio src="y.png"></audio>'
    )
    assert without_files(text, lambda address: address == "x.png", "https://example.com/?a&b") == (
        '<p><em>A &amp; B</em><img alt="seen" src="y.png">'
        '<a href="https://example.com/?a&amp;b">get</a> <a href="y.png">see</a></p>'
        '<audio src="y.png"></audio>'
    )
