"""A demo's Python in one namespace: what it puts out, and how its errors are told."""

from __future__ import annotations

import asyncio
import builtins
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from site_builder.demos import harness
from site_builder.demos.harness.output import CHARACTERS, PICTURES


@pytest.fixture(autouse=True)
def _no_loop_runs_here() -> Iterator[None]:
    """A browser that other tests of this process drive leaves its event loop marked as running."""
    loop = asyncio.events._get_running_loop()
    asyncio.events._set_running_loop(None)
    yield
    asyncio.events._set_running_loop(loop)


def run(code: str, namespace: dict[str, Any] | None = None, stdin: str = "") -> tuple[bool, list[tuple[str, Any]]]:
    """Whether it ended by itself, and what it put out; pieces of one stream are joined."""
    found: list[tuple[str, Any]] = []

    def emit(kind: str, data: Any) -> None:
        if found and found[-1][0] == kind and kind in ("stdout", "stderr"):
            found[-1] = (kind, found[-1][1] + data)
        else:
            found.append((kind, data))

    return harness.run(code, {} if namespace is None else namespace, emit, stdin=stdin), found


def text_of_error(code: str, namespace: dict[str, Any] | None = None) -> str:
    well, found = run(code, namespace)
    assert not well and found[-1][0] == "error"
    return str(found[-1][1]["text"])


def test_streams_and_the_last_value_come_in_their_order() -> None:
    code = "import sys\nprint('a')\nprint('b')\nprint('c', file=sys.stderr)\n[1] * 2"
    assert run(code) == (True, [("stdout", "a\nb\n"), ("stderr", "c\n"), ("value", "[1, 1]")])


@pytest.mark.parametrize("code", ["None", "x = 1", "1;", "1 ;  # muted", "", "def f(): ...", "print"[:0]])
def test_there_is_no_value_where_none_is_asked_for(code: str) -> None:
    assert run(code) == (True, [])


def test_bytes_written_to_the_stream_are_text() -> None:
    assert run("import sys\nsys.stdout.buffer.write('né'.encode());") == (True, [("stdout", "né")])


def test_half_a_surrogate_pair_does_no_harm() -> None:
    assert run(r"display(type('T', (), {'_repr_html_': lambda self: '\ud800'})())") == (True, [("html", "?")])


def test_objects_show_themselves_in_the_richest_way() -> None:
    code = "class Show:\n    def {}(self): return {}\nShow()"
    assert run(code.format("_repr_html_", "'<b>x</b>'"))[1] == [("html", "<b>x</b>")]
    assert run(code.format("_repr_svg_", "'<svg/>'"))[1] == [("svg", '<svg xmlns="http://www.w3.org/2000/svg"/>')]
    assert run(code.format("_repr_png_", "b'PNG'"))[1] == [("png", "UE5H")]
    assert run(code.format("_repr_html_", "None") + ".__class__")[1] == [("value", "<class '__main__.Show'>")]
    bundle = "{'text/plain': 'p', 'image/png': 'UE5H'}"
    assert run(code.format("_repr_mimebundle_", bundle))[1] == [("png", "UE5H")]
    assert run("display(1, 'a')")[1] == [("value", "1"), ("value", "'a'")]


def test_a_traceback_has_the_readers_lines_only() -> None:
    code = "import json\n\ndef parse(text):\n    return json.loads(text)\n\nparse('{')"
    text = text_of_error(code)
    assert text.startswith(
        "Traceback (most recent call last):\n  File \"demo.py\", line 6, in <module>\n    parse('{')\n"
        '  File "demo.py", line 4, in parse\n    return json.loads(text)\njson.decoder.JSONDecodeError: Expecting'
    )
    assert "decoder.py" not in text and "^" not in text and "harness" not in text


def test_an_error_knows_its_line_and_type() -> None:
    assert run("x = 1\n\n1 / 0")[1][-1][1] | {"text": ""} == {"type": "ZeroDivisionError", "text": "", "line": 3}


def test_a_syntax_error_points_to_its_place() -> None:
    well, found = run("x = 1\ny = (1 +")
    assert not well and found[0][1]["line"] == 2
    assert found[0][1]["text"].startswith('  File "demo.py", line 2\n    y = (1 +\n')
    assert "Traceback" not in found[0][1]["text"] and "^" in found[0][1]["text"]


def test_chained_exceptions_and_notes_are_told() -> None:
    text = text_of_error(
        "try:\n    1 / 0\nexcept Exception as e:\n    e.add_note('why')\n    raise ValueError('b') from e"
    )
    assert "ZeroDivisionError: division by zero\nwhy\n\nThe above exception was the direct cause" in text
    assert text.endswith("    raise ValueError('b') from e\nValueError: b")


def test_each_member_of_a_group_is_told() -> None:
    text = text_of_error("raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])")
    assert "ValueError: a" in text and "TypeError: b" in text and "harness" not in text


def test_an_endless_recursion_is_told_in_few_lines_whatever_its_depth() -> None:
    text = text_of_error("def f(): g()\ndef g(): f()\nf()")
    assert text.count("\n") < 60 and "RecursionError: maximum recursion depth exceeded" in text


def test_pieces_share_their_namespace_and_show_the_right_lines() -> None:
    namespace: dict[str, Any] = {}
    run("x = 1\ndef fail():\n    1 / 0", namespace)
    assert run("x + 1", namespace)[1] == [("value", "2")]
    text = text_of_error("# another\nfail()", namespace)
    assert 'File "demo-3.py", line 2, in <module>\n    fail()' in text
    assert 'File "demo.py", line 3, in fail\n    1 / 0' in text


