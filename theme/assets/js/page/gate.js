// The gated parts of the page on screen: remembers the untouched page, and calls the reader where somebody is a member.

import { Refusal } from "../refusal.js";
import { load, onChange } from "../session.js";
import { documents, parsed, site } from "../site.js";
import { unlockFrom } from "./address.js";

/** @typedef {typeof import("./reader.js")} Reader */

/** The page as the build wrote it, before Material or this site changed anything in it: what opened parts are put into. */
/** @type {WeakMap<Element, Element>} */
export const pristine = new WeakMap();

/** Pages that Material has taken up; in others nothing needs to be replaced. */
/** @type {WeakSet<Element>} */
export const mounted = new WeakSet();

/** @type {WeakSet<Element>} */
const arrived = new WeakSet();

/** @type {Reader | undefined} */
let reader;

/** Asked for before the page was there; good for the first page. */
let { session } = site;

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

/**
 * Puts one state of a page in place of another, where the reader was, and has Material take it up.
 *
 * @param {Element} page
 * @param {() => Element} make the other; it may take parts out of the page
 */
export function replacePage(page, make) {
  const { scrollX, scrollY } = window;
  const active = page.contains(document.activeElement) ? document.activeElement : null;
  page.replaceWith(make());
  documents()?.next(document);
  window.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
  const again = active?.isConnected ? active : active?.id && document.getElementById(active.id);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** @returns {Promise<Reader | undefined>} its files may fail to come, as any others */
async function getReader() {
  reader ??= await import("./reader.js").catch(() => undefined);
  return reader;
}

/** Begins to open what the parser has come to. @param {Element} page */
async function openAhead(page) {
  const member = await session?.catch(() => undefined);
  if (member) (await getReader())?.ask(gatedParts(page), member);
}

/** @param {Element} page */
async function sayUnreachable(page) {
  site.settle();
  const { refuse } = await import("./notice.js");
  for (const part of gatedParts(page)) {
    const region = /** @type {HTMLElement | null} */ (part.querySelector(".paywall-notice"));
    part.setAttribute("state", "refused");
    part.dataset.refusal = "network";
    if (region) refuse(region, new Refusal("network"), () => location.reload());
  }
}

/** @param {Element} page */
async function openIfMember(page) {
  const member = await (session ?? load()).catch(() => undefined);
  session = undefined;
  if (!page.isConnected) return;
  if (!member) {
    site.settle();
    for (const part of gatedParts(page)) part.setAttribute("state", "locked");
    for (const link of page.querySelectorAll("a.paywall-card__unlock"))
      link.setAttribute("href", unlockFrom(location.href, site));
  } else if (await getReader()) await reader?.read(page, member);
  else await sayUnreachable(page);
}

/** @param {Element} page all of it */
function takeUp(page) {
  const untouched = /** @type {Element} */ (page.cloneNode(true));
  for (const part of gatedParts(untouched)) part.removeAttribute("state");
  pristine.set(page, untouched);
  // What was opened before is there at once, before Material looks at the page.
  if (!reader?.refill(page)) openIfMember(page);
}

/** A gated part has come onto the page: with the parser, by instant navigation, or because the page was replaced.
 * @param {Element} part */
export function arrive(part) {
  const page = pageOf(part);
  if (!page || pristine.has(page)) return;
  if (site.session) part.setAttribute("state", "opening");
  if (arrived.has(page)) return;
  arrived.add(page);
  if (document.readyState === "loading") {
    openAhead(page);
    parsed.then(() => takeUp(page));
  } else takeUp(page);
}

/** Another member, or none: all that was opened goes, from memory and from the page on screen, and it begins anew. */
function beginAnew() {
  reader?.forget();
  for (const page of pages()) {
    const untouched = pristine.get(page);
    const locked = gatedParts(page).every((part) => part.getAttribute("state") === "locked");
    if (locked) openIfMember(page);
    else if (untouched) replacePage(page, () => untouched);
  }
}

onChange(beginAnew);

// A page that the back button brings back has heard nothing meanwhile.
addEventListener("pageshow", async ({ persisted }) => {
  const open = persisted && document.querySelector("premium-content[state=open]");
  if (persisted && !(open && (await load().catch(() => undefined)))) beginAnew();
});

parsed.then(() =>
  documents()?.subscribe(() => {
    for (const page of pages()) mounted.add(page);
  }),
);
