"""``python -m benchmarks [NAME]``: runs one benchmark or all, one after the other, each in a process of its own.

Exit code 1 if a limit was missed or a benchmark failed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

NAMES = (
    "lockboxes",
    "revocation",
    "audit",
    "build",
    "unlock",
    "feeds",
    "newsletter",
    "demos",
    "collector",
    "questions",
    "dashboard",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure, and compare with the limits.")
    parser.add_argument("name", nargs="?", choices=NAMES, help="all of them, if none is named")
    chosen = parser.parse_args().name
    failed = [
        name
        for name in ([chosen] if chosen else NAMES)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode
    ]
    if failed:
        print(f"missed its limit or failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
