// Loops of live pages get a look at the clock, and nothing else about the code changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { guardLoops } from "../../../theme/js/demos/sandbox/loops.js";

/** Runs code whose loops may go round so many times. @param {string} code @param {number} rounds */
function run(code, rounds) {
  let left = rounds;
  const tick = () => {
    if (!left--) throw new RangeError("stopped");
  };
  return new Function("__tick__", guardLoops(code, "handler"))(tick);
}

for (const code of [
  "for (;;);",
  "while (true);",
  "do {} while (true)",
  "do ; while (true)",
  "for (const i of (function* () { for (;;) yield 1 })()) ;",
  "for (;;) for (;;) break",
  "if (1) for (;;) ; else for (;;) ;",
  "label: while (1) { while (1) continue label }",
  "(() => { while (1) ; })()",
  "class A { static { for (;;) ; } }",
])
  test(`${code} comes to an end`, () => assert.throws(() => run(code, 1000), /stopped/));

test("a loop that ends by itself gives what it gave", () => {
  const code = "let n = 0;\nfor (let i = 0; i < 3; i++) for (const j of [1, 2])\n  n += i * j;\nreturn n";
  assert.equal(run(code, 1000), 9);
  assert.equal(guardLoops(code, "handler").split("\n").length, code.split("\n").length);
});

test("what does not parse, and what has no loop, is left as it is", () => {
  for (const code of ["for (;;", "let for = 1", "const format = 'do'", ""]) assert.equal(guardLoops(code), code);
});

test("a module's imports parse as such", () => {
  assert.match(guardLoops('import "x"; while (1);', "module"), /__tick__/);
  assert.equal(guardLoops('import "x"; while (1);'), 'import "x"; while (1);');
});
