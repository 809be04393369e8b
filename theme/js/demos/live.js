// An HTML demo's page, in a frame of the sandbox, with what its script prints under it.

import { h } from "../page/markup.js";
import { labelsFor, NAMES } from "./labels.js";
import { writer } from "./outputs.js";
import { base, runtime, unlessStopped } from "./running.js";

/** @param {import("./demo.js").Demo} demo @param {HTMLElement} box
 * @returns {Promise<boolean>} whether it is there: the reader may have stopped it */
export async function showPage(demo, box) {
  const { parts, data, words } = demo;
  const { signal } = demo.stopping;
  const loaded = await unlessStopped(signal, runtime());
  if (!loaded) return false;
  const printed = h("div", "code-demo__printed");
  const { code: html, css, script } = parts;
  const { net, height } = data;
  const { element, ready, remove } = loaded.livePage(
    { html, css, script, net, base, height },
    { onOutput: writer(printed, words) },
  );
  element.classList.add("code-demo__page");
  element.title = `${labelsFor(demo.host).group(NAMES.html)} ${data.id}`;
  box.append(element, printed);
  demo.close = remove;
  await unlessStopped(signal, ready);
  return !signal.aborted;
}
