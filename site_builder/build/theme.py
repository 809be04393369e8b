"""Where the theme lies: in the package once it is installed, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

import site_builder
from site_builder.errors import SiteError


def theme_dir() -> Path:
    """The folder of templates and assets. Raises SiteError if the installation lacks it."""
    package = Path(site_builder.__file__).parent
    for folder in (package / "_theme", package.parent / "theme"):
        if (folder / "assets" / "js" / "main.js").is_file():
            return folder
    raise SiteError("the theme is missing from this installation", hint="Install site-builder again.")
