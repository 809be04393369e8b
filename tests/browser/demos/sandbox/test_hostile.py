"""Hostile code: it reaches nothing, stops nothing but itself, and the next run works."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.demos.sandbox.desk import Desk, Site, Trap
from tests.browser.demos.sandbox.test_runs import JS, PYTHON, SQL, text_of

HERE = Path(__file__).parent
NETWORK = (HERE / "network.js").read_text(encoding="utf-8")
STORAGE = (HERE / "storage.js").read_text(encoding="utf-8")


def trying(attempts: str, host: str, patience: int = 700) -> str:
    """Code that prints what came of each attempt; after so many milliseconds, that nothing did."""
    frame = (HERE / "attempts.js").read_text(encoding="utf-8")
    frame = frame.replace("HOST", json.dumps(host)).replace("PATIENCE", str(patience))
    return frame.replace("ATTEMPTS;", f"{attempts.strip()};", 1)


def names_of(attempts: str) -> set[str]:
    return set(re.findall(r'^  "?([a-z\' ]+)"?: ', attempts, re.MULTILINE))


def attempted(told: dict[str, Any]) -> dict[str, str]:
    lines = text_of(told).splitlines()
    return dict(line.split(": ", 1) for line in lines)


def page_lived(told: dict[str, Any]) -> bool:
    """Its timer of 20 ms went on while the code ran: not each time, on a machine with much to do."""
    return bool(told["ticks"] >= told["outcome"]["milliseconds"] / 200 - 1)


def test_javascript_has_no_network(each_desk: Desk, trap: Trap) -> None:
    told = each_desk.call("run", {**JS, "code": trying(NETWORK, trap.address)})
    said = attempted(told)
    assert said.keys() == names_of(NETWORK), told
    assert not [name for name, what in said.items() if what.startswith("reached")], said
    assert trap.caught == []


def test_with_net_it_has(desk: Desk, trap: Trap) -> None:
    [fetch] = re.findall(r"^  fetch: .*$", NETWORK, re.MULTILINE)
    code = trying(f"({{\n{fetch}\n}})", trap.address, patience=15_000)
    assert attempted(desk.call("run", {**JS, "code": code, "net": True})) == {"fetch": "reached 200"}
    assert trap.caught
    told = desk.call(
        "run", {**JS, "code": f"console.log(await (await fetch('http://{trap.address}')).text())", "net": True}
    )
    assert text_of(told) == "caught\n"
    code = f"from pyodide.http import pyfetch\nprint(await (await pyfetch('http://{trap.address}')).string())"
    assert text_of(desk.call("run", {**PYTHON, "code": code, "net": True})) == "caught\n"


def test_the_site_itself_cannot_be_asked_for_anything(each_desk: Desk, site: Site) -> None:
    host = site.address.removeprefix("http://").rstrip("/")
    for net in (False, True):
        before = len(site.asked)
        told = each_desk.call("run", {**JS, "code": trying(STORAGE, host), "net": net})
        said = attempted(told)
        assert said.keys() == names_of(STORAGE), told
        assert not [name for name, what in said.items() if what.startswith("reached")], said
        # With `net` a request goes out, as it would to any host; but what comes back can't be read.
        assert net or not [path for path in site.asked[before:] if "assets" not in path and "desk" not in path]


PYTHON_ATTEMPTS = """
import js
from pyodide.code import run_js
from pyodide.http import pyfetch

async def by_fetch(): await js.fetch(HOST)
async def by_pyfetch(): await pyfetch(HOST)
async def by_socket():
    import socket
    host, port = HOST.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 2) as to:
        to.sendall(b"hello")
        assert to.recv(1)
async def by_urllib():
    import urllib.request
    urllib.request.urlopen(HOST, timeout=2)
async def by_request():
    ask = js.XMLHttpRequest.new()
    ask.open("GET", HOST, False)
    ask.send()
async def by_import(): await run_js(f"import('{HOST}')")
async def by_database(): js.indexedDB.open("secret")
async def by_caches(): await js.caches.keys()
async def by_files(): await js.navigator.storage.getDirectory()
async def by_storage(): js.localStorage.secret
async def by_document(): js.document.cookie
async def by_parent(): js.parent.document
async def by_posting(): js.postMessage("hello")
async def by_closing(): js.close()
async def by_channel(): js.BroadcastChannel.new("secret").postMessage("hello")

for name, attempt in list(globals().items()):
    if name.startswith("by_"):
        try:
            await attempt()
            print(name, "reached")
        except BaseException as error:
            print(name, "refused")
