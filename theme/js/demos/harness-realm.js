// What a realm gives a demo's JavaScript: console, timers, prompt and fetch. All speak to the run that is going on.

import { format, inspect } from "./inspect.js";
import { native, Run } from "./harness-run.js";

const ROWS = 1000;
const world = /** @type {any} */ (globalThis);

/** Whose code is running: what the realm's `console` and timers speak to. @type {Run | null} */
let current = null;

/** From now on all speaks to this run; to none between runs. @param {Run | null} run */
export function speakTo(run) {
  current = run;
  if (run) install();
}

let installed = false;

/** Give the realm its console, timers, `prompt` and `fetch`: all speak to the current run. */
function install() {
  Object.assign(world, {
    console: terminal(),
    prompt,
    alert: (/** @type {unknown} */ text = "") => say("stdout", [String(text)]),
    ...timers(),
    fetch: fetched,
  });
  if (installed) return;
  installed = true;
  for (const kind of [world.SubtleCrypto, world.Response, world.Blob])
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(kind?.prototype ?? {})))
      if (typeof value === "function" && name !== "constructor") kind.prototype[name] = tracked(value);
}

/** @param {Function} method */
function tracked(method) {
  return function (/** @type {unknown[]} */ ...values) {
    // @ts-ignore: `this` is whatever the method is called on
    const result = method.apply(this, values);
    return current && result instanceof Promise ? current.track(result) : result;
  };
}

/** @param {"stdout" | "stderr"} kind @param {unknown[]} values */
function say(kind, values) {
  const run = current;
  if (!run) return;
  const text = format(values);
  run.print(kind, `${run.indent ? text.replace(/^/gm, run.indent) : text}\n`);
}

function terminal() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Map<string, number>} */
  const clocks = new Map();
  const out = (/** @type {unknown[]} */ ...values) => say("stdout", values);
  const err = (/** @type {unknown[]} */ ...values) => say("stderr", values);
  const group = (/** @type {unknown[]} */ ...values) => {
    if (values.length) out(...values);
    if (current) current.indent += "  ";
  };
  const took = (label = "default", /** @type {unknown[]} */ ...values) =>
    out(`${label}: ${(native.now() - (clocks.get(label) ?? native.now())).toFixed(1)} ms`, ...values);
  return {
    log: out,
    info: out,
    debug: out,
    dir: (/** @type {unknown} */ value) => out(inspect(value)),
    warn: err,
    error: err,
    trace: err,
    assert: (/** @type {unknown} */ fine, /** @type {unknown[]} */ ...values) => {
      if (!fine) err(`Assertion failed${values.length ? ":" : ""}`, ...values);
    },
    table: (/** @type {unknown} */ value, /** @type {string[] | undefined} */ columns) => {
      const table = rows(value, columns);
      if (table) current?.table(table);
      else out(value);
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      if (current) current.indent = current.indent.slice(2);
    },
    count: (label = "default") => {
      counts.set(label, (counts.get(label) ?? 0) + 1);
      out(`${label}: ${counts.get(label)}`);
    },
    countReset: (label = "default") => counts.delete(label),
    time: (label = "default") => clocks.set(label, native.now()),
    timeLog: took,
    timeEnd: (label = "default") => {
      took(label);
      clocks.delete(label);
    },
    clear: () => {},
  };
}

/** @param {any} value @param {string[]} [only] */
function rows(value, only) {
  if (value === null || typeof value !== "object") return null;
  const items = value instanceof Map ? [...value] : value instanceof Set ? [...value].entries() : Object.entries(value);
  const all = [...items].slice(0, ROWS);
  const structured = all.map(([, item]) => (item !== null && typeof item === "object" ? item : null));
  const columns = only ?? [...new Set(structured.flatMap((item) => (item ? Object.keys(item) : [])))];
  const bare = structured.some((item) => !item);
  const cell = (/** @type {unknown} */ item) => (typeof item === "string" ? item : inspect(item, 1)).toWellFormed();
  return {
    columns: ["", ...columns.map(String), ...(bare ? ["value"] : [])],
    rows: all.map(([key, item], index) => [
      cell(key),
      ...columns.map((column) =>
        structured[index] && column in structured[index] ? cell(structured[index][column]) : null,
      ),
      ...(bare ? [structured[index] ? null : cell(item)] : []),
    ]),
  };
}

function timers() {
  /** @param {(work: () => void, after?: number) => number} start @param {(timer: number) => void} stop @param {boolean} once */
  const timer =
    (start, stop, once) =>
    (/** @type {unknown} */ work, /** @type {number} */ after = 0, /** @type {unknown[]} */ ...values) => {
      const run = current;
      if (!run) return 0;
      if (typeof work !== "function") throw new TypeError("a timer needs a function");
      /** @type {number} */
      let number;
      const handle = start(() => {
        run.call(work, values);
        if (once) run.done(number);
      }, after);
      number = run.wait(() => stop(handle));
      return number;
    };
  const clear = (/** @type {number} */ number) => current?.done(number);
  const once = timer(native.setTimeout, native.clearTimeout, true);
  return {
    setTimeout: once,
    setInterval: timer(native.setInterval, native.clearInterval, false),
    clearTimeout: clear,
    clearInterval: clear,
    setImmediate: (/** @type {unknown} */ work, /** @type {unknown[]} */ ...values) => once(work, 0, ...values),
    clearImmediate: clear,
    requestAnimationFrame: (/** @type {(now: number) => void} */ work) => once(() => work(native.now()), 16),
    cancelAnimationFrame: clear,
  };
}

/** The next line of the input; null at its end, as where a reader presses Cancel. @param {unknown} [text] */
function prompt(text = "") {
  const run = current;
  if (!run) return null;
  const line = run.lines.shift() ?? null;
  run.print("stdout", `${text}${text ? " " : ""}${line ?? ""}\n`);
  if (line === null)
    run.print("stderr", "there is nothing more to read: write what the program shall read into the box “Input”\n");
  return line;
}

/** @param {RequestInfo | URL} address @param {RequestInit} [options] @returns {Promise<any>} */
function fetched(address, options) {
  const run = current;
  const files = run?.host.files ?? {};
  const name = String(address).replace(/^\.\//, "");
  if (Object.hasOwn(files, name)) return Promise.resolve(opened(name, files[name] ?? new Uint8Array()));
  if (run?.host.fetch) return run.track(run.host.fetch(address, options));
  return Promise.reject(new TypeError(`${name} is none of this demo's files, and it has no network`));
}

/** As much of a Response as a file needs; Node's own leans on parts of Node that demos do not see. @param {string} url @param {Uint8Array<ArrayBuffer>} data */
function opened(url, data) {
  const text = () => new TextDecoder().decode(data);
  return {
    ok: true,
    status: 200,
    url,
    text: async () => text(),
    json: async () => JSON.parse(text()),
    bytes: async () => data.slice(),
    arrayBuffer: async () => data.slice().buffer,
    blob: async () => new Blob([data]),
  };
}
