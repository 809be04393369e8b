"""Wheels from the package index that pip is set to: those that run in the browser, and no others."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from site_builder.demos.cachedir import VARIABLE
from site_builder.demos.wheels import PLATFORM, PYTHON
from site_builder.errors import ConfigError, SiteError

PATIENCE = 900.0
_FOR_BROWSERS = ["--only-binary=:all:", "--platform", PLATFORM, "--python-version", PYTHON, "--implementation", "cp"]
_QUIET = ["-q", "--disable-pip-version-check", "--no-input", "--progress-bar", "off", "--retries", "1"]
_NONE = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]*[A-Za-z0-9])")
_VERSIONS = re.compile(r"\(from versions: ([^)]*)\)")
_BROKEN = re.compile(r"connection broken by (?:.*?[>)]: ([^'\"]+)|(.*))|(Could not fetch URL .*)")


class NoWheelError(Exception):
    """The index has no wheel of ``name`` for browsers in the versions asked for; ``versions`` are those that it has."""

    def __init__(self, name: str, versions: str) -> None:
        self.name, self.versions = name, versions
        super().__init__(name)


def download(requirements: Sequence[str], folder: Path, hashes: Sequence[str] = ()) -> list[Path]:
    """Fetch a wheel for each requirement into ``folder``, without what they require themselves.

    ``hashes``: the SHA-256 of each in hex, if only one file will do. Raises NoWheelError; SiteError if the index can't be
    reached or gives another file; ConfigError if this Python has no pip.
    """
    lines = [
        f"{requirement} --hash=sha256:{hashes[number]}\n" if hashes else f"{requirement}\n"
        for number, requirement in enumerate(requirements)
    ]
    asked = folder / "requirements.txt"
    asked.write_text("".join(lines), "utf-8")
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--no-deps",
        *_FOR_BROWSERS,
        "--abi",
        f"cp{PYTHON.replace('.', '')}",
    ]
    try:
        done = subprocess.run(
            [*command, *_QUIET, "-d", str(folder), "-r", str(asked)], capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise _unreached(requirements, f"pip took longer than {PATIENCE:.0f} s") from None
    asked.unlink()
    if done.returncode:
        _explain(done.stderr, requirements)
    return sorted(folder.glob("*.whl"))


def _explain(said: str, requirements: Sequence[str]) -> None:
    if "No module named pip" in said:
        hint = "Put it there with python -m ensurepip, or uv pip install pip."
        raise ConfigError("Python packages of demos are fetched by pip, and this Python has none", hint=hint)
    if broken := _BROKEN.search(said):
        raise _unreached(requirements, (broken[1] or broken[2] or broken[3]).strip())
    if "DO NOT MATCH THE HASHES" in said:
        what = f"the package index gave another file than the locked one, for one of: {', '.join(requirements)}"
        raise SiteError(what, hint="Look which index pip is set to use: pip config list. Nothing of it was kept.")
    if none := _NONE.search(said):
        versions = _VERSIONS.search(said)
        raise NoWheelError(none[1], "" if not versions or versions[1] == "none" else versions[1])
    errors = [line for line in said.splitlines() if line.startswith("ERROR")] or said.strip().splitlines()[-1:]
    raise _unreached(requirements, errors[0].removeprefix("ERROR: ") if errors else "pip failed without a word")


def _unreached(requirements: Sequence[str], reason: str) -> SiteError:
    what = (
        f"Python packages of demos are not in the cache and could not be fetched ({', '.join(requirements)}): {reason}"
    )
    return SiteError(what, hint=f"Connect to the network once; or let {VARIABLE} name a cache that holds them.")
