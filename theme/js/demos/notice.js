// Says whose code a demo shows if that is not plainly the author's, and offers the others.

import { h } from "../page/markup.js";
import { OURS } from "./data.js";
import { wordsFor } from "./words.js";

/** @param {import("./versions.js").Versions} versions @param {import("./words.js").Words} words */
function sayingOf({ shown, outdated, others }, words) {
  if (shown === "link") return words.foreign;
  if (shown === "mine") return outdated ? words.outdated : words.mine;
  if (shown === "older") return words.older;
  return others.length ? words.author : "";
}

/**
 * @param {HTMLElement} host
 * @param {HTMLElement | null} bar over which it stands
 * @param {import("./versions.js").Versions} versions
 * @param {(name: import("./versions.js").Name) => void} choose
 */
export function notice(host, bar, versions, choose) {
  const old = host.querySelector(":scope > .code-demo__notice");
  const words = wordsFor(host);
  const said = sayingOf(versions, words);
  const buttons = versions.others.map((name) => {
    const button = h("button", "code-demo__show", words.show[name]);
    button.type = "button";
    button.addEventListener("click", () => {
      choose(name);
      // The button is gone now, and the keyboard's focus should not be.
      const [first] = host.querySelectorAll(".code-demo__notice button, .code-demo__run");
      /** @type {HTMLElement} */ (first).focus();
    });
    return button;
  });
  const region = /** @type {HTMLElement} */ (old ?? h("div", "code-demo__notice"));
  region.setAttribute(OURS, "");
  region.role = "status";
  region.dataset.shown = versions.shown;
  region.hidden = !said;
  region.replaceChildren(h("span", "", said), ...buttons);
  if (!old) bar?.before(region);
}
