"""Documents: what other plugins see in the place of a gated page, and which files are pages at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from mkdocs.structure.files import File, Files
from mkdocs.utils.meta import YAML_RE, get_data

from site_builder.content.library import find_documents, read_document, read_documents, refuse_published_sources
from site_builder.content.settings import Settings, load_settings
from site_builder.errors import ContentError, SeveralErrors
from tests.content.pages import TODAY, document, refused

PLACE = '<premium-content part="page#{}"></premium-content>'


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: x\nplugins: [{paywall: {tiers: [{id: supporter, name: S}, {id: pro, name: P}]}}]\n", "utf-8"
    )
    (tmp_path / "docs").mkdir()
    return load_settings(tmp_path / "mkdocs.yml")


def read(settings: Settings, text: str, uri: str = "page.md"):
    file = settings.docs_dir / uri
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return read_document(file, uri, settings, TODAY)


def test_other_plugins_see_an_element_in_the_place_of_each_gated_part() -> None:
    page = document("Open\n\n/// paywall | pro\nInset\n///\n\nMore\n\n<!-- paywall -->\n\nClosed\n", "supporter")
    assert page.public_markdown().split() == [
        "Open", "<!--", "more", "-->", *PLACE.format(1).split(), "More", *PLACE.format(2).split()
    ]  # fmt: skip
    assert "Inset" not in page.staged() and "Closed" not in page.staged()


def test_lists_show_the_public_part_of_a_gated_page_even_if_it_has_no_more_of_its_own() -> None:
    assert document("Open\n<!-- paywall -->\nClosed\n", "pro").public_markdown().count("<!-- more -->") == 1
    assert document("Open\n<!-- more -->\nClosed\n", "pro").public_markdown().count("<!-- more -->") == 1
    page = document("Open\n<!-- more -->\nStill open\n<!-- paywall -->\nClosed\n", "pro")
    assert page.public_markdown().index("<!-- more -->") < page.public_markdown().index("Still open")
    assert page.public_markdown().count("<!-- more -->") == 1


def test_a_public_page_with_a_gated_block_keeps_its_excerpt_as_it_is() -> None:
    assert "<!-- more -->" not in document("Open\n/// paywall | pro\nClosed\n///\nOpen\n").public_markdown()


@pytest.mark.parametrize("title", ["# Title", "Title\n====="])
def test_a_page_that_shows_only_its_title_shows_its_description_too(title: str) -> None:
    page = document(f"{title}\n\nClosed\n", "pro", description="What it is about.")
    assert page.public_markdown() == f"{title}\n\nWhat it is about.\n\n<!-- more -->\n\n{PLACE.format(1)}\n"
    assert "None" not in document(f"{title}\n\nClosed\n", "pro", description=None).public_markdown()
    page = document("Closed\n", "pro", description="What it is about.")
    assert page.public_markdown().startswith("What it is about.\n\n<!-- more -->")


def test_a_page_with_public_text_does_not_show_its_description() -> None:
    assert "about" not in document("Open\n<!-- paywall -->\nClosed\n", "pro", description="About").public_markdown()


def test_the_whole_page_is_marked_with_what_nobody_can_write_into_it() -> None:
    page = document("Open\n<!-- paywall -->\nClosed <!-- sealed-part 0 -->\n", "pro")
    mark, end = page.mark(1), page.mark(0)
    assert page.whole_markdown() == f"Open\n\n{mark}\n\nClosed <!-- sealed-part 0 -->\n\n{end}\n"
    assert page.mark(1) != document("Open\n<!-- paywall -->\nClosed\n", "pro").mark(1)


def test_part_names_are_told_apart_by_folder_ending_and_ordinal(settings: Settings) -> None:
    text = "---\naccess: pro\n---\nOpen\n<!-- paywall -->\nClosed\n"
    pages = [read(settings, text, uri) for uri in ("a/b.md", "a.md", "a/b.markdown", 'a/"b&c".md')]
    assert [page.part(page.gated[0]) for page in pages] == ["a/b#1", "a#1", "a/b.markdown#1", 'a/"b&c"#1']
    assert 'part="a/&quot;b&amp;c&quot;#1"' in pages[3].public_markdown()


META = st.dictionaries(
    st.text(min_size=1, max_size=8).map("x".__add__) | st.integers(),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.dates() | st.datetimes() | st.text(max_size=30),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
    max_size=5,
)
BODIES = st.sampled_from(
    ["Open\n", "---\n", "title: no\n", "...\n", "\n---\naccess: pro\n---\n", "    code\n", "+++\n"]
)


@given(META, BODIES)
def test_the_staged_file_gives_mkdocs_the_same_front_matter_without_access(meta: dict, body: str) -> None:
    page = document(body + "\n<!-- paywall -->\n\nClosed\n", "pro", **{"access": "pro"})
    page.source.meta.update(meta)
    assert page.source.meta["access"] == "pro"
    text, read_back = get_data(page.staged())
    assert read_back == {"title": "A page", **meta}
    assert text == page.public_markdown().lstrip("\n")
    found = YAML_RE.match(page.staged())
    assert found and yaml.safe_load(found[1]) == read_back, "Material's blog reads front matter by this expression"


def test_a_page_with_no_front_matter_but_access_is_staged_without_a_trace_of_fences(settings: Settings) -> None:
    page = read(settings, "---\naccess: pro\n---\ntitle: this is text\n\n---\n\n<!-- paywall -->\nClosed\n")
    assert get_data(page.staged()) == (page.public_markdown(), {})


@pytest.mark.parametrize(
    ("front_matter", "published"),
    [
        ("", True),
        ("draft: false", True),
        ("draft: true", False),
        ("date: 2026-11-20", True),
        ("date: 2026-11-20 23:59:59", True),
        ("date: 2026-11-21", False),
        ("date: {created: 2026-11-21}", False),
        ("date: 2026-11-01\ndraft: true", False),
    ],
)
def test_drafts_and_posts_of_a_later_day_are_not_published(
    settings: Settings, front_matter: str, published: bool
) -> None:
    assert read(settings, f"---\ntitle: x\n{front_matter}\n---\nText\n").published is published


@pytest.mark.parametrize("generation", ["-1", "true", "1.5", "'1'", str(1 << 32), "[1]", ""])
def test_a_generation_is_a_whole_number(settings: Settings, generation: str) -> None:
    refused(lambda: read(settings, f"---\ntitle: x\ngeneration: {generation}\n---\nText\n"), 3, "`generation` is")


def test_abbreviations_work_on_the_whole_page_so_parts_for_different_readers_do_not_define_them(
    settings: Settings,
) -> None:
    text = "Open\n\n/// paywall | pro\nHTML\n\n*[HTML]: a secret\n///\n\n/// paywall | supporter\nHTML\n///\n"
    refused(lambda: read(settings, text), 6, "abbreviation")
    assert read(settings, text.replace("supporter", "pro")).gated
    assert read(settings, text.replace("*[HTML]: a secret", "```\n*[HTML]: code\n```")).gated


def test_errors_of_several_pages_are_told_together(settings: Settings) -> None:
    texts = {"a.md": "<!-- paywall -->\n", "b.md": "Fine\n", "c.md": "---\naccess: gold\n---\nText\n"}
    for name, text in texts.items():
        (settings.docs_dir / name).write_text(text, "utf-8")
    read_in_full = []
    with pytest.raises(SeveralErrors) as caught:
        for page in read_documents(find_documents(settings.docs_dir), settings, TODAY):
            read_in_full.append(page.uri)
    assert read_in_full == ["b.md"]
    assert [str(error.place).rsplit("/", 1)[-1] for error in caught.value.errors] == ["a.md:1", "c.md:2"]
    (settings.docs_dir / "a.md").unlink()
    with pytest.raises(ContentError, match=r"c\.md:2: access 'gold' is not known"):
        list(read_documents(find_documents(settings.docs_dir), settings, TODAY))


def test_pages_are_found_as_mkdocs_finds_them(settings: Settings, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "linked.md").write_text("x", "utf-8")
    names = [
        "b.md",
        "a.markdown",
        "c/d.mkd",
        "c/e.mdown",
        "c/f.mkdn",
        "c/g.txt",
        "h.MD",
        ".hidden.md",
        ".folder/i.md",
        "c-/j.md",
    ]
    for name in names:
        (settings.docs_dir / name).parent.mkdir(exist_ok=True)
        (settings.docs_dir / name).write_text("x", "utf-8")
    (settings.docs_dir / "linked").symlink_to(elsewhere)
    found = list(find_documents(settings.docs_dir))
    assert [uri for _, uri in found] == sorted((uri for _, uri in found), key=lambda uri: Path(uri))
    of_mkdocs = Files(
        [
            File(name, str(settings.docs_dir), "site", True)
            for name in [*names, "linked/linked.md"]
            if "/." not in f"/{name}"
        ]
    )
    assert {uri for _, uri in found} == {file.src_uri for file in of_mkdocs.documentation_pages()}


@pytest.mark.parametrize(
    "name", ["post.MD", "post.md~", "post.md.bak", "post.Markdown", "post.mdx", "copy of post.md.txt"]
)
@pytest.mark.parametrize("text", ["---\naccess: pro\n---\nText\n", "Open\n\n<!-- paywall -->\n\nClosed\n"])
def test_premium_sources_that_mkdocs_would_copy_are_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    refused(lambda: refuse_published_sources([tmp_path / name]), None, "publish it as it is")


@pytest.mark.parametrize(
    ("name", "text"), [("a.MD", b"Open\n"), ("a.md.gz", b"\x1f\x8b\xff"), ("a.txt", b"<!-- paywall -->\n")]
)
def test_other_files_are_published_as_they_are(tmp_path: Path, name: str, text: bytes) -> None:
    (tmp_path / name).write_bytes(text)
    refuse_published_sources([tmp_path / name])


def test_every_date_is_judged_by_the_day_that_is_given(settings: Settings) -> None:
    text = "---\naccess: {tiers: [pro], public_from: 2027-01-01}\n---\nOpen\n<!-- paywall -->\nClosed\n"
    file = settings.docs_dir / "page.md"
    file.write_text(text, "utf-8")
    assert read_document(file, "page.md", settings, date(2026, 12, 31)).gated
    opened = read_document(file, "page.md", settings, date(2027, 1, 1))
    assert not opened.gated and opened.own_access
    assert "".join(opened.public_markdown().split()) == "Open<!--more-->Closed"


@pytest.mark.parametrize("uri", ["unlock.md", "unlock/index.md", "account.md", "membership/README.md"])
def test_the_pages_by_which_readers_become_members_stay_open(settings: Settings, uri: str) -> None:
    error = refused(lambda: read(settings, "---\ntitle: x\naccess: members\n---\nText\n", uri), 3, uri, "_page")
    assert error.place and error.place.file == settings.docs_dir / uri
    assert read(settings, "---\naccess: public\n---\nText\n", uri).access.public
    assert read(settings, "---\naccess: members\n---\nText\n", f"course/{uri}").gated


def test_a_folders_access_does_not_close_them_either(settings: Settings) -> None:
    (settings.docs_dir / ".meta.yml").write_text("access: pro\n")
    error = refused(lambda: read(settings, "Text\n", "unlock.md"), 1, "unlock.md", "`unlock_page`")
    assert error.place and error.place.file == settings.docs_dir / ".meta.yml"
    assert read(settings, "---\naccess: public\n---\nText\n", "unlock.md").access.public


def test_the_pages_that_stay_open_are_those_of_the_settings(settings: Settings) -> None:
    file = settings.root / "mkdocs.yml"
    file.write_text(file.read_text().replace("paywall: {", "paywall: {unlock_page: en/key.html, membership_page: ./, "))
    chosen = load_settings(file)
    closed = "---\naccess: members\n---\nText\n"
    assert read(chosen, closed, "unlock.md").gated
    refused(lambda: read(chosen, closed, "en/key.md"), 2, "`unlock_page`")
    refused(lambda: read(chosen, closed, "index.md"), 2, "`membership_page`")
