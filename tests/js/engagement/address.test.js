// What is told of addresses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { pathOf, sourceOf, withoutTokens } from "../../../theme/js/engagement/address.js";

const TOKEN = `mbr_${"Ab3".repeat(12)}`;

for (const [address, told] of [
  ["https://example.com/", "/"],
  ["https://example.com/a/b/#part", "/a/b/"],
  ["https://example.com/a/?q=secret&next=/b/", "/a/"],
  ["https://example.com/a/?utm_source=letter&q=1&utm_campaign=x%20y#z", "/a/?utm_source=letter&utm_campaign=x+y"],
  ["https://example.com/a/?UTM_SOURCE=letter&xutm_source=b", "/a/"],
  ["https://example.com/%E4%B8%AD/", "/%E4%B8%AD/"],
]) {
  test(`of ${address} ${told} is told`, () => assert.equal(pathOf(new URL(address)), told));
}

test("an address is no longer than the collector takes", () => {
  assert.equal(pathOf(new URL(`https://example.com/?utm_source=${"x".repeat(3000)}`)).length, 2000);
});

for (const [referrer, told] of [
  ["", undefined],
  ["https://example.com/other/", undefined],
  ["https://search.example.org/find?q=secret", "https://search.example.org/find"],
  ["https://search.example.org/#secret?more", "https://search.example.org/"],
  ["https://example.com.example.org/", "https://example.com.example.org/"],
  ["android-app://com.example.reader/", "android-app://com.example.reader/"],
]) {
  test(`who comes from ${JSON.stringify(referrer)} comes from ${told}`, () =>
    assert.equal(sourceOf(referrer, "https://example.com"), told));
}

test("no token goes out, in whatever text it stands", () => {
  assert.equal(withoutTokens(`a ${TOKEN} b MBR%5F${TOKEN.slice(4)} c`), "a  b  c");
  assert.equal(withoutTokens("mbr_short and members"), "mbr_short and members");
});
