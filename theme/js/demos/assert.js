// What the tests of a JavaScript exercise say: `assert(…)` and its kin. The messages are for the reader who solves it.

import { inspect } from "./inspect.js";

class AssertionError extends Error {
  name = "AssertionError";
}

/** @param {unknown} fine @param {string} words @param {string} [message] the author's own words instead */
function must(fine, words, message) {
  if (!fine) throw new AssertionError(message ?? words);
}

/** @param {any} left @param {any} right @returns {boolean} the same in all that can be listed */
function same(left, right) {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (Object.prototype.toString.call(left) !== Object.prototype.toString.call(right)) return false;
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (left instanceof RegExp) return String(left) === String(right);
  if (left instanceof Map || left instanceof Set) return same([...left], [...right]);
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && same(left[key], right[key]))
  );
}

/** @param {unknown} fine @param {string} [message] */
export const assert = (fine, message) => must(fine, `${inspect(fine)} is not true`, message);

/** @param {unknown} actual @param {unknown} expected @param {string} [message] */
assert.equal = (actual, expected, message) =>
  must(Object.is(actual, expected), `${inspect(expected)} was expected, ${inspect(actual)} was found`, message);

/** @param {unknown} actual @param {unknown} unwanted @param {string} [message] */
assert.notEqual = (actual, unwanted, message) =>
  must(!Object.is(actual, unwanted), `something other than ${inspect(unwanted)} was expected`, message);

/** @param {unknown} actual @param {unknown} expected @param {string} [message] */
assert.deepEqual = (actual, expected, message) =>
  must(same(actual, expected), `${inspect(expected)} was expected, ${inspect(actual)} was found`, message);

/** @param {() => unknown} work @param {RegExp} [pattern] of its message @param {string} [message] */
assert.throws = (work, pattern, message) => {
  let thrown;
  try {
    work();
  } catch (error) {
    thrown = { error };
  }
  fitting(thrown, pattern, message);
};

/** @param {(() => Promise<unknown>) | Promise<unknown>} work @param {RegExp} [pattern] @param {string} [message] */
assert.rejects = async (work, pattern, message) => {
  let thrown;
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    thrown = { error };
  }
  fitting(thrown, pattern, message);
};

/** @param {{ error: unknown } | undefined} thrown @param {RegExp} [pattern] @param {string} [message] */
function fitting(thrown, pattern, message) {
  must(thrown, "an error was expected, none was thrown", message);
  const words = thrown?.error instanceof Error ? thrown.error.message : String(thrown?.error);
  must(!pattern || pattern.test(words), `an error with ${pattern} was expected, ${inspect(words)} was thrown`, message);
}
