"""Where the theme lies: in the package once it is installed, beside it in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import site_builder
from site_builder.errors import SiteError


def theme_dir() -> Path:
    """The folder of templates and assets that lie over Material's. Raises SiteError if the installation lacks it."""
    package = Path(site_builder.__file__).parent
    for folder in (package / "_theme", package.parent / "theme"):
        if (folder / "first.js").is_file():
            return folder / "material"
    raise SiteError(
        "the theme is missing from this installation",
        hint="Install site-builder again; in a checkout, run `make theme`.",
    )


def demos_dir() -> Path:
    """The folder of what demos need in the browser, each file copied into the site only where a page needs it."""
    return theme_dir().parent / "demos"


def engagement_dir() -> Path:
    """The folder of the browser's modules for hooks. Raises SiteError if the installation lacks them."""
    folder = theme_dir().parent / "engagement"
    if not (folder / "engagement.js").is_file():
        raise SiteError(
            "the theme's modules for hooks are missing from this installation",
            hint="Install site-builder again; in a checkout, run `make theme`.",
        )
    return folder


@cache
def first_script() -> str:
    """The script that stands in the head of every page."""
    script = (theme_dir().parent / "first.js").read_text("utf-8").strip()
    if "</script" in script.lower():
        raise SiteError("the theme's first script would end its own element")
    return script
