// A worker that runs Python: Pyodide from the bytes it is handed, and in it the harness that the build runs demos with.

import { writeHarness } from "../harness-python.js";
import { addressOf, guard, MEMORY, serve, watch } from "./guard.js";
import { STAGE } from "./stage.js";

const HOME = "/home/reader";

/** @param {Record<string, any>} parts the runtime's files by name, its WebAssembly compiled */
async function boot(parts) {
  guard();
  const { loadPyodide } = await import(addressOf(parts["pyodide.mjs"]));
  const { default: createPyodideModule } = await import(addressOf(parts["pyodide.asm.mjs"]));
  const python = await handing(parts, () =>
    loadPyodide({
      createPyodideModule,
      indexURL: "https://runtime.invalid/",
      // Without its list of packages Python does not advise to install one, which can't be done here.
      lockFileContents: { ...JSON.parse(new TextDecoder().decode(parts["pyodide-lock.json"])), packages: {} },
      packageBaseUrl: "https://runtime.invalid/",
      env: { HOME, LANG: "en_US.UTF-8" },
      stdout: () => {},
      stderr: () => {},
    }),
  );
  writeHarness(python.FS, "/lib/demo_harness");
  python.runPython("import sys; sys.path.append('/lib')");
  // Without it packages go to the folder that is current, which each run changes.
  const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
  const stage = python.globals.get("dict")();
  python.runPython(STAGE, { globals: stage });
  const [prepare, perform] = [stage.get("prepare"), stage.get("perform")];
  /** @type {Set<string>} */
  const installed = new Set();
  const changed = watch();

  return async (/** @type {any} */ job, /** @type {(kind: string, data: any) => void} */ emit) => {
    for (const { name, bytes } of job.wheels) {
      if (installed.has(name)) continue;
      python.unpackArchive(bytes, "wheel", { extractDir });
      installed.add(name);
    }
    prepare(Object.fromEntries(job.files.map((/** @type {any} */ { name, bytes }) => [name, bytes])));
    const { code, input, session, setup = "", tests = null } = job;
    const answer = await perform(JSON.stringify({ code, input, session, setup, tests }), (/** @type {string} */ said) =>
      emit(.../** @type {[string, any]} */ (JSON.parse(said))),
    );
    // Memory that was once taken is never given back; and nobody mends what Python did to JavaScript.
    return { ...JSON.parse(answer), spent: python._module.HEAP8.length > MEMORY / 2 || changed() };
  };
}

/** Gives Pyodide, which would fetch its parts, the ones that are there. @template T @param {Record<string, any>} parts
 * @param {() => Promise<T>} load */
async function handing(parts, load) {
  const { fetch, WebAssembly: wasm } = globalThis;
  const { instantiateStreaming } = wasm;
  /** @type {WebAssembly.Module} */
  const module = parts["pyodide.asm.wasm"];
  globalThis.fetch = async (url) => new Response(String(url).endsWith(".wasm") ? null : parts["python_stdlib.zip"]);
  wasm.instantiateStreaming = async (_, imports) => ({ module, instance: await wasm.instantiate(module, imports) });
  try {
    return await load();
  } finally {
    globalThis.fetch = fetch;
    wasm.instantiateStreaming = instantiateStreaming;
  }
}

serve(boot);
