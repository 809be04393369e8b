"""The lock on the disk, whole and damaged; and the order in which packages are loaded."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_builder.demos.lockfile import PACKAGES_LOCK, PackageLock, read_lock, write_lock
from site_builder.errors import ContentError
from tests.demos.wheelhouse import locked

LOCK = PackageLock(
    asked=("plot>=1",),
    packages=(
        locked("base", "2.0", pure=False, source="pyodide"),
        locked("libfast", "1", file="libfast-1.zip", pure=False, source="pyodide"),
        locked("plot", "1.5", requires=("base<3", "libfast"), native=('shim>2; python_version < "3"',)),
        locked("shim", "2.1"),
    ),
)


def test_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    assert read_lock(tmp_path) is None
    write_lock(tmp_path, LOCK)
    assert read_lock(tmp_path) == LOCK
    text = (tmp_path / PACKAGES_LOCK).read_text()
    assert json.loads(text)["pyodide"] == LOCK.pyodide
    assert text.endswith("}\n")


def test_a_lock_that_says_the_same_is_not_written_again(tmp_path: Path) -> None:
    write_lock(tmp_path, LOCK)
    os.utime(tmp_path / PACKAGES_LOCK, (1, 1))
    write_lock(tmp_path, LOCK)
    assert (tmp_path / PACKAGES_LOCK).stat().st_mtime == 1


def test_no_package_no_lock(tmp_path: Path) -> None:
    write_lock(tmp_path, LOCK)
    write_lock(tmp_path, PackageLock())
    assert not (tmp_path / PACKAGES_LOCK).exists()
    write_lock(tmp_path, PackageLock())


Damage = Callable[[dict[str, Any]], object]
DAMAGES: dict[str, Damage] = {
    "no hash": lambda lock: lock["packages"][0].pop("sha256"),
    "half a hash": lambda lock: lock["packages"][0].update(sha256="abc"),
    "a path for a file": lambda lock: lock["packages"][0].update(file="../../x.whl"),
    "another source": lambda lock: lock["packages"][0].update(source="elsewhere"),
    "an option for a name": lambda lock: lock["packages"][0].update(name="-r evil"),
    "a name with a host": lambda lock: lock["packages"][0].update(name="base @ https://example.com/x.whl#"),
    "a version that is none": lambda lock: lock["packages"][0].update(version="1.0 --pre"),
    "a requirement that is none": lambda lock: lock["packages"][2].update(requires=["two words here"]),
    "a package twice": lambda lock: lock["packages"].append(lock["packages"][0]),
    "a package that went": lambda lock: lock["packages"].pop(0),
    "an asked one that went": lambda lock: lock["asked"].append("other"),
    "a word too much": lambda lock: lock.update(extra=1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_lock_is_refused_with_its_file(damage: Damage, tmp_path: Path) -> None:
    write_lock(tmp_path, LOCK)
    path = tmp_path / PACKAGES_LOCK
    lock = json.loads(path.read_text())
    damage(lock)
    path.write_text(json.dumps(lock))
    with pytest.raises(ContentError, match=r"can't be read[\s\S]*demos update") as caught:
        read_lock(tmp_path)
    assert caught.value.place is not None
    assert caught.value.place.file == path


def test_a_merge_conflict_is_refused(tmp_path: Path) -> None:
    write_lock(tmp_path, LOCK)
    path = tmp_path / PACKAGES_LOCK
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    with pytest.raises(ContentError, match="can't be read"):
        read_lock(tmp_path)


def test_a_lock_for_another_pyodide_is_refused(tmp_path: Path) -> None:
    write_lock(tmp_path, LOCK.model_copy(update={"pyodide": "300.0.0"}))
    with pytest.raises(ContentError, match=r"chosen for Pyodide 300\.0\.0[\s\S]*demos update"):
        read_lock(tmp_path)


def test_a_package_stands_after_what_it_requires_where_it_is_required() -> None:
    assert [package.name for package in LOCK.closure(["Plot"])] == ["base", "libfast", "plot"]
    assert [package.name for package in LOCK.closure(["plot>=1"], "here")] == ["base", "libfast", "plot"]
    assert [package.name for package in LOCK.closure(["plot"], "anywhere")] == ["base", "libfast", "shim", "plot"]
    assert LOCK.closure([]) == ()


def test_packages_that_require_each_other_come_once() -> None:
    packages = (locked("one", requires=("two",)), locked("two", requires=("one",)))
    lock = PackageLock(asked=("one",), packages=packages)
    assert [package.name for package in lock.closure(["one"])] == ["two", "one"]


@given(st.data())
def test_every_package_that_is_needed_comes_once_after_what_it_requires(data: st.DataObject) -> None:
    names = [f"p{number}" for number in range(data.draw(st.integers(1, 8)))]
    requires = {name: data.draw(st.sets(st.sampled_from(names[:at]))) if at else set() for at, name in enumerate(names)}
    packages = tuple(locked(name, requires=tuple(sorted(requires[name]))) for name in names)
    asked = data.draw(st.lists(st.sampled_from(names), unique=True))
    order = [package.name for package in PackageLock(asked=tuple(asked), packages=packages).closure(asked)]
    assert len(order) == len(set(order))
    assert set(asked) <= set(order)
    for at, name in enumerate(order):
        assert requires[name] <= set(order[:at])
    assert set(order) <= set(asked).union(*(requires[name] for name in order))
