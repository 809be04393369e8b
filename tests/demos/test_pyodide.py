"""Python as readers have it, when the site is built: Pyodide under Node, by itself and against the build's own Python."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from site_builder.content.settings import load_settings
from site_builder.demos.cachedir import cache_folder
from site_builder.demos.checking import check
from site_builder.demos.model import Language
from site_builder.demos.node import need_node
from site_builder.demos.processes import Job
from site_builder.demos.pyodide import Pyodide
from site_builder.demos.runtimes import PYODIDE, fetch
from site_builder.demos.settings import DemosOptions
from site_builder.errors import SiteError
from tests.demos.demos import SCRIPT, data_file, demo, error, exercise, outputs, run


@pytest.fixture(scope="module")
def runtime() -> Path:
    """Pyodide's files, from the cache, or once from npm."""
    return fetch(PYODIDE, cache_folder())


@pytest.fixture(scope="module")
def python(runtime: Path) -> Iterator[Pyodide]:
    """A warm one."""
    warm = Pyodide(1, runtime, need_node("these tests").program, SCRIPT, 1024)
    yield warm
    warm.close()


def test_it_is_the_readers_python(python: Pyodide) -> None:
    (one,) = python.run(Job(Language.PYTHON, ("import sys\nprint('hi')\nsys.platform",)))
    assert outputs(one) == [("stdout", "hi\n"), ("value", "'emscripten'")]


def test_pieces_share_their_namespace_and_jobs_share_nothing(python: Pyodide) -> None:
    code = "import tools, os\nx = tools.y\nos.environ['X'] = 'x'\nopen('out', 'w').close()"
    first, second = python.run(Job(Language.PYTHON, (code, "x\n1 / x"), timeouts=(5, 5), files={"tools.py": b"y = 0"}))
    assert first.error is None and 'File "demo-2.py", line 2' in error(second)["text"]
    look = "import os, sys\n'x' in globals(), 'X' in os.environ, 'tools' in sys.modules, os.listdir()"
    (after,) = python.run(Job(Language.PYTHON, (look,)))
    assert outputs(after) == [("value", "(False, False, False, [])")]


def test_tests_of_an_exercise_give_their_results(python: Pyodide) -> None:
    tests = "def test_one(): assert f() == 1\nasync def test_two(): assert f() == 2"
    (one,) = python.run(Job(Language.PYTHON, exercise=("def f(): return 1", "", tests)))
    assert [(test.name, test.passed) for test in one.tests] == [("one", True), ("two", False)]


def test_the_network_is_out_of_reach(python: Pyodide) -> None:
    codes = (
        "import js\njs.fetch('http://127.0.0.1:9')",
        "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)",
    )
    assert all(one.error for one in python.run(Job(Language.PYTHON, codes, timeouts=(5, 5))))


def test_the_builders_files_are_out_of_reach(python: Pyodide) -> None:
    code = f"import js\njs.process.getBuiltinModule('node:fs').readFileSync({str(Path(__file__))!r})"
    (one,) = python.run(Job(Language.PYTHON, (code,)))
    assert "restricted" in error(one)["text"]


def test_what_does_not_end_is_stopped_and_the_next_job_runs(python: Pyodide) -> None:
    (one,) = python.run(Job(Language.PYTHON, ("while True: pass",), timeouts=(0.5,)))
    assert error(one)["type"] == "Timeout"
    (one,) = python.run(Job(Language.PYTHON, ("import asyncio\nawait asyncio.sleep(0)\n7",)))
    assert outputs(one) == [("value", "7")]


def test_a_site_can_run_its_python_there_with_wheels(tmp_path: Path, runtime: Path) -> None:
    wheel = tmp_path / "pack-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as file:
        file.writestr("pack.py", "value = 3\n")
        file.writestr("pack-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: pack\nVersion: 1\n")
        file.writestr("pack-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr("pack-1.dist-info/RECORD", "")
    csv = data_file(tmp_path / "docs", "data.csv", b"1,2\n")
    given = {"pyodide": runtime, "paths": {("pack",): (wheel,)}}
    with_it = demo("import pack, sys\npack.value, sys.platform", id="a", packages=("pack",))
    tests = exercise("", "def f(): return open('data.csv').read()", "def test_a(): assert f() == '1,2\\n'")
    tests = replace(tests, options=replace(tests.options, files=(csv,), packages=("pack",)))
    found = run(tmp_path / "cache", with_it, tests, demo("select 1", "sql", id="c"), **given)
    assert outputs(found[0]) == [("value", "(3, 'emscripten')")] and found[1].tests[0].passed and found[2].outputs
    assert run(tmp_path / "cache", with_it, **given) == found[:1]


def test_packages_that_cannot_be_loaded_are_an_error(tmp_path: Path, runtime: Path) -> None:
    wheel = tmp_path / "pack-1-py3-none-any.whl"
    wheel.write_bytes(b"no zip")
    with pytest.raises(SiteError, match="Pyodide can't be started"):
        run(tmp_path, demo("1", packages=("pack",)), pyodide=runtime, paths={("pack",): (wheel,)})


def test_where_the_two_pythons_differ_is_told(tmp_path: Path, runtime: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache" / "runtimes").mkdir(parents=True)
    (tmp_path / "cache" / "runtimes" / runtime.name).symlink_to(runtime)
    monkeypatch.setenv("SITE_BUILDER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("site_builder.demos.checking.theme_file", lambda name: SCRIPT)
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Demos\nplugins: [demos, paywall]\n")
    same, other = demo("1 + 1", id="same", expect="2"), demo("import sys\nprint('x')\nsys.platform", id="other", line=9)
    checked = check([same, other], load_settings(tmp_path / "mkdocs.yml"), DemosOptions(compare=True), lambda *_: None)
    fault = checked.faults[-1]
    assert len(checked.faults) == 2 and fault.place and fault.place.line == 9
    assert "\n  line 2: 'linux'\n    in the browser: 'emscripten'" in fault.what and "line 1" not in fault.what
