"""A gated page through the whole build: what the public gets, and what a member's part holds."""

from __future__ import annotations

from datetime import date

import pytest

from site_builder.build.inputs import Audience
from site_builder.errors import ConfigError, ContentError, LeakError, MasterKeyError, PublishError
from tests.members import open_parts
from tests.sites import Blog

POST = """\
# A post

Public words with a [reference][ref] and a footnote[^one].

<!-- paywall -->

## The veiled heading

Veiled words with [home](../../index.md), a [reference][ref], a footnote[^two] and ![a chart](chart.png).

--8<-- "shared.md"

!!! tip "A veiled tip"

    Inside.

=== "One"

    First.

=== "Two"

    Second.

```mermaid
graph LR
  A --> B
```

```python
veiled = "code"
```

[ref]: https://example.com/reference
[^one]: A public note.
[^two]: A veiled note.
"""
URL = "blog/2026/11/01/a-post"


def gated_post(blog: Blog) -> None:
    blog.post("a", POST, header="access: pro\ndescription: What it is about.")
    blog.write("content/blog/posts/chart.png", b"\x89PNG a chart of veiled numbers")


def test_the_public_page_has_the_public_part_and_a_place_for_the_other(blog: Blog) -> None:
    gated_post(blog)
    blog.build()
    page = blog.page(URL)
    assert "Public words" in page and "A public note." in page
    assert 'href="https://example.com/reference"' in page
    assert '<premium-content class="premium" part="blog/posts/a#1" entitlements="pro" names="Pro" lang="en">' in page
    assert '"isAccessibleForFree": false' in page


def test_nothing_veiled_is_in_any_public_file(blog: Blog) -> None:
    gated_post(blog)
    blog.build()
    for path in blog.site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"eiled" not in content and b"chart.png" not in content, path


def test_the_part_holds_what_an_open_page_would(blog: Blog) -> None:
    gated_post(blog)
    blog.build()
    body = open_parts(blog)["blog/posts/a#1"]
    assert [(heading.id, heading.title, heading.level) for heading in body.toc] == [
        ("the-veiled-heading", "The veiled heading", 2)
    ]
    assert 'href="../../../../../"' in body.html
    assert "A veiled note." in body.html and "A public note." not in body.html
    assert "A shared sentence." in body.html
    for piece in ('class="admonition tip"', 'class="tabbed-set', 'class="mermaid"', 'class="highlight"'):
        assert piece in body.html
    assert 'data-sealed-src="1"' in body.html
    assert body.assets["1"].file == "chart.png" and body.assets["1"].type == "image/png"


def test_a_gated_block_in_a_public_page_is_sealed_alone(blog: Blog) -> None:
    blog.post("b", "# B\n\nBefore.\n\n/// paywall | async-course\nThe secret.\n///\n\nAfter.\n")
    blog.build()
    page = blog.page("blog/2026/11/01/b")
    assert "Before." in page and "After." in page and "The secret." not in page
    assert open_parts(blog)["blog/posts/b#1"].html == "<p>The secret.</p>"


def test_an_image_that_a_public_page_shows_too_stays_public(blog: Blog) -> None:
    gated_post(blog)
    blog.post("b", "# B\n\n![the chart](chart.png)\n")
    blog.build()
    assert (blog.site / "blog/chart.png").is_file()
    assert open_parts(blog)["blog/posts/a#1"].assets == {}


def test_a_link_to_a_veiled_heading_is_valid_and_one_to_nothing_is_not(blog: Blog) -> None:
    gated_post(blog)
    blog.post("b", "# B\n\n[there](a.md#the-veiled-heading) and [nowhere](a.md#nothing)\n")
    blog.write("mkdocs.yml", blog.config.read_text() + "\nvalidation: {links: {anchors: warn}}\n")
    warnings = blog.build().warnings
    assert any("'#nothing'" in warning for warning in warnings)
    assert not any("the-veiled-heading" in warning for warning in warnings)


def test_a_broken_link_in_a_veiled_part_is_warned_of_like_any_other(blog: Blog) -> None:
    blog.post("b", "# B\n\n<!-- paywall -->\n\n[gone](missing.md)\n", header="access: pro")
    assert any("missing.md" in warning for warning in blog.build().warnings)


def test_a_missing_image_in_a_veiled_part_stops_the_build_with_its_line(blog: Blog) -> None:
    path = blog.post("b", "# B\n\n<!-- paywall -->\n\nText.\n\n![gone](missing.png)\n", header="access: pro")
    with pytest.raises(ContentError) as caught:
        blog.build()
    assert caught.value.place is not None
    assert (caught.value.place.file, caught.value.place.line) == (path, 11)
    assert not blog.site.exists()


