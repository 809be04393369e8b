// Whose code a demo shows: whatever readers, authors and links do to it, no version gets lost.

import assert from "node:assert/strict";
import { test } from "node:test";
import { digest, readKept, Versions } from "../../../theme/js/demos/versions.js";

const fresh = { tries: 0, passed: false };
const kept = (mine, of) => ({ ...fresh, mine, of: digest(of) });

test("a demo that nobody has changed shows the author's code and keeps nothing", () => {
  const versions = new Versions("a", fresh);
  assert.equal(versions.text, "a");
  assert.deepEqual([versions.kept, versions.others, versions.outdated], [{}, [], false]);
});

test("what a reader types becomes theirs, is kept, and offers the author's", () => {
  const versions = new Versions("a", fresh);
  versions.edit("b");
  versions.edit("bc");
  assert.deepEqual(versions.kept, { mine: "bc", of: digest("a") });
  assert.deepEqual([versions.shown, versions.others], ["mine", ["author"]]);
});

test("a draft is shown again, and says if the author has changed the code meanwhile", () => {
  assert.equal(new Versions("a", kept("b", "a")).text, "b");
  assert.equal(new Versions("a", kept("b", "a")).outdated, false);
  const late = new Versions("new", kept("b", "a"));
  assert.deepEqual([late.text, late.outdated, late.others], ["b", true, ["author"]]);
  late.edit("bb");
  assert.equal(late.outdated, true);
  late.show("author");
  assert.equal(late.text, "new");
});

test("who begins anew with the author's new code still has the old draft", () => {
  const versions = new Versions("new", kept("old draft", "a"));
  versions.show("author");
  versions.edit("new!");
  assert.deepEqual([versions.text, versions.outdated], ["new!", false]);
  versions.show("older");
  assert.equal(versions.text, "old draft");
});

test("a draft that the author has come to as well is none any more", () => {
  const versions = new Versions("b", kept("b", "a"));
  assert.deepEqual([versions.shown, versions.kept], ["author", {}]);
});

test("code from a link is shown but not kept, and leaves the reader's own alone", () => {
  const versions = new Versions("a", kept("mine", "a"));
  versions.arrive("foreign");
  assert.deepEqual([versions.shown, versions.text, versions.kept.mine], ["link", "foreign", "mine"]);
  versions.edit("foreign, changed");
  assert.deepEqual([versions.shown, versions.kept.mine], ["mine", "foreign, changed"]);
  versions.show("older");
  assert.equal(versions.text, "mine");
  versions.show("link");
  assert.equal(versions.text, "foreign");
});

test("a link with the author's own code is not foreign", () => {
  const versions = new Versions("a", kept("mine", "a"));
  versions.arrive("a");
  assert.equal(versions.shown, "author");
});

test("a reset shows the author's code, keeps nothing, and can be taken back", () => {
  const versions = new Versions("a", kept("mine", "a"));
  versions.reset();
  assert.deepEqual([versions.text, versions.kept], ["a", {}]);
  versions.show("older");
  assert.equal(versions.text, "mine");
});

test("what the browser has kept is taken only if it is what was written there", () => {
  for (const text of [
    null,
    "",
    "{",
    "null",
    "7",
    '"x"',
    "[]",
    '{"mine":1,"of":"x"}',
    '{"mine":"x"}',
    '{"tries":"3"}',
  ]) {
    assert.deepEqual(readKept(text), fresh, String(text));
  }
  assert.deepEqual(readKept('{"mine":"x","of":"y","tries":2,"passed":true}'), {
    mine: "x",
    of: "y",
    tries: 2,
    passed: true,
  });
});

test("texts that differ in one letter, or in order, have other digests", () => {
  const digests = ["", "a", "b", "ab", "ba", "一", "丁"].map(digest);
  assert.equal(new Set(digests).size, digests.length);
  for (const one of digests) assert.match(one, /^[\da-f]{16}$/);
});
