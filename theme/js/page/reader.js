// Opens the gated parts of a page for a member and puts them where they belong, so that Material treats them as its own.

import { endVault, forgetVault, openParts } from "../open.js";
import { Refusal } from "../refusal.js";
import { site } from "../site.js";
import { attachAssets } from "./assets.js";
import { addToContents } from "./contents.js";
import { chooseTabs, followAddress } from "./follow.js";
import { refuse } from "./notice.js";
import { gatedParts, mounted, painted, pristine, replacePage } from "./pages.js";

/**
 * @typedef {import("../open.js").Opened} Opened
 * @typedef {import("../session.js").Session} Session
 */

/** What has been opened, by part; lives as long as the document does. */
/** @type {Map<string, Opened>} */
let opened = new Map();

/** What is being opened, by part. */
/** @type {Map<string, Promise<Opened | Refusal>>} */
let asked = new Map();

/** What ends the blob URLs of a part, by the first element that has one. */
/** @type {Map<Element, () => void>} */
const releases = new Map();

const SEALED = "[data-sealed-src], a[data-sealed-href]";
const PROGRAMS = "script:not([type]), script[type=module], script[type='text/javascript']";

/** @param {Element} element */
const partOf = (element) => element.getAttribute("part") ?? "";

/** What a part's element says of it; its card, or that of a part of the same access, knows the offers that open it.
 * @param {Element} element @param {Element[]} all @returns {import("../open.js").Wanted} */
function wantedBy(element, all) {
  const access = element.getAttribute("entitlements") ?? "";
  const offers = all
    .filter((other) => other.getAttribute("entitlements") === access)
    .flatMap((other) => [...other.querySelectorAll("[data-offer]")]);
  return {
    part: partOf(element),
    entitlements: access.split(" ").filter(Boolean),
    openers: offers.map((offer) => /** @type {HTMLElement} */ (offer).dataset.offer ?? ""),
  };
}

/** Puts what a part says in place of its card. @param {HTMLElement} element @param {Opened} body */
function write(element, body) {
  const template = document.createElement("template");
  template.innerHTML = body.html;
  for (const script of template.content.querySelectorAll(PROGRAMS)) script.remove();
  fill(element, template.content);
  // Instant navigation changes the page's address before the page: as Material does, make relative addresses absolute.
  for (const name of /** @type {const} */ (["href", "src"])) {
    for (const linked of element.querySelectorAll(`[${name}]`)) {
      const address = linked.getAttribute(name) ?? "";
      const relative = linked instanceof HTMLElement && !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address);
      if (relative) linked.setAttribute(name, new URL(address, document.baseURI).href);
    }
  }
  const holders = [...element.querySelectorAll(SEALED)];
  if (holders.length) releases.set(holders[0], attachAssets(holders, body));
}

/** @param {Element} element @param {...Node} content */
function fill(element, ...content) {
  element.replaceChildren(...content);
  element.setAttribute("state", "open");
  element.removeAttribute("data-refusal");
}

/** @param {HTMLElement[]} parts of one page */
const headingsOf = (parts) => parts.flatMap((element) => opened.get(partOf(element))?.toc ?? []);

/** Blob URLs of elements that have left the page are worth nothing. */
function releaseGone() {
  for (const [holder, release] of releases) {
    if (holder.isConnected) continue;
    release();
    releases.delete(holder);
  }
}

/**
 * The untouched page again, with all that is open in it, for Material to take up. What has just been written moves over, since
 * Material has not seen it; what it has seen is written anew.
 *
 * @param {HTMLElement[]} parts of the page on screen
 * @param {Set<HTMLElement>} fresh those that have just been written
 * @param {Element} untouched
 */
function rebuild(parts, fresh, untouched) {
  const page = /** @type {Element} */ (untouched.cloneNode(true));
  pristine.set(page, untouched);
  const places = gatedParts(page);
  places.forEach((element, index) => {
    const body = opened.get(partOf(element));
    if (fresh.has(parts[index])) fill(element, ...parts[index].childNodes);
    else if (body) write(element, body);
  });
  addToContents(page, headingsOf(places));
  return page;
}

/** @param {HTMLElement} element @returns {HTMLElement} */
function noticeRegion(element) {
  const there = element.querySelector(".paywall-notice");
  if (there instanceof HTMLElement) return there;
  const region = document.createElement("div");
  region.className = "paywall-notice";
  region.ariaLive = "polite";
  element.prepend(region);
  return region;
}

