"""Made-up wheels in a folder that pip takes for its index, and a host that serves files as Pyodide's distribution does."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from site_builder.demos.distribution import Distributed
from site_builder.demos.lockfile import LockedPackage
from site_builder.demos.model import Demo, Language, Options
from site_builder.errors import Place

PURE = "py3-none-any"
COMPILED = "cp314-cp314-pyemscripten_2026_0_wasm32"


def make_wheel(
    folder: Path,
    name: str,
    version: str = "1.0",
    *,
    requires: Sequence[str] = (),
    extras: Sequence[str] = (),
    tag: str = PURE,
    python: str = "",
    files: Mapping[str, str] | None = None,
) -> Path:
    """One module of the package's name, with ``VERSION``, unless ``files`` says otherwise."""
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Provides-Extra: {extra}" for extra in extras] + [f"Requires-Dist: {one}" for one in requires]
    lines += [f"Requires-Python: {python}"] if python else []
    members = {
        **(files or {f"{module}.py": f"VERSION = {version!r}\n"}),
        f"{info}/METADATA": "\n".join(lines) + "\n",
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        f"{info}/RECORD": "",
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for member, content in members.items():
            wheel.writestr(zipfile.ZipInfo(member, (2020, 1, 1, 0, 0, 0)), content)
    return path


def distributed(path: Path, name: str, version: str = "1.0", requires: Sequence[str] = ()) -> Distributed:
    """As Pyodide's lock names a file of its distribution."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Distributed(name, version, path.name, digest, tuple(requires))


def locked(name: str, version: str = "1.0", **fields: object) -> LockedPackage:
    """A package that is in no folder."""
    base = {"name": name, "version": version, "file": f"{name}-{version}-{PURE}.whl", "sha256": "0" * 64}
    return LockedPackage.model_validate({**base, "source": "pypi", "pure": True, **fields})


def demo(line: int, *packages: str, page: str = "a.md", language: Language = Language.PYTHON) -> Demo:
    options = Options(packages=packages)
    return Demo(page, f"demo-{line}", language, "1", options, Place(f"content/{page}", line))


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The folder's address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
