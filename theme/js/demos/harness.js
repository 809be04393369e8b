// Runs a demo's JavaScript and tells what came of it, piece by piece: in the reader's browser, and in Node when the site is built.
//
// Whoever uses this has a realm (a worker, a process) that holds nothing of value: code gets at all that the realm has.

import { assert } from "./assert.js";
import { frames, named, told } from "./harness-errors.js";
import { speakTo } from "./harness-realm.js";
import { Run } from "./harness-run.js";
import { errorName, inspect, isError } from "./inspect.js";

/**
 * @typedef {import("./harness-run.js").Host} Host
 * @typedef {{ name: string, passed: boolean, message: string }} TestResult
 */

const world = /** @type {any} */ (globalThis);

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
  speakTo(run);
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
    speakTo(null);
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
