// The modules as files: native imports must resolve without a bundler, and unlocking stays small.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../theme/assets/js/", import.meta.url);
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));

/** The files that a module imports as it starts, or also those that it imports when it needs them. */
function importsOf(name, { later = true } = {}) {
  const source = readFileSync(new URL(name, folder), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = source.matchAll(later ? /(?:^import [^"(]*|\bimport\()"(.+?)"/gm : /^import [^"(]*"(.+?)"/gm);
  return [...found].map(([, path]) => new URL(path, new URL(name, folder)));
}

test("every import names a file of this folder, with its ending", () => {
  for (const name of files) {
    for (const target of importsOf(name))
      assert.ok(target.href.startsWith(folder.href) && existsSync(target), `${name}: ${target}`);
  }
});

test("every module is used", () => {
  const used = new Set(files.flatMap((name) => importsOf(name).map((target) => target.href)));
  for (const name of files) {
    assert.ok(["first.js", "main.js"].includes(name) || used.has(new URL(name, folder).href), name);
  }
});

test("the first script names all that opening needs, so that a browser fetches it at once", () => {
  const needed = new Set();
  (function follow(url) {
    if (needed.has(url.href)) return;
    needed.add(url.href);
    for (const target of importsOf(url.href, { later: false })) follow(target);
  })(new URL("page/reader.js", folder));
  for (const target of importsOf("main.js", { later: false })) needed.add(target.href);
  needed.add(new URL("main.js", folder).href);
  const named = [...readFileSync(new URL("first.js", folder), "utf8").matchAll(/const (?:plain|opening) =\s+"(.+?)"/g)]
    .flatMap(([, names]) => names.split(" "))
    .map((name) => new URL(`${name}.js`, folder).href);
  assert.deepEqual(named.toSorted(), [...needed].toSorted());
});
