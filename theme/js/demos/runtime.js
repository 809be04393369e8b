// Runs a demo's code where it can do no harm: in workers inside a frame of an origin of its own. Loaded at the first Run.

import { fetchAll, nameOf } from "./sandbox/fetching.js";
import { outputFrom, testsFrom } from "./sandbox/protocol.js";
import { lasting, leave, leaveSession, replace, seatFor } from "./sandbox/seats.js";

/**
 * @typedef {{ kind: string, data: any }} Output   as site_builder/demos/model.py says
 * @typedef {{ language: "python" | "js" | "sql", code: string, session: string, files: { name: string, bytes: Uint8Array }[],
 *   wheels: string[], database?: Uint8Array, seed?: string, tests?: string, setup?: string, input: string, timeout: number,
 *   net: boolean, base: string, runtime: string }} Job   `base`: the site's root; `runtime`: its folder below that, as
 *   "assets/demos/pyodide-314.0.7/"; `timeout`: seconds, once it runs
 * @typedef {{ ok: boolean, stopped?: "stop" | "timeout" | "output" | "memory" | "crash",
 *   tests?: import("./sandbox/protocol.js").TestResult[], milliseconds: number }} Outcome
 *   `stopped`: its worker was ended, and with it what its session knew; `milliseconds`: without loading and starting
 * @typedef {{ onOutput(output: Output): void, onProgress(progress: { what: string, loaded: number, total: number }): void,
 *   onPhase(phase: "loading" | "starting" | "running"): void }} Hooks
 * @typedef {import("./sandbox/seats.js").Seat} Seat
 */

let runs = 0;

/**
 * Runs a job. Demos without a session share a worker, one after another, each in a namespace of its own.
 *
 * @param {Job} job
 * @param {Hooks} hooks
 * @returns {{ done: Promise<Outcome>, stop(): void }} `done` fails only if something can't be fetched.
 */
export function start(job, hooks) {
  const { promise, resolve, reject } = Promise.withResolvers();
  /** @type {{ begun: number, over: boolean, halt: (why: NonNullable<Outcome["stopped"]>) => void }} */
  const run = {
    begun: 0,
    over: false,
    halt: (why) => settle({ ok: false, stopped: why }),
  };
  const settle = (/** @type {Omit<Outcome, "milliseconds">} */ outcome) => {
    if (run.over) return;
    run.over = true;
    resolve({ ...outcome, milliseconds: run.begun ? performance.now() - run.begun : 0 });
  };
  begin(job, hooks, run, settle).catch((error) => {
    run.over = true;
    reject(error);
  });
  return { done: promise, stop: () => run.halt("stop") };
}

/** @param {Job} job @param {Hooks} hooks @param {{ begun: number, over: boolean, halt: Function }} run
 * @param {(outcome: Omit<Outcome, "milliseconds">) => void} settle */
async function begin(job, hooks, run, settle) {
  const tell = (/** @type {any} */ progress) => void (run.over || hooks.onProgress(progress));
  hooks.onPhase("loading");
  const seat = await seatFor(job, tell);
  const wheels = await wheelsFor(job, seat, tell);
  if (run.over) return;
  hooks.onPhase("starting");
  const before = seat.turn;
  const { promise: turn, resolve: pass } = Promise.withResolvers();
  seat.turn = before.then(() => turn);
  try {
    await before;
    await seat.ready;
  } catch (error) {
    pass(undefined);
    return settle({ ok: false, stopped: stoppedBy(error) });
  }
  if (run.over) return pass(undefined);
  if (seat.gone) {
    // Whoever ran before was stopped, and the shared worker with it.
    pass(undefined);
    return begin(job, hooks, run, settle);
  }
  const settled = (/** @type {Omit<Outcome, "milliseconds">} */ outcome) => {
    clearTimeout(timer);
    unwatch();
    seat.hear = () => {};
    if (outcome.stopped || !lasting(job)) leave(seat);
    if (outcome.stopped && lasting(job)) replace(seat);
    pass(undefined);
    settle(outcome);
  };
  const number = ++runs;
  const unwatch = seat.room.watch();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  run.halt = (/** @type {NonNullable<Outcome["stopped"]>} */ why) => settled({ ok: false, stopped: why });
  seat.hear = (said) => {
    if (said?.kind === "failed") return settled({ ok: false, stopped: stoppedBy(said) });
    if (said?.kind === "flood") return settled({ ok: false, stopped: "output" });
    if (said?.run !== number) return;
    if (said.kind === "running") {
      if (run.begun) return;
      run.begun = performance.now();
      timer = setTimeout(() => run.halt("timeout"), job.timeout * 1000);
      hooks.onPhase("running");
    } else if (said.kind === "output") {
      const output = outputFrom(said.output);
      if (output) hooks.onOutput(output);
    } else if (said.kind === "done") {
      const tests = testsFrom(said.tests);
      if (said.spent === true && !job.session) {
        leave(seat);
        replace(seat);
      }
      settled({ ok: said.ok === true, ...(tests && { tests }) });
    }
  };
  const { code, session, files, database, seed, tests, setup, input } = job;
  const own = { code, session, files, net: job.net, database, seed, tests, setup, input, wheels, run: number };
  for (const path of job.wheels) seat.wheels.add(path);
  seat.room.say({ act: "run", id: seat.id, job: own });
}

/** The wheels that this worker has not been given yet. @param {Job} job @param {Seat} seat
 * @param {import("./sandbox/fetching.js").OnProgress} tell */
async function wheelsFor(job, seat, tell) {
  const missing = job.wheels.filter((path) => !seat.wheels.has(path));
  const bytes = await fetchAll(
    missing.map((path) => job.base + path),
    missing.map(nameOf).join(", "),
    tell,
  );
  return missing.map((path, at) => ({ name: nameOf(path), bytes: bytes[at] }));
}

/** @param {any} error @returns {"memory" | "crash"} */
function stoppedBy({ message }) {
  console.warn(`The sandbox: ${message}`);
  return /memory/i.test(String(message)) ? "memory" : "crash";
}

/** Ends a session: its next run begins anew. @param {string} session @param {Job["language"]} language */
export const resetSession = (session, language) => leaveSession(session, language);

export { livePage } from "./sandbox/livepage.js";
