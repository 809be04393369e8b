// CodeMirror, as a demo uses it: the colours of the page's own code, Tab for indenting, a mark for the line of an error.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { sql, SQLite } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** @typedef {"python" | "js" | "html" | "css" | "sql"} Language */
/** @typedef {ReturnType<typeof openEditor>} Editor */

/** @type {Record<Language, () => import("@codemirror/state").Extension>} */
const LANGUAGES = {
  python: () => [python(), indentUnit.of("    ")],
  js: () => javascript(),
  html: () => html(),
  css: () => css(),
  sql: () => sql({ dialect: SQLite }),
};

const colour = (/** @type {string} */ name) => ({ color: `var(--md-code-hl-${name}-color)` });
const colours = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.tagName, tags.meta, tags.self], ...colour("keyword") },
    { tag: [tags.string, tags.regexp, tags.attributeValue], ...colour("string") },
    { tag: [tags.escape, tags.special(tags.string)], ...colour("special") },
    { tag: [tags.number, tags.unit, tags.color], ...colour("number") },
    { tag: [tags.bool, tags.null, tags.atom, tags.standard(tags.name)], ...colour("constant") },
    { tag: [tags.function(tags.variableName), tags.definition(tags.className), tags.className], ...colour("function") },
    { tag: [tags.comment], ...colour("comment") },
    { tag: [tags.operator], ...colour("operator") },
    { tag: [tags.punctuation, tags.bracket, tags.angleBracket], ...colour("punctuation") },
    { tag: [tags.propertyName, tags.attributeName], ...colour("variable") },
    { tag: [tags.variableName, tags.name], ...colour("name") },
  ]),
);

const look = EditorView.theme({
  "&": { backgroundColor: "var(--md-code-bg-color)", color: "var(--md-code-fg-color)", fontSize: "0.85em" },
  "&.cm-focused": { outline: "0.1rem solid var(--md-accent-fg-color)", outlineOffset: "-0.1rem" },
  ".cm-scroller": {
    fontFamily: "var(--md-code-font-family)",
    lineHeight: "1.4",
    maxHeight: "var(--code-demo-height, 75vh)",
  },
  ".cm-content": {
    padding: "0.772em 0",
    caretColor: "var(--md-code-fg-color)",
    minHeight: "var(--code-demo-height, 0)",
  },
  ".cm-line": { padding: "0 1.1765em 0 0.6em" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--sb-muted)", border: "0" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--md-code-fg-color)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--md-code-hl-color--light)" },
  ".cm-error-line": { backgroundColor: "color-mix(in srgb, #f44336 18%, transparent)" },
});

/** @type {import("@codemirror/state").StateEffectType<number>} */
const marking = StateEffect.define();
const failed = Decoration.line({ class: "cm-error-line" });
/** The line at which the last run ended, until it is changed. */
const marks = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    let next = transaction.docChanged ? Decoration.none : value;
    for (const effect of transaction.effects) {
      if (!effect.is(marking)) continue;
      const line =
        effect.value >= 1 && effect.value <= transaction.state.doc.lines && transaction.state.doc.line(effect.value);
      next = line ? Decoration.set([failed.range(line.from)]) : Decoration.none;
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * @param {HTMLElement} parent
 * @param {{ language: Language, code: string, label: string, onChange(code: string): void }} options
 */
export function openEditor(parent, { language, code, label, onChange }) {
  let silent = false;
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: code,
      extensions: [
        [
          lineNumbers(),
          highlightActiveLineGutter(),
          history(),
          indentOnInput(),
          bracketMatching(),
          marks,
          look,
          colours,
        ],
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.contentAttributes.of({ "aria-label": label, autocapitalize: "off", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !silent) onChange(update.state.doc.toString());
        }),
        LANGUAGES[language](),
      ],
    }),
  });
  return {
    /** Puts other code in; that is no change of the reader's. @param {string} text */
    set(text) {
      if (text === view.state.doc.toString()) return;
      silent = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      silent = false;
    },
    /** Marks a line, or none. @param {number | null} line from 1 */
    mark: (line) => view.dispatch({ effects: marking.of(line ?? 0) }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