def test_public_from_opens_the_page_on_its_day(blog: Blog) -> None:
    blog.post(
        "b", "# B\n\n<!-- paywall -->\n\nEarly words.\n", header="access: {tiers: [pro], public_from: 2026-12-01}"
    )
    blog.build(today=date(2026, 11, 30))
    assert "Early words." not in blog.page("blog/2026/11/01/b")
    blog.build(today=date(2026, 12, 1))
    assert "Early words." in blog.page("blog/2026/11/01/b")
    assert "premium" not in blog.page("blog/2026/11/01/b").split("<article")[1].split("</article")[0]


def test_what_other_plugins_do_to_pages_they_do_to_public_text_only(blog: Blog) -> None:
    blog.write(
        "fill_in.py",
        """\
        def on_page_markdown(markdown, **_):
            return markdown.replace("{{ who }}", "Ada")


        def on_page_content(html, **_):
            return html.replace("<em>", '<em class="boxed">')
        """,
    )
    blog.write("mkdocs.yml", blog.config.read_text() + "\nhooks: [fill_in.py]\n")
    blog.post("b", "# B\n\nBy *{{ who }}*.\n\n<!-- paywall -->\n\nFor *{{ who }}*.\n", header="access: pro")
    blog.build()
    assert '<p>By <em class="boxed">Ada</em>.</p>' in blog.page("blog/2026/11/01/b")
    assert open_parts(blog)["blog/posts/b#1"].html == "<p>For <em>{{ who }}</em>.</p>"


@pytest.mark.parametrize("inset", ["", "/// paywall | pro\nInset.\n///\n\n"])
def test_lists_show_the_same_of_a_page_before_and_after_its_public_from(blog: Blog, inset: str) -> None:
    body = f"# B\n\nAbove the marker.\n\n{inset}<!-- paywall -->\n\nEarly words.\n\n<!-- more -->\n\nThe rest.\n"
    blog.post("b", body, header="access: {tiers: [supporter], public_from: 2026-12-01}")
    for day in (date(2026, 11, 30), date(2026, 12, 1)):
        blog.build(today=day)
        listed = blog.page("blog")
        assert "Above the marker." in listed and "Early words." not in listed and "The rest." not in listed
    page = blog.page("blog/2026/11/01/b")
    assert "Above the marker." in page and "Early words." in page and "The rest." in page


def test_drafts_and_future_posts_are_not_published(blog: Blog) -> None:
    blog.post("draft", "# A draft of mine\n", header="draft: true")
    blog.post("future", "# Tomorrow's post\n", day="2026-11-21")
    blog.post("now", "# Today's post\n", day="2026-11-20")
    blog.build()
    text = b"".join(path.read_bytes() for path in blog.site.rglob("*") if path.suffix in (".html", ".json", ".xml"))
    assert b"Today's post" in text or "Today’s post".encode() in text
    assert b"A draft of mine" not in text and b"Tomorrow" not in text


def test_a_file_that_the_theme_an_author_or_a_style_sheet_shows_stays_public(blog: Blog) -> None:
    images = "".join(f"![x](../../assets/{name}.png)" for name in ("logo", "ada", "back", "mine"))
    blog.post("a", f"# A\n\nPublic.\n\n<!-- paywall -->\n\n{images}\n", header="access: pro")
    for name in ("logo", "ada", "back", "mine"):
        blog.write(f"content/assets/{name}.png", b"PNG of " + name.encode() * 20)
    blog.write("content/assets/more.css", "body { background: url('back.png') }")
    blog.write("content/blog/.authors.yml", "authors:\n  ada: {name: Ada, description: x, avatar: assets/ada.png}\n")
    config = blog.config.read_text().replace("  font: false", "  font: false\n  logo: assets/logo.png")
    blog.write("mkdocs.yml", config + "\nextra_css: [assets/more.css]\n")
    blog.build()
    assert {path.name for path in (blog.site / "assets").glob("*.png")} == {"logo.png", "ada.png", "back.png"}
    assert [asset.file for asset in open_parts(blog)["blog/posts/a#1"].assets.values()] == ["mine.png"]


