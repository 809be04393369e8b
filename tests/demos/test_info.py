"""The words behind a fence's language."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from site_builder.demos.info import OWN, SHOWN, Info, Role, fence_key, read_info
from site_builder.errors import ContentError, Place

PLACE = Place("page.md", 7)


def info(text: str) -> Info:
    found = read_info(text, PLACE)
    assert found
    return found


def refused(text: str, *words: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_info(text, PLACE)
    assert caught.value.place == PLACE and caught.value.hint
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("python demo", {}),
        (" .python  demo  ", {}),
        ('python demo id="merge-sort" timeout=10', {"id": "merge-sort", "timeout": "10"}),
        ("python demo id='a b' net", {"id": "a b", "net": "net"}),
        ('python id="a" demo', {"id": "a"}),
        ("""python demo expect="it's" """, {"expect": "it's"}),
        ("""python demo expect='say "x"'""", {"expect": 'say "x"'}),
        ('python demo expect=""', {"expect": ""}),
        ("python demo packages=leather==0.4", {"packages": "leather==0.4"}),
        ('python demo expect="demo setup"', {"expect": "demo setup"}),
        ('python demo title="x" linenums="1" hl_lines="2 3"', {"title": "x", "linenums": "1", "hl_lines": "2 3"}),
    ],
)
def test_attributes_have_values_with_or_without_quotes_or_none(text: str, attributes: dict[str, str]) -> None:
    found = info(text)
    assert (found.language, found.role) == ("python", Role.DEMO)
    assert found.attributes == {"demo": "demo", **attributes}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "python",
        'python title="demo.py" linenums="1" hl_lines="2 3"',
        'py title="a demo"',
        "{ .python .annotate }",
        'python { .demo title="exercise" }',
        "mermaid",
        'python exec="on" session="a" source="above"',
        "console exec",
        "python demo``` shows it",
        "python demo id=x```",
        "foo```",
        "demo",
        "solution",
        "In the tests, see below",
        "python linenums=1",
        "python test_things",
        "rust playground",
    ],
)
def test_other_fences_are_left_alone(text: str) -> None:
    assert read_info(text, PLACE) is None


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("python demmo", "`python demo"),
        ("python Demo", "`python demo"),
        ('python demos id="x"', "`python demo"),
        ("python exercize", "`python exercise"),
        ("js test", "`js tests"),
        ("text hints", "`text hint"),
        ("sql sollution", "`sql solution"),
        ('python demo="merge-sort"', "`python demo"),
        ("py demo", "Write `python demo`"),
        ("Python demo", "Write `python demo`"),
        ("pyton demo", "Write `python demo`"),
        ("javascript exercise", "Write `js exercise`"),
        ("md hint", "Write `markdown hint`"),
        ("demo python", "language comes first"),
        ('demo python id="x"', "language comes first"),
        ("demo exercise", "language comes first"),
        ('{.python demo id="x"}', "between braces"),
        ("python {demo}", "between braces"),
        ("python timeout=10", "Write `python demo`"),
        ('python files="a.csv" title="x"', "Write `python demo`"),
        ("rust demo", "python, js, html, sql"),
        ("html exercise", "python, js, sql"),
        ("python hint", "text, markdown"),
        ("text demo", "python, js, html, sql"),
        ("python demo exercise", "one of them"),
        ("python demo net net", "`net` stands twice"),
        ("python demo id=a id=b", "`id` stands twice"),
        ('python demo id="merge', "can't be read"),
        ("python demo id=merge sort!", "can't be read"),
        ('python demo id="a"net', "can't be read"),
        ("python demo id= x", "can't be read"),
    ],
)
def test_what_may_be_meant_as_a_demo_is_refused_with_what_would_be_right(text: str, right: str) -> None:
    refused(text, right)


def test_the_key_of_a_fence_depends_on_nothing_that_rendering_changes() -> None:
    one = fence_key("python", {"demo": "demo", "id": "a", "expect": "a b"}, "if x:\n\ty\n")
    assert one == fence_key("python", {"expect": "a  b", "id": "a", "demo": "demo"}, "if x:\n    y")
    assert len({one, fence_key("python", {"demo": "demo", "id": "b", "expect": "a b"}, "if x:\n    y")}) == 2
    assert len({one, fence_key("js", {"demo": "demo", "id": "a", "expect": "a b"}, "if x:\n    y")}) == 2
    assert len({one, fence_key("python", {"demo": "demo", "id": "a", "expect": "a b"}, "if x:\n    z")}) == 2


WORDS = st.sampled_from(
    [
        *(role.value for role in Role),
        *sorted(OWN | SHOWN),
        "python",
        "js",
        "css",
        "=",
        '"',
        "'",
        "`",
        "{",
        "}",
        " ",
        "  ",
        ".",
    ]
)


@given(st.lists(WORDS | st.text(max_size=4), max_size=12).map("".join))
@example("python " + 'a="a" ' * 60 + "!")
@example("python " + "a " * 200 + "=")
def test_no_words_whatever_raise_anything_but_a_content_error(text: str) -> None:
    try:
        found = read_info(text.replace("\n", " "), PLACE)
    except ContentError:
        return
    assert found is None or found.attributes[found.role] == found.role
