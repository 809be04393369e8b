// Runs a demo's JavaScript and tells what came of it, piece by piece: in the reader's browser, and in Node when the site is built.
//
// Whoever uses this has a realm (a worker, a process) that holds nothing of value: code gets at all that the realm has.

import { assert } from "./assert.js";
import { errorName, format, inspect, isError } from "./inspect.js";

/**
 * `emit`      takes an output's kind and data, as Output in site_builder/demos/model.py
 * `evaluate`  runs a classic script in the realm's global scope, so that a later one finds its `const` and `let`; throws what it throws;
 *             it ends with a `sourceURL` comment, and is told its name where that counts for nothing
 * `input`     what `prompt()` reads, line by line
 * `files`     what `fetch("data.csv")` gives
 * `fetch`     for all other addresses, if the network is allowed
 * `signal`    stops the waiting for timers
 * `listen`    calls back with what was thrown or rejected where nobody caught it; returns how to stop that
 * `sources`   keep it, and hand it over again, for pieces that share a session: the code by the names that errors know it by
 *
 * @typedef {{ emit: (kind: string, data: any) => void, evaluate: (script: string, name: string) => unknown, input?: string,
 *   files?: Record<string, Uint8Array<ArrayBuffer>>, fetch?: typeof globalThis.fetch, signal?: AbortSignal,
 *   listen?: (report: (reason: unknown) => void) => () => void, sources?: Map<string, string> }} Host
 * @typedef {{ name: string, passed: boolean, message: string }} TestResult
 */

const CHARACTERS = 100_000;
const ROWS = 1000;

const world = /** @type {any} */ (globalThis);
const native = {
  setTimeout: /** @type {(work: () => void, after?: number) => number} */ (globalThis.setTimeout.bind(globalThis)),
  clearTimeout: /** @type {(timer: number) => void} */ (globalThis.clearTimeout.bind(globalThis)),
  setInterval: /** @type {(work: () => void, after?: number) => number} */ (globalThis.setInterval.bind(globalThis)),
  clearInterval: /** @type {(timer: number) => void} */ (globalThis.clearInterval.bind(globalThis)),
  now: performance.now.bind(performance),
};

/** The code put out too much. */
class OutputLimit extends Error {
  name = "OutputLimit";
}

