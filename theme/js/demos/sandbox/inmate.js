// The first script in a live page: what the page prints and fails with goes to the frame around it.

import { format, inspect } from "../inspect.js";
import { isBare, kindOf } from "./bare.js";
import { TICK } from "./tick.js";

const scope = /** @type {any} */ (globalThis);
/** In the page's own scope. */
const evaluate = scope.eval;
const outside = parent.postMessage.bind(parent);
/** So long may a script keep the page from drawing and hearing. */
const PATIENCE = 3_000;
/** Of all that one page prints. */
const CHARACTERS = 100_000;

let room = CHARACTERS;
/** @param {string} kind @param {any} data @param {number} size */
function emit(kind, data, size) {
  if (room < 0) return;
  room -= size;
  if (room >= 0) outside({ output: { kind, data } }, "*");
  else outside({ output: { kind: "stderr", data: "[more is not shown]\n" } }, "*");
}

const print =
  (/** @type {"stdout" | "stderr"} */ kind) =>
  (/** @type {unknown[]} */ ...values) => {
    const text = `${format(values)}\n`;
    emit(kind, text, text.length);
  };
const [out, err] = [print("stdout"), print("stderr")];
Object.assign(console, { log: out, info: out, debug: out, dir: out, table: out, warn: err, error: err, trace: err });
// A frame of this kind may not open boxes that stop everything.
Object.assign(scope, {
  alert: (/** @type {unknown} */ text = "") => out(String(text)),
  confirm: (/** @type {unknown} */ text = "") => (out(String(text)), false),
  prompt: (/** @type {unknown} */ text = "") => (out(String(text)), null),
});

/** @param {any} reason @param {string} [fallback] @param {string} [file] @param {number} [line] */
function fail(reason, fallback, file, line) {
  const type = String(reason?.name || "Error");
  const message = reason === undefined || reason === null ? fallback : (reason.message ?? inspect(reason));
  const place = file === "script.js" && line ? line : Number(/\bscript\.js:(\d+)/.exec(reason?.stack ?? "")?.[1] ?? 0);
  const text = `${type}: ${message}${place ? `\n    at script.js:${place}` : ""}`;
  emit("error", { type, text, line: place || null }, text.length);
}
addEventListener("error", (event) => {
  if (event.target !== window) return;
  event.preventDefault();
  fail(event.error, event.message, event.filename, event.lineno);
});
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  fail(event.reason, String(event.reason));
});

// A page that was written into a frame has no address that its own links could lead to.
addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  const href = link?.getAttribute("href") ?? "";
  if (!link || /^javascript:/i.test(href)) return;
  event.preventDefault();
  if (href.startsWith("#")) document.getElementById(decodeURIComponent(href.slice(1)))?.scrollIntoView();
  else out(`A link to ${href}`);
});
addEventListener("submit", (event) => event.preventDefault());

// What the page puts into itself later is blocked by its policy, and run here: see bare.js.
/** @type {WeakSet<Element>} */
const seen = new WeakSet();
/** @param {() => void} act */
const trying = (act) => {
  try {
    act();
  } catch (error) {
    reportError(error);
  }
};
/** @param {Element} element */
function revive(element) {
  for (const { name, value } of [...element.attributes])
    if (/^on/i.test(name) && !isBare(value))
      trying(() => Object.assign(element, { [name.toLowerCase()]: new Function("event", value) }));
  if (!(element instanceof HTMLScriptElement) || element.src || seen.has(element) || isBare(element.text)) return;
  seen.add(element);
  if (kindOf(element.type)) trying(() => evaluate(element.text));
}
new MutationObserver((changes) => {
  for (const { type, target, attributeName, addedNodes } of changes) {
    if (type === "attributes" && attributeName?.startsWith("on")) revive(/** @type {Element} */ (target));
    for (const node of addedNodes)
      if (node instanceof Element && node.isConnected)
        for (const one of [node, ...node.querySelectorAll("*")]) revive(one);
  }
}).observe(document, { childList: true, subtree: true, attributes: true });

let began = 0;
let count = 0;
const channel = new MessageChannel();
channel.port1.onmessage = () => (began = 0);
Object.defineProperty(scope, TICK, {
  value: () => {
    if (++count % 100) return;
    const now = performance.now();
    if (!began) {
      began = now;
      channel.port2.postMessage(0);
    } else if (now - began > PATIENCE) {
      throw new RangeError(`stopped: a loop ran for more than ${PATIENCE / 1000} seconds`);
    }
  },
});

/** How high the page would like to be. */
const measure = () => outside({ height: Math.ceil(document.documentElement.getBoundingClientRect().height) }, "*");
addEventListener("DOMContentLoaded", () => new ResizeObserver(measure).observe(document.documentElement));
document.currentScript?.remove();
