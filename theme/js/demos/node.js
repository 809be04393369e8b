// Runs demos' JavaScript when the site is built: a job comes as JSON on stdin, what it puts out goes as lines of JSON to stdout.
//
// One process for each session, thrown away afterwards. Before the demo's code runs, the realm loses all that is Node's own;
// whoever starts this gives Node its `--permission`, so that a way around that finds no files, processes or add-ons.

// @ts-ignore: Node's modules have no types here
import { readFileSync, writeSync } from "node:fs";
// @ts-ignore
import { runInThisContext, Script } from "node:vm";
import { checkJavaScript, runJavaScript } from "./harness.js";
import { servePyodide } from "./pyodide.js";

/**
 * `pieces`: run one after the other in one realm. `exercise`: its tests. `syntax`: only parsed.
 *
 * @typedef {{ pieces?: string[], exercise?: { code: string, setup: string, tests: string }, syntax?: string[],
 *   files: Record<string, string>, net: boolean }} Job files: in base64
 */

const KEPT = new Set(
  `globalThis Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Date Promise RegExp Error
  AggregateError SuppressedError EvalError RangeError ReferenceError SyntaxError TypeError URIError JSON Math Intl ArrayBuffer
  Atomics Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array
  Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set Iterator WeakMap WeakSet WeakRef Proxy Reflect
  FinalizationRegistry DisposableStack AsyncDisposableStack decodeURI decodeURIComponent encodeURI encodeURIComponent escape
  unescape eval isFinite isNaN AbortController AbortSignal Blob CompressionStream DecompressionStream CryptoKey SubtleCrypto
  Crypto crypto DOMException Event EventTarget CustomEvent File Performance performance ReadableStream
  TextDecoder TextEncoder TextDecoderStream TextEncoderStream TransformStream URL URLSearchParams URLPattern
  WebAssembly WritableStream atob btoa queueMicrotask structuredClone`.split(/\s+/),
);

const { process } = /** @type {any} */ (globalThis);
const fetch = globalThis.fetch;
const timer = globalThis.setTimeout;
const { parse, stringify } = JSON;

/** @param {object} message */
const send = (message) => {
  const bytes = new TextEncoder().encode(`${stringify(message)}\n`);
  for (let sent = 0; sent < bytes.length;) sent += writeSync(1, bytes, sent);
};

const [, , mode, setting] = process.argv;
if (mode === "pyodide") {
  await servePyodide(parse(setting), process.stdin, send);
  process.exit(0);
}

/** @type {Job} */
const job = parse(readFileSync(0, "utf8"));
const files = Object.fromEntries(
  Object.entries(job.files).map(([name, text]) => [name, Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0))]),
);

const sources = new Map();
const host = {
  emit: (/** @type {string} */ kind, /** @type {unknown} */ data) => send({ kind, data }),
  evaluate: (/** @type {string} */ script, /** @type {string} */ filename) => runInThisContext(script, { filename }),
  files,
  ...(job.net ? { fetch } : {}),
  listen,
  sources,
};

/** @param {(reason: unknown) => void} report */
function listen(report) {
  const stuck = () => report(new Error("the code waits for a promise that nothing settles"));
  process.on("uncaughtException", report);
  process.on("unhandledRejection", report);
  process.on("beforeExit", stuck);
  return () => {
    process.off("uncaughtException", report);
    process.off("unhandledRejection", report);
    process.off("beforeExit", stuck);
  };
}

/** @param {string} code @returns {{ line: number | null, message: string } | null} what its parser says against it */
function parsed(code) {
  try {
    new Script(code, { filename: "demo.js" });
    return null;
  } catch (error) {
    const { stack, message } = /** @type {Error} */ (error);
    return { line: Number(/^demo\.js:(\d+)/.exec(stack ?? "")?.[1]) || null, message };
  }
}

// What fetches leans on Buffer, and is loaded when it is first named: before anything that it needs is gone.
for (const name of job.net ? ["Buffer", "FormData", "Headers", "Request", "Response"] : [])
  if (/** @type {any} */ (globalThis)[name]) KEPT.add(name);
for (const name of Object.getOwnPropertyNames(globalThis))
  if (!KEPT.has(name)) delete (/** @type {any} */ (globalThis)[name]);

// What fetches has timers of its own, which it keeps from holding the process: a demo's are only numbers.
if (job.net) {
  let demos = timer;
  const either = (/** @type {Parameters<typeof timer>} */ ...values) =>
    (new Error().stack?.includes("node:internal/deps/undici") ? timer : demos)(...values);
  Object.defineProperty(globalThis, "setTimeout", {
    get: () => either,
    set: (given) => (demos = given),
    configurable: true,
  });
}

if (job.syntax?.length) send({ syntax: job.syntax.map(parsed) });
if (!job.syntax?.length) send({ ready: true });
if (job.exercise) send({ tests: await checkJavaScript(job.exercise, host) });
for (const code of job.pieces ?? []) send({ done: await runJavaScript(code, host) });
process.exit(0);
