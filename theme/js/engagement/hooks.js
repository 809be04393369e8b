// Hooks that the markup declares: `data-hook` tells of clicks and of forms that are sent, `data-hook-view` of the first sight.

/** @typedef {(name: string, props: Record<string, unknown>, t?: number) => void} Tell `t`: when, in ms, if not just now */

/** What each of the hooks that can be declared says, as the names of its data attributes. */
/** @type {Record<string, string[]>} */
const SAID = {
  reaction: ["kind"],
  share: ["to"],
  paywall_view: ["part"],
  cta_view: ["offer"],
  cta_click: ["offer", "to"],
  newsletter_signup: ["form"],
  gift_open: [],
};

/** A hook's name and what its element says: of a site's own, `x_…`, all that begins with `data-prop-`.
 * @param {string | undefined} name @param {Element} element @param {Tell} tell */
function tellOf(name = "", { attributes }, tell) {
  const known = SAID[name];
  /** @type {Record<string, unknown>} */
  const props = {};
  for (const { name, value } of attributes) {
    const key = name.replace(known ? /^data-/ : /^data-prop-/, "");
    if (key !== name && (known?.includes(key) ?? true)) props[key.replaceAll("-", "_")] = value;
  }
  if (known || name.startsWith("x_")) tell(name, props);
}

/** Tells of clicks and sent forms, from now on. @param {Tell} tell */
export function followClicks(tell) {
  const followed = { click: ":not(form)", auxclick: ":not(form)", submit: "form" };
  for (const [type, which] of Object.entries(followed))
    addEventListener(
      type,
      (event) => {
        // Through shadow roots, too.
        const path = /** @type {HTMLElement[]} */ (event.composedPath());
        const element = path.find((node) => node.matches?.(`${which}[data-hook]`));
        // The right button follows no link.
        if (element && /** @type {any} */ (event).button !== 2) tellOf(element.dataset.hook, element, tell);
      },
      true,
    );
}

/** A gated part of whose reader nobody knows yet whether they are a member: its paywall may go at once. */
const UNDECIDED = "premium-content:is(:not([state]), [state=opening])";

/**
 * Tells of what comes into view. It may tell of the same more than once.
 *
 * @param {Tell} tell
 * @returns {() => void} takes up what has come onto the page since
 */
export function followViews(tell) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio, intersectionRect } of entries) {
        const half = intersectionRatio >= 0.5 || intersectionRect.height * 2 >= innerHeight;
        if (half && target.isConnected && !target.closest(UNDECIDED))
          tellOf(/** @type {HTMLElement} */ (target).dataset.hookView, target, tell);
      }
    },
    { threshold: [0, 0.25, 0.5] },
  );
  return () => {
    // What is observed anew is told of at once, if it is in view.
    observer.disconnect();
    for (const element of document.querySelectorAll("[data-hook-view]")) observer.observe(element);
    if (document.querySelector("premium-content[state=open]")) tell("unlock", {});
  };
}

/** Tells of demos: of a run when it is known how it ended, or with `release`. @param {Tell} tell */
export function followDemos(tell) {
  /** Runs that have not failed so far. @type {Map<string, (ok: boolean) => void>} */
  const running = new Map();
  /** @param {string} demo @param {boolean} ok */
  const end = (demo, ok) => {
    running.get(demo)?.(ok);
    running.delete(demo);
  };
  document.addEventListener("site-builder:demo", (given) => {
    const { event, demo } = /** @type {CustomEvent<{ event: string, demo: string }>} */ (given).detail;
    if (event === "run") {
      end(demo, true);
      const t = Date.now();
      running.set(demo, (ok) => tell("demo_run", { demo, ok }, t));
    } else if (event === "error") end(demo, false);
    else tell("exercise", { demo, event });
  });
  return () => running.forEach((_, demo) => end(demo, true));
}
