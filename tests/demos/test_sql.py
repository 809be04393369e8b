"""SQL as the build runs it: tables, lines of errors, numbers as JavaScript writes them, tests in SQL."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_builder.demos import sql
from site_builder.demos.node import need_node


def run(code: str, database: str | None = None) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    sql.run(code, sql.connect(database), lambda kind, data: found.append((kind, data)))
    return found


def test_each_query_gives_a_table_and_nothing_else_does() -> None:
    script = (
        "create table t (a, b);\n"
        "insert into t values (1, 1.0), (2, null), (3, x'00ff'), (9007199254740993, 'a;b');\n"
        "-- a comment; with a semicolon\n"
        "select * from t;\nselect a from t where a < 0\n"
    )
    rows = [["1", "1"], ["2", None], ["3", "x'00ff'"], ["9007199254740993", "a;b"]]
    assert run(script) == [("table", {"columns": ["a", "b"], "rows": rows}), ("table", {"columns": ["a"], "rows": []})]


def test_a_query_plan_is_its_steps_without_numbers_that_differ_between_versions() -> None:
    script = "create table t(a); create table u(a); explain query plan select a from t union select a from u;"
    [(_, table)] = run(script)
    assert table["columns"] == ["query plan"]
    indents = [len(step) - len(step.lstrip("\u00a0")) for (step,) in table["rows"]]
    assert indents[0] == 0 and max(indents) >= 6 and all(indent % 3 == 0 for indent in indents)
    assert any(step.strip("\u00a0").startswith("SCAN") for (step,) in table["rows"])


def test_a_trigger_is_one_statement() -> None:
    script = "create table t(a); create trigger g after insert on t begin select 1; delete from t; end; insert into t values(1);"
    assert [line for line, _ in sql.statements(script)] == [1, 1, 1] and run(script) == []


def test_an_error_names_the_line_of_its_statement() -> None:
    error = {"type": "SQLError", "text": "SQLError: no such table: t\n    in the statement at demo.sql:4", "line": 4}
    assert run("select 1 as x;\n\n-- not yet\nselect *\nfrom t;\nselect 2;")[1:] == [("error", error)]


@pytest.mark.parametrize(
    "script", ["attach '{}' as other", "vacuum into '{}'", "select load_extension('{}')", "attach database '{}' as o"]
)
def test_other_files_are_out_of_reach(script: str, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    found = run(script.format(other))
    assert found[-1][0] == "error" and not other.exists()


def test_a_database_in_memory_may_be_attached() -> None:
    assert run("attach ':memory:' as other; create table other.t(a); select * from other.t")[0][0] == "table"


def test_too_many_rows_are_an_error() -> None:
    endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select x from c"
    assert [data["type"] for _, data in run(endless)] == ["OutputLimit"]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1))
def test_numbers_are_written_as_javascript_does(numbers: list[float]) -> None:
    assert [float(sql.number(one)) for one in numbers] == numbers


def test_javascript_agrees_about_numbers() -> None:
    numbers = [
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        1e-6,
        1e-7,
        1.5e-7,
        123456789012345680000.0,
        1e21,
        1.5e300,
        5e-324,
        100.0,
        1 / 3,
    ]
    node = need_node("this test").program
    script = f"console.log(JSON.stringify({json.dumps(numbers)}.map(String)))"
    said = subprocess.run([node, "-e", script], capture_output=True, check=True, text=True).stdout
    assert [sql.number(one) for one in numbers] == json.loads(said)


def check(
    code: str, tests: str, setup: str = "create table t(a); insert into t values (1), (2);"
) -> list[tuple[str, str]]:
    found = sql.check(code, setup, tests, sql.connect(None), lambda *_: None)
    assert all(one["passed"] is not bool(one["message"]) for one in found)
    return [(one["name"], one["message"]) for one in found]


def test_a_test_passes_if_all_that_its_query_gives_is_true() -> None:
    tests = (
        "-- test: two rows\nselect count(*) = 2 from t;\n"
        "-- test: all are large\nselect a > 1 from t;\n"
        "--test:  none\nselect 1 from t where a > 5;\n"
        "-- test: null\nselect null, 1;\n"
        "-- test: broken\nselect b from t;"
    )
    assert check("", tests) == [
        ("two rows", ""),
        ("all are large", "gave 0"),
        ("none", "gave no row"),
        ("null", "gave NULL"),
        ("broken", "no such column: b"),
    ]


def test_tests_do_not_run_after_code_that_fails() -> None:
    assert check("select", "-- test: a\nselect 1") == [("a", "not run, because the code ended with an error")]
