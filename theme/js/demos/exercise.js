// An exercise's side of a demo: the tests' results, the hints one after another, the solution when it has been earned.

import { h } from "../page/markup.js";
import { OURS } from "./data.js";
import { wordsFor } from "./words.js";

/** @typedef {import("./runtime.js").Outcome} Outcome */
/** @typedef {import("./versions.js").Kept} Kept */
/** @typedef {"run" | "error" | "pass" | "fail" | "hint" | "solution"} Event */

/** @param {HTMLElement} host @returns {HTMLDetailsElement[]} */
const hintsOf = (host) =>
  [...host.querySelectorAll(":scope > .code-demo__hint")].map((hint) => /** @type {any} */ (hint));

/** @param {HTMLElement} host @returns {HTMLDetailsElement | null} */
const solutionOf = (host) => host.querySelector(":scope > .code-demo__solution");

/** The next hint can be opened when the one before it has been; the first may have been before this was there.
 * @param {HTMLElement} host @param {(event: Event) => void} tell */
export function followHints(host, tell) {
  hintsOf(host).forEach((hint, index, all) => {
    let known = false;
    const look = () => {
      if (hint.open && !known) {
        tell("hint");
        if (all[index + 1]) all[index + 1].hidden = false;
      }
      known = hint.open;
    };
    hint.addEventListener("toggle", look);
    look();
  });
  const solution = solutionOf(host);
  solution?.addEventListener("toggle", () => solution.open && tell("solution"));
}

/** Opens the way to the solution, if it has been earned. @param {HTMLElement} host @param {Kept} kept @param {number} tries */
export function offerSolution(host, kept, tries) {
  const solution = solutionOf(host);
  if (!solution) return false;
  const earned = kept.passed || kept.tries >= tries;
  solution.hidden = !earned;
  return earned;
}

/**
 * Says which tests passed, and what that is worth.
 *
 * @param {HTMLElement} host
 * @param {Outcome["tests"]} tests
 * @param {Kept} kept changed: a failure counts, a pass lasts
 * @param {number} tries
 * @returns {{ element: HTMLElement, passed: boolean, summary: string }}
 */
export function judge(host, tests, kept, tries) {
  const words = wordsFor(host);
  const all = tests ?? [];
  const count = all.filter(({ passed }) => passed).length;
  const passed = all.length > 0 && count === all.length;
  if (passed) kept.passed = true;
  else kept.tries += 1;
  const summary = !all.length ? words.noTests : passed ? words.allPassed : words.tests(count, all.length);
  const list = all.map((test) => {
    const mark = h("span", "code-demo__mark");
    mark.role = "img";
    mark.ariaLabel = test.passed ? words.passed : words.failedTest;
    const line = h("li", `code-demo__test`, mark, h("span", "", String(test.name)));
    line.dataset.passed = `${test.passed}`;
    if (test.message && !test.passed) line.append(h("pre", "code-demo__message", String(test.message)));
    return line;
  });
  const element = h("div", "code-demo__tests", h("p", "", summary), h("ul", "", ...list));
  element.setAttribute(OURS, "");
  element.dataset.passed = `${passed}`;
  const earned = offerSolution(host, kept, tries);
  if (!passed && solutionOf(host)) {
    element.append(h("p", "code-demo__note", earned ? words.solutionOpen : words.triesLeft(tries - kept.tries)));
  }
  return { element, passed, summary };
}