/** One run of some pieces of code: what they print, and what they still wait for. */
class Run {
  printed = "";
  /** @type {{ reason: unknown } | null} */
  failure = null;
  indent = "";
  /** By which the code that runs is known. */
  file = "";
  /** @type {Map<number, () => void>} */
  #waiting = new Map();
  #last = 0;
  #kind = "";
  #text = "";
  #characters = 0;
  #sent = 0;
  #since = -Infinity;
  #wake = () => {};

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.lines = (host.input ?? "").split("\n");
    if (this.lines.at(-1) === "") this.lines.pop();
    this.sources = host.sources ?? new Map();
  }

  /** @param {"stdout" | "stderr"} kind @param {string} text with its line's end */
  print(kind, text) {
    if (kind !== this.#kind) this.flush();
    const room = CHARACTERS - this.#characters;
    const piece = text.slice(0, room);
    this.#kind = kind;
    this.#text += piece;
    this.#characters += piece.length;
    if (kind === "stdout") this.printed += piece;
    if (text.length > room) this.#overflow();
    // A program that prints little is followed line by line, one that prints much in larger pieces.
    const now = native.now();
    if (now - this.#since > 100) [this.#sent, this.#since] = [0, now];
    if (this.#sent < 20) this.flush();
  }

  /** @param {{ columns: string[], rows: (string | null)[][] }} table */
  table(table) {
    this.flush();
    this.#characters += JSON.stringify(table).length;
    if (this.#characters > CHARACTERS) this.#overflow();
    this.host.emit("table", table);
  }

  flush() {
    if (this.#text) {
      this.#sent++;
      this.host.emit(this.#kind, this.#text.toWellFormed());
    }
    this.#text = this.#kind = "";
  }

  #overflow() {
    this.flush();
    const error = new OutputLimit(`stopped: more than ${CHARACTERS.toLocaleString("en")} characters of output`);
    this.fail(error);
    throw error;
  }

  /** The first failure ends a run; the code may have caught it, as an endless print may. @param {unknown} reason */
  fail(reason) {
    if (this.failure) return;
    this.failure = { reason };
    for (const stop of this.#waiting.values()) stop();
    this.#waiting.clear();
    this.#wake();
  }

  /** @param {() => void} stop @returns {number} by which `done` knows it */
  wait(stop) {
    this.#waiting.set(++this.#last, stop);
    return this.#last;
  }

  /** @param {number} number */
  done(number) {
    this.#waiting.get(number)?.();
    this.#waiting.delete(number);
    if (!this.#waiting.size) this.#wake();
  }

  /** @template T @param {Promise<T>} promise the run lasts as long as this @returns {Promise<T>} */
  track(promise) {
    const number = this.wait(() => {});
    promise.then(
      () => this.done(number),
      () => this.done(number),
    );
    return promise;
  }

  /** @param {Function} work @param {unknown[]} values */
  call(work, values) {
    try {
      const result = work(...values);
      if (typeof result?.then === "function") this.track(Promise.resolve(result));
    } catch (error) {
      this.fail(error);
    }
  }

  /** Until nothing is waited for any more, or something failed. */
  async idle() {
    do {
      await turn();
      if (this.#waiting.size && !this.failure)
        await /** @type {Promise<void>} */ (new Promise((resolve) => (this.#wake = resolve)));
    } while (this.#waiting.size && !this.failure);
    await turn();
  }

  /** @param {Promise<unknown>} work @returns {Promise<void>} ends as soon as anything fails */
  async until(work) {
    if (this.failure) return;
    const failed = new Promise((resolve) => (this.#wake = () => this.failure && resolve(null)));
    await Promise.race([work, failed]);
  }
}

/** Timers and promises have had their turn. @returns {Promise<void>} */
const turn = () => new Promise((resolve) => native.setTimeout(resolve, 0));

/** Whose code is running: what the realm's `console` and timers speak to. @type {Run | null} */
let current = null;

/**
 * Run code to its end: timers, and promises of the realm's own, are waited for.
 *
 * @param {string} code @param {Host} host @returns {Promise<boolean>} true: nothing was thrown
 */
export async function runJavaScript(code, host) {
  return within(host, (run) => perform(run, code, "demo.js"));
}

/**
 * Run setup and code, and then each `test(name, function)` of `tests` in order. The realm must be fresh.
 * In `tests` the code's text is at hand as `__source__`, what it printed as `__printed__`.
 *
 * @param {{ code: string, setup?: string, tests: string }} exercise @param {Host} outside @returns {Promise<TestResult[]>}
 */
export async function checkJavaScript({ code, setup = "", tests }, outside) {
  const host = { ...outside, sources: new Map() };
  /** @type {{ name: string, work: () => unknown }[]} */
  const found = [];
  /** @type {TestResult[]} */
  const results = [];
  const fit = await within(host, async (run) => {
    await perform(run, setup, "setup.js");
    if (!run.failure) await perform(run, code, "demo.js");
    if (!run.failure) await run.idle();
    Object.assign(world, { __source__: code, __printed__: run.printed });
  });
  let message = fit ? "" : "not run, because the code ended with an error";
  if (fit) {
    world.assert = assert;
    world.test = (/** @type {unknown} */ name, /** @type {() => unknown} */ work) =>
      found.push({ name: String(name), work });
    message = await attempt(host, (run) => perform(run, tests, "tests.js"));
  }
  if (message) {
    const names = [...tests.matchAll(/^\s*test\(\s*(["'`])(.*?)\1/gm)].map((match) => match[2] ?? "");
    return (names.length ? names : ["tests"]).map((name) => ({ name, passed: false, message }));
  }
  for (const { name, work } of found) {
    const said = await attempt(host, async () => work());
    results.push({ name, passed: !said, message: said });
  }
  return results;
}

/** @param {Host} host @param {(run: Run) => Promise<unknown>} work @returns {Promise<string>} why it failed, empty if it did not */
async function attempt(host, work) {
  const run = new Run(host);
  await staged(run, work);
  if (!run.failure) return "";
  const { reason } = run.failure;
  if (!isError(reason)) return `threw ${inspect(reason)}`;
  const line = frames(reason, run.sources).find((frame) => frame.file === "demo.js")?.line;
  if (errorName(reason) === "AssertionError") return reason.message;
  return `${errorName(reason)}: ${reason.message}${line ? ` (line ${line})` : ""}`;
}

/** @param {Host} host @param {(run: Run) => Promise<unknown>} work @returns {Promise<boolean>} */
async function within(host, work) {
  const run = new Run(host);
  await staged(run, work);
  if (run.failure) host.emit("error", told(run.failure.reason, run));
  return !run.failure;
}

/** @param {Run} run @param {(run: Run) => Promise<unknown>} work */
async function staged(run, work) {
  current = run;
  install();
  const deaf = run.host.listen?.((reason) => run.fail(reason));
  const stop = () => run.fail(new DOMException("stopped", "AbortError"));
  run.host.signal?.addEventListener("abort", stop);
  try {
    await run.until(work(run));
    await run.idle();
  } catch (error) {
    run.fail(error);
  } finally {
    run.flush();
    run.host.signal?.removeEventListener("abort", stop);
    deaf?.();
    current = null;
  }
}

/** @param {Run} run @param {string} code @param {string} name */
async function perform(run, code, name) {
  const file = named(run.sources, code, name);
  run.file = file;
  // A wrapper must not move lines: it stands before the first one.
  const script = (/** @type {string} */ text) => run.host.evaluate(`${text}\n//# sourceURL=${file}`, file);
  if (!awaits(run.host, code)) {
    script(code);
    return;
  }
  const keep = declared(code).map((one) => `if (typeof ${one} !== "undefined") globalThis.${one} = ${one};`);
  script(`globalThis.__main__ = (async () => {${code}\n;${keep.join("")}})();`);
  const main = world.__main__;
  delete world.__main__;
  await run.track(main);
}

/** Whether code awaits at its top level: such does not parse where `await` is forbidden. Nothing of it is run. @param {Host} host @param {string} code */
function awaits(host, code) {
  if (!/\bawait\b/.test(code)) return false;
  try {
    host.evaluate(`(() => class { static {${code}\n} });`, "demo.js");
    return false;
  } catch {
    return true;
  }
}

/** The names that code declares at the start of a line, for a session's next piece. @param {string} code */
function declared(code) {
  const names = [
    ...code.matchAll(
      /^(?:const|let|var|class|(?:async\s+)?function\s*\*?)\s+([\p{ID_Start}_$][\p{ID_Continue}$]*|[[{][^=]*)/gmu,
    ),
  ];
  const found = names.flatMap((match) => (match[1] ?? "").match(/[\p{ID_Start}_$][\p{ID_Continue}$]*/gu) ?? []);
  return [...new Set(found)];
}

/** @param {Map<string, string>} sources @param {string} code @param {string} name the first piece's; a later one has a number */
function named(sources, code, name) {
  let file = name;
  for (let number = 2; sources.has(file) && sources.get(file) !== code; number++)
    file = name.replace(".js", `-${number}.js`);
  sources.set(file, code);
  return file;
}

/**
 * The lines of a stack that are the reader's, innermost first. V8 and Firefox write them in their own ways.
 *
 * @param {Error} error @param {Map<string, string>} sources
 */
function frames(error, sources) {
  return String(error.stack ?? "")
    .split("\n")
    .flatMap((text) => {
      const match =
        /^\s*at (?:async )?(?:(.*?) \()?([^()\s]+?):(\d+)(?::\d+)?\)?$/.exec(text) ??
        /^(.*?)@(.*?):(\d+)(?::\d+)?$/.exec(text);
      const [, caller = "", file = "", line = ""] = match ?? [];
      return sources.has(file)
        ? [
            {
              caller: /^(Object\.<anonymous>|eval|__main__|globalThis\.__main__)?$/.test(caller) ? "" : caller,
              file,
              line: Number(line),
            },
          ]
        : [];
    })
    .slice(0, 20);
}

/** An output of kind `error`. @param {unknown} reason @param {Run} run */
function told(reason, { sources, file: own }) {
  if (!isError(reason)) return { type: "Thrown", text: `Uncaught ${inspect(reason)}`, line: null };
  const lines = frames(reason, sources);
  // A parser's error has no frame of the code: its place is told otherwise, or not at all.
  const place = [...sources.keys()]
    .map((file) => new RegExp(`^${file}:(\\d+)$`, "m").exec(String(reason.stack))?.[1])
    .find(Boolean);
  const line =
    lines.find((frame) => frame.file === own)?.line ??
    (errorName(reason) === "SyntaxError" && place ? Number(place) : null);
  const words = [`${errorName(reason)}: ${reason.message}`.slice(0, CHARACTERS / 10).toWellFormed()];
  for (const frame of lines)
    words.push(
      `    at ${frame.caller ? `${frame.caller} (${frame.file}:${frame.line})` : `${frame.file}:${frame.line}`}`,
    );
  if (!lines.length && place) words.push(`    at ${own}:${place}`);
  if (reason.cause !== undefined)
    words.push(
      `caused by ${isError(reason.cause) ? `${errorName(reason.cause)}: ${reason.cause.message}` : inspect(reason.cause)}`,
    );
  return { type: errorName(reason), text: words.join("\n"), line };
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
