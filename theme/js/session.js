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

/** @type {Set<(change: Change) => void>} */
const listeners = new Set();
/** @type {BroadcastChannel | undefined} */
let tabs;

/** @param {Change} change */
const hear = (change) => listeners.forEach((listener) => void listener(change));
try {
  tabs = new BroadcastChannel(`site-builder:${site.site}`);
  tabs.onmessage = ({ data }) => hear(data);
} catch {
  // Firefox gives none where site data is switched off; then no other tab has a session either.
}

/** Calls the listener when somebody unlocks or signs out, in this tab or another. @param {(change: Change) => void} listener */
export const onChange = (listener) => listeners.add(listener);

/** first.js knows no Refusal. @param {{ code: import("./refusal.js").Code }} error @returns {never} */
const asRefusal = ({ code }) => {
  throw new Refusal(code);
};

/** The session, if there is one. Refuses as no-storage. @returns {Promise<Session | undefined>} */
export const load = () => site.exchange().catch(asRefusal);

/** @param {Session} one @param {Session | undefined} other */
export const sameMember = (one, other) => String(one.locator) === String(other?.locator);

/** Keeps what the token in a text derives; all tabs hear of it. Refuses as framed, no-webcrypto, mistyped or no-storage.
 * @param {string} text */
export async function keep(text) {
  if (await site.keep(text).catch(asRefusal)) hear("unlocked");
}

/** Adds what a visit has found, unless the session has ended meanwhile. @param {Session} session */
export const remember = (session) => site.exchange((old) => (old && sameMember(session, old) ? session : old));

/** Forgets key, epochs and hints; all tabs hear of it and clear what was opened. */
export async function signOut() {
  await site.exchange(() => undefined).catch(asRefusal);
  tabs?.postMessage("signed-out");
  hear("signed-out");
}
