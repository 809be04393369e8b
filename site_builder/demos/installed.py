"""Compiled packages can't be taken from the lock when the build runs a demo: they must be installed where it runs."""

from __future__ import annotations

import hashlib
import platform
import sys
import tempfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.version import Version

from site_builder.demos.cachedir import one_at_a_time
from site_builder.demos.lockfile import LockedPackage
from site_builder.errors import ContentError, Place


def installed(package: LockedPackage, cache: Path, place: Place | None = None) -> Path:
    """A folder for ``sys.path`` from which ``package`` and nothing else can be imported: links to where it is installed.

    Where links can't be made (Windows without the right to) it is the folder with all that is installed.
    Raises ContentError at ``place`` if the package is not installed, or not in the version that readers get.
    """
    try:
        found = distribution(package.name)
    except PackageNotFoundError:
        raise _missing(package, "is not installed here", place) from None
    if Version(found.version) != Version(package.version):
        raise _missing(package, f"is installed here in version {found.version}", place)
    home = Path(str(found.locate_file(""))).resolve()
    tops = _tops(found, home)
    key = hashlib.sha256(f"{home}\n{tops}".encode()).hexdigest()[:16]
    folder = cache / "installed" / f"{package.name}-{package.version}-{key}"
    if not folder.is_dir():
        with one_at_a_time(folder):
            if not folder.is_dir() and not _link(home, tops, folder):
                return home
    return folder


def _missing(package: LockedPackage, how: str, place: Place | None) -> ContentError:
    what = f"the package {package.name} {package.version} is compiled and must be there to run the demo in the build; it {how}"
    here = f"{sys.implementation.name} {platform.python_version()}"
    hint = (
        f"Install it: pip install {package.name}=={package.version} (this is {here});"
        " or let the build run Python as readers do: python: pyodide in the demos plugin's options."
    )
    return ContentError(what, place=place, hint=hint)


def _tops(found: Distribution, home: Path) -> list[str]:
    """The files and folders right below ``home`` that belong to it."""
    parts = {file.parts[0] for file in found.files or () if file.parts[0] not in ("..", "__pycache__")}
    return sorted(top for top in parts if (home / top).exists())


def _link(home: Path, tops: list[str], folder: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".linking-") as beside:
        whole = Path(beside) / "whole"
        whole.mkdir()
        try:
            for top in tops:
                (whole / top).symlink_to(home / top)
        except OSError:
            return False
        whole.rename(folder)
        return True
