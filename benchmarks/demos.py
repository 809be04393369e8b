"""Demos that readers run: how long from a click to the first output, what they weigh before it, and what they cost a build.

Measured inside the page, in a new browser for each visit so that nothing is in its cache: from the click on Run until the
expected text stands below the code. Beside it in the same run, Pyodide as its own documentation loads it, on the page's thread
and with the page's rights.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.host import hosting
from benchmarks.reader import browsing, newcomer, weight
from benchmarks.results import Row, at_most, show, step
from site_builder.demos.runtimes import PYODIDE
from tests.sites import MATERIAL, Blog, make_blog

VISITS, DEMOS, ON_A_PAGE = 5, 200, 10
FIRST_ALLOWED, SECOND_ALLOWED, STOPPED_ALLOWED, BUILD_ALLOWED = 7.0, 0.3, 4.5, 1.0
BYTES_ALLOWED = 6_000
RUNNING = "blog/2026/11/01/running/"
_DEMO = '```python demo id="{id}" notest\n{code}\n```\n\n'
_CLICK_AND_WAIT = """([id, expected]) => new Promise((resolve) => {
  const demo = document.getElementById(`demo-${id}`), start = performance.now();
  const look = () => {
    if (!demo.querySelector(".code-demo__output")?.textContent.includes(expected)) return;
    watcher.disconnect();
    resolve((performance.now() - start) / 1000);
  };
  const watcher = new MutationObserver(look);
  watcher.observe(demo, { subtree: true, childList: true, characterData: true });
  demo.querySelector(".code-demo__run").click();
})"""
_PEER = """<!doctype html><meta charset="utf-8"><title>peer</title><script type="module">
const start = performance.now();
const { loadPyodide } = await import("/%smainfile");
const pyodide = await loadPyodide();
pyodide.runPython("print('ready')");
globalThis.seconds = (performance.now() - start) / 1000;
</script>"""


def program(number: int) -> str:
    """A short program of its own, as an article has it."""
    return f"""\
from collections import Counter

def step_{number}(values, size={number + 2}):
    \"\"\"Counts runs of {number + 2} neighbours.\"\"\"
    runs = Counter(tuple(values[at : at + size]) for at in range(len(values) - size + 1))
    return runs.most_common({number % 3 + 1})

