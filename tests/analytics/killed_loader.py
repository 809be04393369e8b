"""A loader to be killed, as ``python -m tests.analytics.killed_loader SPOOL STORE``; it says when it begins."""

from __future__ import annotations

import sys
from pathlib import Path

from site_builder.analytics.loader import load
from site_builder.analytics.store import open_store

if __name__ == "__main__":
    with open_store(sys.argv[2]) as store:
        print("begins", flush=True)
        load(Path(sys.argv[1]), store, 1)
        store.roll_up()
