// The modules as files: they run in a browser as they are, before anything joins them.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../theme/js/", import.meta.url);
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));

/** The files that a module imports. */
function importsOf(name) {
  const source = readFileSync(new URL(name, folder), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const found = source.matchAll(/^import [^"(]*"(.+?)"/gm);
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
    assert.ok(["first.js", "main.js", "worker.js"].includes(name) || used.has(new URL(name, folder).href), name);
  }
});
