// Inside the sandbox's frame when it shows an HTML demo: puts the reader's page together and into a frame of its own, since a
// page may send its own frame elsewhere, and only the frame around can forbid that.

import { BARE, kindOf, policyFor } from "./bare.js";
import { outputFrom } from "./protocol.js";
import { guardLoops } from "./loops.js";

const port = /** @type {MessagePort} */ (/** @type {any} */ (globalThis).port);

/** In a script element a text may not close that. @param {string} code */
const inside = (code) => code.replace(/<(?=\/script|!--)/gi, "\\x3C");

/** @param {Document} page @param {string} tag @param {string} text */
const made = (page, tag, text) => Object.assign(page.createElement(tag), { textContent: text });

/**
 * The whole page: its own HTML, whose scripts have guarded loops, then the style and the script of the other two tabs.
 *
 * @param {{ html: string, css: string, script: string, inmate: string }} parts
 */
async function assembled({ html, css, script, inmate }) {
  const page = new DOMParser().parseFromString(html, "text/html");
  /** Of every script that may run. @type {string[]} */
  const texts = [];
  const bare = (/** @type {keyof typeof BARE} */ kind, /** @type {string} */ code) => {
    // As it will be read: a text that is parsed has no other line ends.
    const text = BARE[kind] + code.replace(/\r\n?/g, "\n");
    texts.push(text);
    return text;
  };
  for (const element of page.querySelectorAll("script:not([src])")) {
    const kind = kindOf(element.getAttribute("type"));
    if (kind) element.textContent = bare(kind, inside(guardLoops(element.textContent ?? "", kind)));
  }
  for (const element of page.querySelectorAll("*"))
    for (const { name, value } of element.attributes)
      if (/^on/i.test(name)) element.setAttribute(name, bare("handler", guardLoops(value, "handler")));
  const head = [made(page, "script", bare("script", inside(inmate)))];
  if (css) page.head.append(made(page, "style", css.replace(/<(?=\/style)/gi, "\\3C ")));
  if (script) {
    // A script that another one makes has lines of its own, from 1, in every browser.
    const text = inside(JSON.stringify(bare("script", `${guardLoops(script)}\n//# sourceURL=script.js`)));
    const maker = `document.currentScript.replaceWith(Object.assign(document.createElement("script"), { textContent: ${text} }))`;
    page.body.append(made(page, "script", bare("script", maker)));
  }
  const policy = page.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = await policyFor(texts);
  page.head.prepend(policy, ...head);
  return `${page.doctype ? "<!doctype html>" : ""}${page.documentElement.outerHTML}`;
}

/** @param {{ html: string, css: string, script: string, inmate: string }} parts */
async function show(parts) {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-forms");
  frame.referrerPolicy = "no-referrer";
  frame.srcdoc = await assembled(parts);
  frame.style.cssText = "position:fixed;inset:0;width:100%;height:100%;border:0;background:#fff";
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    const output = outputFrom(data?.output);
    if (output) port.postMessage({ output });
    else if (Number.isFinite(data?.height)) port.postMessage({ height: data.height });
  });
  document.body.replaceChildren(frame);
}

port.onmessage = ({ data }) => {
  if (data.show) show(data.show);
  else if (data.ping) port.postMessage({ pong: data.ping });
};
port.postMessage({ ready: true });
