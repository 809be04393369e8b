"""What demos need in the browser, put into the site: of scripts, sandbox, runtimes and packages that which is used."""

from __future__ import annotations

import shutil
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from site_builder.demos.cachedir import cache_folder
from site_builder.demos.checking import Checked
from site_builder.demos.lockfile import PackageLock, read_lock
from site_builder.demos.model import Demo, Language
from site_builder.demos.packages import SITE_PATH, install_wheels
from site_builder.demos.runtimes import PYODIDE, SQL_JS
from site_builder.demos.runtimes import install as install_runtime
from site_builder.demos.settings import DemosOptions
from site_builder.errors import placed
from site_builder.theme import theme_file

FOLDER = "assets/demos"
_ALWAYS = ("LICENSES.txt", "element.js", "code-demo.css", "ui.js", "ui.css", "runtime.js", "sandbox/frame.js")
_BY_LANGUAGE = {
    Language.PYTHON: ("sandbox/python.js",),
    Language.JS: ("sandbox/javascript.js",),
    Language.SQL: ("sandbox/sql.js",),
    Language.HTML: ("sandbox/live.js", "sandbox/inmate.js"),
}
_RUNTIMES = {Language.PYTHON: PYODIDE, Language.SQL: SQL_JS}


def install(demos: Collection[Demo], checked: Checked, options: DemosOptions, site_dir: Path) -> None:
    """Write it below ``site_dir``; nothing at all if there are no demos.

    Raises SiteError if something is in no cache and can't be fetched, or is damaged.
    """
    if not demos:
        return
    for name in _scripts(demos):
        target = site_dir / FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(theme_file(f"demos/site/{name}"), target)
    cache = cache_folder()
    # What an error is told at: one fence that needs it.
    first = {demo.language: demo.place for demo in reversed([*demos])}
    for language in sorted(first.keys() & _RUNTIMES.keys()):
        with placed(first[language]):
            install_runtime(_RUNTIMES[language], cache, site_dir)
    asking = [demo for demo in demos if demo.options.packages]
    requirements = {name for demo in asking for name in demo.options.packages}
    with placed(asking[0].place if asking else None):
        install_wheels(checked.lock, sorted(requirements), cache, site_dir, distribution_url=options.distribution_url)


def _scripts(demos: Collection[Demo]) -> list[str]:
    names = {*_ALWAYS, *(name for demo in demos for name in _BY_LANGUAGE[demo.language])}
    names |= {"sandbox-net.html" if demo.options.net else "sandbox.html" for demo in demos}
    if not all(demo.options.readonly for demo in demos):
        names.add("editor.js")
    return sorted(names)


def fetched_files(docs_dir: Path) -> dict[str, str]:
    """Files of a site that were fetched by their hash: path from its root -> SHA-256 in hex.

    Raises ContentError if the lock of Python packages can't be read.
    """
    files = {
        runtime.site_path + PurePosixPath(path).name: digest
        for runtime in _RUNTIMES.values()
        for path, digest in runtime.files.items()
    }
    lock = read_lock(docs_dir) or PackageLock()
    return files | {SITE_PATH + package.file: package.sha256 for package in lock.packages}
