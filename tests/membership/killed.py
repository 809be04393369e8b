"""A process of its own: does one thing to a copy of a blog again and again, killed a step later each time.

Arguments: what to do, the folder with mkdocs.yml to copy, and the folder for the copies. A step is each call, of Python or
of C, made by the modules that write files, or inside what pathlib writes with. Prints how many copies there are; the last
was not killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from site_builder.content.settings import Settings, load_settings
from site_builder.membership.durable import writing
from site_builder.membership.keyfile import create_key, load_keys
from site_builder.membership.roster import Roster
from site_builder.membership.rotation import rotate_key
from tests.membership import lives

WATCHED = ("durable.py", "rotation.py", "keyfile.py", "roster.py")
WRITES = ("open", "replace", "rename", "touch", "unlink", "write_bytes", "write_text")


def append(settings: Settings) -> None:
    with writing(settings.roster):
        Roster(settings.roster, settings.site, load_keys(settings.key_file, {})).append(
            [lives.join(number, lives.at(0), lives.terms(pro=30)) for number in (8, 9)]
        )


def create(settings: Settings) -> None:
    create_key(settings.key_file)


def rotate(settings: Settings) -> None:
    rotate_key(settings)


def kill_after(steps: int, work: Callable[[], None]) -> bool:
    """Run ``work`` in a child that is killed before its ``steps``-th step; whether it came to its end."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    taken = 0

    def step(frame: FrameType, event: str, argument: object) -> None:
        nonlocal taken
        name = Path(frame.f_code.co_filename).name
        if event in {"call", "c_call"} and (name in WATCHED or frame.f_code.co_name in WRITES):
            taken += 1
            if taken == steps:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(step)
    work()
    sys.setprofile(None)
    os._exit(0)


def main(name: str, original: Path, copies: Path) -> None:
    work = {"append": append, "create": create, "rotate": rotate}[name]
    steps, finished = 0, False
    while not finished:
        copy = shutil.copytree(original, copies / str(steps))
        steps += 1
        settings = load_settings(copy / "mkdocs.yml")
        finished = kill_after(steps, lambda settings=settings: work(settings))  # type: ignore[misc]
    print(steps)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
