"""Demos for tests of running them: made as the fences would, and run with a cache of the test's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from site_builder.demos.execute import run_all
from site_builder.demos.model import DataFile, Demo, Exercise, Language, Options, Output, Run
from site_builder.demos.node import need_node
from site_builder.demos.runners import Surroundings
from site_builder.errors import Place

SCRIPT = Path(__file__).parents[2] / "theme" / "js" / "demos" / "node.js"


def demo(code: str, language: str = "python", *, id: str = "one", line: int = 1, **given: Any) -> Demo:
    exercise = given.pop("exercise", None)
    page = given.pop("page", "page.md")
    script = given.pop("script", "")
    place = Place(page, line)
    return Demo(page, id, Language(language), code, Options(**given), place, exercise=exercise, script=script)


def exercise(starter: str, solution: str, tests: str, language: str = "python", setup: str = "") -> Demo:
    places = {"solution": Place("page.md", 30), "tests": Place("page.md", 20)}
    return demo(starter, language, exercise=Exercise(tests, solution, setup, places=places))


def data_file(folder: Path, name: str, content: bytes) -> DataFile:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return DataFile(name, name, folder / name)


def surroundings(cache: Path, **given: Any) -> Surroundings:
    return Surroundings(cache, need_node("running these tests"), SCRIPT, **given)


def run(cache: Path, *demos: Demo, **given: Any) -> list[Run]:
    """What came of each."""
    runs = run_all(demos, surroundings(cache, **given), lambda *_: None)
    return [runs[one.page, one.id] for one in demos]


def outputs(run: Run) -> list[tuple[str, Any]]:
    """(kind, data), errors as their text."""
    return [(one.kind, _data(one)) for one in run.outputs]


def _data(output: Output) -> Any:
    return output.data["text"] if isinstance(output.data, dict) and "text" in output.data else output.data


def error(run: Run) -> dict[str, Any]:
    """What it ended with."""
    assert run.error and isinstance(run.error.data, dict)
    return run.error.data
