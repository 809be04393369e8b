"""pip takes wheels from a folder of made-up ones, and nothing from a network."""

from __future__ import annotations

import os
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from site_builder.demos.distribution import Distributed
from site_builder.demos.lockfile import LockedPackage
from site_builder.demos.resolution import Wanted, resolve
from site_builder.demos.wheelstore import WheelStore
from site_builder.errors import ConfigError, ContentError, Place, SiteError
from tests.demos.wheelhouse import COMPILED, distributed, locked, make_wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip looks in."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> WheelStore:
    return WheelStore(tmp_path / "cache")


def found(
    store: WheelStore,
    *wanted: str,
    kept: tuple[LockedPackage, ...] = (),
    distribution: Mapping[str, Distributed] | None = None,
) -> dict[str, LockedPackage]:
    asked = [Wanted(Requirement(text), place=Place("content/a.md", line)) for line, text in enumerate(wanted, 1)]
    packages = resolve(asked, {package.name: package for package in kept}, distribution or {}, store)
    return {package.name: package for package in packages}


def versions(packages: Mapping[str, LockedPackage]) -> dict[str, str]:
    return {name: package.version for name, package in packages.items()}


def test_what_is_required_comes_with_it_and_each_wheel_is_locked_by_its_hash(index: Path, store: WheelStore) -> None:
    make_wheel(index, "Chart_Kit", "2.1", requires=["base>=1"])
    make_wheel(index, "base", "1.0")
    packages = found(store, "chart-kit")
    assert versions(packages) == {"chart-kit": "2.1", "base": "1.0"}
    assert packages["chart-kit"].requires == ("base>=1",)
    assert {path.name for path in store.fetch(packages.values()).values()} == {
        "Chart_Kit-2.1-py3-none-any.whl",
        "base-1.0-py3-none-any.whl",
    }


def test_two_that_require_a_third_agree_on_its_version(index: Path, store: WheelStore) -> None:
    make_wheel(index, "left", requires=["middle"])
    make_wheel(index, "right", requires=["deep"])
    make_wheel(index, "deep", requires=["middle<2"])
    make_wheel(index, "middle", "1.4")
    make_wheel(index, "middle", "2.0", requires=["only-of-two"])
    make_wheel(index, "only-of-two")
    assert versions(found(store, "left", "right")) == {"left": "1.0", "right": "1.0", "deep": "1.0", "middle": "1.4"}


def test_wheels_for_browsers_alone_are_taken(index: Path, store: WheelStore) -> None:
    make_wheel(index, "fast", "1.0", tag=COMPILED)
    make_wheel(index, "fast", "1.1", tag="cp314-cp314-manylinux_2_28_x86_64")
    make_wheel(index, "fast", "1.2", tag="cp313-cp313-pyemscripten_2025_0_wasm32")
    make_wheel(index, "fast", "1.3", python=">=3.15")
    packages = found(store, "fast")
    assert versions(packages) == {"fast": "1.0"}
    assert not packages["fast"].pure


def test_markers_and_extras_are_those_of_the_browser(index: Path, store: WheelStore) -> None:
    requires = ["wasm; sys_platform == 'emscripten'", "colours; extra == 'colour'", "other; extra == 'other'"]
    make_wheel(index, "tool", requires=requires, extras=["colour", "other"])
    make_wheel(index, "wasm")
    make_wheel(index, "colours")
    assert set(found(store, "tool[Colour]")) == {"tool", "wasm", "colours"}


def test_what_only_the_build_requires_is_locked_if_there_is_a_wheel(index: Path, store: WheelStore) -> None:
    requires = ["shim; python_version < '3.13'", "winapi; sys_platform == 'win32'"]
    make_wheel(index, "tool", requires=requires)
    make_wheel(index, "shim", requires=["deeper"])
    make_wheel(index, "deeper")
    make_wheel(index, "winapi", tag="cp314-cp314-win_amd64")
    packages = found(store, "tool")
    assert set(packages) == {"tool", "shim", "deeper"}
    assert packages["tool"].requires == ()
    assert packages["tool"].native == ('shim; python_version < "3.13"', 'winapi; sys_platform == "win32"')


def test_a_package_that_a_browser_needs_too_is_not_left_out(index: Path, store: WheelStore) -> None:
    make_wheel(index, "one", requires=["shim; python_version < '3.13'"])
    make_wheel(index, "two", requires=["later"])
    make_wheel(index, "later", requires=["shim"])
    with pytest.raises(ContentError, match=r"the package shim has no wheel .*later 1\.0 wants shim"):
        found(store, "one", "two")


