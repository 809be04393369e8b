// An HTML demo's page, in a frame of the sandbox, with what its script prints under it.

import { h } from "../page/markup.js";
import { writer } from "./outputs.js";
import { base, runtime } from "./running.js";

/** @param {import("./demo.js").Demo} demo @param {HTMLElement} box @returns {Promise<() => void>} what ends it */
export async function showPage({ parts, data, words }, box) {
  const { livePage } = await runtime();
  const printed = h("div", "code-demo__printed");
  const { code: html, css, script } = parts;
  const { net, height } = data;
  const { element, remove } = livePage({ html, css, script, net, base, height }, { onOutput: writer(printed, words) });
  element.classList.add("code-demo__page");
  box.append(element, printed);
  return remove;
}
