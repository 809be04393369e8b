// What the page, the sandbox's frame and its workers say to each other. Whoever hears of a run takes nothing for granted: what a
// worker sends may be a reader's code speaking.

/**
 * @typedef {import("../runtime.js").Output} Output
 * @typedef {{ name: string, passed: boolean, message: string }} TestResult
 * @typedef {{ kind: "ready" } | { kind: "running", run: number } | { kind: "output", run: number, output: Output }
 *   | { kind: "done", run: number, ok: boolean, tests?: TestResult[], spent?: boolean }
 *   | { kind: "failed", message: string }} Said   by a worker; `spent`: it had better not be used again
 */

/** Of one run: more than the harnesses let through, so that only code which went around them is stopped here. */
export const LIMITS = { messages: 20_000, characters: 12_000_000 };

const TEXTS = new Set(["stdout", "stderr", "value", "html", "svg", "png"]);
const text = (/** @type {unknown} */ value) => typeof value === "string";
const list = (/** @type {unknown} */ value, /** @type {(item: any) => boolean} */ each) =>
  Array.isArray(value) && value.every(each);
const cell = (/** @type {unknown} */ value) => value === null || text(value);

/** An output of a known kind and shape, with nothing else in it; else null. @param {any} value @returns {Output | null} */
export function outputFrom(value) {
  const { kind, data } = value ?? {};
  if (TEXTS.has(kind)) return text(data) ? { kind, data } : null;
  if (kind === "table") {
    const { columns, rows } = data ?? {};
    const whole = list(columns, text) && list(rows, (row) => list(row, cell));
    return whole ? { kind, data: { columns, rows } } : null;
  }
  if (kind === "error") {
    const { type, text: told, line } = data ?? {};
    const number = Number.isSafeInteger(line) && line > 0 ? line : null;
    return text(type) && text(told) ? { kind, data: { type, text: told, line: number } } : null;
  }
  return null;
}

/** @param {any} value @returns {TestResult[] | undefined} */
export function testsFrom(value) {
  if (!Array.isArray(value)) return undefined;
  return value.map((test) => ({
    name: String(test?.name ?? ""),
    passed: test?.passed === true,
    message: text(test?.message) ? test.message : "",
  }));
}

/** How many characters an output has, roughly: what it costs to keep. @param {any} value @returns {number} */
export function sizeOf(value) {
  if (typeof value === "string") return value.length + 8;
  if (typeof value !== "object" || value === null) return 8;
  let size = 16;
  for (const part of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(part);
  return size;
}
