// What this browser keeps of a member: never the token, only a key that can't be read out. One session a site, for all tabs.

import { Refusal } from "./refusal.js";
import { site } from "./site.js";

/**
 * @typedef {object} Hints what the last visit found, so that the next one need not ask one thing after another
 * @property {number} lockboxShards
 * @property {Record<string, number>} keyringShards of the entitlements that the member has
 *
 * @typedef {object} Session
 * @property {Uint8Array<ArrayBuffer>} locator
 * @property {CryptoKey} kek
 * @property {Record<string, number>} epochs the highest that were seen, by entitlement
 * @property {Hints} [hints]
 *
 * @typedef {"unlocked" | "signed-out"} Change
 */

const NAME = `site-builder:${site.site}`;
const STORE = "session";
const KEY = "member";

/** @type {Set<(change: Change) => void>} */
const listeners = new Set();
const tabs = new BroadcastChannel(NAME);
tabs.onmessage = ({ data }) => {
  for (const listener of listeners) listener(data);
};

/** Calls the listener when somebody unlocks or signs out, in this tab or another. @param {(change: Change) => void} listener */
export const onChange = (listener) => listeners.add(listener);

/** @param {Change} change */
function tell(change) {
  tabs.postMessage(change);
  for (const listener of listeners) listener(change);
}

/** @returns {Promise<IDBDatabase>} */
const database = () =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Reads the session and writes what `next` makes of it, all in one transaction: a sign-out in another tab is never undone.
 *
 * @param {((session: Session | undefined) => Session | undefined) | null} next null: only reads
 * @returns {Promise<Session | undefined>} what was there before. Refuses as no-storage.
 */
async function exchange(next) {
  try {
    const open = await database();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = open.transaction(STORE, next ? "readwrite" : "readonly");
        const store = transaction.objectStore(STORE);
        const read = store.get(KEY);
        read.onsuccess = () => {
          const after = next?.(read.result);
          if (after) store.put(after, KEY);
          else if (next) store.delete(KEY);
        };
        transaction.oncomplete = () => resolve(read.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      open.close();
    }
  } catch {
    throw new Refusal("no-storage");
  }
}

/** The session, if there is one. Refuses as no-storage. */
export const load = () => exchange(null);

/** @param {Session} one @param {Session | undefined} other */
export const sameMember = (one, other) => String(one.locator) === String(other?.locator);

/**
 * Keeps what a token derives; all tabs hear of it. Refuses as framed, no-webcrypto, mistyped or no-storage.
 *
 * @param {string} text that has a token in it
 */
export async function keep(text) {
  if (self !== top) throw new Refusal("framed");
  if (!globalThis.crypto?.subtle) throw new Refusal("no-webcrypto");
  const { derive, findToken } = await import("./vault/token.js");
  const session = { ...(await derive(findToken(text))), epochs: {} };
  const before = await exchange((old) => (old && sameMember(session, old) ? old : session));
  if (!sameMember(session, before)) tell("unlocked");
}

/** Adds what a visit has found, unless the session has ended meanwhile. @param {Session} session */
export const remember = (session) => exchange((old) => old && (sameMember(session, old) ? session : old));

/** Forgets key, epochs and hints; all tabs hear of it and clear what was opened. */
export async function signOut() {
  await exchange(() => undefined);
  tell("signed-out");
}
