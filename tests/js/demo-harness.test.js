// A demo's JavaScript, run as the build runs it: in a Node of its own, fed with a job.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert as own } from "../../theme/js/demos/assert.js";
import { format, inspect } from "../../theme/js/demos/inspect.js";

const SCRIPT = fileURLToPath(new URL("../../theme/js/demos/node.js", import.meta.url));

/** What a job says, line by line. @param {object} job @returns {Promise<any[]>} */
const said = (job) =>
  new Promise((resolve, reject) => {
    const node = spawn(process.execPath, ["--no-warnings", SCRIPT], { stdio: ["pipe", "pipe", "inherit"] });
    let text = "";
    node.stdout.on("data", (data) => (text += data));
    node.on("error", reject);
    node.on("close", () =>
      resolve(
        text
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line)),
      ),
    );
    node.stdin.end(JSON.stringify({ files: {}, net: false, ...job }));
  });

/** Each piece's [kind, data] and whether it ended well; pieces of one stream are joined. @param {string[]} pieces */
async function run(...pieces) {
  /** @type {any[]} */
  let outputs = [];
  const runs = [];
  for (const message of await said({ pieces })) {
    const last = outputs.at(-1);
    if ("done" in message) {
      runs.push({ ok: message.done, outputs });
      outputs = [];
    } else if (message.kind && last?.[0] === message.kind && message.kind?.startsWith("std")) last[1] += message.data;
    else if (message.kind) outputs.push([message.kind, message.data]);
  }
  return runs;
}

/** @param {string[]} pieces what the last of them put out */
const outputs = async (...pieces) => (await run(...pieces)).at(-1)?.outputs;

/** @param {string[]} pieces */
async function failure(...pieces) {
  const last = (await run(...pieces)).at(-1);
  assert.equal(last?.ok, false);
  const [kind, data] = last.outputs.at(-1);
  assert.equal(kind, "error");
  return data;
}

test("a console prints to its streams, with groups, counts and tables", async () => {
  const code = `console.log("a", 1); console.error("b"); console.group("g"); console.info("c\\nd"); console.groupEnd();
    console.count(); console.assert(1 > 2, "no"); console.table([{ x: 1 }, { x: "y", z: null }, 3])`;
  assert.deepEqual(await outputs(code), [
    ["stdout", "a 1\n"],
    ["stderr", "b\n"],
    ["stdout", "g\n  c\n  d\ndefault: 1\n"],
    ["stderr", "Assertion failed: no\n"],
    [
      "table",
      {
        columns: ["", "x", "z", "value"],
        rows: [
          ["0", "1", null, null],
          ["1", "y", "null", null],
          ["2", null, null, "3"],
        ],
      },
    ],
  ]);
});

test("pieces share const, let, functions and classes, and each sees errors by its own lines", async () => {
  const first = "const a = 1; let b = 2;\nfunction f() { null.x }\nclass C {}";
  assert.deepEqual(await outputs(first, "console.log(a + b, typeof f, new C())"), [["stdout", "3 function C {}\n"]]);
  const error = await failure(first, "\nf()");
  assert.equal(error.line, 2);
  assert.match(error.text, /^TypeError: .*\n    at f \(demo\.js:2\)\n    at demo-2\.js:2$/);
});

test("await works at the top, and what is declared beside it stays", async () => {
  const first = "const { a, b: [c] } = await Promise.resolve({ a: 1, b: [2] })\nfunction g() { return a + c }";
  assert.deepEqual(await outputs(first, "console.log(g(), a, c)"), [["stdout", "3 1 2\n"]]);
  assert.deepEqual(await outputs("const f = async () => { await 0; console.log('in') }\nf()"), [["stdout", "in\n"]]);
  assert.equal((await failure("\nawait 0\nnull.x")).line, 3);
});

test("timers and promises are waited for, in their order", async () => {
  const code = `setTimeout(() => console.log("second"), 20); setTimeout(console.log, 1, "first");
    const n = setInterval(() => { console.log("third"); clearInterval(n) }, 40);
    crypto.subtle.digest("SHA-256", new Uint8Array()).then((hash) => console.log(hash.byteLength));
    queueMicrotask(() => console.log("soon")); console.log("now")`;
  const [[, text]] = (await outputs(code)) ?? [];
  assert.deepEqual(
    text.split("\n").filter((/** @type {string} */ line) => line !== "32"),
    ["now", "soon", "first", "second", "third", ""],
  );
  assert.match(text, /^32$/m);
});

test("errors are told wherever they are thrown", async () => {
  assert.equal((await failure("setTimeout(() => {\n throw new RangeError('late') }, 1)")).line, 2);
  assert.equal((await failure("Promise.reject(new TypeError('nobody'))")).type, "TypeError");
  assert.equal((await failure("queueMicrotask(() => { throw new TypeError('micro') })")).type, "TypeError");
  assert.deepEqual(await failure("throw { a: 1 }"), { type: "Thrown", text: "Uncaught { a: 1 }", line: null });
  assert.match(
    (await failure("class Own extends Error {}\nthrow new Own('x', { cause: new Error('y') })")).text,
    /^Own: x\n.*\ncaused by Error: y$/s,
  );
  assert.equal((await failure("let a = 1;\nlet = = 3")).line, 2);
  assert.match((await failure("await new Promise(() => {})")).text, /nothing settles/);
});

