"""Wheels in the cache, each in a folder named by its hash: fetched once, checked at each use."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from site_builder.demos.cachedir import one_at_a_time, sha256_of
from site_builder.demos.distribution import download_distributed
from site_builder.demos.index import NoWheelError, download
from site_builder.demos.lockfile import PACKAGES_LOCK, LockedPackage
from site_builder.demos.runtimes import Say
from site_builder.demos.wheels import read_wheel, unpack, unpacked_whole
from site_builder.errors import Place, SiteError


@dataclass(frozen=True)
class WheelStore:
    """The part of the cache that holds wheels."""

    cache: Path
    distribution_url: str = ""
    """Where Pyodide's distribution is; empty: its public host."""
    say: Say | None = None

    @property
    def folder(self) -> Path:
        return self.cache / "wheels"

    def path(self, package: LockedPackage) -> Path:
        """Where its file is, once it was fetched."""
        return self.folder / package.sha256 / package.file

    def take(self, requirements: Sequence[str]) -> dict[str, Path]:
        """The newest wheel for each requirement from the package index, by the package's name. Raises as ``index.download``."""
        self._tell(f"Looking for {', '.join(requirements)} in the package index")
        with self._writing() as beside:
            taken = [self._keep(path) for path in download(requirements, beside)]
        return {read_wheel(path).name: path for path in taken}

    def fetch(self, packages: Iterable[LockedPackage]) -> dict[str, Path]:
        """The files of locked packages by their names, from the cache where they are there. Raises SiteError for each fault."""
        packages = list(packages)
        if any(not self.path(package).is_file() for package in packages):
            with self._writing() as beside:
                self._fetch([package for package in packages if not self.path(package).is_file()], beside)
        for package in packages:
            path = self.path(package)
            if sha256_of(path) != package.sha256:
                hint = f"Delete the folder {path.parent}, then build again; it will be fetched anew."
                raise SiteError(
                    "a demo's package is damaged: its hash is not the locked one", place=Place(path), hint=hint
                )
        return {package.name: self.path(package) for package in packages}

    def unpacked(self, package: LockedPackage) -> Path:
        """The folder of a wheel's modules, for ``sys.path``; the same check is made as for the wheel itself."""
        wheel = self.fetch([package])[package.name]
        target = self.cache / "unpacked" / package.sha256
        if not target.is_dir():
            with one_at_a_time(target):
                if not target.is_dir():
                    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".unpacking-") as beside:
                        whole = Path(beside) / "whole"
                        whole.mkdir()
                        unpack(wheel, whole)
                        whole.rename(target)
        if not unpacked_whole(wheel, target):
            hint = f"Delete the folder {target}, then build again."
            raise SiteError(
                f"the demos' package {package.name} was changed in the cache", place=Place(target), hint=hint
            )
        return target

    def _fetch(self, packages: Sequence[LockedPackage], beside: Path) -> None:
        indexed = [package for package in packages if package.source == "pypi"]
        if indexed:
            requirements = [f"{package.name}=={package.version}" for package in indexed]
            self._tell(f"Fetching {', '.join(requirements)} from the package index")
            try:
                download(requirements, beside, [package.sha256 for package in indexed])
            except NoWheelError as error:
                what = f"the package index no longer has the locked {error.name} for browsers"
                hint = f"Delete {PACKAGES_LOCK} in the docs folder, and run site-builder demos update to choose anew."
                raise SiteError(what, hint=hint) from None
        for package in packages:
            if package.source == "pyodide":
                self._tell(f"Fetching {package.file} from Pyodide's distribution")
                download_distributed(package.file, beside, self.distribution_url)
        for package in packages:
            if not (path := beside / package.file).is_file() or sha256_of(path) != package.sha256:
                what = f"{package.file} was fetched, but is not the locked one: its hash should be {package.sha256}"
                hint = "Nothing of it was kept. Look which index pip is set to use (pip config list), and at distribution_url."
                raise SiteError(what, hint=hint)
        for package in packages:
            self._keep(beside / package.file)

    def _keep(self, path: Path) -> Path:
        target = self.folder / sha256_of(path) / path.name
        target.parent.mkdir(exist_ok=True)
        return path.replace(target)

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """Alone, with a folder for what comes in."""
        with one_at_a_time(self.folder):
            self.folder.mkdir(exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder, prefix=".fetching-") as beside:
                yield Path(beside)

    def _tell(self, what: str) -> None:
        if self.say:
            self.say(what)


def kept_wheel(path: Path, extras: Iterable[str]) -> LockedPackage:
    """What the lock says of a wheel of the package index that is in the store."""
    wheel = read_wheel(path, extras)
    return LockedPackage(
        name=wheel.name,
        version=wheel.version,
        file=path.name,
        sha256=path.parent.name,
        source="pypi",
        pure=wheel.pure,
        extras=tuple(sorted(extras)),
        requires=wheel.requires,
        native=wheel.native,
    )
