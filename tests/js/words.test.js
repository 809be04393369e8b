// Whoever is refused is told why, in both languages, by words of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dateFor, holdingFor, wordsFor } from "../../theme/js/words.js";

/** Where something stands, as far as words need it: what `closest("[lang]")` finds. */
const within = (lang) => ({ closest: () => (lang ? { getAttribute: () => lang } : null) });

const about = { have: "Supporter", need: "Pro", ended: "Pro", date: "1 March 2027" };

function shape(value) {
  if (typeof value === "function") return "words";
  if (typeof value === "string") return "words";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
}

test("both languages say the same things", () => {
  assert.deepEqual(shape(wordsFor(within("zh"))), shape(wordsFor(within("en"))));
});

for (const lang of ["en", "zh"]) {
  test(`no two refusals have the same words (${lang})`, () => {
    const said = Object.values(wordsFor(within(lang)).refusals).map((say) => say(about));
    for (const [title, sentence] of said) assert.ok(title && sentence);
    assert.equal(new Set(said.map(([title]) => title)).size, said.length);
    assert.equal(new Set(said.map(([, sentence]) => sentence)).size, said.length);
  });
}

test("Chinese is chosen by any Chinese language tag, English by all others and by none", () => {
  for (const lang of ["zh", "zh-Hans", "ZH-tw"]) assert.equal(wordsFor(within(lang)).ways.retry, "重试");
  for (const lang of ["en", "de", "zhx", ""]) assert.equal(wordsFor(within(lang)).ways.retry, "Try again");
});

test("an expiry is the last day itself, whatever the time zone", () => {
  const day = Date.UTC(2027, 2, 1) / 86_400_000;
  assert.equal(dateFor(within("en"), day), "1 March 2027");
  assert.equal(dateFor(within("zh"), day), "2027年3月1日");
  assert.equal(dateFor(within("en"), 0), "");
});

test("a holding says until when, without end, or since when no more", () => {
  const day = Date.UTC(2027, 2, 1) / 86_400_000;
  const line = (holding) => holdingFor(within("en"), { name: "Pro", ...holding });
  assert.equal(line({ active: true, lastDay: day }), "Pro until 1 March 2027");
  assert.equal(line({ active: true, lastDay: 0 }), "Pro, without end");
  assert.equal(line({ active: false, lastDay: day }), "Pro: ended on 1 March 2027");
});