"""


def test_python_reaches_nothing_through_javascript(each_desk: Desk, trap: Trap) -> None:
    told = each_desk.call("run", {**PYTHON, "code": f"HOST = 'http://{trap.address}'\n{PYTHON_ATTEMPTS}"})
    lines = text_of(told).splitlines()
    assert len(lines) == PYTHON_ATTEMPTS.count("async def"), told
    assert [line for line in lines if "reached" in line] == []
    assert trap.caught == []


def test_a_channel_of_the_sites_name_does_not_lead_to_the_site(desk: Desk) -> None:
    said = "new BroadcastChannel(`secret`).postMessage(`hello`); postMessage(1)"
    code = f"const worker = new Worker('data:text/javascript,{said}');\n"
    desk.call("run", {**JS, "code": f"{code}await new Promise((done) => (worker.onmessage = done));"})
    script = "try { new BroadcastChannel('secret').postMessage('hello') } catch {} console.log(1)"
    desk.call("live", {"script": script}, 1, 200)
    assert "hello" not in desk.call("heard")


def test_code_has_no_way_to_speak_for_the_harness(desk: Desk) -> None:
    told = desk.call("run", {**JS, "code": "console.log(typeof postMessage, typeof close)"})
    assert text_of(told) == "undefined undefined\n"


NEXT = {
    "python": {**PYTHON, "code": "import json\nprint(json.dumps(1))"},
    "js": {**JS, "code": "console.log(1)"},
    "sql": {**SQL, "code": "SELECT 1"},
}

FOREVER = [
    # In Python's own loop, in one of the browser's, and in a function of C.
    {**PYTHON, "code": "while True:\n    try:\n        while True: pass\n    except BaseException: pass"},
    {**PYTHON, "code": "import asyncio\nwhile True: await asyncio.sleep(0)"},
    {**PYTHON, "code": "10 ** 10 ** 10"},
    {**JS, "code": "for (;;);"},
    {**JS, "code": "for (;;) try { for (;;); } catch {}"},
    {**JS, "code": "setInterval(() => {}, 1)"},
    {**JS, "code": "(function again() { Promise.resolve().then(again) })()"},
    {**JS, "code": "await new Promise(() => setTimeout(() => {}, 1e6))"},
    {**JS, "code": "/(a+)+$/.test('a'.repeat(64) + 'b')"},
    {**SQL, "code": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"},
]


@pytest.mark.parametrize("job", FOREVER, ids=lambda job: f"{job['language']}: {job['code'][:40]!r}")
def test_what_runs_for_ever_is_stopped_and_the_page_lives(desk: Desk, job: dict[str, Any]) -> None:
    told = desk.call("run", {**job, "timeout": 0.6})
    assert told["outcome"].get("stopped") == "timeout", told
    assert page_lived(told)
    assert desk.call("run", NEXT[job["language"]])["outcome"]["ok"]


def test_each_browser_stops_what_would_stop_it_and_the_next_run_works(each_desk: Desk) -> None:
    for language, endless, printing, huge in (
        ("python", "while True: pass", "while True: print('x' * 1000)", "bytearray(3_000_000_000)"),
        ("js", "for (;;);", "for (;;) console.log('x'.repeat(1000))", "new Uint8Array(2 ** 40)"),
    ):
        told = each_desk.call("run", {"language": language, "code": endless, "timeout": 0.3})
        assert told["outcome"]["stopped"] == "timeout"
        assert page_lived(told)
        for code in (printing, huge):
            told = each_desk.call("run", {"language": language, "code": code, "timeout": 3})
            assert not told["outcome"]["ok"]
            assert len(json.dumps(told["outputs"])) < 400_000
        assert text_of(each_desk.call("run", NEXT[language])) == "1\n"


PRINTING = [
    {**PYTHON, "code": "while True:\n    try:\n        print('x' * 1000)\n    except BaseException: pass"},
    {**PYTHON, "code": "print('x' * 100_000_000)"},
    {**PYTHON, "code": "import sys\nwhile True: sys.stderr.write('\\n')"},
    {**PYTHON, "code": "class A:\n    def _repr_html_(self): return 'x' * 10 ** 7\nfor _ in range(100): display(A())"},
    {**JS, "code": "for (;;) try { console.log('x'.repeat(1000)) } catch {}"},
    {**JS, "code": "for (;;) try { console.table([{ a: 'x'.repeat(1000) }]) } catch {}"},
    {**SQL, "code": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"},
]


@pytest.mark.parametrize("job", PRINTING, ids=lambda job: f"{job['language']}: {job['code'][:40]!r}")
def test_what_prints_for_ever_ends_with_a_bounded_output(desk: Desk, job: dict[str, Any]) -> None:
    told = desk.call("run", {**job, "timeout": 1})
    assert not told["outcome"]["ok"]
    assert len(json.dumps(told["outputs"])) < 400_000
    assert page_lived(told)


# The frames above the code hold what sends its output to the worker's frame.
SENDING = """
import sys
frame = sys._getframe()
while "job" not in frame.f_locals or "send" not in frame.f_locals:
    frame = frame.f_back
