// What is on its way to the collector. What does not arrive is kept, for a week, and sent again; ids make that harmless.

import { nameOf } from "../store.js";
import { withoutTokens } from "./address.js";

/**
 * @typedef {{ id: string, name: string, t: number, pv: string, url: string, post?: string, props: Record<string, unknown> }} Event
 * @typedef {{ ref?: string, width: number, member?: string, events: Event[] }} Letter
 */

const WEEK = 7 * 86_400_000;
/** How many letters wait at most; the oldest go first. */
const MOST = 50;

/** @type {string} */
const site = /** @type {any} */ (globalThis).siteBuilder.site;
/** Under which they wait in localStorage; where there is none, in memory. */
const key = `${nameOf(site)}:events`;
/** @type {Letter[]} */
let memory = [];

/** @returns {Letter[]} */
function waiting() {
  try {
    return JSON.parse(localStorage[key] ?? "[]");
  } catch {
    return memory;
  }
}

/** @param {Letter[]} letters */
function keep(letters) {
  memory = letters.slice(-MOST);
  try {
    if (memory.length) localStorage[key] = withoutTokens(JSON.stringify(memory));
    else localStorage.removeItem(key);
  } catch {
    // A private window, or a full one: they wait as long as the page is there.
  }
}

/** Forgets what waits. */
export const forget = () => keep([]);

/** @param {string} endpoint */
export function openOutbox(endpoint) {
  /** @param {Letter} letter @returns {Promise<boolean>} whether there is nothing more to do for it: taken, or never to be taken */
  const deliver = (letter) =>
    fetch(endpoint, {
      method: "POST",
      body: withoutTokens(JSON.stringify({ v: 1, site, sent: Date.now(), ...letter })),
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "origin",
    }).then(
      ({ status }) => status < 500 && status !== 429,
      () => false,
    );

  async function drain() {
    for (const letter of waiting()) {
      const [{ id, t }] = letter.events;
      if (t > Date.now() - WEEK && !(await deliver(letter))) return;
      keep(waiting().filter(({ events }) => events[0].id !== id));
    }
  }

  /** Sends what waits, if no other tab is at it. */
  const retry = () => navigator.locks?.request(key, { ifAvailable: true }, (lock) => lock && drain()) ?? drain();

  addEventListener("online", retry);

  return {
    retry,
    /** @param {Letter} letter */
    async post(letter) {
      // A page that is being left may not live to see that it could not be sent.
      if (navigator.onLine && (await deliver(letter))) retry();
      else keep([...waiting(), letter]);
    },
  };
}
