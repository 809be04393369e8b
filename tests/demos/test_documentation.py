"""docs/demos.md is true: its examples are read, its attributes, languages and options are those of the source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_builder.demos.fences import read_page
from site_builder.demos.info import LANGUAGES, SHOWN, Info, Role
from site_builder.demos.model import Language
from site_builder.demos.options import allowed
from site_builder.demos.settings import DemosOptions
from tests.demos.pages import written
from tests.docs import DOCS, Block, blocks, section

PAGE = DOCS / "demos.md"
EXAMPLES = [block for block in blocks("markdown") if block.page == PAGE]


def rows(title: str) -> list[list[str]]:
    """The cells of the tables below a heading, without their heads."""
    found = re.findall(r"^\| (`.*?) \|$", section(PAGE, title), re.MULTILINE)
    return [row.split(" | ") for row in found]


@pytest.mark.parametrize("block", EXAMPLES, ids=lambda block: block.text.split("\n")[0])
def test_the_examples_are_read(block: Block, tmp_path: Path) -> None:
    page = read_page(written(tmp_path, block.text))
    assert page.demos
    assert len(page.by_key) == len(re.findall(r"^```\w+ ", block.text, re.MULTILINE))


def may(language: str, name: str) -> bool:
    attributes = {"demo": "demo"}
    return name in allowed(Info(language, Role.DEMO, attributes))


def test_the_attributes_and_what_they_go_with_are_those_of_the_source() -> None:
    documented: dict[str, set[str]] = {}
    for names, languages, meaning in rows("Attributes"):
        named = set(re.findall(r"`(\w+)", languages))
        fit = set(Language) - named if languages.startswith("all") else named
        for name in [*re.findall(r"`(\w+)", names), *re.findall(r"^.*`(editable)`", meaning)]:
            documented[name] = {str(one) for one in fit}
    source = {
        name: {language.value for language in Language if may(language, name)}
        for name in set().union(*(allowed(Info(one, Role.DEMO, {"demo": "demo"})) for one in Language)) - {"title_mode"}
    }
    assert documented == source


def test_an_exercise_may_have_the_attributes_that_its_row_names() -> None:
    row = {cells[0]: cells[1] for cells in rows("Exercises")}
    named = set(re.findall(r"`(\w+)`", row["`exercise`"]))
    source = set().union(*(allowed(Info(one, Role.EXERCISE, {})) for one in LANGUAGES[Role.EXERCISE]))
    assert named == source - (SHOWN - {"title"}) - {"id"}
    assert {f"`{role}`" for role in Role if role is not Role.DEMO} | {
        f"`{one}`" for one in LANGUAGES[Role.TESTS]
    } == set(row)


def test_the_languages_are_those_of_the_source() -> None:
    assert [cells[0] for cells in rows("What you write")] == [f"`{one}`" for one in ("python", "js", "sql", "html")]
    assert len(Language) == 4


def test_the_options_are_those_of_the_source() -> None:
    documented = {cells[0].strip("`"): cells[1] for cells in rows("Options")}
    assert set(documented) == set(DemosOptions.model_fields)
    for name, field in DemosOptions.model_fields.items():
        if field.default:
            assert documented[name] == f"`{field.default}`"
