// What a run puts out, as the page shows it. All of it is hostile: text stays text, pictures are images, tables are made anew.

import { h } from "../page/markup.js";
import { cleaned } from "./clean.js";

/** @typedef {import("./runtime.js").Output} Output */
/** @typedef {import("./words.js").Words} Words */

const ROWS = 1_000;

/** @param {string} media @param {string} base64 @param {Words} words */
function picture(media, base64, words) {
  const image = h("img", "code-demo__picture");
  image.alt = words.picture;
  image.src = `data:${media};base64,${base64}`;
  return image;
}

/** @param {string} text in base64, as UTF-8 */
const inBase64 = (text) =>
  btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));

/** @param {{ columns: unknown, rows: unknown }} table @param {Words} words */
function table({ columns, rows }, words) {
  const row = (/** @type {unknown} */ cells, /** @type {"td" | "th"} */ tag) =>
    h(
      "tr",
      "",
      ...(Array.isArray(cells) ? cells : []).map((cell) =>
        h(tag, cell === null ? "code-demo__null" : "", cell === null ? "NULL" : String(cell)),
      ),
    );
  const all = Array.isArray(rows) ? rows : [];
  const body = h("tbody", "", ...all.slice(0, ROWS).map((cells) => row(cells, "td")));
  const box = h("div", "code-demo__table", h("table", "", h("thead", "", row(columns, "th")), body));
  if (all.length > ROWS) box.append(h("p", "", words.more(all.length - ROWS)));
  scrollable(box);
  return box;
}

/** Who has no mouse can move what is wider than the page. @param {HTMLElement} box */
const scrollable = (box) => (box.tabIndex = 0);

/** @param {Output} output @param {Words} words @returns {HTMLElement} */
function piece({ kind, data }, words) {
  switch (kind) {
    case "table":
      return table(data ?? {}, words);
    case "html": {
      const box = h("div", "code-demo__table", cleaned(String(data)));
      scrollable(box);
      return box;
    }
    case "svg":
      return picture("image/svg+xml", inBase64(String(data)), words);
    case "png":
      return picture("image/png", String(data).replace(/[^\w+/=]/g, ""), words);
    case "error":
      return h("pre", "code-demo__error", String(data?.text ?? ""));
    case "value":
      return h("pre", "code-demo__value", String(data));
    default:
      return h("pre", kind === "stderr" ? "code-demo__stderr" : "code-demo__stdout", String(data));
  }
}

/** Adds outputs to a box, text of one kind to the same block. @param {HTMLElement} box @param {Words} words */
export function writer(box, words) {
  let last = "";
  return (/** @type {Output} */ output) => {
    const text = output.kind === "stdout" || output.kind === "stderr";
    if (text && output.kind === last) box.lastElementChild?.append(String(output.data));
    else box.append(piece(output, words));
    last = output.kind;
  };
}
