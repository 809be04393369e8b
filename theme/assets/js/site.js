// What first.js has said about this site, and the one thing of Material's that is used: its stream of documents.

/**
 * @typedef {object} Site
 * @property {string} site the site's id, as in keys
 * @property {string} base absolute URL that ends in /
 * @property {string} unlock absolute URL of the page with the unlock form
 * @property {string} pricing
 * @property {string} account
 */

const world = /** @type {any} */ (globalThis);

/** @type {Site} */
export const site = world.siteBuilder;

/** The unlock page, which will offer the way back. @param {string} address where from */
export function unlockFrom(address) {
  const { pathname, search, hash } = new URL(address);
  const unlock = new URL(site.unlock);
  unlock.searchParams.set("next", pathname + search + hash);
  return unlock.href;
}

/** Emits whenever Material has to take up the page anew; absent where Material's script did not run.
 * @returns {{ subscribe(listener: () => void): unknown, next(document: Document): void } | undefined} */
export const documents = () => world.document$;
