"""Who may read: every value is understood exactly or refused, and nothing ever widens access."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.content.access import Access, named, page_access, parse_access
from site_builder.content.offers import Offer, Offers
from site_builder.content.source import read_source
from site_builder.errors import ContentError, Place
from tests.content.pages import OFFERS, TODAY, access, refused

PLACE = Place("page.md", 3)


@pytest.mark.parametrize(
    ("written", "opens"),
    [
        ("public", ()),
        ("members", ("supporter",)),
        ("supporter", ("supporter",)),
        ("pro", ("pro",)),
        ("course", ("course",)),
        ("pro, course", ("course", "pro")),
        (" course ,pro ", ("course", "pro")),
        ("pro, supporter", ("supporter",)),
        ("pro, pro", ("pro",)),
        ("members, book", ("book", "supporter")),
        ({"tiers": ["pro"]}, ("pro",)),
        ({"tiers": ["members"]}, ("supporter",)),
        ({"tiers": ["pro", "supporter"]}, ("supporter",)),
        ({"products": ["course", "book"]}, ("book", "course")),
        ({"tiers": ["pro"], "products": ["course"]}, ("course", "pro")),
        ({"tiers": [], "products": ["course"]}, ("course",)),
        ({"tiers": ["pro"], "public_from": TODAY + timedelta(days=1)}, ("pro",)),
    ],
)
def test_access_names_the_entitlements_that_open_a_page(written: Any, opens: tuple[str, ...]) -> None:
    assert access(written).entitlements == opens
    assert access(written).opened is False


@pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), date.min])
def test_public_from_opens_a_page_on_its_day_and_for_good(day: date) -> None:
    opened = access({"tiers": ["pro"], "public_from": day})
    assert opened.public and opened.opened


@pytest.mark.parametrize(
    ("written", "word"),
    [
        (None, "None"),
        ("", "''"),
        ("Public", "'Public'"),
        (" public", "'public'"),
        ("public, pro", "'public'"),
        ("pro,", "''"),
        ("Pro", "'Pro'"),
        ("gold", "'gold'"),
        ("pro course", "'pro course'"),
        ("pro;course", "'pro;course'"),
        ("-pro", "'-pro'"),
        (True, "True"),
        (False, "False"),
        (0, "0"),
        (1.5, "1.5"),
        (date(2027, 1, 1), "2027"),
        (b"public", "b'public'"),
        (["pro"], "['pro']"),
        ([], "[]"),
        ({"public"}, "{'public'}"),
        ({}, "names no tier"),
        ({"tiers": [], "products": []}, "names no tier"),
        ({"public_from": date(2020, 1, 1)}, "names no tier"),
        ({"tier": ["pro"]}, "the key 'tier'"),
        ({"tiers": ["pro"], 1: 2}, "the key 1"),
        ({"tiers": ["pro"], None: 2}, "the key None"),
        ({"tiers": "pro"}, "`tiers`"),
        ({"tiers": None}, "`tiers`"),
        ({"tiers": {"pro": None}}, "`tiers`"),
        ({"tiers": ["pro", 1]}, "`tiers`"),
        ({"tiers": [["pro"]]}, "`tiers`"),
        ({"tiers": ["public"]}, "'public' among its tiers"),
        ({"tiers": ["course"]}, "'course' among its tiers"),
        ({"tiers": ["pro, supporter"]}, "'pro, supporter' among its tiers"),
        ({"tiers": [" pro"]}, "' pro' among its tiers"),
        ({"products": ["pro"]}, "'pro' among its products"),
        ({"products": ["members"]}, "'members' among its products"),
        ({"tiers": ["pro"], "public_from": None}, "`public_from` is None"),
        ({"tiers": ["pro"], "public_from": "2027-01-01"}, "`public_from` is '2027-01-01'"),
        ({"tiers": ["pro"], "public_from": datetime(2020, 1, 1)}, "`public_from` is"),
        ({"tiers": ["pro"], "public_from": 2020}, "`public_from` is 2020"),
        ({"tiers": ["gold"], "public_from": date(2020, 1, 1)}, "'gold' among its tiers"),
    ],
)
def test_access_that_is_not_understood_is_refused_with_what_would_be(written: Any, word: str) -> None:
    error = refused(lambda: parse_access(written, OFFERS, TODAY, PLACE), 3, word)
    assert error.hint


def test_members_needs_a_tier_to_mean() -> None:
    products_only = Offers(products=(Offer(id="course", name="Course"),))
    refused(lambda: parse_access("members", products_only, TODAY, PLACE), 3, "'members'")
    refused(lambda: parse_access({"tiers": ["members"]}, products_only, TODAY, PLACE), 3, "'members'", "none")


def may_read(opens: Access, entitlement: str) -> bool:
    return opens.public or entitlement in OFFERS.openers(opens.entitlements)


KNOWN = st.sampled_from(["public", "members", "supporter", "pro", "course", "book", "gold", "", "Pro"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.binary()
    | st.text()
    | KNOWN
)
KEYS = st.sampled_from(["tiers", "products", "public_from"])
VALUES = st.recursive(
    SCALARS | st.lists(KNOWN).map(", ".join),
    lambda inner: st.lists(inner | KNOWN) | st.dictionaries(KEYS | SCALARS, inner),
    max_leaves=8,
)
MAPPINGS = st.fixed_dictionaries(
    {}, optional={"tiers": st.lists(KNOWN), "products": st.lists(KNOWN), "public_from": st.dates() | SCALARS}
)


@given(VALUES | MAPPINGS)
def test_no_value_opens_more_than_it_says(value: Any) -> None:
    try:
        found = access(value)
    except ContentError as error:
        assert error.place is not None
        return
    listed = [*value.get("tiers", []), *value.get("products", [])] if isinstance(value, dict) else value.split(",")
    names = {name.strip() for name in listed}
    opens = value.get("public_from") if isinstance(value, dict) else None
    assert found.opened == (opens is not None and opens <= TODAY)
    if found.opened or names == {"public"}:
        allowed = set(OFFERS.by_id)
    else:
        assert names
        allowed = names & {"pro", "course", "book"}
        allowed |= {"supporter", "pro"} if names & {"members", "supporter"} else set()
    assert {entitlement for entitlement in OFFERS.by_id if may_read(found, entitlement)} == allowed


@given(st.text() | st.lists(KNOWN).map(" , ".join))
def test_names_are_all_known_or_refused(names: str) -> None:
    try:
        found = named(names, OFFERS, PLACE)
    except ContentError:
        assert {name.strip() for name in names.split(",")} - {"members", *OFFERS.by_id}
    else:
        assert found and set(found) <= set(OFFERS.by_id)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for folder in ("docs/blog/posts", "docs/blog2"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path / "docs"


def of(docs: Path, page: str, front_matter: str = "") -> Access:
    file = docs / page
    file.write_text(f"---\ntitle: x\n{front_matter}---\nText\n", "utf-8")
    return page_access(read_source(file), docs, OFFERS, TODAY)


def test_a_page_speaks_for_itself_before_any_folder(docs: Path) -> None:
    (docs / ".meta.yml").write_text("access: pro\n", "utf-8")
    assert of(docs, "a.md", "access: public\n").public
    assert of(docs, "a.md", "access: public\n").place == Place(docs / "a.md", 3)
    assert of(docs, "b.md", "access: course\n").entitlements == ("course",)


def test_the_nearest_folder_that_says_something_speaks_for_its_pages(docs: Path) -> None:
    (docs / ".meta.yml").write_text("access: supporter\n", "utf-8")
    (docs / "blog/.meta.yml").write_text("# who pays\ntags: [a]\n\naccess:\n  tiers: [pro]\n", "utf-8")
    (docs / "blog/posts/.meta.yml").write_text("tags: [b]\n", "utf-8")
    assert of(docs, "blog/posts/a.md").entitlements == ("pro",)
    assert of(docs, "blog/posts/a.md").place == Place(docs / "blog/.meta.yml", 4)
    assert of(docs, "blog2/a.md").entitlements == ("supporter",)
    assert of(docs, "a.md").entitlements == ("supporter",)


def test_a_page_of_which_nobody_says_anything_is_public(docs: Path) -> None:
    (docs / ".meta.yml").write_text("", "utf-8")
    assert of(docs, "blog/posts/a.md") == Access()


def test_a_folder_above_the_docs_folder_says_nothing(docs: Path) -> None:
    (docs.parent / ".meta.yml").write_text("access: pro\n", "utf-8")
    assert of(docs, "a.md").public


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("access: gold\n", 1, "'gold'"),
        ("tags: [a]\naccess:\n", 2, "None"),
        ("access: pro\ntags: [a]\naccess: public\n", 3, "stands a second time"),
        ("\nAccess: pro\n", 2, "meant to be `access`"),
        ("tiers: [pro]\n", 1, "belongs under access"),
        ("- access: pro\n", 1, "not a mapping"),
        ("access pro\n", 1, "not a mapping"),
        ("tags: [\n", 2, "not YAML"),
        ("date: 2026-99-99\n", 1, "month must be"),
    ],
)
def test_a_folder_file_that_is_not_understood_is_refused(docs: Path, text: str, line: int, word: str) -> None:
    (docs / "blog/.meta.yml").write_text(text, "utf-8")
    error = refused(lambda: of(docs, "blog/posts/a.md"), line, word)
    assert error.place == Place(docs / "blog/.meta.yml", line)


def test_a_folder_file_that_cannot_be_read_is_refused(docs: Path) -> None:
    (docs / "blog/.meta.yml").write_bytes("access: pro".encode("utf-16"))
    refused(lambda: of(docs, "blog/posts/a.md"), None, "can't be read")
    (docs / "blog/.meta.yml").unlink()
    (docs / "blog/.meta.yml").symlink_to("nowhere.yml")
    refused(lambda: of(docs, "blog/posts/a.md"), None, "can't be read")
    (docs / "blog/.meta.yml").unlink()
    (docs / "blog/.meta.yml").mkdir()
    refused(lambda: of(docs, "blog/posts/a.md"), None, "can't be read")


@pytest.mark.parametrize("name", [".meta.yaml", "meta.yml", "_meta.yml"])
def test_a_folder_file_of_nearly_the_right_name_is_refused_if_it_speaks_of_access(docs: Path, name: str) -> None:
    (docs / "blog" / name).write_text("tags: [a]\n", "utf-8")
    assert of(docs, "blog/posts/a.md").public
    (docs / "blog" / name).write_text("tags: [a]\naccess: pro\n", "utf-8")
    refused(lambda: of(docs, "blog/posts/a.md"), 2, ".meta.yml")


def test_folders_are_those_in_which_mkdocs_finds_the_page_links_or_not(docs: Path, tmp_path: Path) -> None:
    (docs / "blog/.meta.yml").write_text("access: pro\n", "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (docs / "blog/linked").symlink_to(elsewhere)
    assert of(docs, "blog/linked/a.md").entitlements == ("pro",)
    linked = tmp_path / "linked"
    linked.symlink_to(docs)
    assert of(linked, "blog/posts/a.md").entitlements == ("pro",)


def test_a_page_outside_of_the_docs_folder_is_refused(docs: Path, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(docs)
    (docs / "a.md").write_text("Text\n", "utf-8")
    source = read_source(docs / "a.md")
    refused(lambda: page_access(source, linked, OFFERS, TODAY), None, "outside of")
