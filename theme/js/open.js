// Opening, as the page asks for it: what worker.js answers.

import { Refusal } from "./refusal.js";
import { site } from "./site.js";

/**
 * @typedef {import("./opening.js").Member} Member
 * @typedef {import("./opening.js").Opened} Opened
 * @typedef {import("./opening.js").Wanted} Wanted
 * @typedef {import("./store.js").Session} Session
 */

/** What waits for an answer, by the number of the call. */
/** @type {Map<number, { resolve: (answer: any) => void, reject: (refusal: Refusal) => void }>} */
const waiting = new Map();
let calls = 0;

/** Ends the worker, with the keys and texts that it has. What is being asked for is refused. */
export function endVault() {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values()) reject(new Refusal("network"));
  waiting.clear();
}

function start() {
  const started = site.startWorker();
  started.onerror = () => {
    if (worker === started) endVault();
  };
  started.onmessage = ({ data: [call, answer] }) => {
    waiting.get(call)?.resolve(answer);
    waiting.delete(call);
  };
  return started;
}

// Taken over at once, so that signing out ends it even before anybody has asked it.
/** @type {Worker | undefined} */
let worker = site.early ? start() : undefined;

/** @param {string} act @param {unknown[]} given @returns {Promise<any>} */
function ask(act, ...given) {
  const call = ++calls;
  try {
    worker ??= start();
    worker.postMessage([call, act, ...given]);
  } catch {
    return Promise.reject(new Refusal("network"));
  }
  return new Promise((resolve, reject) => waiting.set(call, { resolve, reject }));
}

/** @typedef {import("./refusal.js").Holding} Holding */
/** @param {{ value: any } | { refused: { code: import("./refusal.js").Code, holdings?: Holding[] } }} answer */
const unpacked = (answer) => ("refused" in answer ? new Refusal(answer.refused.code, answer.refused) : answer.value);

/**
 * Opens the parts of a page; each is opened or refused on its own.
 *
 * @param {Session} session
 * @param {Wanted[]} wanted
 * @returns {Promise<(Opened | Refusal)[]>} in the same order
 */
export const openParts = (session, wanted) =>
  ask("openParts", session, wanted).then(
    (answers) => answers.map(unpacked),
    (refusal) => wanted.map(() => refusal),
  );

/** Who the session's member is and what they have. @param {Session} session @returns {Promise<Member | Refusal>} */
export const whoIs = (session) => ask("whoIs", session).then(unpacked, (refusal) => refusal);

/** An image or attachment of an opened part. @param {Opened} opened @param {string} label @returns {Promise<Blob | Refusal>} */
export const openFile = ({ place, assets }, label) =>
  ask("openFile", { place, assets }, label).then(unpacked, (refusal) => refusal);

/** The next question is answered by a fresh look at the vault. */
export const forgetVault = () => worker?.postMessage([0, "forget"]);
