// Handing code or a link to the reader: by the clipboard, else as something that can be copied by hand.

import { h } from "../page/markup.js";
import { OURS } from "./data.js";
import { wordsFor } from "./words.js";

/** @param {string} text @returns {Promise<boolean>} whether the browser let it be copied */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLElement} host @param {HTMLElement} bar under which it is shown @param {string} link */
export function showLink(host, bar, link) {
  host.querySelector(":scope > .code-demo__link")?.remove();
  const input = h("input", "");
  Object.assign(input, { readOnly: true, value: link });
  const label = h("label", "code-demo__link", h("span", "", wordsFor(host).link), input);
  label.setAttribute(OURS, "");
  bar.after(label);
  input.select();
}
