// Asks, where the site asks, before anything is counted; and says who a member is, for whoever agreed to be known.

import { parsed, site } from "../site.js";
import { nameOf } from "../store.js";
import { hex, lp } from "../vault/bytes.js";

const key = `${nameOf(site.site)}:counted`;

/** The answer, where it can't be kept. @type {string | undefined} */
let answered;
/** What goes on or ends with another answer, on the page that is shown. */
let begin = () => {};
let end = () => {};

/** @returns {string | undefined} `yes`, `no`, or nothing yet */
function answer() {
  try {
    return localStorage[key] ?? answered;
  } catch {
    return answered;
  }
}

/** @param {string | undefined} given */
function take(given) {
  answered = given;
  try {
    if (given) localStorage[key] = given;
  } catch {
    // It holds until the page is left.
  }
  follow();
}

const follow = () => (answer() === "yes" ? begin() : end());

/** A member as events name them: of their token, but nothing that leads back to it. @returns {Promise<string | undefined>} */
async function memberId() {
  const session = await site.exchange().catch(() => undefined);
  if (!session) return undefined;
  const said = lp("site-builder member in events", site.site, session.locator);
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", said))).slice(0, 32);
}

/**
 * Shows the question if it has not been answered.
 *
 * @param {HTMLElement} element with the question in it
 * @param {(element: HTMLElement) => void} agreed
 * @param {() => void} refused
 * @returns {Promise<false | { member?: string }>} whether its reader has agreed already, and then who they are
 */
export async function ask(element, agreed, refused) {
  await parsed;
  const box = /** @type {HTMLElement | null} */ (element.querySelector("[data-consent-box]"));
  if (!box) return false;
  begin = () => agreed(element);
  end = refused;
  for (const button of box.querySelectorAll("button"))
    button.onclick = () => {
      box.hidden = true;
      take(button.dataset.answer);
    };
  box.hidden = answer() !== undefined;
  return answer() === "yes" && { member: await memberId() };
}

// Whoever changes their mind: `data-hook="consent"` shows the question again; another banner may tell what it was answered.
addEventListener("click", ({ target }) => {
  const box = document.querySelector("[data-consent-box]");
  if (box instanceof HTMLElement && target instanceof Element && target.closest("[data-hook=consent]")) {
    box.hidden = false;
    box.querySelector("button")?.focus();
  }
});
document.addEventListener("site-builder:consent", (event) => {
  const box = document.querySelector("[data-consent-box]");
  if (box instanceof HTMLElement) box.hidden = true;
  take(/** @type {CustomEvent} */ (event).detail ? "yes" : "no");
});
// In another tab.
addEventListener("storage", (event) => event.key === key && follow());
