"""nginx and Caddy for tests: those that are here, else Debian's packages, unpacked into a temporary folder and not installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from filelock import FileLock

PATHS = {"nginx": "usr/sbin/nginx", "caddy": "usr/bin/caddy"}


@cache
def proxy_path(name: str) -> str:
    """The path of the program. Raises LookupError that says what to install."""
    folder = Path(tempfile.gettempdir()) / f"site-builder-{name}"
    with FileLock(f"{folder}.lock"):  # tests may run in several processes
        path = _here(name, folder) or (_unpack(name, folder) and _here(name, folder))
    if not path:
        raise LookupError(
            f"{name} is not here, and its Debian package can't be fetched: install it (apt-get install {name}, "
            f"brew install {name}), or name the program in {name.upper()}"
        )
    return path


def _here(name: str, folder: Path) -> str | None:
    return shutil.which(os.environ.get(name.upper()) or name) or shutil.which(folder / PATHS[name])


def _unpack(name: str, folder: Path) -> bool:
    """An installed package would start a server at once. Lists that are old know of no package that is still there."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        return False
    folder.mkdir(exist_ok=True)

    def run(*command: str | Path) -> bool:
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0

    download = ("apt-get", "download", "-qq", name)
    if not run(*download) and not (run("apt-get", "update", "-qq") and run(*download)):
        return False
    return run("dpkg", "-x", next(folder.glob("*.deb")), folder)


if __name__ == "__main__":
    for name in PATHS:
        print(f"{name}: {proxy_path(name)}")
