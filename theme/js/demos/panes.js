// A demo's code on the page: the author's block, any other version as plain text, or the editor; for HTML under its tabs.

import { h } from "../page/markup.js";
import { OURS, partsOf } from "./data.js";
import { NAMES } from "./labels.js";
import { wordsFor } from "./words.js";

/**
 * @typedef {import("./data.js").Data} Data
 * @typedef {import("./data.js").Part} Part
 * @typedef {Record<Part, string>} Parts
 * @typedef {import("./editor.js").Editor} Editor
 * @typedef {object} Pane
 * @property {Part} part
 * @property {HTMLElement} author
 * @property {HTMLElement} [plain]
 * @property {HTMLElement} [box] the editor's
 * @property {Editor} [editor]
 */

/** @param {Data} data @returns {Parts} */
export const authorsParts = ({ code, css, script }) => ({ code, css, script });

/** One text for all parts, as drafts and links carry it. @param {Data} data @param {Parts} parts */
export const toText = ({ language }, { code, css, script }) =>
  language === "html" ? JSON.stringify([code, css, script]) : code;

/** What `toText` was given, if the text is from there. @param {Data} data @param {string} text @returns {Parts | undefined} */
export function toParts(data, text) {
  if (data.language !== "html") return { code: text, css: "", script: "" };
  try {
    const [code, css, script] = JSON.parse(text);
    if (![code, css, script].every((part) => typeof part === "string")) return undefined;
    return { code, css: data.css && css, script: data.script && script };
  } catch {
    return undefined;
  }
}

/** Where a line of a block lies, in its font's size, so that it stays there when that changes.
 * @param {HTMLElement} block @param {number} line from 1 */
function lineAt(block, line) {
  const code = block.querySelector(".code code") ?? block.querySelector("code");
  if (!code) return undefined;
  const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
  let left = line - 1;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.nodeValue ?? "";
    let from = 0;
    for (; left > 0; left--) {
      const end = text.indexOf("\n", from);
      if (end < 0) break;
      from = end + 1;
    }
    if (left > 0 || from >= text.length) continue;
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, from + 1);
    const size = parseFloat(getComputedStyle(block).fontSize);
    const { top, height } = range.getBoundingClientRect();
    return { top: (top - block.getBoundingClientRect().top) / size, height: height / size };
  }
  return undefined;
}

/** The panes of one demo. */
export class Panes {
  /** @param {HTMLElement} host @param {Data} data @param {(parts: Parts) => void} onChange the reader has typed */
  constructor(host, data, onChange) {
    const blocks = /** @type {HTMLElement[]} */ ([...host.querySelectorAll(":scope > .highlight")]);
    this.host = host;
    this.data = data;
    this.onChange = onChange;
    /** @type {Pane[]} */
    this.panes = blocks.length ? partsOf(data).map((part, index) => ({ part, author: blocks[index] })) : [];
    this.parts = authorsParts(data);
    /** @type {number | null} */
    this.marked = null;
  }

  get editing() {
    return this.panes.some(({ editor }) => editor);
  }

  /** Shows these parts, in the editor where it is open. @param {Parts} parts */
  show(parts) {
    this.mark(null);
    this.parts = { ...parts };
    for (const pane of this.panes) {
      const text = parts[pane.part];
      pane.editor?.set(text);
      const authors = text === this.data[pane.part];
      pane.author.hidden = !!pane.editor || !authors;
      pane.plain?.remove();
      pane.plain = undefined;
      if (pane.editor || authors) continue;
      const code = h("code", "", text);
      code.tabIndex = 0;
      pane.plain = h("div", "code-demo__plain", h("pre", "", code));
      this.#place(pane, pane.plain);
    }
  }

  /** Beside the author's block. @param {Pane} pane @param {HTMLElement} element */
  #place(pane, element) {
    element.setAttribute(OURS, "");
    if (this.panes.length > 1) {
      element.dataset.part = pane.part;
      element.role = "tabpanel";
      element.ariaLabel = pane.author.ariaLabel;
    }
    pane.author.after(element);
  }

  /** Opens the editor. @param {typeof import("./editor.js")} module */
  edit({ openEditor }) {
    const { language, height } = this.data;
    for (const pane of this.panes.filter(({ editor }) => !editor)) {
      const kind = pane.part === "script" ? "js" : pane.part === "css" ? "css" : language;
      const box = h("div", "code-demo__editor");
      if (height) box.style.setProperty("--code-demo-height", `${height * 1.4 + 1.6}em`);
      this.#place(pane, box);
      pane.box = box;
      pane.editor = openEditor(box, {
        language: kind,
        code: this.parts[pane.part],
        label: wordsFor(this.host).code(NAMES[kind]),
        onChange: (text) => {
          this.parts = { ...this.parts, [pane.part]: text };
          this.onChange(this.parts);
        },
      });
    }
    const { marked } = this;
    this.show(this.parts);
    this.mark(marked);
  }

  /** Closes it. */
  leave() {
    for (const pane of this.panes) {
      pane.editor?.destroy();
      pane.box?.remove();
      pane.editor = pane.box = undefined;
    }
  }

  /** The part that is seen: of HTML that of the chosen tab. @returns {Pane} */
  get chosen() {
    return this.panes.find(({ part }) => part === this.host.dataset.part) ?? this.panes[0];
  }

  focus() {
    this.chosen.editor?.focus();
  }

  /** Marks a line of the code, or none. HTML has several codes, and none is marked. @param {number | null} line */
  mark(line) {
    this.marked = line;
    for (const old of this.host.querySelectorAll(":scope > * > .code-demo__line")) old.remove();
    for (const { editor } of this.panes) editor?.mark(null);
    const [pane, other] = this.panes;
    if (line === null || !pane || other) return;
    if (pane.editor) return pane.editor.mark(line);
    const block = pane.plain ?? pane.author;
    const place = lineAt(block, line);
    if (!place) return;
    const mark = h("div", "code-demo__line");
    mark.setAttribute(OURS, "");
    mark.style.top = `${place.top}em`;
    mark.style.height = `${place.height}em`;
    block.append(mark);
  }
}
