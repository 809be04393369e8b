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
 * @property {boolean} early whether a worker has begun with the page
 * @property {() => Worker} startWorker that one, or another
 * @property {() => void} settle tells Material that the page is there, if that has waited for its gated parts
 * @property {(next?: (session: Session | undefined) => Session | undefined) => Promise<Session | undefined>} exchange
 *   the session that was there, and in the same transaction what `next` makes of it
 * @property {(text: string) => Promise<boolean>} keep keeps what the token in a text derives; whether that is another member
 */

const world = /** @type {any} */ (globalThis);

/** @type {Site} */
export const site = world.siteBuilder;

/** When the whole page has been parsed; Material has not looked at it yet. @type {Promise<void>} */
export const parsed =
  document.readyState === "loading"
    ? new Promise((resolve) => document.addEventListener("readystatechange", () => resolve(), { once: true }))
    : Promise.resolve();

/** Emits whenever Material has to take up the page anew; absent where Material's script did not run.
 * @returns {{ subscribe(listener: () => void): unknown, next(document: Document): void } | undefined} */
export const documents = () => world.document$;
