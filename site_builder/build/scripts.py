"""The theme's scripts as they are published: without comments and the white space that only readers of the source need."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rjsmin import jsmin

from site_builder.build.theme import theme_dir

_FOLDER = "assets/js"
_FIRST = "first.js"


@cache
def first_script() -> str:
    """The script that stands in the head of every page."""
    script: str = jsmin((theme_dir() / _FOLDER / _FIRST).read_text("utf-8"))
    if "</script" in script.lower():
        raise AssertionError(f"{_FIRST} would end its own element")
    return script


def publish_scripts(site: Path) -> None:
    """Shorten the theme's modules in a site's folder that MkDocs has written, and take out the script that is in its pages."""
    for source in (theme_dir() / _FOLDER).rglob("*.js"):
        published = site / _FOLDER / source.relative_to(theme_dir() / _FOLDER)
        if published.is_file() and published.read_bytes() == source.read_bytes():
            published.write_text(jsmin(source.read_text("utf-8")), "utf-8")
    (site / _FOLDER / _FIRST).unlink(missing_ok=True)
