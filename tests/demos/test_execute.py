"""Running demos when the site is built: limits, determinism, the cache, sessions, exercises; with real processes."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from site_builder.demos.execute import run_all
from site_builder.demos.model import Demo
from site_builder.errors import ConfigError, ContentError, SeveralErrors, SiteError
from tests.demos.demos import data_file, demo, error, exercise, outputs, run, surroundings


class _Greets(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_each_language_puts_out_what_it_should(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        demo("print('a')\n1 + 1", id="py"),
        demo("console.log({ a: [1] })", "js", id="js"),
        demo("select 1 as one", "sql", id="sql"),
    )
    assert [outputs(one) for one in found] == [
        [("stdout", "a\n"), ("value", "2")],
        [("stdout", "{ a: [ 1 ] }\n")],
        [("table", {"columns": ["one"], "rows": [["1"]]})],
    ]


def test_fences_of_a_session_share_their_state_and_others_do_not(tmp_path: Path) -> None:
    found = run(
        tmp_path,
        demo("x = 1", id="a", session="s"),
        demo("x = 5", id="b"),
        demo("x += 1\nx", id="c", session="s"),
        demo("'x' in globals()", id="d"),
        demo("'x' in globals()", id="e", session="s", page="other.md"),
        demo("const x = 1", "js", id="f", session="s"),
        demo("console.log(x)", "js", id="g", session="s"),
        demo("create table t as select 1 as a", "sql", id="h", session="s"),
        demo("select * from t", "sql", id="i", session="s"),
    )
    values = [outputs(one)[-1][1] if one.outputs else "" for one in found]
    assert values == ["", "", "2", "False", "False", "", "1\n", "", {"columns": ["a"], "rows": [["1"]]}]


def test_an_error_of_one_fence_does_not_end_its_session(tmp_path: Path) -> None:
    first, second = run(tmp_path, demo("x = 1\n1 / 0", id="a", session="s"), demo("x", id="b", session="s"))
    assert error(first)["type"] == "ZeroDivisionError" and outputs(second) == [("value", "1")]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "print('begun')\nwhile True: pass"),
        (
            "python",
            "print('begun')\nimport signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nimport time\ntime.sleep(60)",
        ),
        ("js", "console.log('begun'); for (;;);"),
        ("js", "console.log('begun'); setInterval(() => {}, 10)"),
        ("sql", "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) from c"),
    ],
)
def test_what_does_not_end_is_stopped(tmp_path: Path, language: str, code: str) -> None:
    (found,) = run(tmp_path, demo(code, language, timeout=0.4))
    assert error(found)["type"] == "Timeout"
    assert language == "sql" or outputs(found)[0] == ("stdout", "begun\n")


def test_after_one_that_was_stopped_the_others_run(tmp_path: Path) -> None:
    found = run(
        tmp_path, demo("while True: pass", id="a", timeout=0.3), demo("1", id="b"), demo("import os; os._exit(0)", id="c"),
        demo("2", id="d"),
    )  # fmt: skip
    assert [one.error is None for one in found] == [False, True, False, True]
    assert error(found[2])["type"] == "Crash"


def test_ctrl_c_ends_what_runs(tmp_path: Path) -> None:
    ended = tmp_path / "native" / "ended"

    def progress(what: str, done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    demos = demo("1", id="a"), demo(f"import time; time.sleep(4); open({str(ended)!r}, 'w')", id="b")
    with pytest.raises(KeyboardInterrupt):
        run_all(demos, surroundings(tmp_path), progress)
    assert ended.parent.is_dir() and not ended.exists()


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("python", "x = [0] * 10**9"),
        ("sql", "select hex(zeroblob(900000000))"),
        ("js", "const x = []; for (;;) x.push(new Array(1e6).fill(1))"),
    ],
)
def test_memory_is_limited(tmp_path: Path, language: str, code: str) -> None:
    (found,) = run(tmp_path, demo(code, language), memory=200)
    assert error(found)["type"] == "MemoryError"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "no network"),
        ("import urllib.request as r; r.urlopen('http://example.com')", "no network"),
        ("import socket; socket.getaddrinfo('example.com', 80)", "no network"),
        ("import os; os.system('true')", "other programs"),
        ("import subprocess; subprocess.run(['true'])", "other programs"),
        ("import multiprocessing as m; m.get_context('fork').Process().start()", "other programs"),
        ("import multiprocessing as m; m.get_context('spawn').Process().start()", "other programs"),
        ("open('/tmp/x-demo', 'w')", "its own folder"),
        ("import os; os.open('/tmp/x-demo', os.O_CREAT)", "its own folder"),
        ("import pathlib; pathlib.Path('/tmp/x-demo').mkdir()", "its own folder"),
        (f"open({__file__!r})", "its own files only"),
        ("import os; open(f'/proc/{os.getppid()}/environ')", "its own files only"),
        (f"import sqlite3; sqlite3.connect({__file__ + '.db'!r})", "its own folder"),
        ("import mkdocs", "No module named 'mkdocs'"),
        ("import site_builder", "No module named 'site_builder'"),
        ("import harness", "No module named 'harness'"),
    ],
)
def test_python_does_no_more_than_a_browser_lets_it(tmp_path: Path, code: str, words: str) -> None:
    (found,) = run(tmp_path, demo(code))
    assert words in error(found)["text"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("require('fs')", "require is not defined"),
        ("process.exit()", "process is not defined"),
        ("Function('return process')()", "process is not defined"),
        ("await import('node:fs')", "dynamic import"),
        ("await fetch('https://example.com')", "no network"),
    ],
)
def test_javascript_does_no_more_than_a_browser_lets_it(tmp_path: Path, code: str, words: str) -> None:
    (found,) = run(tmp_path, demo(code, "js"))
    assert words in error(found)["text"]


def test_python_may_speak_to_others_if_its_fence_says_so(tmp_path: Path) -> None:
    code = "import socket\ntry: socket.create_connection(('127.0.0.1', 9), 1)\nexcept ConnectionRefusedError: print('asked')"
    assert outputs(run(tmp_path, demo(code, net=True))[0]) == [("stdout", "asked\n")]


def test_javascript_may_speak_to_others_if_its_fence_says_so(tmp_path: Path) -> None:
    with HTTPServer(("127.0.0.1", 0), _Greets) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = f"console.log(await (await fetch('http://127.0.0.1:{server.server_port}/')).text())"
        assert outputs(run(tmp_path, demo(code, "js", net=True))[0]) == [("stdout", "hello\n")]
        server.shutdown()


def test_a_warning_names_no_file_of_this_machine(tmp_path: Path) -> None:
    foreign = "warnings.warn_explicit('old', UserWarning, '/x/site-packages/a.py', 9)"
    (found,) = run(tmp_path, demo(f"import warnings\nwarnings.warn('hm')\n{foreign}"))
    assert outputs(found) == [("stderr", "demo.py:2: UserWarning: hm\nUserWarning: old\n")]


def test_data_files_are_there_in_a_folder_that_may_be_written(tmp_path: Path) -> None:
    csv = data_file(tmp_path / "docs", "data.csv", b"a,b\n1,2\n")
    module = data_file(tmp_path / "docs", "tools.py", b"def double(x): return 2 * x\ndef fail(): 1 / 0\n")
    base = data_file(tmp_path / "docs", "x.sqlite", b"")
    seed = data_file(tmp_path / "docs", "seed.sql", b"create table t(a); insert into t values (7);")
    found = run(
        tmp_path / "cache",
        demo(
            "import os, tools\nopen('out.txt', 'w').close()\nsorted(os.listdir()), tools.double(4)",
            id="py",
            files=(csv, module),
        ),
        demo("import tools\ntools.fail()", id="tb", files=(module,)),
        demo("console.log(await (await fetch('data.csv')).text())", "js", id="js", files=(csv,)),
        demo("insert into t values (8); select * from t", "sql", id="sql", database=base, seed=seed),
    )
    assert outputs(found[0]) == [("value", "(['data.csv', 'out.txt', 'tools.py'], 8)")]
    assert 'File "tools.py", line 2, in fail' in error(found[1])["text"]
    assert outputs(found[2]) == [("stdout", "a,b\n1,2\n\n")]
    assert outputs(found[3]) == [("table", {"columns": ["a"], "rows": [["7"], ["8"]]})]
    assert base.path.read_bytes() == b"" and csv.path.read_bytes() == b"a,b\n1,2\n"


def test_a_seed_that_fails_is_an_error_of_its_demo(tmp_path: Path) -> None:
    seed = data_file(tmp_path / "docs", "seed.sql", b"select 1;\ncreate tabel t(a);")
    (found,) = run(tmp_path / "cache", demo("select 1", "sql", seed=seed))
    assert error(found)["text"].endswith("in the statement at seed.sql:2") and error(found)["line"] is None


def test_a_seed_must_be_text(tmp_path: Path) -> None:
    seed = data_file(tmp_path / "docs", "seed.sql", b"select '\xe9';")
    with pytest.raises(ContentError, match=re.escape("page.md:7: the seed 'seed.sql' is not UTF-8 text (byte 8)")):
        run(tmp_path / "cache", demo("select 1", "sql", seed=seed, line=7))


def test_packages_are_found_where_they_are_said_to_be_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "wheel").mkdir()
    (tmp_path / "wheel" / "pack.py").write_text("value = 3\n")
    with_it = demo("import pack\npack.value", id="a", packages=("pack",))
    found = run(tmp_path / "cache", with_it, demo("import pack", id="b"), paths={("pack",): (tmp_path / "wheel",)})
    assert outputs(found[0]) == [("value", "3")] and error(found[1])["type"] == "ModuleNotFoundError"
    assert not (tmp_path / "wheel" / "__pycache__").exists()


@pytest.mark.parametrize(
    ("language", "code", "line"),
    [
        ("python", "print('same')\nprint({'a', 'b', 'c', 'd', 'e', 'f', 'g'})", 2),
        ("python", "print('same')\nobject()", 2),
        ("python", "import random\nrandom.random()", 1),
        ("js", "console.log('same')\nconsole.log(Math.random())", 2),
        ("sql", "select random()", 2),
    ],
)
def test_output_that_chance_decides_is_refused_with_the_lines_that_differ(
    tmp_path: Path, language: str, code: str, line: int
) -> None:
    with pytest.raises(ContentError, match="is not deterministic") as caught:
        run(tmp_path, demo(code, language, line=7))
    assert caught.value.place and caught.value.place.line == 7
    assert f"\n  line {line}: " in caught.value.what and "\n    then: " in caught.value.what
    assert "\n  line 1: " not in caught.value.what or line == 1


def test_all_that_chance_decides_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SeveralErrors) as caught:
        run(tmp_path, demo("object()", id="a", line=9), demo("1", id="b"), demo("object()", id="c", line=3))
    assert [error.place and error.place.line for error in caught.value.errors] == [3, 9]


def test_what_is_not_to_be_run_is_not(tmp_path: Path) -> None:
    demos = [demo("object()", notest=True), demo("<p>", "html", id="html", script="let a = 1;")]
    assert set(run_all(demos, surroundings(tmp_path), lambda *_: None)) == {("page.md", "html")}


def test_the_script_of_a_live_page_must_parse(tmp_path: Path) -> None:
    (found,) = run(tmp_path, demo("<p>", "html", script="let a = 1;\nlet = 2 2"))
    assert error(found)["type"] == "SyntaxError" and error(found)["line"] == 2


def test_javascript_needs_node(tmp_path: Path) -> None:
    without = replace(surroundings(tmp_path), node=None)
    with pytest.raises(ConfigError, match=re.escape('pip install "site-builder[demos]"')):
        run_all([demo("1", "js")], without, lambda *_: None)
    assert run_all([demo("1"), demo("<p>", "html", id="b", script="1")], without, lambda *_: None).keys() == {
        ("page.md", "one")
    }


def progress_of(cache: Path, *demos: Demo) -> list[tuple[str, int, int]]:
    said: list[tuple[str, int, int]] = []
    run_all(demos, surroundings(cache), lambda *one: said.append(one))
    return said


def test_what_is_known_is_not_run_again(tmp_path: Path) -> None:
    csv = data_file(tmp_path / "docs", "data.csv", b"1")
    known = demo("print(open('data.csv').read())", files=(csv,))
    said = progress_of(tmp_path / "cache", known)
    assert said[-1] == ("running demos", 2, 2)
    assert progress_of(tmp_path / "cache", replace(known, id="other", page="moved.md")) == []
    assert progress_of(tmp_path / "cache", replace(known, code=known.code + " ")) != []
    assert progress_of(tmp_path / "cache", replace(known, options=replace(known.options, timeout=9))) != []
    csv.path.write_bytes(b"2")
    assert progress_of(tmp_path / "cache", known) != []
    assert outputs(run(tmp_path / "cache", known)[0]) == [("stdout", "2\n")]


def test_a_later_fence_depends_on_the_earlier_ones_of_its_session(tmp_path: Path) -> None:
    second = demo("x", id="b", session="s")
    assert outputs(run(tmp_path, demo("x = 1", id="a", session="s"), second)[1]) == [("value", "1")]
    assert outputs(run(tmp_path, demo("x = 2", id="a", session="s"), second)[1]) == [("value", "2")]


def test_a_damaged_file_of_the_cache_is_as_good_as_none(tmp_path: Path) -> None:
    one = demo("40 + 2")
    run(tmp_path, one)
    (kept,) = tmp_path.glob("runs/*/*.json")
    for damage in ("", "{", "[1]", json.dumps([{"outputs": [{"kind": "value"}], "tests": []}])):
        kept.write_text(damage)
        assert outputs(run(tmp_path, one)[0]) == [("value", "42")]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(SiteError, match="the cache can't be written: Not a directory"):
        run(tmp_path / "cache", demo("1"))


def test_what_was_stopped_is_tried_again(tmp_path: Path) -> None:
    slow = demo("while True: pass", timeout=0.2)
    run(tmp_path, slow)
    assert progress_of(tmp_path, slow) != []


def test_an_exercise_gives_the_results_of_its_solution(tmp_path: Path) -> None:
    tests = "def test_one(): assert f() == 1"
    (python,) = run(tmp_path, exercise("def f(): ...", "def f(): return 1", tests))
    (js,) = run(tmp_path, exercise("", "const f = () => 1", "test('one', () => assert.equal(f(), 1))", "js"))
    (sql,) = run(
        tmp_path,
        exercise(
            "", "update t set a = 1", "-- test: one\nselect a from t", "sql", setup="create table t as select 0 as a"
        ),
    )
    assert [[(one.name, one.passed) for one in found.tests] for found in (python, js, sql)] == [[("one", True)]] * 3


@pytest.mark.parametrize(
    ("starter", "solution", "tests", "words", "line"),
    [
        ("", "def f(): return 2", "def test_one(): assert f() == 1", "“one”: f() == 1 does not hold", 30),
        ("", "1 / 0", "def test_one(): f()", "ZeroDivisionError: division by zero", 30),
        ("", "def f(): ...", "def tset_one(): ...", "there is no test in them", 20),
        ("", "while True: pass", "def test_one(): f()", "Timeout", 30),
    ],
)
def test_a_solution_must_pass_its_tests(
    tmp_path: Path, starter: str, solution: str, tests: str, words: str, line: int
) -> None:
    one = exercise(starter, solution, tests)
    with pytest.raises(ContentError, match="does not pass its tests") as caught:
        run(tmp_path, replace(one, options=replace(one.options, timeout=0.5)))
    assert words in caught.value.what and caught.value.place and caught.value.place.line == line


def test_a_starter_must_leave_something_to_do(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="passes all tests already"):
        run(tmp_path, exercise("def f(): return 1", "def f(): return 1", "def test_one(): assert f() == 1"))
