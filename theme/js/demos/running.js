// One run: what the sandbox is given, and what is shown while it works.

import { h } from "../page/markup.js";
import { beside } from "./beside.js";
import { dataOf, OURS } from "./data.js";
import { FileFailed, fileOf } from "./files.js";
import { NAMES } from "./labels.js";
import { abandoned, begun, sessionOf } from "./sessions.js";
import { numberFor, wordsFor } from "./words.js";

/**
 * @typedef {import("./runtime.js").Job} Job
 * @typedef {import("./runtime.js").Outcome} Outcome
 * @typedef {import("./runtime.js").Output} Output
 * @typedef {import("./data.js").Data} Data
 */

/** @returns {Promise<typeof import("./runtime.js")>} */
export const runtime = () => import(beside("runtime.js"));

/** What the work gives; undefined as soon as it is stopped. @template T @param {AbortSignal} signal @param {Promise<T>} work
 * @returns {Promise<T | undefined>} */
export const unlessStopped = (signal, work) =>
  new Promise((resolve, reject) => {
    const stopped = () => resolve(undefined);
    if (signal.aborted) stopped();
    signal.addEventListener("abort", stopped, { once: true });
    work.then(resolve, reject);
  });

/** How a run ends that the reader has stopped before it was one. @type {Outcome} */
export const STOPPED = { ok: false, stopped: "stop", milliseconds: 0 };

/** The site's root. */
export const base = beside("../../");

/**
 * @param {HTMLElement} host
 * @param {{ code: string, input: string, tests: boolean }} wanted
 * @returns {Promise<Job>}
 */
async function jobFor(host, { code, input, tests }) {
  const data = dataOf(host);
  const { language, timeout, net, wheels, exercise, database, seed } = data;
  const names = data.files.filter((name) => name !== database && name !== seed);
  const [files, stored, script] = await Promise.all([
    Promise.all(names.map(async (name) => ({ name, bytes: await fileOf(host, name) }))),
    database ? fileOf(host, database) : undefined,
    seed ? fileOf(host, seed) : undefined,
  ]);
  return {
    ...{ language: /** @type {Job["language"]} */ (language), code, input, timeout, net, wheels, files, base },
    ...{ session: sessionOf(data), runtime: data.runtime, database: stored },
    seed: script && new TextDecoder().decode(script),
    tests: tests ? exercise?.tests : undefined,
    setup: exercise?.setup || undefined,
  };
}

/** Lets a demo's session begin anew. @param {Data} data */
export async function endSession(data) {
  const session = sessionOf(data);
  if (!session || data.language === "html") return;
  begun(session);
  (await runtime()).resetSession(session, data.language);
}

/** A bar that says what is being loaded and how much of it is there. @param {HTMLElement} host @param {HTMLElement | null} after */
function progressBar(host, after) {
  const words = wordsFor(host);
  const bar = h("progress", "");
  const text = h("span", "");
  const line = h("label", "code-demo__progress", text, bar);
  line.setAttribute(OURS, "");
  after?.after(line);
  const megabytes = (/** @type {number} */ bytes) => numberFor(host, bytes / 1e6);
  return {
    /** @param {{ what: string, loaded: number, total: number }} progress */
    show({ what, loaded, total }) {
      bar.max = Math.max(total, 1);
      bar.value = Math.min(loaded, total);
      text.textContent = `${words.loading(what)} · ${words.bytes(megabytes(loaded), megabytes(Math.max(loaded, total)))}`;
    },
    remove: () => line.remove(),
  };
}

/**
 * Runs a demo's code once.
 *
 * @param {HTMLElement} host
 * @param {{ code: string, input: string, tests: boolean }} wanted
 * @param {{ bar: HTMLElement | null, say(text: string): void, onOutput(output: Output): void, signal: AbortSignal }} shown
 *   `bar`: the toolbar, under which progress is shown; a hidden demo has none
 * @returns {Promise<Outcome>} Rejects as FileFailed, or in any way if the sandbox could not be loaded.
 */
export async function runOnce(host, wanted, { bar, say, onOutput, signal }) {
  const words = wordsFor(host);
  const data = dataOf(host);
  const loaded = await unlessStopped(signal, Promise.all([runtime(), jobFor(host, wanted)]));
  if (!loaded || signal.aborted) return STOPPED;
  const [{ start, resetSession }, job] = loaded;
  for (const session of abandoned()) {
    resetSession(session, /** @type {Job["language"]} */ (session.slice(0, session.indexOf(":"))));
    begun(session);
  }
  const progress = progressBar(host, bar);
  try {
    const run = start(job, {
      onOutput,
      onProgress: ({ what, loaded, total }) => progress.show({ what: what || NAMES[data.language], loaded, total }),
      onPhase(phase) {
        if (phase !== "loading") progress.remove();
        say(phase === "loading" ? `${words.loading(NAMES[data.language])} …` : words[phase]);
      },
    });
    signal.addEventListener("abort", () => run.stop(), { once: true });
    const outcome = await run.done;
    // Its worker is gone, and with it what it knew.
    if (outcome.stopped) begun(job.session);
    return outcome;
  } finally {
    progress.remove();
  }
}

/** Why a run never began. @param {HTMLElement} host @param {unknown} error */
export const reasonFor = (host, error) =>
  error instanceof FileFailed ? wordsFor(host).fileFailed(error.message) : wordsFor(host).failed;