def test_folders_in_folders_may_say_access_in_different_forms(blog: Blog) -> None:
    blog.write("content/guide/.meta.yml", "access: {tiers: [supporter]}\n")
    blog.write("content/guide/deep/.meta.yml", "access: pro\n")
    for folder in ("guide", "guide/deep"):
        blog.write(f"content/{folder}/page.md", "# A\n\nPublic.\n\n<!-- paywall -->\n\nVeiled.\n")
    blog.build()
    assert set(open_parts(blog, "supporter")) == {"guide/page#1"}
    assert set(open_parts(blog, "pro")) == {"guide/page#1", "guide/deep/page#1"}


def test_images_of_drafts_and_future_posts_are_not_published_either(blog: Blog) -> None:
    for name, header, day in (
        ("draft", "draft: true", "2026-11-01"),
        ("future", "", "2026-12-24"),
        ("gated", "access: pro\ndraft: true", "2026-11-01"),
    ):
        blog.post(
            name,
            f"# Not yet\n\nText.\n\n{'<!-- paywall -->' if name == 'gated' else ''}\n\n![x]({name}.png) ![y](shared.png)\n",
            header=header,
            day=day,
        )
        blog.write(f"content/blog/posts/{name}.png", f"PNG of {name}, not to be seen".encode() * 10)
    blog.write("content/blog/posts/shared.png", b"seen")
    blog.post("now", "# Now\n\n![y](shared.png)\n")
    blog.build()
    names = [path.name for path in blog.site.rglob("*.png")]
    assert "shared.png" in names and not {"draft.png", "future.png", "gated.png"} & set(names)


def test_the_audit_looks_for_gated_parts_that_are_not_published_yet(blog: Blog) -> None:
    words = "Words that are sealed from their first day on, and that nobody should read before or after."
    blog.post("future", f"# Later\n\nPublic.\n\n<!-- paywall -->\n\n{words}\n", header="access: pro", day="2026-12-24")
    blog.write("content/notes.txt", words)
    with pytest.raises(LeakError, match=r"notes\.txt"):
        blog.build()


def test_another_name_for_folder_files_is_refused(blog: Blog) -> None:
    blog.write("mkdocs.yml", blog.config.read_text().replace("- meta\n", "- meta: {meta_file: _folder.yml}\n"))
    with pytest.raises(ConfigError, match="meta_file"):
        blog.build()


def test_without_the_key_a_gated_site_does_not_build(blog: Blog) -> None:
    gated_post(blog)
    (blog.root / ".site-builder/master.key").unlink()
    with pytest.raises(MasterKeyError):
        blog.build()
    assert not blog.site.exists()


def test_a_public_only_build_needs_no_key_and_has_no_vault(blog: Blog) -> None:
    gated_post(blog)
    (blog.root / ".site-builder/master.key").unlink()
    blog.build(audience=Audience.ANYBODY)
    assert not (blog.site / "vault").exists()
    page = blog.page(URL)
    assert "Public words" in page and "eiled" not in page and "<premium-content" not in page
    assert not (blog.site / "blog/chart.png").exists()


def test_a_gate_that_comes_in_by_a_snippet_stops_the_build(blog: Blog) -> None:
    blog.write("snippets/gated.md", "/// paywall | pro\nSecret.\n///\n")
    path = blog.post("b", '# B\n\n--8<-- "gated.md"\n')
    with pytest.raises(ContentError, match=r"gated\.md") as caught:
        blog.build()
    assert caught.value.place is not None and caught.value.place.file == path and caught.value.place.line == 6


def test_a_gated_page_that_another_includes_stops_the_build(blog: Blog) -> None:
    gated_post(blog)
    blog.write("mkdocs.yml", blog.config.read_text().replace("$config_dir/snippets", "$config_dir/content"))
    blog.post("b", '# B\n\n--8<-- "blog/posts/a.md"\n')
    with pytest.raises(ContentError, match="gated parts"):
        blog.build()


def test_text_that_is_both_veiled_and_published_by_a_file_stops_the_build(blog: Blog) -> None:
    gated_post(blog)
    blog.write("content/notes.txt", "Somebody copied: Veiled words with home, a reference, a footnote and so on.")
    with pytest.raises(LeakError, match=r"notes\.txt"):
        blog.build()
    assert not blog.site.exists()


def test_a_lower_epoch_than_the_published_one_is_refused(blog: Blog) -> None:
    gated_post(blog)
    blog.build()
    manifest = blog.site / "vault/manifest.json"
    manifest.write_text(manifest.read_text().replace('"pro":{"epoch":0', '"pro":{"epoch":5'))
    with pytest.raises(PublishError, match="epoch 5"):
        blog.build()
