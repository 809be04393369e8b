// What first.js has said about this site, and when the page is there; the one thing of Material's that is used.

/** @typedef {import("./session.js").Session} Session */

/**
 * @typedef {object} Site
 * @property {string} site the site's id, as in keys
 * @property {string} base absolute URL that ends in /
 * @property {string} unlock absolute URL of the page with the unlock form
 * @property {string} pricing
 * @property {string} account
 * @property {Promise<Session | undefined>} [session] already being read, where there most likely is one
 * @property {(next?: (session: Session | undefined) => Session | undefined) => Promise<Session | undefined>} exchange
 *   the session that was there, and in the same transaction what `next` makes of it
 * @property {(text: string) => Promise<boolean>} keep
 */

const world = /** @type {any} */ (globalThis);

/** @type {Site} */
export const site = world.siteBuilder;

/** @param {string} event @returns {Promise<void>} */
const comes = (event) => new Promise((resolve) => document.addEventListener(event, () => resolve(), { once: true }));

/** When the whole page has been parsed; Material has not looked at it yet. */
export const parsed = document.readyState === "loading" ? comes("readystatechange") : Promise.resolve();

/** When Material has looked at it. main.js runs before that, if only just. */
export const drawn = document.readyState === "complete" ? Promise.resolve() : comes("DOMContentLoaded");

/** Emits whenever Material has to take up the page anew; absent where Material's script did not run.
 * @returns {{ subscribe(listener: () => void): unknown, next(document: Document): void } | undefined} */
export const documents = () => world.document$;
