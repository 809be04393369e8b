"""Puts a new blog, whole, into its folder: at once or not at all. The last step of `site-builder init`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from site_builder.content.settings import PaywallOptions
from site_builder.errors import ConfigError, Place
from site_builder.membership.keyfile import create_key
from site_builder.scaffold.blog import Blog
from site_builder.scaffold.templates import rendered


def lay_out(folder: Path, blog: Blog) -> tuple[str, ...]:
    """Write ``blog`` and a master key into ``folder``, which must be empty or not there yet; returns the blog's paths.

    All of it is written into a folder beside, which then takes its place: a halt leaves everything or nothing.

    Raises:
        ConfigError: there is something in ``folder``, or it can't be written.
    """
    folder = folder.resolve()
    _check_free(folder)
    files = rendered(blog)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            # One level down, since the temporary folder is its owner's alone and the blog's need not be.
            whole = Path(beside, folder.name)
            for path, text in files.items():
                file = whole / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, "utf-8", newline="\n")
            create_key(whole / PaywallOptions().key_file)
            whole.rename(folder)
    except OSError as error:
        raise ConfigError(f"can't be written: {error.strerror or error}", place=Place(folder)) from None
    return tuple(files)


def _check_free(folder: Path) -> None:
    try:
        found = sorted(entry.name for entry in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(f"is no folder for a blog: {error.strerror}", place=Place(folder)) from None
    if found:
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise ConfigError(
            f"the folder is not empty: it has {', '.join(found[:5])}{more}",
            place=Place(folder),
            hint="Name a folder that isn't there yet, or an empty one. Nothing was changed.",
        )
    if folder == Path.cwd():
        raise ConfigError(
            "this is the folder that you are in, and a new blog replaces its folder",
            place=Place(folder),
            hint="Run the command from the folder above, or name one that isn't there yet.",
        )
