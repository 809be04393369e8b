"""Where the files of the theme lie: in the package once it is installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

from site_builder.errors import SiteError


def theme_file(name: str) -> Path:
    """The path of a file such as ``demos/node.js``. Raises SiteError if the installation lacks it."""
    package = Path(__file__).parent
    for folder in (package / "_theme", package.parent / "theme"):
        if (file := folder / name).is_file():
            return file
    raise SiteError(
        f"the theme's file {name} is missing from this installation",
        hint="Install site-builder again; in a checkout, run `make theme`.",
    )
