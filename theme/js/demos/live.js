// An HTML demo's page, in a frame of the sandbox, with what its script prints under it.

import { dataOf } from "./data.js";
import { h } from "../page/markup.js";
import { writer } from "./outputs.js";
import { base, runtime } from "./running.js";
import { wordsFor } from "./words.js";

/**
 * @param {HTMLElement} host
 * @param {import("./panes.js").Parts} parts
 * @param {HTMLElement} box
 * @returns {Promise<() => void>} what ends it
 */
export async function showPage(host, { code, css, script }, box) {
  const { net, height } = dataOf(host);
  const { livePage } = await runtime();
  const printed = h("div", "");
  const { element, remove } = livePage(
    { html: code, css, script, net, base, height },
    { onOutput: writer(printed, wordsFor(host)) },
  );
  element.classList.add("code-demo__page");
  box.append(element, printed);
  return remove;
}
