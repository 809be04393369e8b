"""What a demo does in the reader's browser: each language, sessions, files, input, tests, stopping."""

from __future__ import annotations

from typing import Any

from tests.browser.demos.sandbox.desk import Desk

PYTHON: dict[str, Any] = {"language": "python"}
JS: dict[str, Any] = {"language": "js"}
SQL: dict[str, Any] = {"language": "sql"}


def text_of(told: dict[str, Any], kind: str = "stdout") -> str:
    return "".join(output["data"] for output in told["outputs"] if output["kind"] == kind)


def error_of(told: dict[str, Any]) -> dict[str, Any]:
    return next(output["data"] for output in told["outputs"] if output["kind"] == "error")  # type: ignore[no-any-return]


def test_python_prints_and_its_last_value_is_shown(each_desk: Desk) -> None:
    told = each_desk.call("run", {**PYTHON, "code": "print('hello')\n1 + 1"})
    assert told["outputs"] == [{"kind": "stdout", "data": "hello\n"}, {"kind": "value", "data": "2"}]
    assert told["phases"] == ["loading", "starting", "running"]
    assert told["outcome"]["ok"] and "stopped" not in told["outcome"]


def test_a_frame_whose_process_died_is_replaced_as_soon_as_all_can_be_fetched_which_is_told_in_bytes(
    desk: Desk,
) -> None:
    desk.call("crash")
    told = desk.call("run", {**PYTHON, "code": "1", "runtime": "assets/demos/none/"})
    assert "404" in told["failed"]
    first, second = (desk.call("run", {**PYTHON, "code": "print(1)"}) for _ in range(2))
    assert text_of(first) == text_of(second) == "1\n"
    assert desk.call("frames").count("allow-scripts") == 1
    [progress] = first["progress"]
    assert progress["loaded"] == progress["total"] > 10_000_000
    assert second["progress"] == []


def test_an_error_names_the_readers_line(each_desk: Desk) -> None:
    for job in (
        {**PYTHON, "code": "x = 1\nx / 0"},
        {**PYTHON, "code": "x = 1\nx +* 0"},
        {**JS, "code": "let x = 1;\nnull.x;"},
        {**JS, "code": "let x = 1;\nlet y = ;"},
        {**SQL, "code": "SELECT 1;\nSELECT * FROM nowhere;"},
    ):
        told = each_desk.call("run", job)
        assert error_of(told)["line"] == 2, told
        assert not told["outcome"]["ok"] and "stopped" not in told["outcome"]


def test_input_is_read_line_by_line(desk: Desk) -> None:
    told = desk.call("run", {**PYTHON, "code": "print(input('Name? ') * 2)", "input": "Ada\n"})
    assert text_of(told) == "Name? Ada\nAdaAda\n"
    told = desk.call("run", {**JS, "code": "console.log(prompt('Name?') + '!')", "input": "Ada\n"})
    assert "Ada!" in text_of(told)


def test_data_files_are_there_under_their_names(desk: Desk) -> None:
    files = [{"name": "data.csv", "text": "a,b\n1,2\n"}, {"name": "tool.py", "text": "def f():\n    return 7\n"}]
    told = desk.call("run", {**PYTHON, "code": "import tool\nprint(open('data.csv').read(), tool.f())", "files": files})
    assert text_of(told) == "a,b\n1,2\n 7\n"
    told = desk.call("run", {**JS, "code": "console.log(await (await fetch('data.csv')).text())", "files": files})
    assert text_of(told) == "a,b\n1,2\n\n"


def test_demos_without_a_session_know_nothing_of_each_other(desk: Desk) -> None:
    code = "import builtins, os, helper\nx = 1\nbuiltins.print = None\nbuiltins.more = 1\nos.path.join = None\n"
    code += "os.environ['A'] = 'b'\nopen('left', 'w').close()"
    desk.call("run", {**PYTHON, "code": code, "files": [{"name": "helper.py", "text": ""}]})
    told = desk.call(
        "run", {**PYTHON, "code": "import os\nprint(os.listdir(), os.environ.get('A'), 'x' in globals())\nhelper"}
    )
    assert text_of(told) == "[] None False\n"
    assert error_of(told)["type"] == "NameError"
    desk.call("run", {**JS, "code": "var x = 1; globalThis.y = 2;"})
    told = desk.call("run", {**JS, "code": "console.log(typeof x, typeof y)"})
    assert text_of(told) == "undefined undefined\n"


