"""A folder that appears at once or not at all, readable by its owner alone: written beside, flushed, renamed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from site_builder.errors import IssueError, Place
from site_builder.membership.durable import flush_folder
from site_builder.newsletter.database import keep_out_of_git


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Into a folder beside it, flushed, then renamed. Only the owner can read it."""
    coming, going = _beside(folder)
    shutil.rmtree(coming, ignore_errors=True)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        keep_out_of_git(folder.parent, "*")
        coming.mkdir(mode=0o700)
        for name, content in contents.items():
            file = coming / name
            file.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as open_file:
                open_file.write(content)
                open_file.flush()
                os.fsync(open_file.fileno())
        if folder.exists():
            folder.rename(going)
        coming.rename(folder)
        flush_folder(folder.parent)
        shutil.rmtree(going, ignore_errors=True)
    except OSError as error:
        shutil.rmtree(coming, ignore_errors=True)
        raise IssueError(f"the issue can't be written: {error.strerror or error}", place=Place(folder)) from None


def recover(folder: Path) -> None:
    """After a kill between the two renames the old revision stands beside: put it back."""
    coming, going = _beside(folder)
    if going.exists() and not folder.exists():
        going.rename(folder)
    for left in (coming, going):
        if left.exists():
            shutil.rmtree(left)


def _beside(folder: Path) -> tuple[Path, Path]:
    return folder.with_name(f".{folder.name}.next"), folder.with_name(f".{folder.name}.previous")
