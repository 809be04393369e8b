// Where the demos' files lie: all beside one another, two folders below the site's root, whatever the page.

import { h } from "../page/markup.js";

/** @param {string} name @returns {string} its absolute address */
export const beside = (name) => new URL(name, import.meta.url).href;

/** @type {Map<string, Promise<unknown>>} */
const sheets = new Map();

/** Loads a style sheet, once. Instant navigation takes away what it does not know in the head, but not in the body.
 * @param {string} name */
export function styled(name) {
  const there =
    sheets.get(name) ??
    new Promise((resolve) => {
      const link = h("link", "");
      Object.assign(link, { rel: "stylesheet", href: beside(name), onload: resolve, onerror: resolve });
      document.body.append(link);
    });
  sheets.set(name, there);
  return there;
}
