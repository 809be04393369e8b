"""The committed lock of Python packages, ``.demos/packages.lock`` in the docs folder: which wheels the demos of a site have."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, Self

from packaging.requirements import InvalidRequirement, Requirement
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from site_builder.demos.runtimes import PYODIDE
from site_builder.demos.wheels import holds_here, normal
from site_builder.errors import ContentError, Place, SiteError

PACKAGES_LOCK = ".demos/packages.lock"
"""From the docs folder. Not ``….json``: that is the outputs of a page of that name."""
UPDATE = "Run site-builder demos update, look at what it changed, and commit it."


class LockedPackage(BaseModel):
    """One wheel, or a shared library of Pyodide's distribution (``….zip``)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """In its normal form."""
    version: str
    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+!-]*\.(?:whl|zip)$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    source: Literal["pypi", "pyodide"]
    """The index that pip is set to, or Pyodide's own distribution."""
    pure: bool
    """Without compiled code: the build can run it too."""
    extras: tuple[str, ...] = ()
    """Those that its ``requires`` has."""
    requires: tuple[str, ...] = ()
    """What it needs in the browser, as requirements without markers."""
    native: tuple[str, ...] = ()
    """What it needs only where sites are built, with markers; a package that runs nowhere but there is not in the lock."""

    @model_validator(mode="after")
    def _is_well_formed(self) -> Self:
        try:
            exact = Requirement(f"{self.name}=={self.version}")
            for text in (*self.requires, *self.native):
                Requirement(text)
        except InvalidRequirement as error:
            raise ValueError(f"{self.name}: {error}") from None
        if normal(exact.name) != self.name or exact.url or exact.marker:
            raise ValueError(f"{self.name!r} is not a package's name")
        return self

    @property
    def library(self) -> bool:
        """No Python, but what compiled packages load."""
        return self.file.endswith(".zip")


class PackageLock(BaseModel):
    """What ``demos update`` found once, and every build takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pyodide: str = PYODIDE.version
    """For which the packages were chosen."""
    asked: tuple[str, ...] = ()
    """The requirements of all demos in their normal form, sorted."""
    packages: tuple[LockedPackage, ...] = ()
    """Sorted by name; one version of each for the whole site."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        names = {package.name for package in self.packages}
        if len(names) < len(self.packages):
            raise ValueError("a package stands there twice")
        required = {name_of(text) for package in self.packages for text in package.requires}
        if lost := sorted((required | set(map(name_of, self.asked))) - names):
            raise ValueError(f"there is no {', '.join(lost)}, which is asked for")
        return self

    @property
    def by_name(self) -> Mapping[str, LockedPackage]:
        return {package.name: package for package in self.packages}

    def closure(
        self, requirements: Iterable[str], where: Literal["browser", "here", "anywhere"] = "browser"
    ) -> tuple[LockedPackage, ...]:
        """The packages that ``requirements`` need in the browser, or on this machine, each after what it requires."""
        known, done = self.by_name, dict[str, LockedPackage | None]()

        def add(name: str) -> None:
            if name in known and name not in done:
                done[name] = None
                package = known[name]
                for text in package.requires:
                    add(name_of(text))
                for text in package.native if where != "browser" else ():
                    if where == "anywhere" or holds_here(Requirement(text), package.extras):
                        add(name_of(text))
                del done[name]
                done[name] = package

        for name in sorted(map(name_of, requirements)):
            add(name)
        return tuple(package for package in done.values() if package)


def name_of(requirement: str) -> str:
    """The package's name in its normal form."""
    return normal(Requirement(requirement).name)


def read_lock(docs_dir: Path) -> PackageLock | None:
    """None if there is no such file. Raises ContentError if it is damaged, or of another Pyodide than this."""
    path = docs_dir / PACKAGES_LOCK
    try:
        lock = PackageLock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        what = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.strerror
        hint = f"Take the last committed one, or delete it. {UPDATE}"
        raise ContentError(
            f"the lock of the demos' packages can't be read: {what}", place=Place(path), hint=hint
        ) from None
    if lock.pyodide != PYODIDE.version:
        what = f"these packages were chosen for Pyodide {lock.pyodide}, and the demos run in {PYODIDE.version}"
        raise ContentError(what, place=Place(path), hint=UPDATE)
    return lock


def write_lock(docs_dir: Path, lock: PackageLock) -> None:
    """Replace the file at once, if it differs; remove it when no demo asks for packages. Raises SiteError if that fails."""
    path = docs_dir / PACKAGES_LOCK
    text = json.dumps(
        lock.model_dump(mode="json", exclude_defaults=True) | {"pyodide": lock.pyodide}, indent=2, sort_keys=True
    )
    content = (text + "\n").encode()
    try:
        if not lock.asked:
            path.unlink(missing_ok=True)
        elif not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(path.name + ".new")
            beside.write_bytes(content)
            beside.replace(path)
    except OSError as error:
        raise SiteError(
            f"the lock of the demos' packages can't be written: {error.strerror}", place=Place(path)
        ) from None
