// First in the head of every page, written into it: says where the site is, takes a token out of the address, and keeps what is
// derived from it. Where a member comes, opening begins here.

import { Refusal } from "./refusal.js";
import { nameOf, openDatabase, sameMember, stored } from "./store.js";
import { derive, findToken } from "./token.js";

const script = /** @type {HTMLScriptElement} */ (document.currentScript);
const { base = ".", site = "", unlock = "", pricing = "", account = "", gated } = script.dataset;
const root = new URL(base.replace(/\/*$/, "/"), document.baseURI).href;
const absolute = (/** @type {string} */ path) => new URL(path, root).href;
const name = nameOf(site);
const arriving = /^#(mbr(?:_|%5F).*)/i;

/**
 * The session that was there, and in the same transaction what `next` makes of it. Refuses as no-storage. A mark in localStorage
 * says at once whether there is one: who is no member gets no database.
 *
 * @param {Parameters<typeof stored>[1]} [next]
 * @param {Promise<IDBDatabase>} [database] already being opened
 */
async function exchange(next, database) {
  try {
    if (!next && !(name in localStorage)) return;
    /** @type {import("./store.js").Session | undefined} */
    let kept;
    const before = await stored(site, next && ((old) => (kept = next(old))), database);
    if (kept) localStorage[name] = "member";
    else if (next) localStorage.removeItem(name);
    return before;
  } catch {
    throw new Refusal("no-storage");
  }
}

/** Keeps what the token in a text derives; true if this is another member than before. @param {string} text */
async function keep(text) {
  if (self !== top) throw new Refusal("framed");
  if (!globalThis.crypto?.subtle) throw new Refusal("no-webcrypto");
  const token = findToken(text);
  const database = openDatabase(site);
  // Refused below, where it is waited for.
  database.catch(() => {});
  const session = { ...(await derive(token)), epochs: {} };
  const before = await exchange((old) => (sameMember(session, old) ? old : session), database);
  return !sameMember(session, before);
}

function takeToken() {
  // A mail client may have written the underscore as %5F, and other things after the token.
  const [, token] = arriving.exec(location.hash) ?? [];
  if (!token) return;
  const here = location.href.slice(0, -location.hash.length);
  history.replaceState(null, "", here);
  // Nothing else runs here. It leaves even for the same page, since this one's performance entries know the whole address.
  window.stop();
  keep(token.replace(/%5F/i, "_")).then(
    (other) => {
      location.replace(here);
      if (other) new BroadcastChannel(name).postMessage("unlocked");
    },
    ({ code }) => {
      const there = here.startsWith(absolute(unlock));
      const refused = new URL(there ? here : absolute(unlock));
      if (!there) refused.searchParams.set("next", location.pathname + location.search);
      refused.searchParams.set("refused", code);
      location.replace(refused);
    },
  );
}

const arrives = arriving.test(location.hash);
let member = false;
try {
  member = !arrives && name in localStorage;
} catch {
  // No storage, no member.
}
const opens = member && gated !== undefined && self === top;

/** @type {Worker | undefined} */
let early;

/** The worker that opens; it begins to look at the vault by itself. */
function startWorker() {
  const worker = early ?? new Worker(`${root}assets/js/worker.js`);
  if (!early) worker.postMessage([0, "begin", { site, base: root }]);
  early = undefined;
  return worker;
}

try {
  const worker = opens ? startWorker() : undefined;
  // One that could not start is of no use to anybody.
  if (worker) worker.onerror = () => (early = undefined);
  early = worker;
} catch {
  // A browser that gives none; open.js says so to who wants to read.
}

// Material takes up a page when it hears that it has been parsed. With a long text that takes longer than all of the unlocking, so
// it hears of it when the text is there, or half a second later.
let settled = !opens;
let held = false;

function settle() {
  settled = true;
  if (!held) return;
  held = false;
  document.dispatchEvent(new Event("DOMContentLoaded", { bubbles: true }));
}

/** @param {Event} event */
function hold(event) {
  if (settled) return;
  event.stopImmediatePropagation();
  held = true;
  setTimeout(settle, 500);
}

if (opens) document.addEventListener("DOMContentLoaded", hold, { capture: true, once: true });

Object.assign(globalThis, {
  siteBuilder: Object.freeze({
    site,
    base: root,
    unlock: absolute(unlock),
    pricing: absolute(pricing),
    account: absolute(account),
    session: member ? exchange().catch(() => undefined) : undefined,
    early: early !== undefined,
    startWorker,
    settle,
    exchange,
    keep,
  }),
});
addEventListener("hashchange", takeToken);
takeToken();

// It begins to come now, not when the page has been parsed.
if (!arrives) import(`${root}assets/js/main.js`).catch(() => {});
