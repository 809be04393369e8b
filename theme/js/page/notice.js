// A refusal in the page: what is the matter, in the reader's language, and the ways on.

import { signOut } from "../session.js";
import { site } from "../site.js";
import { dateFor, wordsFor } from "../words.js";
import { unlockFrom } from "./address.js";
import { button, buttonLink, h } from "./markup.js";

/**
 * @typedef {import("../refusal.js").Refusal} Refusal
 * @typedef {import("../words.js").Way} Way
 */

/** @type {Record<import("../refusal.js").Code, Way[]>} */
const WAYS = {
  mistyped: ["unlock"],
  unknown: ["retry", "unlock", "sign-out"],
  expired: ["pricing", "account"],
  "tier-too-low": ["pricing", "account"],
  network: ["retry"],
  damaged: ["retry"],
  "older-copy": ["retry", "sign-out"],
  "no-webcrypto": ["https"],
  framed: ["own-tab"],
  "no-storage": [],
};

/** @param {Way} way @param {string} label @param {() => unknown} retry */
function wayOn(way, label, retry) {
  switch (way) {
    case "retry":
      return button(label, retry);
    case "sign-out":
      return button(label, signOut);
    case "own-tab": {
      const out = buttonLink(label, location.href);
      out.target = "_blank";
      out.rel = "noopener";
      return out;
    }
    case "https":
      return buttonLink(label, location.href.replace(/^http:/, "https:"));
    default:
      return buttonLink(label, way === "unlock" ? unlockFrom(location.href, site) : site[way]);
  }
}

/**
 * Says a refusal in a live region.
 *
 * @param {HTMLElement} region
 * @param {Refusal} refusal
 * @param {() => unknown} retry
 * @param {Way[]} [without] ways that the place offers anyway
 */
export function refuse(region, refusal, retry, without = []) {
  const words = wordsFor(region);
  const said = words.refusals[refusal.code]({
    have: refusal.holdings
      .filter(({ active }) => active)
      .map(({ name }) => name)
      .join(words.and),
    need: region.closest("[names]")?.getAttribute("names") ?? "",
    ended: refusal.ended?.name ?? "",
    date: dateFor(region, refusal.ended?.lastDay ?? 0),
  });
  const offered = WAYS[refusal.code].filter((way) => !without.includes(way));
  const whole = h("div", "refusal", h("p", "refusal__title", said[0]), h("p", "", said[1]));
  if (offered.length) {
    whole.append(h("p", "refusal__ways", ...offered.map((way) => wayOn(way, words.ways[way], retry))));
  }
  region.replaceChildren(whole);
}
