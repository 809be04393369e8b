// The session of a member, one a site for all tabs: begun by a token, ended by signing out, and heard of everywhere.

import { Refusal } from "./refusal.js";
import { site } from "./site.js";
import { nameOf } from "./store.js";

/**
 * @typedef {import("./store.js").Session} Session
 * @typedef {"unlocked" | "signed-out"} Change
 */

/** @type {Set<(change: Change) => void>} */
const listeners = new Set();
/** @type {BroadcastChannel | undefined} */
let tabs;

/** @param {Change} change */
const hear = (change) => listeners.forEach((listener) => void listener(change));
try {
  tabs = new BroadcastChannel(nameOf(site.site));
  tabs.onmessage = ({ data }) => hear(data);
} catch {
  // Firefox gives none where site data is switched off; then no other tab has a session either.
}

/** Calls the listener when somebody unlocks or signs out, in this tab or another. @param {(change: Change) => void} listener */
export const onChange = (listener) => listeners.add(listener);

/** A Refusal of first.js is of another class. @param {{ code: import("./refusal.js").Code }} error @returns {never} */
const asRefusal = ({ code }) => {
  throw new Refusal(code);
};

/** The session, if there is one. Refuses as no-storage. @returns {Promise<Session | undefined>} */
export const load = () => site.exchange().catch(asRefusal);

/** Keeps what the token in a text derives; all tabs hear of it. Refuses as framed, no-webcrypto, mistyped or no-storage.
 * @param {string} text */
export async function keep(text) {
  if (await site.keep(text).catch(asRefusal)) hear("unlocked");
}

/** Forgets key, epochs and hints; all tabs hear of it and clear what was opened. */
export async function signOut() {
  await site.exchange(() => undefined).catch(asRefusal);
  tabs?.postMessage("signed-out");
  hear("signed-out");
}