def test_input_is_read_from_the_box_and_echoed() -> None:
    well, found = run("name = input('Name? ')\nprint('Hello', name)", stdin="Ada\n")
    assert (well, found) == (True, [("stdout", "Name? Ada\nHello Ada\n")])
    well, found = run("input()", stdin="")
    assert found[-1][1]["type"] == "EOFError" and "Input" in found[-1][1]["text"]


def test_a_program_may_end_itself() -> None:
    assert run("print(1)\nimport sys; sys.exit()\nprint(2)") == (True, [("stdout", "1\n")])
    assert text_of_error("raise SystemExit('no such file')") == "SystemExit: no such file"
    assert text_of_error("raise SystemExit(3)") == "SystemExit: the program ended itself with code 3"
    assert text_of_error("raise KeyboardInterrupt") == "KeyboardInterrupt: stopped"


def test_await_works_at_the_top_and_asyncio_run_below_it() -> None:
    assert run("import asyncio\nawait asyncio.sleep(0)\n5") == (True, [("value", "5")])
    assert run("import asyncio\nasync def f(): return 3\nasyncio.run(f())") == (True, [("value", "3")])


def test_where_a_loop_runs_already_it_is_used() -> None:
    found: list[tuple[str, object]] = []

    async def outside() -> bool:
        return await harness.run_async("import asyncio\nawait asyncio.sleep(0)\n5", {}, lambda *one: found.append(one))

    assert asyncio.run(outside()) and found == [("value", "5")]


def test_main_is_the_demo() -> None:
    code = (
        "import pickle, typing, __main__\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'B'\nclass B: ...\n"
        "pickle.loads(pickle.dumps(A(1))), typing.get_type_hints(A)['x'] is B, __main__.A is A"
    )
    assert run(code) == (True, [("value", "(A(x=1), True, True)")])


def test_future_imports_hold_for_the_last_expression_too() -> None:
    assert run("from __future__ import annotations\n(lambda: 1)()") == (True, [("value", "1")])
    assert run("def f(a: int): ...\nf.__annotations__")[1] == [("value", "{'a': <class 'int'>}")]


@pytest.mark.parametrize(
    "code",
    [
        "while True: print('x' * 999)",
        "'x' * 100_001",
        "while True:\n    try: print('x' * 999)\n    except Exception: pass",
        f"class P:\n    def _repr_svg_(self): return '<svg/>'\nfor _ in range({PICTURES + 1}): display(P())",
    ],
)
def test_too_much_output_ends_the_run(code: str) -> None:
    well, found = run(code)
    assert not well and found[-1][1]["type"] == "OutputLimit"
    assert sum(len(data) for kind, data in found if kind == "stdout") in (0, CHARACTERS)


def test_output_that_was_caught_at_its_limit_is_an_error_all_the_same() -> None:
    well, found = run("try:\n    print('x' * 200_000)\nexcept BaseException:\n    pass")
    assert not well and found[-1][1]["type"] == "OutputLimit"


def test_all_is_as_before_when_a_run_is_over() -> None:
    before = (sys.stdout, sys.stderr, sys.stdin, builtins.input, sys.modules["__main__"], list(sys.meta_path))
    run("import sys\nsys.stdout = None\n1 / 0")
    assert before == (sys.stdout, sys.stderr, sys.stdin, builtins.input, sys.modules["__main__"], list(sys.meta_path))
    assert not hasattr(builtins, "display")


def check(code: str, tests: str, setup: str = "") -> list[tuple[str, str]]:
    """Each test's name and why it did not pass."""
    results = harness.check(code, setup, tests, lambda *_: None)
    assert all(one["passed"] is not bool(one["message"]) for one in results)
    return [(one["name"], one["message"]) for one in results]


def test_each_test_has_a_name_and_a_result() -> None:
    tests = (
        "def test_three():\n    '''Three gives Fizz\n\n    More.'''\n    assert fizz(3) == 'Fizz'\n"
        "def test_other_numbers():\n    assert fizz(2) == 2\n"
        "def helper(): assert False\n"
        "def test_own_words():\n    assert fizz(5) == 5, 'five stays'\n"
        "async def test_waits():\n    assert fizz(1)\n"
    )
    assert check("def fizz(n): return 'Fizz' if n % 3 == 0 else -n", tests) == [
        ("Three gives Fizz", ""),
        ("other numbers", "fizz(2) == 2 does not hold: -2 was found on its left"),
        ("own words", "five stays"),
        ("waits", ""),
    ]


def test_a_test_that_meets_an_error_tells_the_readers_line() -> None:
    code = "def f(x):\n    y = 1\n    return y / x"
    assert check(code, "def test_zero(): f(0)\ndef test_name(): g()") == [
        ("zero", "ZeroDivisionError: division by zero (line 3)"),
        ("name", "NameError: name 'g' is not defined"),
    ]


def test_tests_do_not_run_after_code_that_fails() -> None:
    assert check("1 / 0", "def test_a(): pass") == [("a", "not run, because the code ended with an error")]
    assert check("", "def test_a(): pass", setup="1 / 0") == [("a", "not run, because the code ended with an error")]
    assert check("", "def test_a(): pass\n1 / 0") == [("a", "ZeroDivisionError: division by zero")]
    assert check("", "def test_a(: pass")[0][0] == "tests"


def test_tests_see_setup_and_what_the_code_printed_and_is() -> None:
    tests = "def test_a(): assert __printed__ == 'hi\\n' and 'print' in __source__ and limit == 3"
    assert check("print('hi')", tests, setup="limit = 3") == [("a", "")]
