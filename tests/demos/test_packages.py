"""From the fences of demos to the site and to the build's own Python. One test takes wheels from the index that pip is set to."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.demos.cachedir import cache_folder
from site_builder.demos.lockfile import PACKAGES_LOCK, PackageLock
from site_builder.demos.model import Language
from site_builder.demos.packages import fetch_wheels, install_wheels, lock_packages, locked_packages, native_paths
from site_builder.demos.runtimes import PYODIDE, fetch
from site_builder.errors import ContentError, Place, SeveralErrors, SiteError
from tests.demos.wheelhouse import COMPILED, demo, locked, make_wheel, serving


@pytest.fixture(scope="session")
def pyodide() -> Path:
    """Fetched from npm if the user's cache does not have it."""
    return fetch(PYODIDE, cache_folder())


@pytest.fixture(scope="session")
def prepared(pyodide: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages in ``index``, and what an update made of them in ``docs`` and ``cache``."""
    home = tmp_path_factory.mktemp("prepared")
    make_wheel(home / "index", "chart-kit", "2.1", requires=["base>=1"])
    make_wheel(home / "index", "base", "1.0")
    (home / "cache" / "runtimes").mkdir(parents=True)
    (home / "cache" / "runtimes" / pyodide.name).symlink_to(pyodide)
    (home / "docs").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        look_in(home / "index", patch)
        lock_packages(home / "docs", [demo(1, "chart-kit"), demo(2, "base")], home / "cache")
    return home


@pytest.fixture
def cache(tmp_path: Path, prepared: Path) -> Path:
    """With Pyodide, and the two packages."""
    return Path(shutil.copytree(prepared / "cache", tmp_path / "cache", symlinks=True))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Without a lock."""
    (tmp_path / "docs").mkdir()
    return tmp_path / "docs"


@pytest.fixture
def lock(docs: Path, prepared: Path) -> PackageLock:
    """Of the two packages, and in ``docs``."""
    shutil.copytree(prepared / "docs", docs, dirs_exist_ok=True)
    return locked_packages(docs, [demo(1, "chart-kit"), demo(2, "base")])


@pytest.fixture
def index(tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip looks in, with the two packages."""
    look_in(tmp_path / "index", monkeypatch)
    return Path(shutil.copytree(prepared / "index", tmp_path / "index"))


def look_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PIP_CONFIG_FILE", os.devnull)
    patch.setenv("PIP_NO_INDEX", "1")
    patch.setenv("PIP_FIND_LINKS", str(folder))


def test_an_update_locks_what_python_demos_ask_for(docs: Path, cache: Path, index: Path) -> None:
    demos = [demo(9, "Chart_Kit >= 2"), demo(2, "chart-kit>=2"), demo(5, "never", language=Language.SQL), demo(7)]
    lock = lock_packages(docs, demos, cache)
    assert lock.asked == ("chart-kit>=2",)
    assert [package.name for package in lock.packages] == ["base", "chart-kit"]
    assert locked_packages(docs, demos) == lock


def test_what_is_locked_needs_no_index_again(docs: Path, cache: Path, index: Path, lock: PackageLock) -> None:
    shutil.rmtree(index)
    make_wheel(index, "chart-kit", "3.0")
    assert lock_packages(docs, [demo(1, "chart-kit"), demo(2, "base")], cache) == lock
    assert lock_packages(docs, [demo(2, "base")], cache).packages == lock.packages[:1]
    assert lock_packages(docs, [demo(2)], cache) == PackageLock()
    assert not (docs / PACKAGES_LOCK).exists()


def test_an_upgrade_takes_the_newest(docs: Path, cache: Path, index: Path, lock: PackageLock) -> None:
    make_wheel(index, "chart-kit", "3.0")
    assert lock_packages(docs, [demo(1, "chart-kit")], cache).by_name["chart-kit"].version == "2.1"
    assert lock_packages(docs, [demo(1, "chart-kit")], cache, upgrade=True).by_name["chart-kit"].version == "3.0"


def test_a_damaged_lock_is_made_anew_by_an_update(docs: Path, cache: Path, index: Path) -> None:
    lock = lock_packages(docs, [demo(1, "base")], cache)
    (docs / PACKAGES_LOCK).write_text("<<<<<<< HEAD\n")
    assert lock_packages(docs, [demo(1, "base")], cache) == lock
    assert locked_packages(docs, [demo(1, "base")]) == lock


def test_a_build_stops_at_each_fence_whose_package_is_not_locked(docs: Path, lock: PackageLock) -> None:
    with pytest.raises(ContentError, match=r"a\.md:3: the package base>=1 is not locked yet\n.*demos update"):
        locked_packages(docs, [demo(1, "base"), demo(3, "base>=1")])
    with pytest.raises(SeveralErrors) as caught:
        locked_packages(docs, [demo(4, "new"), demo(3, "base[x]"), demo(8, "new", page="b.md")])
    assert [str(error.place) for error in caught.value.errors] == ["content/a.md:3", "content/a.md:4"]


def test_a_site_without_packages_needs_no_lock(docs: Path) -> None:
    assert locked_packages(docs, [demo(1), demo(2, "x", language=Language.JS)]) == PackageLock()


@pytest.mark.parametrize("text", ["two words", "base @ https://example.com/b.whl", "base; python_version > '3'", ""])
def test_what_is_no_package_is_refused_at_its_fence(text: str, docs: Path) -> None:
    with pytest.raises(ContentError, match="is not a package") as caught:
        locked_packages(docs, [demo(6, text)])
    assert caught.value.place == Place("content/a.md", 6)


def test_the_site_gets_the_wheels_in_the_order_of_loading(cache: Path, lock: PackageLock, tmp_path: Path) -> None:
    placed = install_wheels(lock, ["chart-kit"], cache, tmp_path / "site")
    assert placed == (
        "assets/demos/wheels/base-1.0-py3-none-any.whl",
        "assets/demos/wheels/chart_kit-2.1-py3-none-any.whl",
    )
    for path in placed:
        digest = hashlib.sha256((tmp_path / "site" / path).read_bytes()).hexdigest()
        assert digest in {package.sha256 for package in lock.packages}
    assert sum(path.is_file() for path in (tmp_path / "site").rglob("*")) == 2
    (tmp_path / "site" / placed[0]).write_bytes(b"half")
    os.utime(tmp_path / "site" / placed[1], (1, 1))
    assert install_wheels(lock, ["chart-kit"], cache, tmp_path / "site") == placed
    assert (tmp_path / "site" / placed[0]).stat().st_size > 4
    assert (tmp_path / "site" / placed[1]).stat().st_mtime == 1


def test_another_machine_fetches_the_locked_wheels_once(index: Path, lock: PackageLock, tmp_path: Path) -> None:
    make_wheel(index, "base", "1.5")
    said: list[str] = []
    files = fetch_wheels(lock, tmp_path / "elsewhere", say=said.append)
    assert {name: path.name for name, path in files.items()} == {
        "base": "base-1.0-py3-none-any.whl",
        "chart-kit": "chart_kit-2.1-py3-none-any.whl",
    }
    assert said == ["Fetching base==1.0, chart-kit==2.1 from the package index"]
    shutil.rmtree(index)
    assert fetch_wheels(lock, tmp_path / "elsewhere", say=said.append) == files
    assert len(said) == 1


def test_another_file_under_the_locked_name_is_refused(index: Path, lock: PackageLock, tmp_path: Path) -> None:
    make_wheel(index, "base", "1.0", files={"base.py": "steal()\n"})
    with pytest.raises(SiteError, match="gave another file than the locked one"):
        fetch_wheels(lock, tmp_path / "elsewhere")
    assert not list((tmp_path / "elsewhere").rglob("*.whl"))


def test_a_locked_version_that_the_index_lost_is_named(index: Path, lock: PackageLock, tmp_path: Path) -> None:
    (index / "base-1.0-py3-none-any.whl").unlink()
    with pytest.raises(SiteError, match="no longer has the locked base"):
        fetch_wheels(lock, tmp_path / "elsewhere")


def test_a_damaged_wheel_in_the_cache_is_named(cache: Path, index: Path, lock: PackageLock, tmp_path: Path) -> None:
    path = fetch_wheels(lock, cache)["base"]
    path.write_bytes(path.read_bytes()[:-1])
    for use in (
        lambda: fetch_wheels(lock, cache),
        lambda: install_wheels(lock, ["base"], cache, tmp_path),
        lambda: native_paths(lock, ["base"], cache),
    ):
        with pytest.raises(SiteError, match="is damaged") as caught:
            use()
        assert caught.value.place is not None
        assert caught.value.place.file == path
    shutil.rmtree(path.parent)
    assert fetch_wheels(lock, cache)["base"] == path


def test_the_distribution_s_wheels_come_from_its_address(cache: Path, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "host", "array", "2.4", tag=COMPILED)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = PackageLock(
        asked=("array",),
        packages=(locked("array", "2.4", file=wheel.name, sha256=digest, pure=False, source="pyodide"),),
    )
    with serving(tmp_path / "host") as address:
        assert fetch_wheels(lock, cache, distribution_url=address)["array"].read_bytes() == wheel.read_bytes()
    assert fetch_wheels(lock, cache, distribution_url=address)
    with pytest.raises(SiteError, match=r"could not be fetched: http://127\.0\.0\.1:\d+/array-2\.4") as caught:
        fetch_wheels(lock, tmp_path / "elsewhere", distribution_url=address)
    assert "distribution_url" in caught.value.hint


def test_a_distribution_that_gives_another_file_is_refused(cache: Path, docs: Path, tmp_path: Path) -> None:
    """numpy is in Pyodide's own lock, with its hash: no index and no host is asked to lock it."""
    lock = lock_packages(docs, [demo(1, "numpy")], cache)
    numpy = lock.by_name["numpy"]
    assert (numpy.source, numpy.pure, numpy.file.endswith(f"{COMPILED}.whl")) == ("pyodide", False, True)
    make_wheel(tmp_path / "host", "numpy", numpy.version, tag=COMPILED)
    with serving(tmp_path / "host") as address:
        with pytest.raises(SiteError, match="is not the locked one"):
            fetch_wheels(lock, cache, distribution_url=address)
        with pytest.raises(SiteError, match="the host answers 404"):
            fetch_wheels(lock, cache, distribution_url=f"{address}elsewhere/")
    assert not list(cache.rglob("numpy*.whl"))


def run_alone(paths: tuple[Path, ...], code: str) -> str:
    """In a Python that has nothing but its own modules and ``paths``."""
    head = f"import sys\nsys.path += {[str(path) for path in paths]!r}\nsys.dont_write_bytecode = True\n"
    command = [sys.executable, "-I", "-S", "-c", head + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_build_s_python_imports_the_same_wheels(cache: Path, lock: PackageLock) -> None:
    paths = native_paths(lock, ["chart-kit"], cache)
    assert run_alone(paths, "import base, chart_kit; print(chart_kit.VERSION, base.VERSION)") == "2.1 1.0"
    assert native_paths(lock, ["base"], cache) == paths[:1]
    assert native_paths(lock, [], cache) == ()


def test_what_only_the_build_requires_is_there_for_it_alone(docs: Path, cache: Path, index: Path) -> None:
    make_wheel(index, "tool", requires=["base; sys_platform != 'emscripten'"])
    lock = lock_packages(docs, [demo(1, "tool")], cache)
    assert [package.name for package in lock.closure(["tool"])] == ["tool"]
    assert run_alone(native_paths(lock, ["tool"], cache), "import base; print(base.VERSION)") == "1.0"


def test_a_module_that_was_changed_in_the_cache_is_not_imported(cache: Path, lock: PackageLock) -> None:
    (folder,) = native_paths(lock, ["base"], cache)
    (folder / "base.py").write_text("VERSION = 'another one'\n")
    with pytest.raises(SiteError, match="base was changed in the cache") as caught:
        native_paths(lock, ["base"], cache)
    assert str(folder) in caught.value.hint


def test_a_wheel_for_a_later_python_stops_the_build_with_its_fence(docs: Path, cache: Path, index: Path) -> None:
    later = f">=3.{sys.version_info.minor + 1}"
    make_wheel(index, "modern", python=later)
    lock = lock_packages(docs, [demo(1, "modern")], cache)
    with pytest.raises(ContentError, match=rf"modern 1\.0 is for Python {later}") as caught:
        native_paths(lock, ["modern"], cache, Place("content/a.md", 1))
    assert caught.value.place == Place("content/a.md", 1)


def test_shared_libraries_are_for_browsers_alone(cache: Path) -> None:
    library = locked("libfast", "1", file="libfast-1.zip", pure=False, source="pyodide")
    assert native_paths(PackageLock(asked=("libfast",), packages=(library,)), ["libfast"], cache) == ()


def test_the_index_has_wheels_that_browsers_run(docs: Path, pyodide: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """leather is pure; msgpack 1.2.4 is compiled for Pyodide 314 there. Kept in the user's cache."""
    lock = lock_packages(docs, [demo(1, "leather==0.4.1", "msgpack==1.2.4")], pyodide.parent.parent)
    told = {package["name"]: package for package in json.loads((docs / PACKAGES_LOCK).read_text())["packages"]}
    assert (told["leather"]["pure"], told["msgpack"]["pure"]) == (True, False)
    assert told["msgpack"]["file"] == f"msgpack-1.2.4-{COMPILED}.whl"
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert fetch_wheels(lock, pyodide.parent.parent)["leather"].name == "leather-0.4.1-py3-none-any.whl"
