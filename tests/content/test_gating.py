"""Which files only gated parts use, and their places in the parts' HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.build.gating import GatedPage, files_only_gated, on_site, public_use, with_sealed_files
from site_builder.content.rendered import GatedHtml
from tests.content.pages import document, refused

MEDIA = {
    address: Path("docs") / address
    for address in (
        "blog/images/a.png",
        "blog/images/b c.png",
        "a.png",
        "files/data.csv",
        "files/ä.pdf",
        "images/a.png",
    )
}
URL = "blog/post/"


def page(*parts: str, text: str = "Closed\n\n![x](../images/a.png) data.csv\n") -> GatedPage:
    body = "Open\n" + "".join(f"\n/// paywall | pro\n{text}///\n" for _ in parts)
    return GatedPage(document(body), URL, tuple(GatedHtml(number, html, ()) for number, html in enumerate(parts, 1)))


def only_gated(html: str, *public: str) -> set[str]:
    found = files_only_gated([page(html)], [(URL, text) for text in public], MEDIA)
    assert all(MEDIA[address] == file for address, file in found.items())
    return set(found)


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("../images/a.png", "blog/images/a.png"),
        ("../images/a.png?x=1#y", "blog/images/a.png"),
        ("../images/b%20c.png", "blog/images/b c.png"),
        ("/a.png", "a.png"),
        ("../../../../a.png", "a.png"),
        ("x/../../images/./a.png", "blog/images/a.png"),
        ("", "blog/post/"),
        ("https://example.com/a.png", None),
        ("//example.com/a.png", None),
        ("mailto:a.png@example.com", None),
        ("data:image/png;base64,a.png", None),
        ("#a.png", None),
        ("http://[", None),
    ],
)
def test_addresses_lead_to_files_of_this_site_or_elsewhere(address: str, target: str | None) -> None:
    assert on_site(URL, address) == target


@given(st.text(max_size=30))
def test_no_address_is_too_strange(address: str) -> None:
    on_site(URL, address)


def test_a_file_that_no_public_tag_uses_is_sealed() -> None:
    html = '<img src="../images/a.png"><a href="../../files/data.csv">x</a><a href="../../nowhere/">y</a>'
    assert only_gated(html) == {"blog/images/a.png", "files/data.csv"}
    assert only_gated(html, '<a href="../images/a.png">') == {"files/data.csv"}
    assert only_gated(html, "<p>no tag</p>", "<img alt='>' src=/blog/images/a.png>") == {"files/data.csv"}


@pytest.mark.parametrize(
    "public",
    [
        '<img srcset="x.png 1x, ../images/a.png 2x">',
        '<video poster="../images/a.png"></video>',
        '<p style="background: url(../images/a.png)">',
        "<p style=\"background: url('../images/a.png')\">",
        '<meta name="image" content="/blog/images/a.png">',
        '<IMG\nSRC = "../images/a.png">',
        '<img data-src="../images/a.png">',
        "<img src=../images/a.png>",
        '<a href="/blog/images/a.png#x">',
    ],
)
def test_any_attribute_of_a_public_tag_makes_a_file_public(public: str) -> None:
    assert only_gated('<img src="../images/a.png">', public) == set()


@pytest.mark.parametrize(
    "public",
    [
        '<p>src="../images/a.png"</p>',
        '<code>&lt;img src="../images/a.png"&gt;</code>',
        '<img src="../../images/a.png">',
        '<img src="https://example.com/blog/images/a.png">',
        "../images/a.png",
        '<img alt="../images/a.png" src="x.png">',
    ],
)
def test_words_and_other_files_of_the_same_name_make_nothing_public(public: str) -> None:
    assert only_gated('<img src="../images/a.png">', public) == {"blog/images/a.png"}


def test_front_matter_theme_and_style_sheets_use_files_too() -> None:
    html = '<img src="../images/a.png">'
    for use in (public_use("", ["/blog/images/a.png"]), public_use("blog/style.css", ['images/a.png?"<'])):
        assert files_only_gated([page(html)], [use], MEDIA) == {}
    assert files_only_gated([page(html)], [public_use("style.css", ["images/a.png"])], MEDIA)


def test_names_beyond_ascii_are_recognised_however_they_are_encoded() -> None:
    html = '<a href="../../files/%C3%A4.pdf">x</a>'
    assert only_gated(html) == {"files/ä.pdf"}
    assert only_gated(html, '<a href="/files/ä.pdf">') == set()
    assert only_gated(html, '<a href="/files/%c3%a4.pdf">') == set()
    assert only_gated(html, '<a href="/files/&#228;.pdf">') == set()


def test_an_image_that_is_not_there_is_refused_with_its_line() -> None:
    lost = page('<img src="../images/lost.png">', text="Closed\n\n![x](../images/lost.png)\n")
    refused(lambda: files_only_gated([lost], [], MEDIA), 9, "'../images/lost.png' is not a file of this site")


@pytest.mark.parametrize(
    "html",
    [
        '<img srcset="../images/a.png 2x" src="../images/a.png">',
        '<video poster="../images/a.png"></video>',
        '<p style="background:url(../images/a.png)">x</p>',
        '<object data="../images/a.png"></object>',
    ],
)
def test_a_file_where_it_cannot_be_sealed_is_refused_unless_it_is_public_anyway(html: str) -> None:
    refused(lambda: only_gated(html), 9, "where a sealed file can't stand")
    assert only_gated(html, '<img src="../images/a.png">') == set()


def test_a_part_gets_labels_in_order_of_use() -> None:
    image = "../images/b%20c.png"
    html = f'<img src="{image}"><a href="../../a.png"><img src="{image}?x"></a><img src="../../images/a.png">'
    one = page(html)
    sealed = {address: MEDIA[address] for address in ("a.png", "blog/images/b c.png")}
    assert with_sealed_files(one, one.parts[0], sealed) == (
        '<img data-sealed-src="1"><a data-sealed-href="2"><img data-sealed-src="1"></a><img src="../../images/a.png">',
        {"1": MEDIA["blog/images/b c.png"], "2": MEDIA["a.png"]},
    )


def test_a_file_of_another_host_is_not_taken_for_a_sealed_one() -> None:
    html = '<img src="https://example.com/a.png"><img src="../../a.png">'
    one = page(html)
    text, labels = with_sealed_files(one, one.parts[0], {"a.png": MEDIA["a.png"]})
    assert text == '<img src="https://example.com/a.png"><img data-sealed-src="1">' and len(labels) == 1
