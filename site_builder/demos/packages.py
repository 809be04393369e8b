"""The Python packages of demos: chosen and locked by ``demos update``, then taken by every build, for readers and for itself."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from site_builder.demos.cachedir import sha256_of
from site_builder.demos.distribution import distributed
from site_builder.demos.installed import installed
from site_builder.demos.lockfile import UPDATE, LockedPackage, PackageLock, read_lock, write_lock
from site_builder.demos.model import Demo, Language
from site_builder.demos.resolution import Wanted, resolve
from site_builder.demos.runtimes import PYODIDE, Say, fetch
from site_builder.demos.wheels import normal, requires_python
from site_builder.demos.wheelstore import WheelStore
from site_builder.errors import ContentError, Place, SeveralErrors, placed

SITE_PATH = "assets/demos/wheels/"


def lock_packages(
    docs_dir: Path,
    demos: Iterable[Demo],
    cache: Path,
    *,
    distribution_url: str = "",
    upgrade: bool = False,
    say: Say | None = None,
) -> PackageLock:
    """Choose wheels for all that ``demos`` ask for and write the lock, if it is not the same as before.

    Packages keep their versions while they fit; ``upgrade`` looks for the newest of all. Needs no network when nothing new is
    asked for. Raises ContentError at a demo's fence for a package that can't run in browsers; SiteError if the index or
    Pyodide's package can't be reached.
    """
    wanted = _wanted(demos)
    asked = tuple(sorted({_text(one.requirement) for one in wanted}))
    before = None if upgrade else _read_for_update(docs_dir)
    if before and set(asked) <= set(before.asked):
        packages = tuple(sorted(before.closure(asked, "anywhere"), key=lambda package: package.name))
    elif wanted:
        with placed(wanted[0].place):
            distribution = distributed(fetch(PYODIDE, cache, say))
            kept = before.by_name if before else {}
            packages = resolve(wanted, kept, distribution, WheelStore(cache, distribution_url, say))
    else:
        packages = ()
    lock = PackageLock(asked=asked, packages=packages)
    write_lock(docs_dir, lock)
    return lock


def locked_packages(docs_dir: Path, demos: Iterable[Demo]) -> PackageLock:
    """The lock, if it has all that ``demos`` ask for. Raises ContentError at each fence whose packages are not locked."""
    wanted = _wanted(demos)
    if not wanted:
        return PackageLock()
    lock = read_lock(docs_dir) or PackageLock()
    missing = [
        ContentError(f"the package {one.requirement} is not locked yet", place=one.place, hint=UPDATE)
        for one in wanted
        if _text(one.requirement) not in lock.asked
    ]
    if missing:
        raise missing[0] if len(missing) == 1 else SeveralErrors([*missing])
    return lock


def fetch_wheels(
    lock: PackageLock, cache: Path, *, distribution_url: str = "", say: Say | None = None
) -> dict[str, Path]:
    """The files of all packages in the lock by their names, each checked; what is in the cache needs no network."""
    return WheelStore(cache, distribution_url, say).fetch(lock.packages)


def install_wheels(
    lock: PackageLock,
    requirements: Iterable[str],
    cache: Path,
    site_dir: Path,
    *,
    distribution_url: str = "",
    say: Say | None = None,
) -> tuple[str, ...]:
    """Put into the site what a demo's ``requirements`` need in browsers: paths below the site's root, in the order of loading.

    The wheels of Pyodide's distribution may come with shared libraries (``….zip``), which stand before what loads them.
    """
    packages = lock.closure(requirements)
    files = WheelStore(cache, distribution_url, say).fetch(packages)
    placed = []
    for package in packages:
        target = site_dir / SITE_PATH / package.file
        if not target.is_file() or sha256_of(target) != package.sha256:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(files[package.name], target)
        placed.append(SITE_PATH + package.file)
    return tuple(placed)


def native_paths(
    lock: PackageLock,
    requirements: Iterable[str],
    cache: Path,
    place: Place | None = None,
    *,
    distribution_url: str = "",
    say: Say | None = None,
) -> tuple[Path, ...]:
    """Folders for ``sys.path`` with which the build's own Python runs a demo: those packages, and no others.

    Pure wheels are unpacked into the cache. Raises ContentError at ``place`` for a compiled package that is not installed in
    the very version that readers get, and for one that is not for this version of Python.
    """
    store = WheelStore(cache, distribution_url, say)
    with placed(place):
        return tuple(
            _pure(package, store, place) if package.pure else installed(package, cache, place)
            for package in lock.closure(requirements, "here")
            if not package.library
        )


def _pure(package: LockedPackage, store: WheelStore, place: Place | None) -> Path:
    folder = store.unpacked(package)
    needed, here = requires_python(store.path(package)), platform.python_version()
    if not SpecifierSet(needed).contains(here, prereleases=True):
        what = f"the package {package.name} {package.version} is for Python {needed}, and this build runs {here}"
        hint = "Ask for an older one, or let the build run Python as readers do: python: pyodide in the demos plugin's options."
        raise ContentError(what, place=place, hint=hint)
    return folder


def _read_for_update(docs_dir: Path) -> PackageLock | None:
    """A lock that can't be read is made anew: that is what the error about it says to do."""
    try:
        return read_lock(docs_dir)
    except ContentError:
        return None


def _wanted(demos: Iterable[Demo]) -> Sequence[Wanted]:
    """What demos ask for, once each, with the first fence that does, in a fixed order."""
    found: dict[str, Wanted] = {}
    for demo in sorted(demos, key=lambda demo: (demo.page, demo.place.line or 0)):
        for text in demo.options.packages if demo.language is Language.PYTHON else ():
            requirement = _requirement(text, demo.place)
            found.setdefault(_text(requirement), Wanted(requirement, place=demo.place))
    return [found[text] for text in sorted(found)]


def _requirement(text: str, place: Place) -> Requirement:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        requirement = None
    if requirement is None or requirement.url or requirement.marker:
        hint = 'Write a name, with versions if need be: "leather", "leather==0.4.1", "rich[jupyter]>=14".'
        raise ContentError(f"packages: {text!r} is not a package", place=place, hint=hint)
    return requirement


def _text(requirement: Requirement) -> str:
    extras = ",".join(sorted(map(normal, requirement.extras)))
    return f"{normal(requirement.name)}{f'[{extras}]' if extras else ''}{requirement.specifier}"