sample = [value * {number + 3} % 7 for value in range(40)]
for run, count in step_{number}(sample):
    print(run, count, sum(run) / len(run))"""


def write_posts(blog: Blog) -> None:
    """A page to run things on, and one with ten demos beside the same with ten plain blocks of code."""
    codes = {
        "first": "print('rea' + 'dy')",
        "second": "print('rea' + 'dy')",
        "endless": "print('go')\nwhile True: pass",
    }
    blog.post("running", "# Running\n\n" + "".join(_DEMO.format(id=name, code=code) for name, code in codes.items()))
    programs = [program(number) for number in range(ON_A_PAGE)]
    blog.post("ten", "# Ten\n\n" + "\n\n".join(f"```python demo\n{code}\n```" for code in programs))
    blog.post("plain", "# Plain\n\n" + "\n\n".join(f"```python\n{code}\n```" for code in programs))


def run(page: Page, demo: str, expected: str = "ready") -> float:
    """Seconds from the click on Run until the output has ``expected``."""
    return float(page.evaluate(_CLICK_AND_WAIT, [demo, expected]))


def visit(browser: Browser, home: str) -> tuple[float, float, float]:
    """First run, second demo, and a run after one that was stopped, in a new browser."""
    with newcomer(browser) as context:
        page = context.new_page()
        page.goto(home + RUNNING)
        page.locator("#demo-first .code-demo__run").wait_for()
        first, second = run(page, "first"), run(page, "second")
        run(page, "endless", "go")
        page.locator("#demo-endless").get_by_role("button", name="Stop").click()
        page.evaluate("document.querySelector('#demo-first .code-demo__output').textContent = ''")
        return first, second, run(page, "first")


def plain_pyodide(browser: Browser, home: str) -> float:
    """Seconds until Pyodide has printed something, as its documentation loads it."""
    with newcomer(browser) as context:
        page = context.new_page()
        page.goto(f"{home}peer.html")
        page.wait_for_function("globalThis.seconds", timeout=60_000)
        return float(page.evaluate("globalThis.seconds"))


def fetched(browser: Browser, address: str) -> int:
    """Bytes that a page fetches by itself, compressed, until nothing more comes."""
    with newcomer(browser) as context:
        page, addresses = context.new_page(), set[str]()
        page.on("request", lambda request: addresses.add(request.url.partition("#")[0]))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        return sum(weight(one) for one in addresses if one.startswith("http"))


def in_the_browser(folder: Path) -> tuple[list[Row], str]:
    """What readers wait for, and what they fetch without asking."""
    with hosting(folder / "site") as home, browsing() as browser:
        blog = make_blog(folder, plugins=(*MATERIAL, "demos"), url=home)
        write_posts(blog)
        blog.build()
        peer = _PEER.replace("%smainfile", f"{PYODIDE.site_path}pyodide.mjs")
        (blog.site / "peer.html").write_text(peer, "utf-8")
        with step(f"{VISITS} visits, each in a new browser"):
            visits = [visit(browser, home) for _ in range(VISITS)]
        with step("plain Pyodide as often"):
            plain = statistics.median(plain_pyodide(browser, home) for _ in range(VISITS))
        ten, none = (fetched(browser, f"{home}blog/2026/11/01/{name}/") for name in ("ten", "plain"))
        first, second, stopped = map(statistics.median, zip(*visits, strict=True))
        rows = [
            at_most("first run of a Python demo, nothing in the cache", first, FIRST_ALLOWED, "{:.1f} s"),
            Row("plain Pyodide on the page's own thread", f"{plain:.1f} s"),
            at_most("second demo of the page", second, SECOND_ALLOWED, "{:.2f} s"),
            at_most("a run after one that was stopped", stopped, STOPPED_ALLOWED, "{:.2f} s"),
            at_most(f"{ON_A_PAGE} demos that nobody runs: more than without", ten - none, BYTES_ALLOWED, "{:,} bytes"),
            Row("the page without them", f"{none:,} bytes"),
        ]
        return rows, f"Chromium {browser.version}"


def seconds_of(blog: Blog, what: str) -> float:
    """The quicker of two builds, after one that fills the caches."""
    blog.build()
    found = []
    for _ in range(2):
        with step(what) as lap:
            blog.build()
        found.append(lap.seconds)
    return min(found)


def built_again(folder: Path) -> list[Row]:
    """What demos that are known cost a build."""
    seconds: dict[str, float] = {}
    for word in ("demo", ""):
        plugins: tuple[Any, ...] = (*MATERIAL, *(["demos"] if word else []))
        blog = make_blog(folder / (word or "plain"), plugins=plugins)
        for post in range(DEMOS // ON_A_PAGE):
            codes = (program(number) for number in range(post * ON_A_PAGE, (post + 1) * ON_A_PAGE))
            text = "\n\n".join(f"```python {word}".rstrip() + f"\n{code}\n```" for code in codes)
            blog.post(f"post-{post}", f"# Post {post}\n\nWords.\n\n<!-- more -->\n\n{text}")
        seconds[word] = seconds_of(blog, f"{DEMOS} blocks of code, {'run' if word else 'not run'}, built again")
    more = seconds["demo"] - seconds[""]
    return [
        at_most(f"{DEMOS} demos built again: more than without them", more, BUILD_ALLOWED, "{:.2f} s"),
        Row("the build without them", f"{seconds['']:.2f} s"),
    ]


def main() -> int:
    """Print the table; 0 if the limits are kept, 1 if not."""
    with tempfile.TemporaryDirectory() as folder:
        rows, version = in_the_browser(Path(folder) / "blog")
        rows += built_again(Path(folder))
    return show("Demos", rows, version)


if __name__ == "__main__":
    sys.exit(main())
