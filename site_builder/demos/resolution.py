"""From the requirements of all demos to one set of wheels that run in the browser, in rounds until nothing new is required."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from site_builder.demos.distribution import Distributed
from site_builder.demos.index import NoWheelError
from site_builder.demos.lockfile import LockedPackage
from site_builder.demos.wheels import PLATFORM, normal
from site_builder.demos.wheelstore import WheelStore, kept_wheel
from site_builder.errors import ContentError, Place

ROUNDS = 50


@dataclass(frozen=True)
class Wanted:
    """A requirement, and who has it."""

    requirement: Requirement
    by: str = ""
    """The package, as "pandas 3.0.2"; empty: a demo."""
    place: Place | None = None
    """The demo's fence that asks for it, or for what requires it."""
    native: bool = False
    """Only where the site is built: done without if there is no wheel."""
    distributed: bool = False
    """By a package of Pyodide's distribution, which was tried with the versions there."""


@dataclass(frozen=True)
class Need:
    """All that is wanted of one package."""

    name: str
    specifier: SpecifierSet
    extras: frozenset[str]
    native: bool
    """Only where the site is built."""
    wanted: tuple[Wanted, ...] = field(compare=False)

    @property
    def text(self) -> str:
        """As pip takes it, without extras: what they require is read from the wheel."""
        return f"{self.name}{self.specifier}"

    def fits(self, version: str) -> bool:
        return self.specifier.contains(Version(version), prereleases=True)


Found = dict[Need, LockedPackage | None]


def resolve(
    wanted: Sequence[Wanted],
    kept: Mapping[str, LockedPackage],
    distribution: Mapping[str, Distributed],
    store: WheelStore,
) -> tuple[LockedPackage, ...]:
    """The wheels for ``wanted`` and all that they require, by name.

    A package of ``kept`` (the lock so far) stays if it still fits. What is compiled comes from Pyodide's ``distribution`` if the
    version there fits; all else from the package index; what the index lacks, from the distribution. There is one version of each
    for the whole site, and no going back: a requirement that the newest versions contradict is an error that says who wants what.

    Raises ContentError at the fence that asks for what can't be had; SiteError as ``WheelStore.take`` does.
    """
    found: Found = {}
    needs = _merged(wanted)
    for _ in range(ROUNDS):
        _choose([need for need in needs if need not in found], found, kept, distribution, store)
        again = _merged([*wanted, *_required(needs, found)])
        if again == needs:
            return _reachable(wanted, {need.name: found[need] for need in needs})
        needs = again
    names = ", ".join(sorted(need.name for need in needs))
    raise ContentError(f"these packages of demos require each other in circles: {names}", place=wanted[0].place)


def _merged(wanted: Iterable[Wanted]) -> list[Need]:
    by_name: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_name.setdefault(normal(one.requirement.name), []).append(one)
    return [_merge(name, tuple(ones)) for name, ones in sorted(by_name.items())]


def _merge(name: str, ones: tuple[Wanted, ...]) -> Need:
    specifier = SpecifierSet()
    for one in ones:
        specifier &= one.requirement.specifier
    extras = frozenset(normal(extra) for one in ones for extra in one.requirement.extras)
    return Need(name, specifier, extras, all(one.native for one in ones), ones)


def _required(needs: Iterable[Need], found: Found) -> Iterable[Wanted]:
    for need in needs:
        if package := found[need]:
            by, place = f"{package.name} {package.version}", need.wanted[0].place
            for text in package.requires:
                yield Wanted(Requirement(text), by, place, need.native, package.source == "pyodide")
            for text in package.native:
                yield Wanted(Requirement(text), by, place, native=True)


def _reachable(wanted: Iterable[Wanted], chosen: Mapping[str, LockedPackage | None]) -> tuple[LockedPackage, ...]:
    """Without what was required by a version that did not stay."""
    ahead, kept = [normal(one.requirement.name) for one in wanted], dict[str, LockedPackage]()
    while ahead:
        name = ahead.pop()
        if name not in kept and (package := chosen.get(name)):
            kept[name] = package
            ahead += [normal(Requirement(text).name) for text in (*package.requires, *package.native)]
    return tuple(kept[name] for name in sorted(kept))


def _choose(
    needs: Iterable[Need],
    found: Found,
    kept: Mapping[str, LockedPackage],
    distribution: Mapping[str, Distributed],
    store: WheelStore,
) -> None:
    asked: dict[str, Need] = {}
    for need in needs:
        own = distribution.get(need.name)
        if old := _stays(need, kept, found):
            found[need] = old
        elif own and not own.pure and need.fits(own.version):
            found[need] = _of_distribution(own, need)
        elif not own and need.name.replace("-", "_") in sys.stdlib_module_names:
            what = f"{need.name} is part of Python, not a package"
            raise ContentError(what, place=need.wanted[0].place, hint="Leave it out of packages.")
        else:
            asked[need.name] = need
    while asked:
        try:
            wheels = store.take([_for_pip(need, distribution.get(need.name)) for need in asked.values()])
        except NoWheelError as error:
            need = asked.pop(normal(error.name))
            found[need] = _instead(need, distribution.get(need.name), error.versions)
            continue
        for name, need in asked.items():
            found[need] = kept_wheel(wheels[name], need.extras)
        return


def _stays(need: Need, kept: Mapping[str, LockedPackage], found: Found) -> LockedPackage | None:
    """What was chosen before, in the lock or in an earlier round, if it is enough."""
    rounds = [package for earlier, package in found.items() if earlier.name == need.name]
    for old in (*rounds, kept.get(need.name)):
        if old and need.fits(old.version) and need.extras <= set(old.extras):
            return old
    return None


def _for_pip(need: Need, own: Distributed | None) -> str:
    tried = own and need.fits(own.version) and any(one.distributed for one in need.wanted)
    return f"{need.name}=={own.version}" if own and tried else need.text


def _instead(need: Need, own: Distributed | None, versions: str) -> LockedPackage | None:
    """For what the index lacks."""
    if own and need.fits(own.version):
        return _of_distribution(own, need)
    if need.native:
        return None
    by = [f"{one.by or one.place} wants {one.requirement}" for one in need.wanted if not one.native]
    hint = f"A package runs there if it is pure Python, or compiled for Pyodide ({PLATFORM}); and one site has one version of it."
    if own:
        hint = f"Pyodide's distribution has {own.name} {own.version}. {hint}"
    if versions:
        hint = f"Versions with such a wheel: {versions}. {hint}"
    what = f"the package {need.text} has no wheel that runs in the browser ({'; '.join(dict.fromkeys(by))})"
    raise ContentError(what, place=need.wanted[0].place, hint=hint)


def _of_distribution(own: Distributed, need: Need) -> LockedPackage:
    return LockedPackage(
        name=own.name,
        version=own.version,
        file=own.file,
        sha256=own.sha256,
        source="pyodide",
        pure=own.pure,
        extras=tuple(sorted(need.extras)),
        requires=own.requires,
    )
