// The bytes that a run needs from the site, with word of how many there are yet.

/** @typedef {(progress: { what: string, loaded: number, total: number }) => void} OnProgress */

/** Roughly, for hosts that compress on the way and so do not say how long a file is. @type {Record<string, number>} */
const ROUGHLY = {
  "pyodide.asm.wasm": 9_600_000,
  "python_stdlib.zip": 2_550_000,
  "pyodide.asm.mjs": 1_250_000,
  "sql-wasm.wasm": 690_000,
};

/** The part of an address behind its last slash. @param {string} address */
export const nameOf = (address) => address.slice(address.lastIndexOf("/") + 1);

/** @param {string} address @param {(loaded: number, total: number) => void} tell @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesOf(address, tell) {
  const response = await fetch(address);
  if (!response.ok || !response.body) throw new Error(`${address}: ${response.status} ${response.statusText}`);
  const length = response.headers.has("content-encoding") ? 0 : Number(response.headers.get("content-length"));
  const expected = length || (ROUGHLY[nameOf(address)] ?? 30_000);
  const pieces = [];
  let loaded = 0;
  tell(0, expected);
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    loaded += value.length;
    tell(loaded, Math.max(loaded, expected));
  }
  const whole = new Uint8Array(loaded);
  let end = 0;
  for (const piece of pieces) whole.set(piece, (end += piece.length) - piece.length);
  tell(loaded, loaded);
  return whole;
}

/**
 * Fetches all at once.
 *
 * @param {string[]} addresses
 * @param {string} what goes into each word of progress
 * @param {OnProgress} onProgress hears the sums
 */
export function fetchAll(addresses, what, onProgress) {
  const [loaded, total] = [addresses.map(() => 0), addresses.map(() => 0)];
  const sum = (/** @type {number[]} */ numbers) => numbers.reduce((left, right) => left + right, 0);
  return Promise.all(
    addresses.map((address, at) =>
      bytesOf(address, (now, all) => {
        [loaded[at], total[at]] = [now, all];
        onProgress({ what, loaded: sum(loaded), total: sum(total) });
      }),
    ),
  );
}
