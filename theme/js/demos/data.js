// What the build says of a demo in its element, and where the demos' files lie. For the element and all that it loads.

/** The parts of a demo's code: only HTML has more than `code`. @typedef {"code" | "css" | "script"} Part */

/**
 * @typedef {object} Exercise
 * @property {string} tests
 * @property {string} setup
 * @property {number} tries after so many failed ones the solution may be looked at
 *
 * @typedef {object} Data
 * @property {string} id unique on its page
 * @property {string} page the path of its source, as "blog/posts/sorting.md"
 * @property {"python" | "js" | "html" | "sql"} language
 * @property {string} code
 * @property {string} css of an HTML demo
 * @property {string} script of an HTML demo
 * @property {string} session demos of a page and language that share their state; "" for none
 * @property {number} timeout seconds
 * @property {boolean} net
 * @property {boolean} readonly
 * @property {boolean} autorun
 * @property {boolean} hidden
 * @property {number} height in lines; 0: as the code has
 * @property {string[]} files names of data files
 * @property {string[]} wheels site paths
 * @property {string} runtime site path of a folder
 * @property {string | null} database a file's name
 * @property {string | null} seed a file's name
 * @property {Exercise | null} exercise
 */

/** What a page's script adds to an element has this attribute; the rest is the author's. */
export const OURS = "data-demo-ui";

/** @param {HTMLElement} host @returns {Data} */
export const dataOf = (host) => JSON.parse(host.dataset.demo ?? "");

/** The parts that a demo has, in the order of the author's blocks. @param {Data} data @returns {Part[]} */
export const partsOf = (data) =>
  /** @type {Part[]} */ (["code", "css", "script"]).filter((part) => part === "code" || data[part]);

/** What is kept for this site's readers begins with this; `name` says what it is. @param {string} name */
export const keyFor = (name) => `site-builder:${/** @type {any} */ (globalThis).siteBuilder?.site ?? ""}:demos:${name}`;

/** @param {Data} data */
export const draftKey = ({ page, id }) => keyFor(`draft:${page}#${id}`);

/** Where a browser keeps something, if it does. @param {string} key @returns {string | null} */
export function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps it, or forgets it; where the browser keeps nothing all works without. @param {string} key @param {string | null} text */
export function store(key, text) {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // A private window, or no room.
  }
}

/** The demo and the code that an address carries, still packed. @param {string} hash
 * @returns {{ id: string, packed: string } | undefined} */
export function carried(hash) {
  const [, id, packed] = /^#demo-([^=]+)=([\w-]+)$/.exec(hash) ?? [];
  if (!id) return undefined;
  try {
    return { id: decodeURIComponent(id), packed };
  } catch {
    return undefined;
  }
}
