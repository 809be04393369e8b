// How long and how far an article is read.

import assert from "node:assert/strict";
import { test } from "node:test";
import { activeTime, readDepth } from "../../../theme/js/engagement/attention.js";

test("time counts while the page is looked at", () => {
  const active = activeTime(1000, true);
  assert.equal(active(6000, true), 5000);
  assert.equal(active(8000, false), 7000);
  assert.equal(active(60_000, true), 7000);
});

test("who does nothing for half a minute has stopped reading, until they do something", () => {
  const active = activeTime(0, true);
  assert.equal(active(100_000, true), 30_000);
  assert.equal(active(110_000, true, true), 30_000);
  assert.equal(active(115_000, true), 35_000);
});

test("a page that opens in the background has no time before it is looked at", () => {
  const active = activeTime(0, false);
  assert.equal(active(20_000, true, true), 0);
  assert.equal(active(21_000, false), 1000);
});

test("however often it is asked, the sum is the same", () => {
  const active = activeTime(0, true);
  for (let now = 0; now <= 20_000; now += 7) active(now, true, now % 3 === 0);
  assert.equal(active(20_000, true), 20_000);
});

/** An article whose text is so high and has headings at these heights; buttons stand below it. */
function article(height, headings = {}) {
  let top = 100;
  return {
    to: (y) => (top = 100 - y),
    grow: (by) => (height += by),
    getBoundingClientRect: () => ({ top, height: height + 300 }),
    below: { getBoundingClientRect: () => ({ top: top + height }) },
    querySelectorAll: () =>
      Object.entries(headings).map(([id, at]) => ({ id, getBoundingClientRect: () => ({ top: top + at }) })),
  };
}

test("depth is measured against the article, and never goes back", () => {
  const depth = readDepth();
  const post = article(1000, { one: 0, two: 450, three: 950 });
  assert.deepEqual(depth(post, post.below, 500), { scroll: 40, heading: "one" });
  post.to(300);
  assert.deepEqual(depth(post, post.below, 500), { scroll: 70, heading: "two" });
  post.to(0);
  assert.deepEqual(depth(post, post.below, 500), { scroll: 70, heading: "two" });
  post.to(5000);
  assert.deepEqual(depth(post, post.below, 500), { scroll: 100, heading: "three" });
});

test("of an article that has grown, because a part of it has opened, less has been read", () => {
  const depth = readDepth();
  const post = article(400);
  assert.deepEqual(depth(post, post.below, 500), { scroll: 100, heading: undefined });
  post.grow(1600);
  assert.deepEqual(depth(post, post.below, 500), { scroll: 20, heading: undefined });
});

test("an article that has left the page stays as far as it was read", () => {
  const depth = readDepth();
  for (const post of [article(1000, { one: 0 }), article(0)])
    assert.deepEqual(depth(post, post.below, 500), { scroll: 40, heading: "one" });
});

test("an article that begins below the window has not been read", () => {
  const post = article(1000, { one: 0 });
  assert.deepEqual(readDepth()(post, post.below, 50), { scroll: 0, heading: undefined });
});
