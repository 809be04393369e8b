"""Made-up wheels, as zip files on the disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from site_builder.demos.wheels import read_wheel, requires_python, unpack, unpacked_whole
from site_builder.errors import SiteError
from tests.demos.wheelhouse import COMPILED, make_wheel

REQUIRES = (
    "always>=1,<2",
    "browsers; sys_platform == 'emscripten'",
    "newest; python_version >= '3.14'",
    "older>1; python_version < '3.13'",
    "windows; sys_platform == 'win32'",
    "ancient; python_version < '3.8'",
    "plots[svg]; extra == 'plot'",
    "shell; extra == 'shell' and sys_platform == 'darwin'",
    "never; extra == 'other'",
)


def test_what_is_required_in_browsers_is_told_from_what_only_the_build_requires(tmp_path: Path) -> None:
    wheel = read_wheel(make_wheel(tmp_path, "Some_Thing", requires=REQUIRES))
    assert (wheel.name, wheel.version, wheel.pure) == ("some-thing", "1.0", True)
    assert wheel.requires == ("always<2,>=1", "browsers", "newest")
    assert wheel.native == ('older>1; python_version < "3.13"', 'windows; sys_platform == "win32"')


def test_extras_bring_what_they_require(tmp_path: Path) -> None:
    wheel = read_wheel(make_wheel(tmp_path, "thing", requires=REQUIRES), ["plot", "shell"])
    assert "plots[svg]" in wheel.requires
    assert 'shell; extra == "shell" and sys_platform == "darwin"' in wheel.native
    assert not any(text.startswith("never") for text in wheel.requires + wheel.native)


@pytest.mark.parametrize(
    ("tag", "pure"),
    [
        ("py3-none-any", True),
        ("py2.py3-none-any", True),
        (COMPILED, False),
        ("cp39-abi3-pyemscripten_2026_0_wasm32", False),
        ("py3-none-pyemscripten_2026_0_wasm32", False),
    ],
)
def test_pure_is_what_runs_on_any_machine(tag: str, pure: bool, tmp_path: Path) -> None:
    assert read_wheel(make_wheel(tmp_path, "thing", tag=tag)).pure is pure


def test_what_is_no_wheel_is_named(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0-py3-none-any.whl").write_bytes(b"not a zip file")
    (tmp_path / "thing.whl").write_bytes(b"")
    zipfile.ZipFile(tmp_path / "bare-1.0-py3-none-any.whl", "w").close()
    make_wheel(tmp_path, "odd", requires=["one two three"])
    for path in tmp_path.iterdir():
        with pytest.raises(SiteError, match="not a wheel that can be read") as caught:
            read_wheel(path)
        assert caught.value.place is not None
        assert caught.value.place.file == path


def test_modules_are_unpacked_and_scripts_are_not(tmp_path: Path) -> None:
    files = {
        "thing/__init__.py": "",
        "thing/data/words.txt": "one\n",
        "thing-1.0.data/purelib/more.py": "MORE = 1\n",
        "thing-1.0.data/scripts/thing": "#!python\n",
    }
    unpack(make_wheel(tmp_path, "thing", files=files), tmp_path / "out")
    found = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found == {
        *("thing/__init__.py", "thing/data/words.txt", "more.py"),
        *(f"thing-1.0.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD")),
    }


@pytest.mark.parametrize("name", ["../outside.py", "thing-1.0.data/purelib/../../../outside.py", "/outside.py"])
def test_a_wheel_that_writes_outside_itself_is_refused(name: str, tmp_path: Path) -> None:
    path = make_wheel(tmp_path, "thing", files={name: "x"})
    with pytest.raises(SiteError, match="outside itself"):
        unpack(path, tmp_path / "deep" / "out")
    assert not list(tmp_path.rglob("outside.py"))


def test_an_unpacked_file_that_changed_or_went_is_noticed(tmp_path: Path) -> None:
    path, out = make_wheel(tmp_path, "thing", files={"thing.py": "A = 1\n", "other.py": ""}), tmp_path / "out"
    unpack(path, out)
    assert unpacked_whole(path, out)
    (out / "__pycache__").mkdir()
    (out / "__pycache__" / "thing.pyc").write_bytes(b"compiled")
    assert unpacked_whole(path, out)
    (out / "thing.py").write_text("A = 1000\n")
    assert not unpacked_whole(path, out)
    (out / "thing.py").write_text("A = 1\n")
    assert unpacked_whole(path, out)
    (out / "other.py").unlink()
    assert not unpacked_whole(path, out)


def test_for_which_python_a_wheel_is(tmp_path: Path) -> None:
    assert requires_python(make_wheel(tmp_path, "thing", python=">=3.12")) == ">=3.12"
    assert requires_python(make_wheel(tmp_path, "other")) == ""
