"""All demos of a site run and judged, with what their pages need: what the plugin and the commands call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import site_builder
from site_builder.content.settings import Settings
from site_builder.demos.cachedir import cache_folder
from site_builder.demos.committed import read_committed
from site_builder.demos.execute import Key, Progress, Surroundings, run_all
from site_builder.demos.lockfile import PackageLock
from site_builder.demos.model import Demo, Language, Output, Run
from site_builder.demos.node import find_node
from site_builder.demos.outcomes import judge
from site_builder.demos.packages import SITE_PATH, locked_packages, native_paths
from site_builder.demos.settings import DemosOptions
from site_builder.errors import ContentError, SiteError


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
    runs = run_all(chosen, surroundings(chosen, lock, options), progress)
    faults = judge(demos, runs, read_committed(settings.docs_dir), settings.docs_dir, pages)
    return Checked(runs, lock, tuple(faults))


def surroundings(demos: Sequence[Demo], lock: PackageLock, options: DemosOptions) -> Surroundings:
    """What these demos are run with on this machine."""
    cache = cache_folder()
    paths = {
        demo.options.packages: native_paths(
            lock, demo.options.packages, cache, demo.place, distribution_url=options.distribution_url
        )
        for demo in demos
        if demo.options.packages and demo.language is Language.PYTHON and not demo.options.notest
    }
    node = find_node() if any(demo.language in (Language.JS, Language.HTML) for demo in demos) else None
    return Surroundings(cache / "demos", node, node_script() if node else Path(), paths, options.memory)


def node_script() -> Path:
    """What Node runs JavaScript demos with: in the package once it is installed, beside it in a checkout."""
    package = Path(site_builder.__file__).parent
    for folder in (package / "_theme", package.parent / "theme"):
        if (script := folder / "demos" / "node.js").is_file():
            return script
    raise SiteError(
        "what runs JavaScript demos is missing from this installation",
        hint="Install site-builder again; in a checkout, run `make theme`.",
    )
