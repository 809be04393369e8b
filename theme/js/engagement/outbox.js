// What is on its way to the collector. It is kept until it is taken, for a week, and sent again; ids make that harmless.

import { nameOf } from "../store.js";
import { withoutTokens } from "./address.js";

/**
 * @typedef {{ id: string, name: string, t: number, pv: string, url: string, post?: string, props: Record<string, unknown> }} Event
 * @typedef {{ ref?: string, width: number, member?: string, events: Event[] }} Letter
 */

const WEEK = 7 * 86_400_000;
/** How many letters wait at most; those that were tried longest ago go first. */
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
    else delete localStorage[key];
  } catch {
    // In a private window they wait as long as the page is there; in a full one what is not taken now is lost.
  }
}

/** Forgets what waits and what is on its way. */
export const forget = () => keep([]);

/** Taken, or a letter that nobody would ever take. Whatever else is answered, to a mistyped address or by a proxy whose
 * collector is not there yet, may be otherwise tomorrow. */
const DONE = /^2|400|41[35]/;

/** @param {string} endpoint @returns sends a letter, and after it what waits */
export function openOutbox(endpoint) {
  /** @param {Letter} letter @returns {Promise<boolean>} */
  const deliver = (letter) =>
    fetch(endpoint, {
      method: "POST",
      body: withoutTokens(JSON.stringify({ v: 1, site, sent: Date.now(), ...letter })),
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "origin",
    }).then(
      ({ status }) => DONE.test(`${status}`),
      () => false,
    );

  /** Sends a letter; if that can't be done now, it waits behind the others, so that it holds none of them up.
   * @param {Letter} letter @returns {Promise<boolean>} whether there is nothing more to do for it */
  async function send(letter) {
    const [{ id, t }] = letter.events;
    // What else waits now: another tab may have kept something, and what was forgotten does not come back.
    const others = () => waiting().filter(({ events }) => events[0].id !== id);
    // Kept before it goes: a page that is being left does not live to see how sending ends.
    keep([...others(), letter]);
    const done = t < Date.now() - WEEK || (navigator.onLine && (await deliver(letter)));
    if (done) keep(others());
    return done;
  }

  /** Sends what waits, up to the first that can't be sent. */
  async function drain() {
    let left = waiting().length;
    for (let letter; left-- && ([letter] = waiting())[0] && (await send(letter)););
  }

  /** One tab at a time. */
  const retry = () => navigator.locks?.request(key, drain) ?? drain();

  addEventListener("online", retry);

  /** @param {Letter} letter */
  return async (letter) => {
    if (await send(letter)) await retry();
  };
}
