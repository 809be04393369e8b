// The session of a member, one a site for all tabs: begun by a token, ended by signing out, and heard of everywhere.

import { Refusal } from "./refusal.js";
import { parsed, site } from "./site.js";
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

/** Whom this page knows of. */
let known = Promise.resolve(site.session);

/** The session, if there is one. Refuses as no-storage. @returns {Promise<Session | undefined>} */
export function load() {
  const loaded = site.exchange().catch(asRefusal);
  known = loaded.catch(() => undefined);
  return loaded;
}

/** Hears of what this page has missed. */
async function catchUp() {
  const before = await known;
  const now = await load().catch(() => undefined);
  if (String(before?.locator) !== String(now?.locator)) hear(now ? "unlocked" : "signed-out");
}

// While its scripts were on their way, and while the browser had put it aside for the back button, a page hears nothing.
if (site.session) parsed.then(catchUp);
addEventListener("pageshow", ({ persisted }) => persisted && void catchUp());

/** Keeps what the token in a text derives; all tabs hear of it. Refuses as framed, no-webcrypto, mistyped or no-storage.
 * @param {string} text */
export async function keep(text) {
  if (!(await site.keep(text).catch(asRefusal))) return;
  tabs?.postMessage("unlocked");
  hear("unlocked");
}

/** Forgets key, epochs and hints; all tabs hear of it and clear what was opened. */
export async function signOut() {
  await site.exchange(() => undefined).catch(asRefusal);
  tabs?.postMessage("signed-out");
  hear("signed-out");
}
