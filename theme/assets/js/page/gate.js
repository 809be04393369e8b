// The gated parts of the page on screen: remembers the untouched page, and calls the reader where somebody is a member.

import { load, onChange } from "../session.js";
import { documents, unlockFrom } from "../site.js";

/** @typedef {typeof import("./reader.js")} Reader */

/** The page as the build wrote it, before Material or this site changed anything in it: what opened parts are put into. */
/** @type {WeakMap<Element, Element>} */
export const pristine = new WeakMap();

/** Pages that Material has taken up; in others nothing needs to be replaced. */
/** @type {WeakSet<Element>} */
export const mounted = new WeakSet();

/** @type {Reader | undefined} */
let reader;

/** @param {ParentNode} root @returns {HTMLElement[]} */
export const gatedParts = (root) =>
  [...root.querySelectorAll("premium-content[part]:not([preview])")].map((part) => /** @type {HTMLElement} */ (part));

/** @param {Element} element @returns {Element | null} */
const pageOf = (element) => element.closest("[data-md-component=container]") ?? element.parentElement;

/** The pages of this document that have gated parts: one, with Material. */
const pages = () =>
  new Set(
    gatedParts(document)
      .map(pageOf)
      .filter((page) => page !== null),
  );

/** Puts one state of a page in place of another, where the reader was, and has Material take it up.
 * @param {Element} page @param {Element} next */
export function replacePage(page, next) {
  const { scrollX, scrollY } = window;
  const active = page.contains(document.activeElement) ? document.activeElement : null;
  page.replaceWith(next);
  documents()?.next(document);
  window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  if (active?.id) document.getElementById(active.id)?.focus({ preventScroll: true });
}

/** @param {Element} page */
async function openIfMember(page) {
  const session = await load().catch(() => undefined);
  if (!page.isConnected) return;
  if (session) {
    reader ??= await import("./reader.js");
    await reader.read(page, session);
  } else {
    for (const part of gatedParts(page)) part.setAttribute("state", "locked");
    for (const link of page.querySelectorAll("a.paywall-card__unlock")) {
      link.setAttribute("href", unlockFrom(location.href));
    }
  }
}

/** A gated part has come onto the page: at first load, by instant navigation, or because the page was replaced. @param {Element} part */
export function arrive(part) {
  const page = pageOf(part);
  if (!page || pristine.has(page)) return;
  pristine.set(page, /** @type {Element} */ (page.cloneNode(true)));
  // What was opened before is there at once, before Material looks at the page.
  if (!reader?.refill(page)) openIfMember(page);
}

/** Another member, or none: all that was opened goes, from memory and from the page on screen, and it begins anew. */
function beginAnew() {
  reader?.forget();
  for (const page of pages()) {
    const untouched = pristine.get(page);
    const locked = gatedParts(page).every((part) => part.getAttribute("state") === "locked");
    if (locked) openIfMember(page);
    else if (untouched) replacePage(page, untouched);
  }
}

onChange(beginAnew);

// A page that the back button brings back has heard nothing meanwhile.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) beginAnew();
});

documents()?.subscribe(() => {
  for (const page of pages()) mounted.add(page);
});
