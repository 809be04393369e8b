// Where a session is kept: one record in IndexedDB, for all tabs and the worker. Never the token, only a key that can't be read out.

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
 */

/** The name of a site's database, of its mark in localStorage, and of the channel between tabs. @param {string} site its id */
export const nameOf = (site) => `site-builder:${site}`;

/** @param {string} site @returns {Promise<IDBDatabase>} */
export const openDatabase = (site) =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(nameOf(site), 1);
    request.onupgradeneeded = () => request.result.createObjectStore("session");
    request.onsuccess = () => resolve(request.result);
    request.onerror = reject;
  });

/**
 * The session that was there; in the same transaction `next` makes of it the one to keep. Rejects where nothing can be kept.
 *
 * @param {string} site
 * @param {(session: Session | undefined) => Session | undefined} [next]
 * @param {Promise<IDBDatabase>} [database] already being opened
 * @returns {Promise<Session | undefined>}
 */
export async function stored(site, next, database = openDatabase(site)) {
  const open = await database;
  return new Promise((resolve, reject) => {
    const transaction = open.transaction("session", next ? "readwrite" : "readonly");
    const store = transaction.objectStore("session");
    const read = store.get("member");
    read.onsuccess = () => {
      if (!next) return;
      const kept = next(read.result);
      if (kept) store.put(kept, "member");
      else store.delete("member");
    };
    transaction.oncomplete = () => resolve(read.result);
    transaction.onabort = reject;
  }).finally(() => open.close());
}

/** @param {Session} one @param {Session | undefined} other */
export const sameMember = (one, other) => String(one.locator) === String(other?.locator);
