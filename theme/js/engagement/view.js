// One view of one page: what happened in it, how long and how far it was read.

import { pathOf } from "./address.js";
import { activeTime, readDepth } from "./attention.js";

/** @typedef {import("./outbox.js").Event} Event */

/** A UUID of version 4; `crypto.randomUUID` is there only on secure connections. */
const newId = () =>
  "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx".replace(/x/g, () =>
    (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16),
  );

/** @typedef {ReturnType<typeof beginView>} View */

/**
 * @param {HTMLElement} element that says what the page is and which hooks it has
 * @param {string | undefined} ref where its reader came from, if from another site
 * @param {string | undefined} member who its reader is, if that may be told
 */
export function beginView(element, ref, member) {
  const { post, hooks = "" } = element.dataset;
  const names = hooks.split(" ");
  const pv = newId();
  const url = pathOf(location);
  const active = activeTime(performance.now(), !document.hidden && document.hasFocus());
  const depth = readDepth();
  /** @type {Set<string>} */
  const told = new Set();
  let read = JSON.stringify({ active_ms: 0, scroll: 0 });

  const view = {
    element,
    ref,
    member,
    path: location.pathname,
    title: document.title,
    /** What has not been sent yet. @type {Event[]} */
    waiting: [],
    /** @param {string} name @param {Record<string, unknown>} props @param {number} [t] when, in ms
     * @returns {boolean} whether the page has such a hook */
    add(name, props, t = Date.now()) {
      if (!names.includes(name) && !name.startsWith("x_")) return false;
      view.waiting.push({ id: newId(), name, t, pv, url, post, props });
      return true;
    },
    /** Whether this is told for the first time. @param {string} name @param {Record<string, unknown>} props */
    isFirst(name, props) {
      const size = told.size;
      return told.add(name + JSON.stringify(props)).size > size;
    },
    /** Counts the time up to now. @param {boolean} uses whether the reader has just done something */
    count: (uses) => active(performance.now(), !document.hidden && document.hasFocus(), uses),
    /** Looks how far the article has come into view. */
    look() {
      const article = view.element.closest("article, main") ?? document.body;
      return depth(article, article.querySelector(".insights") ?? view.element, innerHeight);
    },
    /** Adds how long and how far it has been read, if that is more than was told. */
    sumUp() {
      const props = { active_ms: view.count(false), ...view.look() };
      const now = JSON.stringify(props);
      if (now !== read && view.add("engagement", props)) read = now;
    },
  };
  return view;
}
