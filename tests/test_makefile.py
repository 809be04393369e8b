"""`make site`, but for what it installs: the key and the member of the demo blog are made, and told of in one sentence."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from site_builder.membership.token import parse_token
from tests.docs import CHECKOUT
from tests.sites import environment


def test_the_demos_key_and_member_are_made_without_advice_for_real_ones(tmp_path: Path) -> None:
    for name in ("Makefile", "mkdocs.yml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    # The environment that `make` would install: made already, of this interpreter.
    for name in ("pyproject.toml", "requirements/site.txt", "venv/.site"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    tool = tmp_path / "venv/bin/site-builder"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {shlex.join([sys.executable, "-m", "site_builder"])} "$@"\n')
    tool.chmod(0o755)
    # `make test` tells the makes below it what it was called with.
    env = {name: value for name, value in environment().items() if not name.startswith(("MAKE", "MFLAGS"))}
    made = subprocess.run(
        ["make", "VENV=venv", ".site-builder/demo.json"],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    (line,) = made.stdout.splitlines()
    assert "They open nothing else" in line and made.stderr == ""
    assert (tmp_path / ".site-builder/master.key").stat().st_mode & 0o777 == 0o600
    demo = tmp_path / ".site-builder/demo.json"
    assert parse_token(json.loads(demo.read_text())["token"])
    assert demo.stat().st_mode & 0o777 == 0o600
