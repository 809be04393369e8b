"""What demos put out against what their fences say and what the writer accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import pytest

from site_builder.demos.committed import Committed, file_of, read_committed, write_committed
from site_builder.demos.model import Demo, Output, Run
from site_builder.demos.outcomes import judge
from site_builder.errors import ContentError
from tests.demos.demos import demo, exercise


def printing(*texts: str) -> Run:
    return Run(tuple(Output("stdout", text) for text in texts))


def failing(kind: str, text: str, line: int | None = None) -> Run:
    return Run((Output("error", {"type": kind, "text": text, "line": line}),))


def faults(docs: Path, one: Demo, run: Run | None, committed: Committed | None = None) -> list[str]:
    runs = {(one.page, one.id): run} if run else {}
    return [str(error) for error in judge([one], runs, committed or {}, docs)]


def accepted(one: Demo, run: Run) -> Committed:
    return {one.page: {one.id: run.outputs}}


def test_what_was_accepted_is_no_fault(tmp_path: Path) -> None:
    one = demo("print(1)")
    assert faults(tmp_path, one, printing("1\n"), accepted(one, printing("1\n"))) == []


def test_what_puts_nothing_out_needs_nobodys_acceptance(tmp_path: Path) -> None:
    assert faults(tmp_path, demo("x = 1"), Run(())) == []


def test_what_was_never_accepted_is_told_with_its_place(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, demo("print(1)", line=4), printing("1\n"))
    assert fault.startswith("page.md:4: the output of the demo 'one' is not accepted yet") and "demos update" in fault


def test_drift_is_told_as_a_difference(tmp_path: Path) -> None:
    one = demo("…")
    (fault,) = faults(tmp_path, one, printing("a\nB\nc\n"), accepted(one, printing("a\nb\nc\n")))
    assert "\n  -b\n  +B\n" in fault and "\n  --- accepted\n  +++ now\n" in fault
    table: dict[str, Any] = {"columns": ["n"], "rows": [["1"]]}
    before, after = (Run((Output("table", table | {"rows": [[cell]]}),)) for cell in ("1", None))
    (fault,) = faults(tmp_path, one, after, accepted(one, before))
    assert "-['1']" in fault and "+[None]" in fault


def test_a_long_difference_is_cut(tmp_path: Path) -> None:
    one = demo("…")
    (fault,) = faults(tmp_path, one, printing("x\n" * 99), accepted(one, printing("y" * 999)))
    assert len(fault.splitlines()) < 18 and "lines more" in fault and max(map(len, fault.splitlines())) < 200


def test_output_without_its_demo_is_drift(tmp_path: Path) -> None:
    one = demo("print(1)")
    committed = {"page.md": {"one": printing("1\n").outputs, "gone": ()}, "old.md": {"x": ()}, "draft.md": {"y": ()}}
    (tmp_path / "draft.md").write_text("# Not read this time\n")
    found = faults(tmp_path, one, printing("1\n"), committed)
    assert [fault.split(": ")[0].removeprefix(f"{tmp_path}/") for fault in found] == [
        ".demos/old.json",
        ".demos/page.json",
    ]
    assert "'gone', which page.md has no more" in found[1]
    assert [str(fault.place and fault.place.file) for fault in judge([], {}, committed, tmp_path, ["draft.md"])] == [
        str(tmp_path / ".demos/draft.json")
    ]


def test_an_error_is_told_at_its_line(tmp_path: Path) -> None:
    (fault,) = faults(
        tmp_path, demo("…", line=10), failing("ZeroDivisionError", "Traceback …\nZeroDivisionError: by zero", 2)
    )
    assert fault.startswith("page.md:12: the demo 'one' ends with ZeroDivisionError: by zero")
    assert 'raises="ZeroDivisionError"' in fault
    (fault,) = faults(tmp_path, demo("…", "js"), failing("TypeError", "TypeError: x\n    at f (demo.js:1)"))
    assert "ends with TypeError: x\n" in fault


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Timeout", "ran longer than 10 s"),
        ("MemoryError", "more memory"),
        ("Crash", "Crash: it"),
        ("OutputLimit", "OutputLimit: it"),
    ],
)
def test_what_was_stopped_is_told_in_words(tmp_path: Path, kind: str, words: str) -> None:
    (fault,) = faults(tmp_path, demo("…"), failing(kind, f"{kind}: it"))
    assert words in fault


def test_an_exception_that_is_announced_must_come(tmp_path: Path) -> None:
    one = demo("…", raises="ValueError")
    right = failing("ValueError", "ValueError: a")
    assert faults(tmp_path, one, right, accepted(one, right)) == []
    assert "must end with ValueError, and ends without an error" in faults(tmp_path, one, Run(()))[0]
    assert "raises='ValueError'" in faults(tmp_path, one, failing("KeyError", "KeyError: 1"))[0]


def test_expected_output_is_compared_but_for_white_space_at_its_ends(tmp_path: Path) -> None:
    one = demo("…", expect="a\n b")
    assert faults(tmp_path, one, printing("a\n b\n\n")) == []
    assert faults(tmp_path, one, Run((Output("stdout", "a\n"), Output("value", " b")))) == []
    (fault,) = faults(tmp_path, one, printing("a\nb\n"))
    assert "\n  - b\n  +b" in fault and "--- expected" in fault


def test_exercises_and_what_is_not_run_have_no_output_to_accept(tmp_path: Path) -> None:
    assert faults(tmp_path, exercise("", "", ""), printing("x")) == []
    assert faults(tmp_path, demo("…", notest=True), None) == []


OUTPUTS = (
    Output("stdout", "a\nb\n\n"),
    Output("value", "x"),
    Output("table", {"columns": ["é"], "rows": [["1", None]]}),
    Output("error", {"type": "E", "text": "E: 1", "line": None}),
)


def test_accepted_output_is_read_as_it_was_written(tmp_path: Path) -> None:
    one, other = demo("…", page="blog/posts/a.md"), demo("…", page="b.markdown", id="two")
    runs = {(one.page, one.id): Run(OUTPUTS), (other.page, other.id): Run(OUTPUTS[:1])}
    written = write_committed(tmp_path, [one, other], runs, [one.page, other.page])
    assert written == [tmp_path / ".demos/b.markdown.json", tmp_path / ".demos/blog/posts/a.json"]
    assert read_committed(tmp_path) == {"blog/posts/a.md": {"one": OUTPUTS}, "b.markdown": {"two": OUTPUTS[:1]}}
    assert write_committed(tmp_path, [one, other], runs, [one.page, other.page]) == []
    text = written[1].read_text("utf-8")
    assert '"é"' in text and '    "a",\n    "b",\n' in text and text.endswith("}\n")


def test_only_the_pages_that_are_meant_are_written(tmp_path: Path) -> None:
    one, other = demo("…", page="a.md"), demo("…", page="b.md")
    runs = {(page, "one"): Run(OUTPUTS) for page in ("a.md", "b.md")}
    assert write_committed(tmp_path, [one, other], runs, ["b.md"]) == [tmp_path / ".demos/b.json"]
    assert write_committed(tmp_path, [one], {}, ["b.md"]) == [tmp_path / ".demos/b.json"]
    assert read_committed(tmp_path) == {}


def test_of_a_demo_that_failed_what_was_accepted_stays(tmp_path: Path) -> None:
    one, other = demo("…", id="one"), demo("…", id="two")
    write_committed(tmp_path, [one, other], {("page.md", "one"): Run(OUTPUTS)}, ["page.md"])
    write_committed(tmp_path, [one, other], {("page.md", "two"): Run(OUTPUTS)}, ["page.md"])
    assert read_committed(tmp_path)["page.md"].keys() == {"one", "two"}


@pytest.mark.parametrize("damage", ["", "[]", "{", '{"one": [{"kind": "stdout"}]}', '{"one": 3}'])
def test_a_damaged_file_is_an_error_with_its_name(tmp_path: Path, damage: str) -> None:
    path = file_of(tmp_path, "page.md")
    path.parent.mkdir()
    path.write_text(damage)
    with pytest.raises(ContentError, match="can't be read") as caught:
        read_committed(tmp_path)
    assert caught.value.place and caught.value.place.file == path


@pytest.mark.parametrize("kind", ["stdout", "value"])
def test_text_is_a_list_of_lines_in_the_file(tmp_path: Path, kind: Literal["stdout", "value"]) -> None:
    one = demo("…")
    write_committed(tmp_path, [one], {("page.md", "one"): Run((Output(kind, "a\nb"),))}, ["page.md"])
    assert json.loads(file_of(tmp_path, "page.md").read_text()) == {"one": [{"kind": kind, "data": ["a", "b"]}]}
