// Reports what happens at a page's hooks. main.js loads it where there is an <engagement-hooks>, which says what to report to whom.

import { sourceOf } from "./address.js";
import { followClicks, followDemos, followViews } from "./hooks.js";
import { forget, openOutbox } from "./outbox.js";
import { beginView } from "./view.js";

/** How long an event waits for others, in ms, and how long a page that changes is left alone. */
const PATIENCE = 1000;
const CALM = 300;
/** How many events go at once. */
const MOST = 100;
const USES = ["scroll", "pointerdown", "pointermove", "keydown", "focus", "blur", "visibilitychange"];

/** @type {import("../site.js").Site} */
const site = /** @type {any} */ (globalThis).siteBuilder;

/** Where the reader of the first page came from. */
let ref = sourceOf(document.referrer, location.origin);
/** @type {import("./view.js").View | undefined} */
let view;
/** @type {ReturnType<typeof start> | undefined} */
let started;

/** What most pages do without. @param {string} name @returns {Promise<any>} */
const load = (name) => import(`${site.base}assets/engagement/${name}.js`);

/** From now on what happens is heard. @param {DOMStringMap} settings of the element */
function start({ endpoint, adapters = "[]" }) {
  const reports = JSON.parse(adapters).map((/** @type {{ kind: string }} */ options) => {
    /** @type {import("./service.js").Report} */
    let report = (...told) => void loaded.then(() => report(...told));
    const loaded = load(options.kind).then(
      ({ service }) => (report = service(options)),
      () => (report = () => {}),
    );
    // At once where that is possible: of a page that is being left, nothing goes later.
    return (/** @type {Parameters<typeof report>} */ ...told) => report(...told);
  });
  if (endpoint) reports.push(openOutbox(endpoint));
  let sending = 0;
  let changing = 0;

  /** @type {import("./hooks.js").Tell} */
  function record(name, props, t) {
    if (view?.add(name, props, t)) sending ||= setTimeout(flush, PATIENCE);
    if (document.hidden) flush();
  }

  /** Sends what has gathered. */
  function flush() {
    clearTimeout(sending);
    sending = 0;
    if (!view?.waiting.length) return;
    const { ref, member, title } = view;
    const letter = { ref, member, width: innerWidth, events: view.waiting.splice(0, MOST) };
    for (const report of reports) report(letter, title);
  }

  /** Sends all of a page that is hidden or left. */
  function finish() {
    release();
    view?.sumUp();
    flush();
  }

  function leave() {
    finish();
    view = undefined;
  }

  /** @param {HTMLElement} element @param {string} [member] */
  function arrive(element, member) {
    finish();
    view = beginView(element, ref, member);
    ref = undefined;
    record("pageview", { lang: navigator.language });
    look();
  }

  followClicks(record);
  const release = followDemos(record);
  const look = followViews((name, props) => view?.isFirst(name, props) && record(name, props));
  document.addEventListener("site-builder:hook", (event) => {
    const { name, props = {} } = /** @type {CustomEvent} */ (event).detail;
    record(name, props);
  });
  for (const type of USES)
    addEventListener(
      type,
      () => {
        view?.count(type !== "blur");
        if (type !== "pointermove") view?.look();
        if (document.hidden) finish();
      },
      true,
    );
  // How it was read is told once; others may still have something to say, and it is sent when the page is hidden after this.
  addEventListener("pagehide", () => {
    finish();
    if (view) view.sumUp = () => {};
  });
  // The back button may bring a page back as it was left: it is seen once more.
  addEventListener("pageshow", ({ persisted }) => persisted && view && arrive(view.element, view.member));
  // Parts that open, demos that answer; and instant navigation, which may lead to a page that reports nothing.
  new MutationObserver(() => {
    changing ||= setTimeout(() => {
      changing = 0;
      if (!document.querySelector("engagement-hooks")) leave();
      view?.look();
      look();
    }, CALM);
  }).observe(document, { subtree: true, childList: true, attributeFilter: ["state"] });
  return { arrive, leave };
}

/** Ends all reporting, with nothing sent and nothing kept. */
function stop() {
  view = undefined;
  forget();
}

/** When the page is seen: one that waits in the background may never be. */
const seen = () =>
  document.hidden && new Promise((resolve) => addEventListener("visibilitychange", resolve, { once: true }));

/**
 * Gives life to what readers press, and begins to report of the page that the element stands in; that of the one before ends.
 *
 * @param {HTMLElement} element `data-endpoint`, `data-adapters` (JSON): whom to tell; `data-hooks`: of what; `data-post`: the
 *   page's id; `data-signals="respect"`: not of readers whose browser asks for that; `data-consent="ask"`: only of who agrees
 */
export async function mount(element) {
  const { post, endpoint, adapters, signals, consent } = element.dataset;
  const { globalPrivacyControl, doNotTrack } = /** @type {any} */ (navigator);
  // Where tokens come in, nothing is told at all.
  if (location.href.startsWith(site.unlock)) return started?.leave();
  /** @type {false | { member?: string }} */
  let may = !(signals && (globalPrivacyControl || doNotTrack === "1")) && {};
  if (!may) stop();
  else if (consent) may = await (await load("consent")).ask(element, mount, stop);
  if (post) load("widgets").then(({ dress }) => dress(element, !!may));
  await seen();
  if (!may || !(endpoint || adapters) || !element.isConnected) return;
  started ??= start(element.dataset);
  // A page whose parts have opened is still the same.
  if (view?.path === location.pathname) view.element = element;
  else started.arrive(element, may.member);
}
