// Puts a look at the clock into every loop of a live page's script. Where a frame shares its process with the page around it, an
// endless loop would otherwise stop that page too. Of no use against bad will; that is what the browser's own processes are for.

import { parse } from "acorn";
import { TICK } from "./tick.js";

const LOOPS = new Set(["WhileStatement", "DoWhileStatement", "ForStatement", "ForInStatement", "ForOfStatement"]);

/**
 * The same code on the same lines, with its loops guarded; code that does not parse is as it was, and the browser says why.
 *
 * @param {string} code
 * @param {"script" | "module" | "handler"} [kind] a handler is the body of a function
 * @returns {string}
 */
export function guardLoops(code, kind = "script") {
  if (!/\b(?:while|for|do)\b/.test(code)) return code;
  /** @type {{ at: number, text: string }[]} */
  const additions = [];
  try {
    const sourceType = kind === "module" ? "module" : "script";
    const options = { allowReturnOutsideFunction: kind === "handler", allowHashBang: true };
    visit(parse(code, { ecmaVersion: "latest", sourceType, ...options }), additions);
  } catch {
    return code;
  }
  // From the end, so that places stay right; of two at one place the outer loop's goes first.
  additions.sort((left, right) => right.at - left.at);
  for (const { at, text } of additions) code = code.slice(0, at) + text + code.slice(at);
  return code;
}

/** @param {any} node @param {{ at: number, text: string }[]} additions */
function visit(node, additions) {
  if (LOOPS.has(node.type)) {
    const { type, start, end } = node.body;
    if (type === "BlockStatement") additions.push({ at: start + 1, text: `${TICK}();` });
    else additions.push({ at: start, text: `{${TICK}();` }, { at: end, text: "}" });
  }
  for (const part of Object.values(node))
    for (const child of Array.isArray(part) ? part : [part])
      if (typeof child?.type === "string") visit(child, additions);
}
