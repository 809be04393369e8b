// The Python between the worker and harness.py: a folder for the files, a namespace for each session, order after each run.

/** Defines `perform(job, send)`: both texts of JSON; `send` takes "[kind, data]", the answer is {"ok", "tests"?}. */
export const STAGE = `
import asyncio, builtins, gc, importlib, json, os, shutil, sys, types, demo_harness

_folder = os.path.expanduser("~/demo")
_shared = {}
_builtins = set(vars(builtins))
_known = [
    (vars(module), {name: value for name, value in vars(module).items() if callable(value)})
    for module in list(sys.modules.values())
    if isinstance(module, types.ModuleType)
]
_environment = dict(os.environ)

def _tidy():
    """What a demo without a session leaves behind does not meet the next."""
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(_folder):
            del sys.modules[name]
    for name in set(vars(builtins)) - _builtins:
        delattr(builtins, name)
    for now, before in _known:
        for name, value in before.items():
            if now.get(name) is not value:
                now[name] = value
    os.environ.clear()
    os.environ.update(_environment)
    os.chdir("/")
    shutil.rmtree(_folder, ignore_errors=True)
    gc.collect()

def prepare(files):
    os.makedirs(_folder, exist_ok=True)
    os.chdir(_folder)
    if _folder not in sys.path:
        sys.path.insert(0, _folder)
    for name, content in files.to_py().items():
        with open(os.path.basename(name), "wb") as file:
            file.write(content)
    importlib.invalidate_caches()

async def perform(text, send):
    job = json.loads(text)
    emit = lambda kind, data: send(json.dumps([kind, data]))
    try:
        if job["tests"] is not None:
            texts = job["code"], job["setup"], job["tests"]
            if any(map(demo_harness.awaits, texts)) or "async def test_" in job["tests"]:
                tests = await demo_harness.check_async(*texts, emit, stdin=job["input"])
            else:
                tests = demo_harness.check(*texts, emit, stdin=job["input"])
            return json.dumps({"ok": all(test["passed"] for test in tests), "tests": tests})
        namespace = _shared if job["session"] else {}
        for name, code in (("setup.py", job["setup"]), ("demo.py", job["code"])):
            if not code.strip():
                continue
            if demo_harness.awaits(code):
                ok = await demo_harness.run_async(code, namespace, emit, name=name, stdin=job["input"])
            else:
                ok = demo_harness.run(code, namespace, emit, name=name, stdin=job["input"])
            if not ok:
                return json.dumps({"ok": False})
        return json.dumps({"ok": True})
    finally:
        if not job["session"]:
            _tidy()
`;