test("a SyntaxError that the code itself meets does not run it twice", async () => {
  const [{ outputs: found }] = /** @type {any} */ (await run("console.log('once')\nJSON.parse('{')\n// await"));
  assert.deepEqual(found[0], ["stdout", "once\n"]);
  assert.equal(found[1][1].line, 2);
});

test("too much output ends the run, caught or not", async () => {
  for (const code of ["for (;;) console.log('x'.repeat(999))", "try { console.log('x'.repeat(100001)) } catch {}"]) {
    const runs = await run(code);
    const [[, text], [, error]] = /** @type {any} */ (runs[0]).outputs;
    assert.equal(text.length, 100_000);
    assert.equal(error.type, "OutputLimit");
  }
});

test("each test of an exercise has its result", async () => {
  const exercise = {
    code: "console.log('hi')\nfunction half(n) {\n  return n.value / 2\n}",
    setup: "const limit = 4",
    tests: `test("half of four", () => assert.equal(half({ value: limit }), 2));
test("its words", async () => { await 0; assert(false, "not yet") });
test("an error's line", () => half(null));
test("what was printed", () => assert.equal(__printed__, "hi\\n"));`,
  };
  const results = (await said({ exercise })).find((message) => message.tests)?.tests;
  assert.deepEqual(
    results.map((/** @type {any} */ one) => [one.name, one.passed, one.message.replace(/:.*\(/s, ": … (")]),
    [
      ["half of four", true, ""],
      ["its words", false, "not yet"],
      ["an error's line", false, "TypeError: … (line 3)"],
      ["what was printed", true, ""],
    ],
  );
  const failed = (await said({ exercise: { ...exercise, code: "null.x" } })).find((message) => message.tests)?.tests;
  assert.equal(failed.length, 4);
  assert(failed.every((/** @type {any} */ one) => !one.passed && /not run/.test(one.message)));
});

test("values are shown as a console shows them", () => {
  const circle = /** @type {any} */ ({});
  circle.self = circle;
  for (const [value, text] of /** @type {[unknown, string][]} */ ([
    ["it's", `"it's"`],
    [-0, "-0"],
    [10n, "10n"],
    [[1, , "a"], "[ 1, <1 empty item>, 'a' ]"],
    [{ a: { b: { c: { d: 1 } } }, "x-y": undefined }, "{ a: { b: { c: [Object] } }, 'x-y': undefined }"],
    [new Map([["k", new Set([1])]]), "Map(1) { 'k' => Set(1) { 1 } }"],
    [Object.create(null), "[Object: null prototype] {}"],
    [circle, "{ self: [Circular] }"],
    [
      new (class Point {
        x = 1;
        get y() {
          return 2;
        }
      })(),
      "Point { x: 1 }",
    ],
    [
      {
        get a() {
          return 1;
        },
        set a(_) {},
      },
      "{ a: [Getter/Setter] }",
    ],
    [() => 1, "[Function (anonymous)]"],
    [class A extends Map {}, "[class A extends Map]"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [/a/g, "/a/g"],
    [new TypeError("no"), "[TypeError: no]"],
    [new Uint8Array(2), "Uint8Array(2) [ 0, 0 ]"],
    [Object(1), "[Number: 1]"],
    [{ [Symbol.toStringTag]: "Map", a: 1 }, "{ a: 1, [Symbol(Symbol.toStringTag)]: 'Map' }"],
    [
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error("no");
          },
        },
      ),
      "[cannot be shown: no]",
    ],
  ]))
    assert.equal(inspect(value), text);
  const long = inspect(Array.from({ length: 150 }, (_, number) => number));
  assert(long.split("\n").every((line) => line.length <= 80) && long.includes("... 50 more items"));
  assert.equal(format(["%s is %d%%, %o", "x", "5", { a: 1 }, "rest"]), "x is 5%, { a: 1 } rest");
});

test("assertions say what was found", () => {
  assert.throws(() => own.equal(1, 2), { message: "2 was expected, 1 was found", name: "AssertionError" });
  assert.throws(() => own.deepEqual([1, { a: new Map([[1, 2]]) }], [1, { a: new Map([[1, 3]]) }]), /Map/);
  own.deepEqual([1, { a: new Set("ab") }], [1, { a: new Set("ab") }]);
  assert.throws(() => own.throws(() => {}), /none was thrown/);
  assert.throws(
    () =>
      own.throws(() => {
        throw new Error("a");
      }, /b/),
    /'a' was thrown/,
  );
  assert.throws(() => own(0, "own words"), /own words/);
});
