// The page on screen: its gated parts, what it was before anything changed it, and putting one state of it in place of another.

import { documents, parsed } from "../site.js";

/** The page as the build wrote it, before Material or this site changed anything in it: what opened parts are put into. */
/** @type {WeakMap<Element, Element>} */
export const pristine = new WeakMap();

/** Pages that Material has taken up; in others nothing needs to be replaced. */
/** @type {WeakSet<Element>} */
export const mounted = new WeakSet();

/** @param {ParentNode} root @returns {HTMLElement[]} */
export const gatedParts = (root) =>
  [...root.querySelectorAll("premium-content[part]:not([preview])")].map((part) => /** @type {HTMLElement} */ (part));

/** @param {Element} element @returns {Element | null} */
export const pageOf = (element) => element.closest("[data-md-component=container]") ?? element.parentElement;

/** The pages of this document that have gated parts: one, with Material. */
export const pages = () =>
  new Set(
    gatedParts(document)
      .map(pageOf)
      .filter((page) => page !== null),
  );

/** When a frame is on the screen (the next one begins) and nothing is more urgent; at once where nobody looks. */
export async function painted() {
  if (document.hidden) return;
  await new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
  });
  await new Promise((resolve) => {
    // Safari has no requestIdleCallback.
    if ("requestIdleCallback" in window) requestIdleCallback(resolve, { timeout: 200 });
    else resolve(null);
  });
}

/** The links of a page that lead where this one does: none if it is no link. @param {Element} page @param {Element} link */
const linksLike = (page, link) =>
  link instanceof HTMLAnchorElement ? [...page.querySelectorAll("a")].filter(({ href }) => href === link.href) : [];

/**
 * Puts one state of a page in place of another, where the reader was, and has Material take it up.
 *
 * @param {Element} page
 * @param {() => Element} make the other; it may take parts out of the page
 */
export function replacePage(page, make) {
  const { scrollX, scrollY } = window;
  const active = page.contains(document.activeElement) ? document.activeElement : null;
  const place = active ? linksLike(page, active).indexOf(/** @type {HTMLAnchorElement} */ (active)) : 0;
  const other = make();
  page.replaceWith(other);
  // If it has not taken up this one, it will come to the other by itself.
  if (mounted.has(page)) documents()?.next(document);
  window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  if (!active) return;
  const same = active.id ? document.getElementById(active.id) : linksLike(other, active)[place];
  const again = active.isConnected ? active : same;
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

parsed.then(() =>
  documents()?.subscribe(() => {
    for (const page of pages()) mounted.add(page);
  }),
);
