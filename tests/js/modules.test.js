// The modules as files: they run in a browser as they are, before anything joins them.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../theme/js/", import.meta.url);
const files = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".js"));

/** What runs Python at build time runs it in the browser too. */
const harness = new URL("../../site_builder/demos/harness/", folder).href;

/** What only the build runs, in Node. */
const building = ["demos/node.js", "demos/pyodide.js"];

/** What a page, the build or a worker begins with; everything else is imported by something. */
const entries = [
  ...["engagement", "widgets", "consent"].map((name) => `engagement/${name}.js`),
  ...["plausible", "umami", "goatcounter", "matomo", "ga4"].map((name) => `engagement/adapters/${name}.js`),
  ...["first.js", "main.js", "worker.js", "dashboard/main.js"],
  ...["elements/code-demo.js", "demos/ui.js", "demos/editor.js", "demos/runtime.js", "demos/node.js"],
  ...["frame.js", "python.js", "javascript.js", "sql.js", "live.js", "inmate.js", "tick.js"].map(
    (name) => `demos/sandbox/${name}`,
  ),
];

const { dependencies } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

/** What a module imports, as it names it. */
function namesIn(name) {
  const source = readFileSync(new URL(name, folder), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [...source.matchAll(/^(?:import|export) (?:[^"(]* from )?"(.+?)"/gm)].map(([, path]) => path);
}

/** The files that a module imports. */
const importsOf = (name) =>
  namesIn(name)
    .filter((path) => path.startsWith("."))
    .map((path) => new URL(path, new URL(name, folder)));

test("every import names a file of this folder, with its ending, or a package that is locked", () => {
  for (const name of files) {
    for (const target of importsOf(name))
      assert.ok(
        (target.href.startsWith(folder.href) || target.href.startsWith(harness)) && existsSync(target),
        `${name}: ${target}`,
      );
    for (const path of namesIn(name)) {
      const there =
        path.startsWith(".") || path in dependencies || (building.includes(name) && path.startsWith("node:"));
      assert.ok(there, `${name}: ${path}`);
    }
  }
});

test("every module is used", () => {
  const used = new Set(files.flatMap((name) => importsOf(name).map((target) => target.href)));
  for (const name of files) {
    assert.ok(entries.includes(name) || used.has(new URL(name, folder).href), name);
  }
});
