"""What lies over Material: templates and assets, and the script that stands in every page."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from site_builder.errors import SiteError
from site_builder.theme import theme_file


def theme_dir() -> Path:
    """The folder of templates and assets that lie over Material's. Raises SiteError if the installation lacks it."""
    return theme_file("first.js").parent / "material"


@cache
def first_script() -> str:
    """The script that stands in the head of every page."""
    script = theme_file("first.js").read_text("utf-8").strip()
    if "</script" in script.lower():
        raise SiteError("the theme's first script would end its own element")
    return script
