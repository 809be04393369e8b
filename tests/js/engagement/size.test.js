// What a page that reports loads for that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";

const folder = fileURLToPath(new URL("../../../theme/js/engagement/", import.meta.url));

/** A module with all that it imports, as `make theme` writes it. */
const bundled = (name) =>
  buildSync({
    entryPoints: [folder + name],
    bundle: true,
    format: "esm",
    minify: true,
    charset: "utf8",
    write: false,
  }).outputFiles[0].contents;

test("the module is at most 3 KB, gzipped, and counted in thousands", () => {
  const size = gzipSync(bundled("engagement.js"), { level: 9 }).length;
  assert.ok(size <= 3000, `${size} bytes`);
});

for (const name of [
  "widgets",
  "consent",
  ...["plausible", "umami", "goatcounter", "matomo", "ga4"].map((kind) => `adapters/${kind}`),
]) {
  test(`${name}, which comes only where it is needed, is at most 1.25 KB`, () => {
    const size = gzipSync(bundled(`${name}.js`), { level: 9 }).length;
    assert.ok(size <= 1280, `${size} bytes`);
  });
}
