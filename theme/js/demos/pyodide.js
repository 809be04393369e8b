// Runs demos' Python when the site is built in the Python that readers have: Pyodide, here under Node.
//
// One warm process does job after job: all with the same packages, and all with the network or none. A job comes as a line of JSON.

// @ts-ignore: Node's modules have no types here
import { constants, readdirSync, readFileSync } from "node:fs";
// @ts-ignore
import { createInterface } from "node:readline";

/**
 * `runtime` is a folder's file: address with a slash at its end, `harness` a folder; `wheels` are files in the order of loading.
 *
 * @typedef {{ runtime: string, harness: string, wheels: string[], seed: string, net: boolean }} Setting
 * @typedef {{ pieces: string[], exercise: { code: string, setup: string, tests: string } | null, files: Record<string, string> }} Job
 */

/** What of the realm reaches the network. */
const OUTSIDE = ["fetch", "WebSocket", "EventSource"];

const STAGE = `
import importlib, json, os, shutil, sys
sys.path.append("/lib")
import demo_harness

HOME = "/home/reader/demo"
sys.path.insert(0, HOME)

async def work(text, files, send):
    """A job's pieces in one namespace, or its exercise; in a folder of its own that has its files."""
    job = json.loads(text)
    environment, known, path = dict(os.environ), set(sys.modules), list(sys.path)
    os.makedirs(HOME)
    os.chdir(HOME)
    for name, data in files.to_py().items():
        with open(name, "wb") as file:
            file.write(data)
    importlib.invalidate_caches()
    tell = lambda **said: send(json.dumps(said))
    emit = lambda kind, data: tell(kind=kind, data=data)
    tell(ready=True)
    try:
        if exercise := job["exercise"]:
            texts = exercise["code"], exercise["setup"], exercise["tests"]
            if any(map(demo_harness.awaits, texts)) or "async def test_" in texts[2]:
                tell(tests=await demo_harness.check_async(*texts, emit))
            else:
                tell(tests=demo_harness.check(*texts, emit))
        namespace = {}
        for code in job["pieces"]:
            if demo_harness.awaits(code):
                tell(done=await demo_harness.run_async(code, namespace, emit))
            else:
                tell(done=demo_harness.run(code, namespace, emit))
    finally:
        for name in set(sys.modules) - known:
            if (getattr(sys.modules[name], "__file__", None) or "").startswith(HOME):
                del sys.modules[name]
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        os.chdir("/")
        shutil.rmtree(HOME, ignore_errors=True)
        tell(exit=0)
`;

/** @param {Setting} setting */
async function boot({ runtime, harness, wheels, seed, net }) {
  // Emscripten asks for constants in a way that Node forbids together with files and processes.
  /** @type {any} */ (globalThis).process.binding = () => ({ fs: constants });
  const { loadPyodide } = await import(`${runtime}pyodide.mjs`);
  const python = await loadPyodide({
    env: { HOME: "/home/reader", LANG: "en_US.UTF-8", PYTHONHASHSEED: seed },
    stdout: () => {},
    stderr: () => {},
  });
  python.FS.mkdirTree("/lib/demo_harness");
  for (const name of readdirSync(harness))
    if (name.endsWith(".py")) python.FS.writeFile(`/lib/demo_harness/${name}`, readFileSync(`${harness}/${name}`));
  const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  for (const wheel of wheels) python.unpackArchive(new Uint8Array(readFileSync(wheel)), "wheel", { extractDir });
  if (!net) for (const name of OUTSIDE) delete (/** @type {any} */ (globalThis)[name]);
  const stage = python.globals.get("dict")();
  python.runPython(STAGE, { globals: stage });
  return stage.get("work");
}

/**
 * Do jobs until the input ends.
 *
 * @param {Setting} setting @param {any} input a stream @param {(message: object) => void} send
 */
export async function servePyodide(setting, input, send) {
  const work = await boot(setting).catch((error) => send({ failed: error.message }));
  if (!work) return;
  for await (const line of createInterface({ input })) {
    const job = /** @type {Job} */ (JSON.parse(line));
    const files = Object.entries(job.files).map(([name, text]) => [
      name,
      Uint8Array.from(atob(text), (one) => one.charCodeAt(0)),
    ]);
    await work(line, Object.fromEntries(files), (/** @type {string} */ said) => send(JSON.parse(said)));
  }
}
