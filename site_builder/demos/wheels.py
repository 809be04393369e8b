"""What a Python wheel says of itself: whether it is pure, and what it requires in the browser and where the site is built."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from email.parser import HeaderParser
from functools import lru_cache
from itertools import product
from pathlib import Path

from packaging.markers import Marker, default_environment
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from site_builder.errors import Place, SiteError

PYTHON = "3.14"
"""The version of Pyodide's Python, as pip takes it."""
PLATFORM = "pyemscripten_2026_0_wasm32"
"""The platform tag of wheels compiled for Pyodide 314 (PEP 783); its distribution's lock calls it ABI 2026_0."""

_BROWSER = {
    "implementation_name": "cpython",
    "implementation_version": "3.14.2",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_python_implementation": "CPython",
    "platform_release": "5.0.3",
    "platform_system": "Emscripten",
    "platform_version": "#1",
    "python_full_version": "3.14.2",
    "python_version": PYTHON,
    "sys_platform": "emscripten",
}
_SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
# Not this machine's own: a lock must not depend on where it is made.
_BUILDERS = [
    {
        **_BROWSER,
        "os_name": name,
        "platform_machine": "x86_64",
        "platform_system": system,
        "sys_platform": platform,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_version": f"{python}.0",
    }
    for (platform, system, name), python in product(_SYSTEMS, ("3.11", "3.12", "3.13", "3.14"))
]


@dataclass(frozen=True)
class Wheel:
    """What matters of one wheel."""

    name: str
    """In its normal form: small letters, with ``-``."""
    version: str
    pure: bool
    """Without compiled code, so that it runs on any machine."""
    requires: tuple[str, ...]
    """Requirements that count in the browser, without markers."""
    native: tuple[str, ...]
    """Requirements that count only where sites are built, with their markers."""


def read_wheel(path: Path, extras: Iterable[str] = ()) -> Wheel:
    """Raises SiteError if ``path`` is no wheel. ``extras`` are those asked for, in their normal form."""
    try:
        name, version, _, tags = parse_wheel_filename(path.name)
        requires_dist = HeaderParser().parsestr(_metadata(path)).get_all("Requires-Dist", [])
        requirements = [Requirement(text) for text in requires_dist]
    except (InvalidWheelFilename, InvalidRequirement, OSError, zipfile.BadZipFile, KeyError, UnicodeError) as error:
        raise SiteError(f"this is not a wheel that can be read: {error}", place=Place(path)) from None
    wanted = tuple(sorted(extras))
    requires, native = set(), set()
    for requirement in requirements:
        marker, requirement.marker = requirement.marker, None
        if _holds(marker, _BROWSER, wanted):
            requires.add(str(requirement))
        elif any(_holds(marker, builder, wanted) for builder in _BUILDERS):
            requirement.marker = marker
            native.add(str(requirement))
    pure = all(tag.platform == "any" for tag in tags)
    return Wheel(name, str(version), pure, tuple(sorted(requires)), tuple(sorted(native)))


def holds_here(requirement: Requirement, extras: Iterable[str]) -> bool:
    """Whether a requirement's marker holds in the Python that runs this."""
    return _holds(requirement.marker, {name: str(value) for name, value in default_environment().items()}, extras)


@lru_cache(maxsize=1024)
def requires_python(path: Path) -> str:
    """Which versions of Python the wheel is for, as a specifier; empty: any. Read once: in the cache its path has its hash."""
    return HeaderParser().parsestr(_metadata(path)).get("Requires-Python", "")


def unpack(path: Path, folder: Path) -> None:
    """Put what Python imports from a wheel into ``folder``, and nothing outside it; as "The wheel binary format" lays it out."""
    with zipfile.ZipFile(path) as wheel:
        for member in wheel.infolist():
            target = _target(member.filename)
            if target and not member.is_dir():
                place = folder / target
                if not place.resolve().is_relative_to(folder.resolve()):
                    raise SiteError(f"a wheel has a file outside itself: {member.filename}", place=Place(path))
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(wheel.read(member))


def unpacked_whole(path: Path, folder: Path) -> bool:
    """Whether ``folder`` holds every file of the wheel, as it is there. Compared again only if the folder changed since."""
    return _holds_all(path, folder, frozenset(_stats(str(folder))))


def _stats(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stats(entry.path)
            else:
                stat = entry.stat()
                yield entry.path, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=256)
def _holds_all(path: Path, folder: Path, _files: frozenset[tuple[str, int, int]]) -> bool:
    with zipfile.ZipFile(path) as wheel:
        for member in wheel.infolist():
            target = _target(member.filename)
            if target and not member.is_dir():
                try:
                    if (folder / target).read_bytes() != wheel.read(member):
                        return False
                except OSError:
                    return False
    return True


def _target(name: str) -> str:
    """Where a wheel's file belongs below the import path; empty for scripts, headers and data."""
    top, _, rest = name.partition("/")
    if not top.endswith(".data"):
        return name
    kind, _, inside = rest.partition("/")
    return inside if kind in ("purelib", "platlib") else ""


def _metadata(path: Path) -> str:
    with zipfile.ZipFile(path) as wheel:
        name = next(
            (name for name in wheel.namelist() if name.count("/") == 1 and name.endswith(".dist-info/METADATA")),
            "METADATA",
        )
        return wheel.read(name).decode()


def _holds(marker: Marker | None, environment: Mapping[str, str], extras: Iterable[str]) -> bool:
    return marker is None or any(marker.evaluate({**environment, "extra": extra}) for extra in ("", *extras))


def normal(name: str) -> str:
    """A package's name in its normal form."""
    return str(canonicalize_name(name))
