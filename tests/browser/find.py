"""The browser that tests and benchmarks drive: one that is there, else Debian's, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache

from playwright.sync_api import Error, sync_playwright

VARIABLE = "SITE_BUILDER_BROWSER"
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
# Without these a browser on a closed network looks up its maker's hosts at every start.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@cache
def browser_path() -> str | None:
    """The path of a browser that starts, None for Playwright's own. Raises LookupError if there is none at all."""
    for name in (os.environ.get(VARIABLE, ""), *NAMES):
        path = shutil.which(name) if name else None
        if path and _starts(path):
            return path
    if _starts(None):
        return None
    raise LookupError(f"no browser starts; name one in {VARIABLE}")


def _starts(path: str | None) -> bool:
    try:
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=path, args=ARGUMENTS).close()
    except Error:
        return False
    return True


def install() -> None:
    """Debian's package where this user may install one, else Playwright's own browser."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        packages = ["chromium-headless-shell", "fonts-noto-cjk"]
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        updated = subprocess.run(["apt-get", "update", "-qq"], **quiet)
        if updated.returncode == 0 and subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], **quiet
        ).returncode == 0:  # fmt: skip
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=True)


if __name__ == "__main__":
    try:
        browser_path()
    except LookupError:
        print("no browser is here yet: installing one")
        install()
        browser_path.cache_clear()
    print(f"browser: {browser_path() or 'the one of Playwright'}")
