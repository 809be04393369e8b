// Demos that share their state: which have to be run before one can be, and when all begin anew.

import { dataOf } from "./data.js";

/** @typedef {import("./data.js").Data} Data */

/** What has been run in each session since it began: the code of each demo. @type {Map<string, Map<HTMLElement, string>>} */
const ran = new Map();

/** A session's name for the sandbox: pages may have sessions of one name. "" for a demo of its own. @param {Data} data */
export const sessionOf = ({ page, session, language }) => session && `${language}:${page}#${session}`;

/**
 * The demos before this one of its session whose code, as it is now, has not been run in it.
 *
 * @param {HTMLElement} host
 * @param {ParentNode} root where to look for them
 * @param {(other: HTMLElement) => string} codeOf
 * @returns {HTMLElement[]} in the page's order
 */
export function before(host, root, codeOf) {
  const session = sessionOf(dataOf(host));
  if (!session) return [];
  const all = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("code-demo[data-demo]")]);
  const earlier = all.slice(0, all.indexOf(host)).filter((other) => sessionOf(dataOf(other)) === session);
  const done = ran.get(session);
  return earlier.filter((other) => done?.get(other) !== codeOf(other));
}

/** @param {HTMLElement} host @param {string} code */
export function note(host, code) {
  const session = sessionOf(dataOf(host));
  if (!session) return;
  if (!ran.has(session)) ran.set(session, new Map());
  ran.get(session)?.set(host, code);
}

/** Its session has ended: all in it is to be run again. @param {string} session */
export const begun = (session) => ran.delete(session);

/** Sessions of pages that are gone. @returns {string[]} */
export const abandoned = () =>
  [...ran].filter(([, hosts]) => ![...hosts.keys()].some((host) => host.isConnected)).map(([session]) => session);
