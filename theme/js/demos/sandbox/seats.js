// The workers that there are: one for each session, one that demos without a session share, one in reserve after a stop.

import { fetchAll, nameOf } from "./fetching.js";
import { openRoom } from "./room.js";

/**
 * @typedef {import("../runtime.js").Job} Job
 * @typedef {import("./fetching.js").OnProgress} OnProgress
 * @typedef {import("./room.js").Room} Room
 * @typedef {{ id: number, room: Room, name: string, ready: Promise<unknown>, turn: Promise<unknown>, gone: boolean,
 *   hear: import("./room.js").Hear, wheels: Set<string> }} Seat   `turn`: over when the run before is
 */

/** How a language's workers are made. `lasting`: one is kept for demos without a session, since it takes long to begin. */
const KITS = {
  python: {
    script: "python.js",
    type: "module",
    lasting: true,
    files: ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"],
  },
  js: { script: "javascript.js", type: "classic", lasting: false, files: [] },
  sql: { script: "sql.js", type: "classic", lasting: false, files: ["sql-wasm.js", "sql-wasm.wasm"] },
};
/** Booting takes seconds; in a browser that has been put to sleep, minutes. */
const BOOTING = 120_000;

/** By whether they may use the network. @type {Map<boolean, Promise<Room>>} */
const rooms = new Map();
/** What each room has been given. @type {WeakMap<Room, Map<string, Promise<void>>>} */
const stocked = new WeakMap();
/** @type {Map<string, Seat>} */
const seats = new Map();
/** Booted or booting, for whoever comes next. @type {Set<Seat>} */
const spares = new Set();
let last = 0;

const decode = (/** @type {Uint8Array} */ bytes) => new TextDecoder().decode(bytes);
const quiet = () => {};
const within = (/** @type {Job} */ job) => `${job.base}assets/demos/`;
/** Of one room, the workers of one runtime are alike. @param {Job} job */
const nameFor = ({ language, runtime }) => `${language} ${runtime}`;
/** @param {Job} job */
const keyFor = ({ language, net, session }) => JSON.stringify([language, net, session]);

/** @param {Job} job @param {OnProgress} onProgress */
async function roomFor(job, onProgress) {
  const known = await rooms.get(job.net)?.catch(quiet);
  if (known?.alive) return known;
  known?.close();
  const opened = (async () => {
    const address = `${within(job)}sandbox${job.net ? "-net" : ""}.html`;
    // The room too, since a frame does not tell whether it was found.
    const [script] = await fetchAll([`${within(job)}sandbox/frame.js`, address], "", onProgress);
    return openRoom(address, decode(script));
  })();
  rooms.set(job.net, opened);
  opened.catch(() => rooms.delete(job.net));
  return opened;
}

/** Sees to it that a room can make this job's workers. @param {Room} room @param {Job} job @param {OnProgress} onProgress */
function stock(room, job, onProgress) {
  const name = nameFor(job);
  const there = stocked.get(room) ?? new Map();
  stocked.set(room, there);
  if (!there.has(name)) {
    const { script, type, files } = KITS[job.language];
    const addresses = [`${within(job)}sandbox/${script}`, ...files.map((file) => job.base + job.runtime + file)];
    const given = fetchAll(addresses, "", onProgress).then(([source, ...bytes]) => {
      const parts = Object.fromEntries(files.map((file, at) => [nameOf(file), bytes[at]]));
      room.say(
        { act: "stock", name, source: decode(source), type, parts },
        bytes.map(({ buffer }) => buffer),
      );
    });
    there.set(name, given);
    given.catch(() => there.delete(name));
  }
  return there.get(name);
}

/** @param {Room} room @param {string} name @returns {Seat} */
function spawn(room, name) {
  const id = ++last;
  /** @type {Seat} */
  const seat = {
    id,
    room,
    name,
    gone: false,
    hear: quiet,
    wheels: new Set(),
    turn: Promise.resolve(),
    ready: Promise.resolve(),
  };
  const unwatch = room.watch();
  const { promise, resolve, reject } = Promise.withResolvers();
  const late = setTimeout(() => reject(new Error("the worker did not start")), BOOTING);
  room.listen(id, (said) => {
    if (said?.kind === "ready") resolve(undefined);
    else if (said?.kind === "failed") reject(new Error(String(said.message)));
    seat.hear(said);
  });
  seat.ready = promise.finally(() => {
    clearTimeout(late);
    unwatch();
  });
  seat.ready.catch(() => leave(seat));
  room.say({ act: "spawn", id, name });
  return seat;
}

/** Ends a worker, whatever it is doing. @param {Seat} seat */
export function leave(seat) {
  if (seat.gone) return;
  seat.gone = true;
  spares.delete(seat);
  for (const [key, one] of seats) if (one === seat) seats.delete(key);
  seat.room.forget(seat.id);
}

/** @param {{ room: Room, name: string }} wanted */
const spareFor = ({ room, name }) => [...spares].find((seat) => seat.room === room && seat.name === name && !seat.gone);

/** Boots another for the next run, where there is memory for it. @param {Seat} seat one that was left */
export function replace(seat) {
  const memory = /** @type {any} */ (navigator).deviceMemory ?? 8;
  if (seat.room.alive && memory >= 4 && !spareFor(seat)) spares.add(spawn(seat.room, seat.name));
}

/** Whether workers of this job's language are worth keeping. @param {Job} job */
export const lasting = (job) => Boolean(job.session) || KITS[job.language].lasting;

/**
 * A worker for a job: its session's, the shared one, or one of its own. It may still be booting.
 *
 * @param {Job} job
 * @param {OnProgress} onProgress
 * @returns {Promise<Seat>} Fails if what it is made of can't be fetched.
 */
export async function seatFor(job, onProgress) {
  const room = await roomFor(job, onProgress);
  await stock(room, job, onProgress);
  const key = keyFor(job);
  const known = seats.get(key);
  if (known && !known.gone && known.room.alive && known.name === nameFor(job)) return known;
  if (known) leave(known);
  const seat = spareFor({ room, name: nameFor(job) }) ?? spawn(room, nameFor(job));
  spares.delete(seat);
  if (lasting(job)) seats.set(key, seat);
  return seat;
}

/** @param {string} session @param {Job["language"]} language */
export function leaveSession(session, language) {
  for (const net of [true, false]) {
    const seat = seats.get(JSON.stringify([language, net, session]));
    if (seat) leave(seat);
  }
}
