"""The feed reader that tests run: newsboat, if it is here, else Debian's package where this user may install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from filelock import FileLock

VARIABLE = "NEWSBOAT"
PACKAGE = "newsboat"


@cache
def newsboat_path() -> str:
    """The path of newsboat, installed if need be. Raises LookupError that says what to install."""
    with FileLock(Path(tempfile.gettempdir()) / "site-builder-newsboat.lock"):  # tests may run in several processes
        path = _here() or (_install() and _here())
    if not path:
        raise LookupError(
            f"newsboat is not here and can't be installed by this user: install the package {PACKAGE} "
            f"(apt-get install {PACKAGE}, brew install {PACKAGE}), or name the program in {VARIABLE}"
        )
    return path


def _here() -> str | None:
    return shutil.which(os.environ.get(VARIABLE) or PACKAGE)


def _install() -> bool:
    """By apt-get, as root or with sudo that asks for no password."""
    if not shutil.which("apt-get"):
        return False
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become and not shutil.which("sudo"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", PACKAGE])
    return all(
        subprocess.run([*become, "apt-get", *command], env=environment, capture_output=True).returncode == 0
        for command in commands
    )


if __name__ == "__main__":
    print(f"feed reader: {newsboat_path()}")
