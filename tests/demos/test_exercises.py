"""Fences that belong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_builder.demos.model import Exercise
from site_builder.errors import ContentError, Place
from tests.demos.pages import URI, demos

STARTER = '```python exercise id="fizz" tries=2\ndef fizz(n):\n    ...\n```\n'
SETUP = '```python setup id="fizz"\nimport math\n```\n'
TESTS = '```python tests id="fizz"\ndef test_three():\n    assert fizz(3) == "Fizz"\n```\n'
SOLUTION = '```python solution id="fizz"\ndef fizz(n):\n    return "Fizz"\n```\n'
HINTS = '```text hint id="fizz"\nThink.\n```\n\n````markdown hint id="fizz"\n```python\nn % 3\n```\n````\n'
BOX = '```html demo id="box"\n<p>\n```\n'


def refused(root: Path, body: str, line: int, *words: str, access: str | None = None) -> None:
    with pytest.raises(ContentError) as caught:
        demos(root, body, access)
    assert caught.value.place == Place(root / URI, line), str(caught.value)
    assert caught.value.hint
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("pieces", [[STARTER, SETUP, TESTS, HINTS, SOLUTION], [SOLUTION, TESTS, HINTS, SETUP, STARTER]])
def test_an_exercise_is_its_starter_with_all_that_has_its_id_in_any_order(tmp_path: Path, pieces: list[str]) -> None:
    (found,) = demos(tmp_path, "\n".join(pieces))
    assert (found.id, found.code, found.options.tries) == ("fizz", "def fizz(n):\n    ...", 2)
    assert found.exercise == Exercise(
        tests='def test_three():\n    assert fizz(3) == "Fizz"',
        solution='def fizz(n):\n    return "Fizz"',
        setup="import math",
        hints=("Think.", "```python\nn % 3\n```"),
    )


def test_an_error_can_name_the_line_of_tests_setup_and_solution(tmp_path: Path) -> None:
    (found,) = demos(tmp_path, STARTER + SETUP + TESTS + SOLUTION)
    assert found.exercise
    assert {name: place.line for name, place in found.exercise.places.items()} == {
        "setup": 5,
        "tests": 8,
        "solution": 12,
    }


@pytest.mark.parametrize(("language", "test"), [("js", 'test("a", () => {})'), ("sql", "-- test: a\nselect 1")])
def test_exercises_can_be_in_other_languages(tmp_path: Path, language: str, test: str) -> None:
    fences = [("exercise", "1"), ("tests", test), ("solution", "2")]
    (found,) = demos(tmp_path, "\n".join(f"```{language} {role} id=a\n{code}\n```" for role, code in fences))
    assert found.language == language and found.exercise and found.exercise.solution == "2"


def test_a_live_page_has_its_style_and_its_script(tmp_path: Path) -> None:
    parts = '```css demo for="box"\np {}\n```\n\n```js demo for="box"\nrun()\n```\n'
    (found,) = demos(tmp_path, BOX + parts)
    assert (found.code, found.style, found.script) == ("<p>", "p {}", "run()")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (STARTER + SOLUTION, 1, ["has no `tests`", 'python tests id="fizz"']),
        (STARTER + TESTS, 1, ["has no `solution`"]),
        (STARTER + TESTS + SOLUTION + TESTS, 13, ["a second `tests`"]),
        (STARTER + TESTS + SOLUTION + SOLUTION, 13, ["a second `solution`"]),
        (STARTER + '```python tests id="fizz"\nassert fizz(3)\n```\n' + SOLUTION, 5, ["no test in them", "def test_"]),
        (SETUP, 1, ["`python setup` belongs to 'fizz'", "no exercise of that id"]),
        (TESTS, 1, ["`python tests` belongs to 'fizz'"]),
        ("```python demo id=fizz\n1\n```\n" + SETUP, 4, ["`python setup` belongs to 'fizz'"]),
        ("```text hint\nThink.\n```\n", 1, ["`text hint` does not say to what it belongs", 'id="…"']),
        (STARTER + TESTS + SOLUTION + "```js setup id=fizz\n1\n```\n", 13, ["an exercise in python"]),
        ("```python exercise\n1\n```\n", 1, ["an exercise has no id"]),
        ("```css demo\np {}\n```\n", 1, ["`css demo` does not say to what it belongs", 'for="…"']),
        ("```js demo for=box\n1\n```\n", 1, ["`js demo` belongs to 'box'", "no live page of that id"]),
        ("```python demo id=box\n1\n```\n```css demo for=box\n1\n```\n", 4, ["`css demo` belongs to 'box'"]),
        (BOX + 2 * "```css demo for=box\np {}\n```\n", 7, ["a second `css demo`"]),
    ],
)
def test_what_does_not_fit_together_is_told(tmp_path: Path, body: str, line: int, words: list[str]) -> None:
    refused(tmp_path, body, line, *words)


def test_all_of_an_exercise_stands_in_one_part_of_the_page(tmp_path: Path) -> None:
    (found,) = demos(tmp_path, f"Open\n\n/// paywall | pro\n{STARTER}{TESTS}{SOLUTION}///\n")
    assert found.part == 1
    apart = "`python solution` stands in another part of the page than 'fizz'"
    refused(tmp_path, f"{STARTER}{TESTS}\n/// paywall | pro\n{SOLUTION}///\n", 11, apart)
    refused(tmp_path, f"{STARTER}{TESTS}\n<!-- paywall -->\n\n{SOLUTION}", 12, apart, access="pro")
    css = "```css demo for=box\np {}\n```"
    refused(tmp_path, f"{BOX}\n/// paywall | pro\n{css}\n///\n", 6, "stands in another part")
