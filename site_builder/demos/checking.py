"""All demos of a site run and judged, with what their pages need: what the plugin and the commands call."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from site_builder.content.settings import Settings
from site_builder.demos.cachedir import cache_folder
from site_builder.demos.committed import read_committed
from site_builder.demos.execute import Key, Progress, differing, run_all
from site_builder.demos.lockfile import PackageLock
from site_builder.demos.model import Demo, Language, Output, Run
from site_builder.demos.node import find_node
from site_builder.demos.outcomes import judge
from site_builder.demos.packages import SITE_PATH, fetch_wheels, locked_packages, native_paths
from site_builder.demos.runners import Surroundings
from site_builder.demos.runtimes import PYODIDE, fetch
from site_builder.demos.settings import DemosOptions
from site_builder.errors import ContentError, placed
from site_builder.theme import theme_file


@dataclass(frozen=True)
class Checked:
    """What came of a site's demos."""

    runs: Mapping[Key, Run]
    lock: PackageLock
    faults: tuple[ContentError, ...] = ()
    """What `demos check` and `--strict` fail for, and what other builds warn of."""

    def outputs(self, demo: Demo) -> tuple[Output, ...]:
        """What stands on the page below the code; nothing for exercises, live pages and what is not run."""
        run = self.runs.get((demo.page, demo.id))
        return run.outputs if run and demo.exercise is None and demo.language is not Language.HTML else ()

    def wheels(self, demo: Demo) -> tuple[str, ...]:
        """The packages that the browser loads for it, from the site's root, each after what it requires."""
        if demo.language is not Language.PYTHON:
            return ()
        return tuple(SITE_PATH + package.file for package in self.lock.closure(demo.options.packages))


def check(
    demos: Sequence[Demo],
    settings: Settings,
    options: DemosOptions,
    progress: Progress,
    pages: Collection[str] | None = None,
) -> Checked:
    """Run what is not known from an earlier build, and judge it; ``pages``: of these only.

    Raises:
        ConfigError: a language's runtime is not there.
        ContentError, SeveralErrors: what no build goes on with, as `run_all` says, or a package that is not locked.
    """
    lock = locked_packages(settings.docs_dir, demos)
    chosen = [demo for demo in demos if pages is None or demo.page in pages]
    runs = run_all(chosen, surroundings(chosen, lock, options, pyodide=options.python == "pyodide"), progress)
    faults = judge(demos, runs, read_committed(settings.docs_dir), settings.docs_dir, pages)
    if options.compare and options.python == "native":
        faults += _compare(chosen, runs, lock, options, progress)
    return Checked(runs, lock, tuple(faults))


def surroundings(
    demos: Sequence[Demo], lock: PackageLock, options: DemosOptions, *, pyodide: bool = False
) -> Surroundings:
    """What these demos are run with on this machine; their Python in ``pyodide``, or in the build's own."""
    cache = cache_folder()
    run = [demo for demo in demos if not demo.options.notest]
    python = [demo for demo in run if demo.language is Language.PYTHON]
    pyodide = pyodide and bool(python)
    for_node = pyodide or any(demo.language in (Language.JS, Language.HTML) for demo in run)
    node = find_node() if for_node else None
    asked = {demo.options.packages: demo.place for demo in python if demo.options.packages}
    distribution = options.distribution_url
    if pyodide:
        with placed(next(iter(asked.values()), None)):
            files = fetch_wheels(lock, cache, distribution_url=distribution) if asked else {}
        paths = {packages: tuple(files[one.name] for one in lock.closure(packages)) for packages in asked}
    else:
        paths = {
            packages: native_paths(lock, packages, cache, place, distribution_url=distribution)
            for packages, place in asked.items()
        }
    with placed(python[0].place if python else None):
        runtime = fetch(PYODIDE, cache) if pyodide else None
    script = theme_file("demos/node.js") if node else Path()
    return Surroundings(cache / "demos", node, script, paths, options.memory, runtime)


def _compare(
    demos: Sequence[Demo], runs: Mapping[Key, Run], lock: PackageLock, options: DemosOptions, progress: Progress
) -> Iterator[ContentError]:
    """Where Python puts out something else in readers' browsers."""
    python = [demo for demo in demos if demo.language is Language.PYTHON]
    there = run_all(python, surroundings(python, lock, options, pyodide=True), progress)
    for demo in python:
        here, browser = runs.get((demo.page, demo.id)), there.get((demo.page, demo.id))
        if here and browser and here != browser:
            yield ContentError(
                f"the demo {demo.id!r} puts out something else in the browser's Python:"
                + differing(here, browser, "in the browser"),
                place=demo.place,
                hint="Write it so that both agree; or let `python: pyodide` of the demos plugin run all demos as readers do.",
            )
