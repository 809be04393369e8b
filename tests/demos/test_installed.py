"""Compiled packages as they are installed: a folder on the import path with what pip would have put there."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.demos.installed import installed
from site_builder.demos.lockfile import PackageLock
from site_builder.demos.packages import native_paths
from site_builder.errors import ContentError, Place
from tests.demos.wheelhouse import COMPILED, locked

ARRAY = locked("fast-array", "2.4", file=f"fast_array-2.4-{COMPILED}.whl", pure=False)
PLACE = Place("content/a.md", 4)


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Holds fast-array 2.4 and something else."""
    home = tmp_path / "site-packages"
    for name in ("fast_array", "fast_array.libs", "something_else", "fast_array-2.4.dist-info"):
        (home / name).mkdir(parents=True)
    (home / "fast_array" / "__init__.py").write_text("VERSION = '2.4'\n")
    (home / "fast_array.libs" / "libfast.so").write_bytes(b"")
    (home / "something_else" / "__init__.py").write_text("")
    info = home / "fast_array-2.4.dist-info"
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fast-array\nVersion: 2.4\n")
    record = [
        "fast_array/__init__.py",
        "fast_array.libs/libfast.so",
        "fast_array-2.4.dist-info/METADATA",
        "../../bin/fast",
    ]
    (info / "RECORD").write_text("".join(f"{name},,\n" for name in record))
    monkeypatch.syspath_prepend(str(home))
    importlib.invalidate_caches()
    return home


def test_an_installed_package_can_be_imported_and_its_neighbours_can_not(site_packages: Path, tmp_path: Path) -> None:
    lock = PackageLock(asked=("fast-array",), packages=(ARRAY,))
    (folder,) = native_paths(lock, ["fast-array"], tmp_path / "cache")
    assert {path.name for path in folder.iterdir()} == {"fast_array", "fast_array.libs", "fast_array-2.4.dist-info"}
    code = f"import sys; sys.path.append({str(folder)!r}); import fast_array; print(fast_array.VERSION)"
    command = [sys.executable, "-I", "-S", "-B", "-c"]
    assert subprocess.run([*command, code], capture_output=True, text=True, check=True).stdout == "2.4\n"
    other = subprocess.run([*command, code.replace("fast_array", "something_else")], capture_output=True, text=True)
    assert "No module named 'something_else'" in other.stderr
    assert installed(ARRAY, tmp_path / "cache") == folder


def test_one_that_is_not_installed_stops_the_build_with_its_name_and_fence(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"fast-array 2\.4 is compiled .* it is not installed here") as caught:
        installed(ARRAY, tmp_path, PLACE)
    assert caught.value.place == PLACE
    assert "pip install fast-array==2.4" in caught.value.hint
    assert "python: pyodide" in caught.value.hint


def test_one_in_another_version_than_readers_get_stops_the_build(site_packages: Path, tmp_path: Path) -> None:
    later = ARRAY.model_copy(update={"version": "2.5"})
    with pytest.raises(ContentError, match=r"fast-array 2\.5 is compiled .* is installed here in version 2\.4"):
        installed(later, tmp_path, PLACE)
