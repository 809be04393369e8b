"""The dashboard over 2,000,000 events of 180 days and 200 posts, in Chromium: every view of 90 days beside the 90 before.

The collector is the command itself, with its store beside it. What the pages say is compared with what the events say one by one.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from benchmarks.reader import browsing
from benchmarks.results import Row, at_most, show, step
from site_builder.analytics.dashboard.key import make_key
from site_builder.analytics.dashboard.views import VIEWS
from site_builder.analytics.period import Period
from site_builder.analytics.record import BOT
from site_builder.analytics.store import Store, open_store
from tests.analytics.made_up import LAST_DAY, SITE, events, identifier, manifest

EVENTS, DAYS, POSTS, BATCH, TIMES = 2_000_000, 180, 200, 25_000, 5
ALLOWED = 300.0
PERIOD = Period.last(DAYS // 2, LAST_DAY, "previous")
POST = identifier(0, 1)
"""The one that is read most."""
PAINTED = """
window.painted = new Promise((tell) => addEventListener("load", () => {
  requestAnimationFrame(() => setTimeout(() => tell(performance.now())));
}));
"""
"""Once all has run that the page came with, and the frame with its charts is done."""
SEEN = """async () => {
  const painted = await window.painted;
  const [page] = performance.getEntriesByType("navigation");
  const files = performance.getEntriesByType("resource");
  return {
    server: page.responseEnd - page.requestStart,
    painted,
    page: page.transferSize,
    files: files.reduce((sum, file) => sum + file.transferSize, 0),
    drawn: document.querySelectorAll(".live canvas").length === document.querySelectorAll("[data-chart]").length,
  };
}"""


def fill(folder: Path) -> None:
    """Load everything, unless an earlier run has done it."""
    with open_store(folder) as store:
        if store.manifest():
            return
        made = events(EVENTS, days=DAYS, posts=POSTS)
        while batch := list(islice(made, BATCH)):
            store.load(batch)
        store.roll_up()
        store.load_manifest(manifest(POSTS))


@contextmanager
def collecting(folder: Path) -> Iterator[str]:
    """The address of a running collector."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["--site", SITE, "--origin", "https://example.com", "--data", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [sys.executable, "-m", "site_builder", "analytics", "serve", *words], stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    try:
        assert process.stderr.readline().startswith("collecting at")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        sys.stderr.write(process.stderr.read())  # whatever went wrong
        process.wait()
        process.stderr.close()


def counted(store: Store) -> dict[str, str]:
    """What is to stand on the pages, from the events themselves and no roll-up."""
    within = {"bot": BOT, **PERIOD.bounds}
    which = "day BETWEEN :since AND :until AND bot < :bot AND name = :name"

    def number(what: str, name: str, more: str = "", **bound: str) -> str:
        sql = f"SELECT {what} FROM events WHERE {which} {more}"
        return f"{store.rows(sql, name=name, **within, **bound)[0][0]:,}"

    return {
        "views": number("count(DISTINCT pv)", "pageview"),
        "visitors": number("count(DISTINCT visitor || day)", "pageview"),
        "views of the post": number("count(DISTINCT pv)", "pageview", "AND post = :post", post=POST),
        "views from nowhere": number("count(DISTINCT pv)", "pageview", "AND source = ''"),
        "unlocks": number("count(*)", "unlock"),
        "demos that worked": number("count(*)", "demo_run", "AND outcome = 'ok' AND post = :post AND key = 'demo-0'", post=POST),
        "readers who were helped": number("count(*)", "feedback", "AND outcome = 'yes' AND post = :post", post=POST),
    }  # fmt: skip


def said(page: Page, address: str) -> dict[str, str]:
    """The same numbers as the pages show them."""

    def text(view: str, where: str, asks: str = "") -> str:
        page.goto(f"{address}{view}?{asked()}{asks}")
        return page.evaluate("where => document.querySelector(where).firstChild.textContent.trim()", where)

    tile = ".tiles div:nth-child({}) dd"
    row = "#{} tbody tr:nth-child({}) td:nth-child({})"
    overview = page.context.request.get(f"{address}data/overview.json?{asked()}").json()["rows"]
    return {
        "views": text("reading", tile.format(2)),
        "visitors": text("reading", tile.format(1)),
        "views of the post": text("posts", row.format("posts", 1, 2)),
        "views from nowhere": text("sources", row.format("sources", 1, 2)),
        "unlocks": f"{next(row[1] for row in overview if row[0] == 'unlock'):,}",
        "demos that worked": text("practice", row.format("demos", 1, 4), f"&post={POST}&sort=demo"),
        "readers who were helped": text("feedback", row.format("feedback", 1, 2), f"&post={POST}"),
    }


def asked(post: str = "") -> str:
    since, until = PERIOD.since.isoformat(), PERIOD.until.isoformat()
    return urlencode({"since": since, "until": until, "compare": "previous", **({"post": post} if post else {})})


def sign_in(browser: Browser, address: str, key: str) -> tuple[Page, float]:
    """The author's browser, and the bytes of script and style sheet, which it then keeps."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en").new_page()
    page.add_init_script(PAINTED)
    page.goto(address)
    files: float = page.evaluate(SEEN)["files"]
    page.fill("#key", key)
    page.press("#key", "Enter")
    page.wait_for_selector("#numbers")
    return page, files


def visit(page: Page, address: str) -> dict[str, float]:
    """Open a page; milliseconds and bytes of it, as the browser counts them."""
    answer = page.goto(address)
    assert answer and answer.ok, answer and answer.text()
    seen: dict[str, float] = page.evaluate(SEEN)
    assert seen["drawn"], address
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard")
    parser.add_argument("--keep", type=Path, help="a folder for the store, to use it again")
    kept = parser.parse_args().keep
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = kept or Path(temporary)
        with step(f"loading {EVENTS:,} events"):
            fill(folder)
        with step("counting them one by one"), open_store(folder) as store:
            expected = counted(store)
        key = make_key(folder)
        with collecting(folder) as home, browsing() as browser:
            address = f"{home}/dashboard/"
            page, files = sign_in(browser, address, key)
            for view in VIEWS:
                for post, of in (("", ""), (POST, " of one post")):
                    with step(f"{view}{of}"):
                        seen = [visit(page, f"{address}{view}?{asked(post)}") for _ in range(TIMES)]
                    painted, server = (statistics.median(one[name] for one in seen) for name in ("painted", "server"))
                    rows.append(at_most(f"{view}{of}: painted", painted, ALLOWED, "{:,.0f} ms"))
                    rows.append(
                        Row("  of that until the page was here", f"{server:,.0f} ms, {seen[0]['page']:,.0f} bytes")
                    )
            rows.append(Row("script and style sheet, once", f"{files:,.0f} bytes"))
            found = said(page, address)
            version = f"Chromium {browser.version}"
    unlike = {name: (found[name], count) for name, count in expected.items() if found[name] != count}
    rows.append(Row("numbers that are not those of the events", json.dumps(unlike) if unlike else "0", "0", not unlike))
    return show(
        f"{EVENTS:,} events of {DAYS} days, {POSTS} posts: {DAYS // 2} days and the {DAYS // 2} before", rows, version
    )


if __name__ == "__main__":
    sys.exit(main())
