// What first.js tells the rest of the site.

import assert from "node:assert/strict";
import { test } from "node:test";
import { firstScript } from "./first-script.js";

test("the base is absolute and ends in a slash, however deep the page lies", () => {
  for (const [address, base] of [
    ["https://example.com/blog/", "."],
    ["https://example.com/blog/posts/a/", "../.."],
    ["https://example.com/blog/posts/a/", "../../"],
    ["https://example.com/nowhere/at/all", "/blog/"],
  ]) {
    assert.equal(firstScript("my-blog", { address, base }).base, "https://example.com/blog/");
  }
});

test("unlock, pricing and account are absolute addresses, and nobody can change them", () => {
  const site = firstScript("my-blog", { address: "https://example.com/blog/posts/a/", base: "../.." });
  assert.equal(site.site, "my-blog");
  assert.equal(site.unlock, "https://example.com/blog/unlock/");
  assert.equal(site.pricing, "https://example.com/blog/membership/");
  assert.equal(site.account, "https://example.com/blog/account/");
  assert.ok(Object.isFrozen(site));
});
