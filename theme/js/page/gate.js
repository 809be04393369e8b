// The gated parts of the page on screen: remembers the untouched page, and calls the reader where somebody is a member.

import { load, onChange } from "../session.js";
import { parsed, site } from "../site.js";
import { unlockFrom } from "./address.js";
import { gatedParts, pageOf, pages, pristine, replacePage } from "./pages.js";
import { ask, forget, read, refill } from "./reader.js";

/** @type {WeakSet<Element>} */
const arrived = new WeakSet();

/** Asked for before the page was there; good for the first page. */
let { session } = site;

/** How often all has begun anew: what was on its way before then is of no use. */
let turn = 0;

/** Begins to open what the parser has come to. @param {Element} page */
async function openAhead(page) {
  const now = turn;
  const member = await session?.catch(() => undefined);
  if (member && now === turn) ask(gatedParts(page), member);
}

/** @param {Element} page */
async function openIfMember(page) {
  const now = turn;
  const member = await (session ?? load()).catch(() => undefined);
  if (now !== turn || !page.isConnected) return;
  session = undefined;
  if (!member) {
    site.settle();
    for (const part of gatedParts(page)) part.setAttribute("state", "locked");
    for (const link of page.querySelectorAll("a.paywall-card__unlock"))
      link.setAttribute("href", unlockFrom(location.href, site));
  } else await read(page, member);
}

/** @param {Element} page all of it */
function takeUp(page) {
  const untouched = /** @type {Element} */ (page.cloneNode(true));
  for (const part of gatedParts(untouched)) part.removeAttribute("state");
  pristine.set(page, untouched);
  // What was opened before is there at once, before Material looks at the page.
  if (!refill(page)) openIfMember(page);
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
  turn += 1;
  session = undefined;
  forget();
  for (const page of pages()) {
    const untouched = pristine.get(page);
    const locked = gatedParts(page).every((part) => part.getAttribute("state") === "locked");
    if (locked) openIfMember(page);
    else if (untouched) replacePage(page, () => untouched);
  }
}

onChange(beginAnew);

// What was refused may open by the time the back button brings it back.
addEventListener("pageshow", ({ persisted }) => {
  const parts = gatedParts(document);
  if (persisted && parts.length && parts.every((part) => part.getAttribute("state") !== "open")) beginAnew();
});