send = frame.f_locals["send"]
"""


def test_code_that_goes_around_the_harness_is_cut_off_by_the_frame(desk: Desk) -> None:
    for flood in ('send(\'["stdout", "\' + "x" * 100_000 + \'"]\')', 'send(\'["stdout", "x"]\')'):
        told = desk.call("run", {**PYTHON, "code": f"{SENDING}while True: {flood}"})
        assert told["outcome"]["stopped"] == "output", told["outcome"]
        assert len(json.dumps(told["outputs"])) < 20_000_000


def test_output_of_a_wrong_shape_does_not_pass(desk: Desk) -> None:
    wrong = [
        "[1, 2]",
        '["script", "x"]',
        '["html", {}]',
        '["table", {"columns": [1], "rows": []}]',
        '["error", "x"]',
        "{}",
    ]
    told = desk.call(
        "run",
        {
            **PYTHON,
            "code": f"{SENDING}for text in {wrong!r}:\n    try: send(text)\n    except Exception: pass\nprint(1)",
        },
    )
    assert told["outputs"] == [{"kind": "stdout", "data": "1\n"}]


MEMORY = [
    {**PYTHON, "code": "a = []\nwhile True: a.append(bytearray(50_000_000))"},
    {**PYTHON, "code": "'x' * 10 ** 12"},
    {**JS, "code": "const a = []; for (;;) a.push(new Array(1e6).fill(a.length))"},
    {**JS, "code": "const a = []; for (;;) a.push(new Uint8Array(2 ** 26).fill(1))"},
    {**JS, "code": "let s = 'x'; for (;;) s += s"},
    {**JS, "code": "new WebAssembly.Memory({ initial: 1 }).grow(65_000)"},
    {**SQL, "code": "SELECT hex(zeroblob(900000000))"},
    {
        **SQL,
        "code": "CREATE TABLE t AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT zeroblob(1000000) FROM n",
    },
]


@pytest.mark.parametrize("job", MEMORY, ids=lambda job: f"{job['language']}: {job['code'][:40]!r}")
def test_what_takes_all_memory_ends_and_the_next_run_works(desk: Desk, job: dict[str, Any]) -> None:
    told = desk.call("run", {**job, "timeout": 1})
    assert not told["outcome"]["ok"], told
    assert page_lived(told)
    assert desk.call("run", NEXT[job["language"]])["outcome"]["ok"]


ENDING = [
    {**PYTHON, "code": "import os\nos._exit(3)"},
    {**PYTHON, "code": "import sys\nsys.exit(3)"},
    {**PYTHON, "code": "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(): f()\nf()"},
    {**PYTHON, "code": "def f(): f()\nf()"},
    {**PYTHON, "code": "import ctypes\nctypes.string_at(0xFFFFFFF0, 10 ** 9)"},
    {**PYTHON, "code": "import gc\nfor o in gc.get_objects():\n    if isinstance(o, dict): o.clear()"},
    {**PYTHON, "code": "import js\njs.Object.prototype.then = 1\njs.Promise.prototype.then = None\n1 / 0"},
    {**JS, "code": "(function f() { f() })()"},
    {
        **JS,
        "code": "Object.prototype.kind = 1; Array.prototype.map = null; Promise.prototype.then = null; JSON = null; throw 1",
    },
    {**JS, "code": "Object.defineProperty(Object.prototype, 'run', { get() { throw 1 }, set() { throw 1 } }); throw 1"},
]


@pytest.mark.parametrize("job", ENDING, ids=lambda job: f"{job['language']}: {job['code'][:40]!r}")
def test_what_wrecks_its_worker_ends_and_the_next_run_works(desk: Desk, job: dict[str, Any]) -> None:
    told = desk.call("run", {**job, "timeout": 3})
    assert not told["outcome"]["ok"], told
    assert desk.call("run", NEXT[job["language"]])["outcome"]["ok"]
