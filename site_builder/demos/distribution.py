"""The packages that Pyodide itself distributes, such as numpy: named with their hashes in its npm package, fetched over HTTP."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from site_builder.demos.runtimes import PYODIDE
from site_builder.demos.wheels import normal
from site_builder.errors import SiteError

PUBLIC = f"https://cdn.jsdelivr.net/pyodide/v{PYODIDE.version}/full/"
"""Pyodide's own host, asked only when a site is built."""
LOCK = "pyodide-lock.json"


@dataclass(frozen=True)
class Distributed:
    """One file of the distribution: a wheel, or a shared library that wheels load (``….zip``)."""

    name: str
    """In its normal form."""
    version: str
    file: str
    sha256: str
    requires: tuple[str, ...]
    """Names, in their normal form."""

    @property
    def pure(self) -> bool:
        return self.file.endswith("-none-any.whl")


def distributed(runtime: Path) -> Mapping[str, Distributed]:
    """All packages by name, from the folder that ``runtimes.fetch(PYODIDE, …)`` gave. Packages' own tests are left out."""
    lock = json.loads((runtime / LOCK).read_text("utf-8"))
    return {
        normal(name): Distributed(
            normal(name),
            entry["version"],
            entry["file_name"],
            entry["sha256"],
            tuple(sorted(map(normal, entry["depends"]))),
        )
        for name, entry in lock["packages"].items()
        if not name.endswith("-tests")
    }


def download_distributed(file: str, folder: Path, distribution_url: str = "") -> Path:
    """Fetch one file into ``folder``, unchecked. Raises SiteError if it can't be had."""
    address = (distribution_url or PUBLIC).rstrip("/") + "/" + file
    try:
        with httpx.stream("GET", address, follow_redirects=True, timeout=60) as answer:
            answer.raise_for_status()
            with (folder / file).open("wb") as out:
                for piece in answer.iter_bytes():
                    out.write(piece)
    except httpx.HTTPStatusError as error:
        raise _unreached(address, f"the host answers {error.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreached(address, str(error) or type(error).__name__) from None
    return folder / file


def _unreached(address: str, reason: str) -> SiteError:
    hint = (
        "Connect to the network once; or let the demos plugin's distribution_url name a copy of Pyodide's distribution."
    )
    return SiteError(
        f"a package of Pyodide's distribution is not in the cache and could not be fetched: {address}: {reason}",
        hint=hint,
    )
