"""What the paywall costs a build: 1,000 posts, half of them partly premium, beside plain MkDocs with the same plugins.

The peer is `mkdocs build` of the same sources with the paywall plugin taken out of mkdocs.yml, so that all text is public. Time
of the processor is compared, since a build runs on one core and others may want it too.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.blog import enrol, write_posts
from benchmarks.results import Row, show, step
from tests.sites import make_blog

PAGES, PREMIUM, MEMBERS = 1_000, 500, 1_000
STEPS = {
    "sources read, gated parts cut out": ("mkdocs_paywall.plugin", "read_documents"),
    "gated parts rendered": ("mkdocs_paywall.plugin", "render_gated"),
    "files of gated parts found": ("mkdocs_paywall.plugin", "files_only_gated"),
    "gated parts sealed": ("site_builder.build.sealing", "seal_part"),
    "members read from the roster": ("site_builder.build.sealing", "read_standing"),
    "vault written": ("site_builder.build.sealing", "write_vault"),
    "policy finished": ("site_builder.build.sealing", "finish_policy"),
    "leak gate": ("site_builder.build.sealing", "audit"),
}
_PAYWALL = re.compile(r"  - paywall:\n(?:      .*\n)*")


@dataclass(frozen=True)
class Run:
    """Seconds on the clock and of the processor, the peak of memory in MB, and what was printed."""

    seconds: float
    processor: float
    memory: float
    printed: str

    def __str__(self) -> str:
        return f"{self.processor:.1f} s ({self.seconds:.0f} s on the clock), {self.memory:,.0f} MB of memory at most"


def run(folder: Path, *arguments: str) -> Run:
    """A Python process in ``folder``. Raises CalledProcessError if it fails."""
    paths = [str(Path.cwd()), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "NO_MKDOCS_2_WARNING": "1"}
    command, start = [sys.executable, "-m", *arguments], time.perf_counter()
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    memory = usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024)  # Linux counts in KiB, macOS in bytes
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, memory, printed)


def build_with_a_clock_on_each_step() -> None:
    """`site-builder build` with each of ``STEPS`` timed; prints seconds by step. For a process of its own."""
    from site_builder.cli.main import cli

    seconds = dict.fromkeys(STEPS, 0.0)

    def timed(what: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def clocked(*arguments: Any, **named: Any) -> Any:
            start = time.process_time()
            try:
                found = act(*arguments, **named)
                return list(found) if isinstance(found, Iterator) else found
            finally:
                seconds[what] += time.process_time() - start

        return clocked

    for what, (name, function) in STEPS.items():
        module = importlib.import_module(name)
        setattr(module, function, timed(what, getattr(module, function)))
    cli.main(["build"], standalone_mode=False)
    print(json.dumps(seconds))


def main() -> int:
    """Print the table; there is no limit to miss."""
    with tempfile.TemporaryDirectory() as folder:
        blog, plain = make_blog(Path(folder) / "blog"), Path(folder) / "plain"
        write_posts(blog, PAGES, premium=PREMIUM, public_size=3_000, gated_size=3_000)
        enrol(blog, MEMBERS)
        shutil.copytree(blog.root, plain)
        (plain / "mkdocs.yml").write_text(_PAYWALL.sub("", (plain / "mkdocs.yml").read_text("utf-8")), "utf-8")
        with step(f"mkdocs build, {PAGES:,} posts"):
            peer = run(plain, "mkdocs", "build", "-q")
        with step(f"site-builder build, {PREMIUM:,} of them partly premium"):
            ours = run(blog.root, "benchmarks.build", "steps")
    rows = [
        Row("site-builder build", str(ours)),
        *(Row(f"… {what}", f"{seconds:.1f} s") for what, seconds in json.loads(ours.printed).items()),
        Row("mkdocs build, all public", str(peer)),
        Row("ratio", f"{ours.processor / peer.processor:.2f}"),
    ]
    return show(f"Build: {PAGES:,} posts, {PREMIUM:,} of them partly premium, {MEMBERS:,} members", rows)


if __name__ == "__main__":
    if sys.argv[1:] == ["steps"]:
        build_with_a_clock_on_each_step()
    else:
        sys.exit(main())