def test_demos_of_a_session_share_their_state_until_it_is_reset(desk: Desk) -> None:
    for language, first, second, shown in (
        ("python", "x = 41", "print(x + 1)", "42\n"),
        ("js", "const x = 41; let f = () => x", "console.log(f() + 1)", "42\n"),
    ):
        shared = {"language": language, "session": "a"}
        desk.call("run", {**shared, "code": first})
        assert text_of(desk.call("run", {**shared, "code": second})) == shown
        # Python's demos without one share a worker, which is there already.
        assert not desk.call("run", {**shared, "session": "" if language == "python" else "b", "code": second})[
            "outcome"
        ]["ok"]
        desk.call("reset", "a", language)
        assert not desk.call("run", {**shared, "code": second})["outcome"]["ok"]
    desk.call("run", {**SQL, "session": "a", "seed": "CREATE TABLE t (x)", "code": "INSERT INTO t VALUES (7)"})
    told = desk.call("run", {**SQL, "session": "a", "seed": "CREATE TABLE t (x)", "code": "SELECT x FROM t"})
    assert told["outputs"] == [{"kind": "table", "data": {"columns": ["x"], "rows": [["7"]]}}]


def test_sql_gives_a_table_for_each_query_with_values_as_the_build_writes_them(each_desk: Desk) -> None:
    told = each_desk.call(
        "run",
        {**SQL, "code": "SELECT 1.0 AS a, 0.1 b, NULL c, x'0aFF' d, 9007199254740993 e, 'ü' f; SELECT 1 WHERE 0;"},
    )
    assert told["outputs"] == [
        {
            "kind": "table",
            "data": {
                "columns": ["a", "b", "c", "d", "e", "f"],
                "rows": [["1", "0.1", None, "x'0aff'", "9007199254740993", "ü"]],
            },
        },
        {"kind": "table", "data": {"columns": ["1"], "rows": []}},
    ]


def test_an_exercise_gives_a_result_for_each_test(desk: Desk) -> None:
    jobs = (
        {
            **PYTHON,
            "code": "def add(a, b):\n    return a - b",
            "tests": "def test_zero():\n    assert add(1, 0) == 1\ndef test_sum():\n    assert add(1, 2) == 3, 'no sum'",
        },
        {
            **JS,
            "code": "const add = (a, b) => a - b",
            "tests": "test('zero', () => assert.equal(add(1, 0), 1)); test('sum', () => assert.equal(add(1, 2), 3))",
        },
        {
            **SQL,
            "seed": "CREATE TABLE t (x)",
            "code": "INSERT INTO t VALUES (1)",
            "tests": "-- test: zero\nSELECT count(*) FROM t;\n-- test: sum\nSELECT x = 3 FROM t;",
        },
    )
    for job in jobs:
        outcome = desk.call("run", job)["outcome"]
        assert [test["passed"] for test in outcome["tests"]] == [True, False], outcome
        assert all(test["name"] for test in outcome["tests"]) and outcome["tests"][1]["message"]
        assert not outcome["ok"]


def test_python_may_await_and_may_run_a_loop_of_its_own(desk: Desk) -> None:
    code = "import asyncio\nawait asyncio.sleep(0.01)\nprint('slept')"
    assert text_of(desk.call("run", {**PYTHON, "code": code})) == "slept\n"
    code = "import asyncio\nasync def main():\n    await asyncio.sleep(0.01)\n    print('ran')\nasyncio.run(main())"
    assert text_of(desk.call("run", {**PYTHON, "code": code})) == "ran\n"


def test_runs_at_once_wait_for_each_other(desk: Desk) -> None:
    jobs = [{**PYTHON, "code": f"print({number})"} for number in range(4)]
    assert [text_of(told) for told in desk.call("runAll", jobs)] == ["0\n", "1\n", "2\n", "3\n"]


def test_one_that_is_stopped_does_not_take_those_that_wait_with_it(desk: Desk) -> None:
    told = desk.call("runAll", [{**PYTHON, "code": "while True: pass", "timeout": 0.5}, {**PYTHON, "code": "print(1)"}])
    assert [one["outcome"].get("stopped") for one in told] == ["timeout", None]
    assert text_of(told[1]) == "1\n"


def test_stop_ends_a_run_in_each_of_its_phases_and_the_next_one_works(desk: Desk) -> None:
    desk.call("crash")
    # After "running" another worker begins, and is not ready when the next is stopped.
    for phases in (["loading"], ["running", "starting"]):
        for phase, told in zip(
            phases, desk.call("stopIn", {**PYTHON, "code": "while True: pass"}, *phases), strict=True
        ):
            assert told["outcome"] == {"ok": False, "stopped": "stop", "milliseconds": told["outcome"]["milliseconds"]}
            assert told["phases"][-1] == phase
        assert text_of(desk.call("run", {**PYTHON, "code": "print(1)"})) == "1\n"
