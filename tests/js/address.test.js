// The unlock page leads back to this site only.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPage, unlockFrom } from "../../theme/js/page/address.js";

const site = { base: "https://example.com/blog/", unlock: "https://example.com/blog/unlock/" };

test("a page of the site is a way back, by path or by whole address", () => {
  assert.equal(ownPage("/blog/posts/a/?q=1#part", site), "https://example.com/blog/posts/a/?q=1#part");
  assert.equal(ownPage("https://example.com/blog/posts/a/", site), "https://example.com/blog/posts/a/");
});

test("what the card's link says comes back as the same page", () => {
  const from = "https://example.com/blog/posts/a/?q=1#part";
  assert.equal(ownPage(new URL(unlockFrom(from, site)).searchParams.get("next"), site), from);
});

for (const address of [
  "//example.org/",
  "https://example.org/blog/",
  "https://example.com.example.org/blog/",
  "https://example.com@example.org/blog/",
  "/\\example.org/",
  "\\\\example.org",
  "http://example.com/blog/",
  "javascript:alert(1)",
  "data:text/html,x",
  "/other/",
  "/blog/../other/",
  "/blog/unlock/",
  "/blog/unlock/?next=/blog/unlock/",
  "http://[",
  "",
  null,
]) {
  test(`${JSON.stringify(address)} is no way back`, () => assert.equal(ownPage(address, site), null));
}

test("a way back carries no token", () => {
  assert.equal(ownPage("/blog/a/#mbr_000000000000000000000000000000000000", site), "https://example.com/blog/a/");
  assert.equal(ownPage("/blog/a/#mbr%5F000000000000000000000000000000000000", site), "https://example.com/blog/a/");
});
