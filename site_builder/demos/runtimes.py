"""What runs demos in the browser: fetched from npm once, checked against runtimes.json at each use, put into the site."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, TypeAdapter

from site_builder.demos.cachedir import VARIABLE, one_at_a_time, sha256_of
from site_builder.demos.node import need_node
from site_builder.errors import Place, SiteError

PATIENCE = 900.0
"""Seconds that npm may take."""
NOTICE = "NOTICE.txt"
Say = Callable[[str], None]
"""Is told what is fetched before it is: a sentence's beginning, as "Fetching pyodide 314.0.7 (6.5 MB)"."""


class Runtime(BaseModel):
    """One npm package, as runtimes.json locks it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    version: str
    integrity: str
    """Of npm's archive: ``sha512-`` and base64, as in package-lock.json."""
    size: int
    """Of npm's archive, in bytes."""
    licence: str
    notice: str
    """What its licence wants to be said beside it; empty where a file of the package says it."""
    files: dict[str, str]
    """SHA-256 in hex of each file that browsers need, by its path in the package. No two end in the same name."""

    @property
    def folder(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def site_path(self) -> str:
        """Its folder below the site's root, as ``assets/demos/pyodide-314.0.7/``."""
        return f"assets/demos/{self.folder}/"


def _locked() -> dict[str, Runtime]:
    lock = json.loads(files(__package__).joinpath("runtimes.json").read_text("utf-8"))
    entries = {name: {"name": name, **entry} for name, entry in lock.items()}
    return TypeAdapter(dict[str, Runtime]).validate_python(entries)


RUNTIMES: Mapping[str, Runtime] = _locked()
PYODIDE = RUNTIMES["pyodide"]
SQL_JS = RUNTIMES["sql.js"]


def fetch(runtime: Runtime, cache: Path, say: Say | None = None) -> Path:
    """The folder that holds the runtime's files under their own names, without folders; each was checked just now.

    Taken from ``cache`` where it is there, without network; else packed by npm, which uses the user's own settings.
    Raises SiteError if the network, npm's archive or a file in the cache fails; nothing of an archive that is not the locked
    one is kept. Raises ConfigError if it must be fetched and there is no Node.
    """
    target = cache / "runtimes" / runtime.folder
    if not target.is_dir():
        with one_at_a_time(target):
            if not target.is_dir():
                _fill(target, runtime, say)
    for path, digest in runtime.files.items():
        _check(target / PurePosixPath(path).name, digest, target)
    return target


def install(runtime: Runtime, cache: Path, site_dir: Path, say: Say | None = None) -> dict[str, str]:
    """Put the runtime's files into the site; gives each file's path below the site's root, by its name.

    Writes only what is not there yet. Raises as ``fetch`` does.
    """
    source = fetch(runtime, cache, say)
    target = site_dir / runtime.site_path
    target.mkdir(parents=True, exist_ok=True)
    placed = {}
    for path, digest in runtime.files.items():
        name = PurePosixPath(path).name
        if not (target / name).is_file() or sha256_of(target / name) != digest:
            shutil.copyfile(source / name, target / name)
        placed[name] = runtime.site_path + name
    if runtime.notice:
        (target / NOTICE).write_bytes(runtime.notice.encode())
        placed[NOTICE] = runtime.site_path + NOTICE
    return placed


def _fill(target: Path, runtime: Runtime, say: Say | None) -> None:
    """Fetch, check and unpack beside ``target``, then rename: it is there whole or not at all."""
    if say:
        say(f"Fetching {runtime.name} {runtime.version} ({runtime.size / 1e6:.1f} MB)")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetching-") as beside:
        archive = _pack(runtime, Path(beside))
        with archive.open("rb") as file:
            found = "sha512-" + b64encode(hashlib.file_digest(file, "sha512").digest()).decode()
        if found != runtime.integrity:
            what = f"npm gave {runtime.name} {runtime.version} with the hash {found}, but {runtime.integrity} is the locked one"
            raise SiteError(
                what, hint="Nothing of it was kept. Look which registry npm is set to use: npm config get registry."
            )
        whole = Path(beside) / "whole"
        whole.mkdir()
        _unpack(archive, whole, runtime)
        whole.rename(target)


def _pack(runtime: Runtime, folder: Path) -> Path:
    node = need_node(f"fetching {runtime.name} from npm")
    if not node.npm:
        hint = 'Install npm with pip install "site-builder[demos]", or put one on the PATH.'
        raise SiteError(f"{runtime.name} comes from npm, and there is none beside {node.program}", hint=hint)
    command = [*node.npm, "pack", f"{runtime.name}@{runtime.version}", "--pack-destination", str(folder), "--json"]
    quick = ["--ignore-scripts", "--loglevel", "silent", "--fetch-retries", "1", "--fetch-retry-mintimeout", "1000"]
    path = os.pathsep.join([str(node.program.parent), os.environ.get("PATH", "")])
    try:
        done = subprocess.run(
            [*command, *quick], env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise _unreached(runtime, f"npm took longer than {PATIENCE:.0f} s") from None
    except OSError as error:
        raise _unreached(runtime, f"npm can't be started: {error.strerror}") from None
    archive = next(folder.glob("*.tgz"), None)
    if done.returncode or archive is None:
        raise _unreached(runtime, _reason(done.stdout) or done.stderr.strip() or f"npm ended with {done.returncode}")
    return archive


def _reason(said: str) -> str:
    """What npm says went wrong, from its JSON: the first line of the summary."""
    try:
        summary = json.loads(said)["error"]["summary"]
    except (ValueError, KeyError, TypeError):
        return ""
    return str(summary).strip().split("\n", 1)[0]


def _unreached(runtime: Runtime, reason: str) -> SiteError:
    what = f"{runtime.name} {runtime.version}, which runs demos, is not in the cache and could not be fetched: {reason}"
    return SiteError(what, hint=f"Connect to the network once; or let {VARIABLE} name a cache that holds it.")


def _unpack(archive: Path, folder: Path, runtime: Runtime) -> None:
    with tarfile.open(archive) as package:
        for path in runtime.files:
            member = package.extractfile(f"package/{path}")
            if member is None:
                raise SiteError(f"{runtime.name} {runtime.version} has no file {path}")
            with (folder / PurePosixPath(path).name).open("wb") as file:
                shutil.copyfileobj(member, file)


def _check(file: Path, digest: str, folder: Path) -> None:
    hint = f"Delete the folder {folder}, then build again; it will be fetched anew."
    try:
        found = sha256_of(file)
    except OSError as error:
        raise SiteError(
            f"a file of a demo's runtime can't be read: {error.strerror}", place=Place(file), hint=hint
        ) from None
    if found != digest:
        raise SiteError(
            "a file of a demo's runtime is damaged: its hash is not the locked one", place=Place(file), hint=hint
        )