def test_compiled_packages_come_from_the_distribution_with_the_versions_it_was_tried_with(
    index: Path, store: WheelStore, tmp_path: Path
) -> None:
    array = make_wheel(tmp_path / "host", "array", "2.4", tag=COMPILED)
    pure = make_wheel(tmp_path / "host", "clock", "1.1")
    library = tmp_path / "host" / "libfast-1.zip"
    library.write_bytes(b"a library")
    distribution = {
        "array": distributed(array, "array", "2.4", ["clock", "libfast"]),
        "clock": distributed(pure, "clock", "1.1"),
        "libfast": distributed(library, "libfast", "1"),
    }
    make_wheel(index, "array", "3.0")
    make_wheel(index, "clock", "1.1")
    make_wheel(index, "clock", "9.0")
    packages = found(store, "array", distribution=distribution)
    assert versions(packages) == {"array": "2.4", "clock": "1.1", "libfast": "1"}
    assert {name: package.source for name, package in packages.items()} == {
        "array": "pyodide",
        "clock": "pypi",
        "libfast": "pyodide",
    }
    assert versions(found(store, "array>=3", distribution=distribution)) == {"array": "3.0"}


def test_the_distribution_has_what_the_index_lacks(index: Path, store: WheelStore, tmp_path: Path) -> None:
    pure = distributed(make_wheel(tmp_path / "host", "clock", "1.1"), "clock", "1.1")
    make_wheel(index, "other")
    packages = found(store, "clock", "other", distribution={"clock": pure})
    assert (packages["clock"].source, packages["other"].source) == ("pyodide", "pypi")
    with pytest.raises(ContentError, match=r"clock>2 has no wheel[\s\S]*Pyodide's distribution has clock 1\.1"):
        found(store, "clock>2", distribution={"clock": pure})


def test_a_package_with_no_wheel_is_named_with_the_fence_that_asks_for_it(index: Path, store: WheelStore) -> None:
    make_wheel(index, "fine")
    make_wheel(index, "needy", "3.0", requires=["stone>=2"])
    (index / "stone-2.0.tar.gz").write_bytes(b"a source distribution")
    with pytest.raises(
        ContentError, match=r"the package stone>=2 has no wheel .*\(needy 3\.0 wants stone>=2\)"
    ) as caught:
        found(store, "fine", "needy")
    assert caught.value.place == Place("content/a.md", 2)
    assert "pyemscripten_2026_0_wasm32" in caught.value.hint


def test_demos_that_want_versions_at_odds_are_both_named(index: Path, store: WheelStore) -> None:
    make_wheel(index, "chart", "0.3")
    make_wheel(index, "chart", "0.4")
    with pytest.raises(ContentError, match=r"a\.md:1 wants chart<0\.4; content/a\.md:2 wants chart>=0\.4") as caught:
        found(store, "chart<0.4", "chart>=0.4")
    assert "0.3, 0.4" in caught.value.hint


def test_a_module_of_python_is_no_package(index: Path, store: WheelStore) -> None:
    with pytest.raises(ContentError, match="json is part of Python"):
        found(store, "json")


def test_a_locked_version_stays_while_it_fits(index: Path, store: WheelStore) -> None:
    make_wheel(index, "chart", "0.4")
    make_wheel(index, "new")
    kept = (locked("chart", "0.3"),)
    assert versions(found(store, "chart", "new", kept=kept)) == {"chart": "0.3", "new": "1.0"}
    assert versions(found(store, "chart>=0.4", kept=kept)) == {"chart": "0.4"}
    assert versions(found(store, "chart[svg]", kept=kept)) == {"chart": "0.4"}


def test_an_index_out_of_reach_is_no_missing_package(store: WheelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SiteError, match=r"could not be fetched \(chart\): .*Connection refused") as caught:
        found(store, "chart")
    assert not isinstance(caught.value, ContentError)


def test_a_python_without_pip_is_told_how_to_get_it(
    store: WheelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.create(tmp_path / "bare", with_pip=False)
    monkeypatch.setattr(sys, "executable", str(next(tmp_path.glob("bare/[bS]*/python*"))))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(ConfigError, match=r"this Python has none\n.*ensurepip"):
        found(store, "chart")
