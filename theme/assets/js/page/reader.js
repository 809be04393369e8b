// Opens the gated parts of a page for a member and puts them where they belong, so that Material treats them as its own.

import { forgetVault, openParts } from "../open.js";
import { Refusal } from "../refusal.js";
import { drawn } from "../site.js";
import { addToContents } from "./contents.js";
import { gatedParts, mounted, pristine, replacePage } from "./gate.js";

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

/** Ends the blob URLs of an element. */
/** @type {Map<Element, () => void>} */
const releases = new Map();

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

/** @param {HTMLElement} element @param {Opened} body */
function fill(element, body) {
  const template = document.createElement("template");
  template.innerHTML = body.html;
  for (const script of template.content.querySelectorAll(PROGRAMS)) script.remove();
  element.replaceChildren(template.content);
  element.setAttribute("state", "open");
  element.removeAttribute("data-refusal");
  // Instant navigation changes the page's address before the page: as Material does, make relative addresses absolute.
  for (const name of /** @type {const} */ (["href", "src"])) {
    for (const linked of element.querySelectorAll(`[${name}]`)) {
      const address = linked.getAttribute(name) ?? "";
      const relative = linked instanceof HTMLElement && !/^(?:[a-z][a-z\d+.-]*:|\/\/)/i.test(address);
      if (relative) linked.setAttribute(name, new URL(address, document.baseURI).href);
    }
  }
  if (Object.keys(body.assets).length) addAssets(element, body);
}

/** @param {Element} element @param {Opened} body */
async function addAssets(element, body) {
  const memory = opened;
  const { attachAssets } = await import("./assets.js");
  if (memory === opened) releases.set(element, attachAssets(element, body));
}

/** Fills what is open, lists its headings. @param {Element} page @returns {Opened[]} */
function fillPage(page) {
  const bodies = gatedParts(page).flatMap((element) => {
    const body = opened.get(partOf(element));
    if (body) fill(element, body);
    return body ?? [];
  });
  addToContents(
    page,
    bodies.flatMap(({ toc }) => toc),
  );
  return bodies;
}

/** Blob URLs of elements that have left the page are worth nothing. */
function releaseGone() {
  for (const [element, release] of releases) {
    if (element.isConnected) continue;
    release();
    releases.delete(element);
  }
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
async function showRefusals(page, outcomes, session) {
  const refused = gatedParts(page).filter((_, index) => outcomes[index] instanceof Refusal);
  if (!refused.length) return;
  // A region tells of changes only if it has been there before them.
  for (const element of refused) noticeRegion(element);
  const { refuse } = await import("./notice.js");
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
 * Opens what the session's member may read on a page, and says of the rest why not.
 *
 * @param {Element} page
 * @param {Session} session
 */
export async function read(page, session) {
  const memory = opened;
  const parts = gatedParts(page);
  const waiting = parts.find((element) => element.contains(document.activeElement));
  for (const element of parts) element.setAttribute("state", "opening");
  const outcomes = await ask(parts, session);
  await drawn;
  // Somebody signed out meanwhile: what was opened belongs to nobody now.
  if (memory !== opened) return;
  parts.forEach((element, index) => {
    const outcome = outcomes[index];
    if (!(outcome instanceof Refusal)) opened.set(partOf(element), outcome);
    asked.delete(partOf(element));
  });
  if (!page.isConnected) return;

  let next = page;
  const untouched = pristine.get(page);
  if (untouched && mounted.has(page) && outcomes.some((outcome) => !(outcome instanceof Refusal))) {
    next = /** @type {Element} */ (untouched.cloneNode(true));
    pristine.set(next, untouched);
  }
  fillPage(next);
  const replaced = next === page ? undefined : replacePage(page, next);
  releaseGone();
  await showRefusals(next, outcomes, session);
  if (waiting && (!document.activeElement || document.activeElement === document.body)) focusOn(next, partOf(waiting));
  const { chooseTabs, followAddress } = await import("./follow.js");
  followAddress(next);
  chooseTabs(next);
  await replaced;
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
  const all = gatedParts(page).every((element) => opened.has(partOf(element)));
  if (all) fillPage(page);
  return all;
}

/** Ends all that was opened. */
export function forget() {
  opened = new Map();
  asked = new Map();
  forgetVault();
  for (const release of releases.values()) release();
  releases.clear();
}
