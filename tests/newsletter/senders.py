"""A process of its own that starts senders: for each line on its input, which is a command line of site-builder, it forks a
child, prints the child's id, waits until it has ended, and prints how. What children print goes to the file that it is given.
"""

from __future__ import annotations

import os
import shlex
import sys

from site_builder.cli.main import cli, main


def send(words: list[str], printed: str) -> None:
    """Be `site-builder WORDS`, and end as it does."""
    out = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.argv = ["site-builder", *words]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    sys.stdout.flush()
    os._exit(code)


if __name__ == "__main__":
    assert cli.get_command(None, "newsletter")  # type: ignore[arg-type]  # loaded once, for all children
    for line in sys.stdin:
        if not (child := os.fork()):
            send(shlex.split(line), sys.argv[1])
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
