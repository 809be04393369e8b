// A worker that runs JavaScript, with the harness that the build runs demos with.

import { checkJavaScript, runJavaScript } from "../harness.js";
import { addressOf, guard, serve } from "./guard.js";

const scope = /** @type {any} */ (globalThis);
const { importScripts, fetch, Worker } = scope;

/** As a classic script in the worker's own scope. @param {string} script @param {string} name */
function evaluate(script, name) {
  const address = addressOf(script);
  try {
    importScripts.call(scope, address);
  } catch (/** @type {any} */ error) {
    // Chromium says first what could not parse it.
    if (error instanceof SyntaxError) error.message = error.message.replace(/^Failed to execute .*?': /, "");
    // Firefox knows the line, but not as the harness looks for it.
    if (error instanceof SyntaxError && "lineNumber" in error) error.stack += `\n${name}:${error.lineNumber}`;
    throw error;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Hears what nobody caught. @param {(reason: unknown) => void} report */
function listen(report) {
  const controller = new AbortController();
  const hear = (/** @type {any} */ event) => {
    event.preventDefault();
    report(event.reason ?? event.error ?? new Error(event.message));
  };
  for (const kind of ["error", "unhandledrejection"]) addEventListener(kind, hear, { signal: controller.signal });
  return () => controller.abort();
}

/**
 * The line at which code does not parse, which only the error event of a worker's own script tells. Nothing of it is run.
 *
 * @param {string} code @returns {Promise<number | null>}
 */
const faultOf = (code) =>
  new Promise((resolve) => {
    const worker = new Worker(`data:text/javascript,${encodeURIComponent(`throw 0;${code}`)}`);
    worker.onerror = (/** @type {ErrorEvent} */ event) => {
      event.preventDefault();
      worker.terminate();
      resolve(/SyntaxError/.test(event.message) && event.lineno > 0 ? event.lineno : null);
    };
  });

async function boot() {
  guard();
  /** @type {Map<string, string>} */
  const sources = new Map();

  return async (/** @type {any} */ job, /** @type {(kind: string, data: any) => void} */ emit) => {
    const { code, setup = "", tests, input, net } = job;
    const files = Object.fromEntries(job.files.map((/** @type {any} */ { name, bytes }) => [name, bytes]));
    /** @type {any} */
    let unplaced = null;
    const place = (/** @type {string} */ kind, /** @type {any} */ data) => {
      if (kind === "error" && data.type === "SyntaxError" && !data.line) unplaced = data;
      else emit(kind, data);
    };
    const host = { emit: place, evaluate, listen, input, files, sources, ...(net && { fetch: fetch.bind(scope) }) };
    let done;
    if (tests !== undefined) {
      const results = await checkJavaScript({ code, setup, tests }, host);
      done = { ok: results.every(({ passed }) => passed), tests: results };
    } else {
      done = { ok: (!setup || (await runJavaScript(setup, host))) && (await runJavaScript(code, host)) };
    }
    if (unplaced) {
      const line = await faultOf(code);
      emit("error", { ...unplaced, line, text: unplaced.text + (line ? `\n    at demo.js:${line}` : "") });
    }
    return done;
  };
}

serve(boot);
