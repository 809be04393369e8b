// One demo that is being used: whose code it shows, and what stands under it. What is done with it is in ui.js and runs.js.

import { h } from "../page/markup.js";
import { dataOf, draftKey, OURS, store, stored } from "./data.js";
import { followHints, offerSolution } from "./exercise.js";
import { notice } from "./notice.js";
import { authorsParts, Panes, toParts, toText } from "./panes.js";
import { readKept, Versions } from "./versions.js";
import { wordsFor } from "./words.js";

/** @typedef {import("./exercise.js").Event} Event */
/** @typedef {import("./runtime.js").Outcome} Outcome */

/** What asks for input, in any of the languages that can. */
const ASKS = /\b(?:input|prompt)\s*\(|\bstdin\b/;

/** @type {WeakMap<HTMLElement, Demo>} */
const demos = new WeakMap();

/** @param {HTMLElement} host @returns {Demo} */
export function demoOf(host) {
  const demo = demos.get(host) ?? new Demo(host);
  demos.set(host, demo);
  return demo;
}

export class Demo {
  /** The run that is under way. @type {Promise<Outcome | undefined> | undefined} */
  current = undefined;
  /** Ends it. */
  stopping = new AbortController();
  /** Removes a live page. @type {(() => void) | undefined} */
  close = undefined;
  /** Whether it has run since the page is there. */
  used = false;
  /** Where its output goes. @type {HTMLElement | undefined} */
  box = undefined;
  /** @type {HTMLTextAreaElement | undefined} */
  input = undefined;

  /** @param {HTMLElement} host */
  constructor(host) {
    this.host = host;
    this.data = dataOf(host);
    this.words = wordsFor(host);
    /** A hidden demo has none. @type {HTMLElement | null} */
    this.bar = host.querySelector(":scope > .code-demo__bar");
    this.kept = readKept(stored(draftKey(this.data)));
    if (this.kept.mine && (this.data.readonly || !toParts(this.data, this.kept.mine))) delete this.kept.mine;
    this.versions = new Versions(toText(this.data, authorsParts(this.data)), this.kept);
    this.panes = new Panes(host, this.data, (parts) => this.#edited(toText(this.data, parts)));
    this.state = "used";
    if (this.data.exercise) {
      followHints(host, (event) => this.tell(event));
      offerSolution(host, this.kept, this.data.exercise.tries);
    }
    this.show();
  }

  /** @param {"used" | "running"} state */
  set state(state) {
    if (!this.data.hidden) this.host.setAttribute("state", state);
  }

  /** The code that is shown. */
  get parts() {
    return toParts(this.data, this.versions.text) ?? authorsParts(this.data);
  }

  /** Whether it shows what came with a link. */
  get foreign() {
    return this.versions.shown === "link";
  }

  /** What is run of it when another demo needs it: never what only came with a link. */
  get trusted() {
    return this.foreign ? this.data.code : this.parts.code;
  }

  /** The output of the build. @returns {HTMLElement | null} */
  get #recorded() {
    return this.host.querySelector(`:scope > .code-demo__output:not([${OURS}])`);
  }

  /** @param {string} text */
  say(text) {
    const status = this.bar?.querySelector(".code-demo__status");
    if (status) status.textContent = text;
  }

  /** For who counts what readers do. @param {Event} event */
  tell(event) {
    const detail = { event, demo: this.data.id, page: this.data.page };
    document.dispatchEvent(new CustomEvent("site-builder:demo", { detail }));
  }

  /** @param {import("./ui.js").Button} act @returns {HTMLElement | null | undefined} */
  button(act) {
    return this.bar?.querySelector(`[data-act="${act}"]`);
  }

  /** Shows the version that is chosen, and what can be done with it. */
  show() {
    this.panes.show(this.parts);
    this.offer();
  }

  /** Says what can be done with the version that is shown. */
  offer() {
    const { editing } = this.panes;
    const reset = this.button("reset");
    const edit = this.button("edit");
    if (reset) reset.hidden = !editing && this.versions.shown === "author";
    if (edit) edit.hidden = this.data.readonly || editing;
    notice(this.host, this.bar, this.versions, (name) => {
      this.versions.show(name);
      this.show();
    });
    if (ASKS.test(this.parts.code)) this.offerInput();
  }

  /** @param {string} text */
  #edited(text) {
    const { shown } = this.versions;
    this.panes.mark(null);
    this.versions.edit(text);
    this.keep();
    if (shown !== "mine") this.offer();
    else if (ASKS.test(text)) this.offerInput();
  }

  /** Keeps in the browser what the reader has done here, if that is anything. */
  keep() {
    const { tries, passed } = this.kept;
    const { kept: draft } = this.versions;
    const nothing = draft.mine === undefined && !tries && !passed;
    store(draftKey(this.data), nothing ? null : JSON.stringify({ ...draft, tries, passed }));
  }

  /** A box for what the program reads, under the toolbar. */
  offerInput() {
    if (this.input || !this.bar || !["python", "js"].includes(this.data.language)) return;
    const input = h("textarea", "");
    Object.assign(input, { rows: 2, spellcheck: false, autocapitalize: "off" });
    const hint = h("small", "", this.words.inputHint);
    const label = h("label", "code-demo__input", h("span", "", this.words.input), input, hint);
    label.setAttribute(OURS, "");
    this.bar.after(label);
    this.input = input;
  }

  /** An empty place for output, instead of what is there. @returns {HTMLElement} */
  clear() {
    this.close?.();
    this.panes.mark(null);
    this.host.querySelector(":scope > .code-demo__tests")?.remove();
    const recorded = this.#recorded;
    if (recorded) recorded.hidden = true;
    if (!this.box) {
      this.box = h("div", "code-demo__output");
      this.box.setAttribute(OURS, "");
      this.box.ariaLive = "polite";
      (recorded ?? this.input?.closest("label") ?? this.bar)?.after(this.box);
    }
    this.box.replaceChildren();
    return this.box;
  }

  /** The output of the build again. */
  restore() {
    this.clear().remove();
    this.box = undefined;
    const recorded = this.#recorded;
    if (recorded) recorded.hidden = false;
    this.say("");
  }

  stop() {
    this.stopping.abort();
    this.close?.();
  }
}