/** @param {Element} page @param {(Refusal | Opened)[]} outcomes in the order of its parts @param {Session} session */
function showRefusals(page, outcomes, session) {
  const refused = gatedParts(page).filter((_, index) => outcomes[index] instanceof Refusal);
  if (!refused.length) return;
  // A region tells of changes only if it has been there before them.
  for (const element of refused) noticeRegion(element);
  const said = new Set();
  gatedParts(page).forEach((element, index) => {
    const outcome = outcomes[index];
    if (!(outcome instanceof Refusal)) return;
    element.setAttribute("state", "refused");
    element.dataset.refusal = outcome.code;
    // A part that follows the card of another says the same only once.
    if (element.hasAttribute("follow") && said.has(outcome.code)) return;
    said.add(outcome.code);
    refuse(noticeRegion(element), outcome, () => {
      forgetVault();
      return read(page, session);
    });
  });
}

/**
 * Opens parts, each once; what is open or on its way is not asked for again.
 *
 * @param {HTMLElement[]} parts
 * @param {Session} session
 * @returns {Promise<(Opened | Refusal)[]>} in the same order
 */
export function ask(parts, session) {
  const wanted = parts.map((element) => wantedBy(element, parts));
  const waiting = asked;
  const fresh = wanted.filter(({ part }) => !opened.has(part) && !waiting.has(part));
  const outcomes = self === top ? openParts(session, fresh) : Promise.resolve(fresh.map(() => new Refusal("framed")));
  fresh.forEach(({ part }, index) => {
    waiting.set(
      part,
      outcomes.then((all) => all[index]),
    );
  });
  return Promise.all(
    wanted.map(async ({ part }) => opened.get(part) ?? (await waiting.get(part)) ?? new Refusal("damaged")),
  );
}

/**
 * Opens what the session's member may read on a page, and says of the rest why not. The text is drawn at once, in its place;
 * then Material gets the page, for the second time if it had taken it up before.
 *
 * @param {Element} page
 * @param {Session} session
 */
export async function read(page, session) {
  const memory = opened;
  const parts = gatedParts(page);
  const waiting = parts.find((element) => element.contains(document.activeElement));
  const closed = parts.filter((element) => element.getAttribute("state") !== "open");
  for (const element of closed) element.setAttribute("state", "opening");
  const outcomes = await ask(parts, session);
  // Somebody signed out meanwhile: what was opened belongs to nobody now.
  if (memory !== opened) return;
  const fresh = new Set();
  parts.forEach((element, index) => {
    const outcome = outcomes[index];
    asked.delete(partOf(element));
    if (outcome instanceof Refusal) return;
    opened.set(partOf(element), outcome);
    if (closed.includes(element)) fresh.add(element);
  });
  if (!page.isConnected) return;

  let shown = page;
  if (fresh.size) {
    // For who stands at the top, up to the first frame only what is on screen is laid out. Asked before anything is written,
    // since the answer would lay out all of it.
    page.classList.toggle("sb-arriving", window.scrollY === 0 && !location.hash);
    const late = mounted.has(page);
    for (const element of fresh) write(element, /** @type {Opened} */ (opened.get(partOf(element))));
    addToContents(page, headingsOf(parts));
    chooseTabs(page);
    followAddress(page);
    await painted();
    page.classList.remove("sb-arriving");
    const untouched = pristine.get(page);
    if (memory !== opened || !page.isConnected) return;
    site.settle();
    if (untouched && late) {
      replacePage(page, () => {
        shown = rebuild(parts, fresh, untouched);
        return shown;
      });
      // Material may have made it longer or shorter.
      followAddress(shown);
    }
  }
  site.settle();
  releaseGone();
  showRefusals(shown, outcomes, session);
  if (waiting && (!document.activeElement || document.activeElement === document.body)) focusOn(shown, partOf(waiting));
}

/** Who pressed a button in a card finds the keyboard's focus in its place. @param {Element} page @param {string} part */
function focusOn(page, part) {
  const element = gatedParts(page).find((candidate) => partOf(candidate) === part);
  const button = element?.querySelector(".refusal :is(button, a)");
  if (button instanceof HTMLElement) button.focus();
  else if (element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }
}

/** Shows at once what was opened before. @param {Element} page @returns {boolean} whether that was all of it */
export function refill(page) {
  releaseGone();
  const parts = gatedParts(page);
  const bodies = parts.flatMap((element) => opened.get(partOf(element)) ?? []);
  if (bodies.length < parts.length) return false;
  parts.forEach((element, index) => {
    write(element, bodies[index]);
  });
  addToContents(page, headingsOf(parts));
  return true;
}

/** Ends all that was opened. */
export function forget() {
  opened = new Map();
  asked = new Map();
  endVault();
  for (const release of releases.values()) release();
  releases.clear();
}
