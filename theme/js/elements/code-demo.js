// A demo as a page shows it before anybody touches it: the author's code and output, and buttons. The first use of one loads the rest.

import { beside, styled } from "../demos/beside.js";
import { carried, dataOf, draftKey, keyFor, OURS, partsOf, stored } from "../demos/data.js";
import { labelsFor, NAMES } from "../demos/labels.js";
import { h } from "../page/markup.js";
import { parsed } from "../site.js";

/** @typedef {import("../demos/data.js").Data} Data */
/** @typedef {import("../demos/ui.js").Act} Act */
/** @typedef {import("../demos/ui.js").Button} Button */

/** @type {WeakSet<HTMLElement>} */
const mounted = new WeakSet();

/** Whether the rest is there. */
let ready = false;

/** @param {HTMLElement} host @param {Act} what */
async function act(host, what) {
  const status = host.querySelector(".code-demo__status");
  const { loading, failed } = labelsFor(host);
  // Of what happens by itself, or is there already, nothing is said.
  if (status && !ready && !["resume", "autorun", "escape", "hint"].includes(what)) status.textContent = loading;
  try {
    /** @type {[typeof import("../demos/ui.js"), unknown]} */
    const [ui] = await Promise.all([import(beside("ui.js")), styled("ui.css")]);
    ready = true;
    if (status?.textContent === loading) status.textContent = "";
    ui.act(host, what);
  } catch {
    if (status) status.textContent = failed;
  }
}

/** The blocks of HTML, CSS and JavaScript under tabs, of which `data-part` of the element is the chosen one.
 * @param {HTMLElement} host @param {Data} data @param {HTMLElement[]} blocks */
function addTabs(host, data, blocks) {
  const tabs = partsOf(data).map((part, index) => {
    const block = blocks[index];
    const tab = h(
      "button",
      "code-demo__tab",
      NAMES[/** @type {const} */ ({ code: "html", css: "css", script: "js" })[part]],
    );
    tab.type = "button";
    tab.role = "tab";
    tab.addEventListener("click", () => choose(index));
    block.role = "tabpanel";
    block.ariaLabel = tab.textContent;
    block.dataset.part = tab.dataset.part = part;
    return tab;
  });
  const choose = (/** @type {number} */ index) => {
    tabs.forEach((tab, other) => {
      tab.ariaSelected = `${other === index}`;
      tab.tabIndex = other === index ? 0 : -1;
    });
    host.dataset.part = tabs[index].dataset.part;
  };
  const list = h("div", "code-demo__tabs", ...tabs);
  list.setAttribute(OURS, "");
  list.role = "tablist";
  list.ariaLabel = labelsFor(host).parts;
  list.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = (tabs.findIndex((tab) => tab.tabIndex === 0) + step + tabs.length) % tabs.length;
    choose(next);
    tabs[next].focus();
  });
  choose(0);
  blocks[0].before(list);
}

/** @param {HTMLElement} host @param {Data} data */
function toolbar(host, data) {
  const words = labelsFor(host);
  const bar = h("div", "code-demo__bar");
  bar.setAttribute(OURS, "");
  bar.role = "group";
  bar.ariaLabel = `${words.group(NAMES[data.language])} ${data.id}`;
  const button = (/** @type {Button} */ what, shown = true) => {
    const element = h("button", `code-demo__button code-demo__${what}`, words[what]);
    element.type = "button";
    element.dataset.act = what;
    element.hidden = !shown;
    element.addEventListener("click", () => act(host, what));
    return element;
  };
  bar.append(
    button("run"),
    button("check", !!data.exercise),
    button("stop", false),
    button("edit", !data.readonly),
    button("reset", false),
    button("copy"),
    button("share", !data.readonly),
  );
  if (data.autorun && data.language !== "html") {
    const auto = button("auto");
    auto.ariaPressed = `${!!stored(keyFor("autorun"))}`;
    bar.append(auto);
  }
  const status = h("span", "code-demo__status");
  status.role = "status";
  bar.append(status, h("span", "code-demo__keys", words.keys(/Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl")));
  return bar;
}

/** Hints can be opened one after another, the solution when it has been earned. @param {HTMLElement} host */
const coverAnswers = (host) =>
  host
    .querySelectorAll(":scope > .code-demo__hint ~ .code-demo__hint, :scope > .code-demo__solution")
    .forEach((answer) => {
      /** @type {HTMLElement} */ (answer).hidden = true;
    });

/** What a clone has of another element's is of no use to it. @param {HTMLElement} host */
function tidy(host) {
  for (const ours of host.querySelectorAll(`[${OURS}]`)) ours.remove();
  for (const own of host.querySelectorAll(":scope > [hidden]")) own.removeAttribute("hidden");
}

/** Whether this demo has something to show that is not the author's. @param {Data} data */
const awaited = (data) => carried(location.hash)?.id === data.id || stored(draftKey(data)) !== null;

/** Gives a demo its buttons; once, however often it is moved. @param {HTMLElement} host */
export async function mount(host) {
  await parsed;
  if (mounted.has(host)) return;
  mounted.add(host);
  const data = dataOf(host);
  tidy(host);
  if (data.hidden) return;
  await styled("code-demo.css");
  const blocks = /** @type {HTMLElement[]} */ ([...host.querySelectorAll(":scope > .highlight")]);
  if (!blocks.length) return;
  if (blocks.length > 1) addTabs(host, data, blocks);
  coverAnswers(host);
  blocks[blocks.length - 1].after(toolbar(host, data));
  host.setAttribute("state", "ready");
  // Before the editor sees them.
  host.addEventListener(
    "keydown",
    (event) => {
      const runs = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      if (!runs && (event.key !== "Escape" || host.getAttribute("state") === "ready")) return;
      event.preventDefault();
      event.stopPropagation();
      act(host, !runs ? "escape" : event.shiftKey && data.exercise ? "check" : "run");
    },
    true,
  );
  // Who opens a hint may not have pressed anything before; it does not bubble.
  if (data.exercise) host.addEventListener("toggle", () => act(host, "hint"), { capture: true, once: true });
  if (awaited(data)) act(host, "resume");
  if (data.autorun && stored(keyFor("autorun"))) act(host, "autorun");
}

addEventListener("hashchange", () => {
  for (const host of document.querySelectorAll("code-demo[state]")) {
    const element = /** @type {HTMLElement} */ (host);
    if (carried(location.hash)?.id === dataOf(element).id) act(element, "resume");
  }
});
