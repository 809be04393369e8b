// A demo speaks both languages, and says as much in one as in the other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsFor } from "../../../theme/js/demos/labels.js";
import { numberFor, wordsFor } from "../../../theme/js/demos/words.js";

const within = (lang) => ({ closest: () => (lang ? { getAttribute: () => lang } : null) });

/** Everything that is said, by where. */
function sayings(words, place = "") {
  return Object.entries(words).flatMap(([key, said]) => {
    if (typeof said === "object") return sayings(said, `${place}${key}.`);
    return [[`${place}${key}`, typeof said === "function" ? said("1", "2") : said]];
  });
}

for (const [name, of] of [
  ["toolbar", labelsFor],
  ["demo", wordsFor],
]) {
  test(`both languages say the same things (${name})`, () => {
    const [en, zh] = ["en", "zh-Hans"].map((lang) => sayings(of(within(lang))));
    assert.deepEqual(
      zh.map(([key]) => key),
      en.map(([key]) => key),
    );
    for (const [key, said] of zh) assert.match(said, /\p{Script=Han}|^\d \/ \d MB$/u, key);
    for (const [key, said] of en) assert.doesNotMatch(said, /\p{Script=Han}/u, key);
  });
}

test("numbers have one digit after the point, small ones two", () => {
  assert.equal(numberFor(within("en"), 13.52), "13.5");
  assert.equal(numberFor(within("zh"), 0.042), "0.04");
});
