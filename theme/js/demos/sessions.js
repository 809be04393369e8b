// Demos that share their state: which have to be run before one can be, and when all begin anew.

import { dataOf } from "./data.js";

/** @typedef {import("./data.js").Data} Data */

/** What has been run in each session since it began: of each demo the code, and when. */
/** @type {Map<string, Map<HTMLElement, { code: string, turn: number }>>} */
const ran = new Map();
let turns = 0;

/** A session's name for the sandbox: pages may have sessions of one name. "" for a demo of its own. @param {Data} data */
export const sessionOf = ({ page, session, language }) => session && `${language}:${page}#${session}`;

/**
 * What is to be run before a demo: those of its session before it whose code, as it is now, has not been run, or not since one
 * before them has. Only Python runs the same code twice in one session: in JavaScript a name can't be declared again, nor can a
 * table in SQL, so there the session begins anew, with all that is before.
 *
 * @param {HTMLElement} host
 * @param {ParentNode} root where to look for them
 * @param {(other: HTMLElement) => string} codeOf
 * @returns {{ first: HTMLElement[], anew: boolean }} in the page's order
 */
export function before(host, root, codeOf) {
  const { language } = dataOf(host);
  const session = sessionOf(dataOf(host));
  if (!session) return { first: [], anew: false };
  const all = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("code-demo[data-demo]")]);
  const earlier = all.slice(0, all.indexOf(host)).filter((other) => sessionOf(dataOf(other)) === session);
  const done = ran.get(session);
  let latest = 0;
  const first = earlier.filter((other) => {
    const run = done?.get(other);
    const fresh = run?.code === codeOf(other) && run.turn > latest;
    latest = fresh ? run.turn : Infinity;
    return !fresh;
  });
  const anew = language !== "python" && [...first, host].some((other) => done?.has(other));
  return anew ? { first: earlier, anew } : { first, anew };
}

/** @param {HTMLElement} host @param {string} code */
export function note(host, code) {
  const session = sessionOf(dataOf(host));
  if (!session) return;
  if (!ran.has(session)) ran.set(session, new Map());
  ran.get(session)?.set(host, { code, turn: ++turns });
}

/** Its session has ended: all in it is to be run again. @param {string} session */
export const begun = (session) => ran.delete(session);

/** Sessions of pages that are gone. @returns {string[]} */
export const abandoned = () =>
  [...ran].filter(([, hosts]) => ![...hosts.keys()].some((host) => host.isConnected)).map(([session]) => session);
