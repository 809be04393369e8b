// What cannot be sent waits; over real HTTP.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { makeWorld, Storage } from "./world.js";

const KEY = "site-builder:my-blog:events";
const TOKEN = `mbr_${"Ab3".repeat(12)}`;
const world = makeWorld();
const { openOutbox, forget } = await import("../../../theme/js/engagement/outbox.js");

/** What came, and what it is answered. */
let came = [];
let refused = [];
/** @type {number | ((body: any) => number)} */
let status = 202;
/** Runs before an answer. */
let meanwhile = () => {};
const server = createServer(async (request, response) => {
  const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
  const answer = typeof status === "function" ? status(body) : status;
  (answer < 400 ? came : refused).push({ body, type: request.headers["content-type"] });
  meanwhile();
  response.writeHead(answer).end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const post = openOutbox(`http://127.0.0.1:${server.address().port}/e`);

let number = 0;
const letter = (props = {}, t = Date.now()) => ({
  width: 800,
  events: [{ id: `id-${++number}`, name: "x_test", t, pv: "pv", url: "/", props }],
});
const waiting = () => JSON.parse(localStorage[KEY] ?? "[]");
const numbers = (letters) => letters.map(({ events }) => events[0].props.n);
const bodies = (requests) => requests.map(({ body }) => body);

/** @param {() => boolean} ready */
async function until(ready) {
  for (const end = Date.now() + 5000; !ready(); await setImmediate()) assert.ok(Date.now() < end, "it did not come");
}

beforeEach(() => {
  globalThis.localStorage = new Storage();
  forget();
  world.online(true);
  [came, refused] = [[], []];
  status = 202;
  meanwhile = () => {};
});

test("a letter is sent as it is, with the site and the time", async () => {
  const sent = letter({ a: 1 });
  const before = Date.now();
  await post(sent);
  const [{ body, type }] = came;
  assert.match(type, /^text\/plain/);
  assert.deepEqual({ ...body, sent: 0 }, { v: 1, site: "my-blog", sent: 0, ...sent });
  assert.ok(body.sent >= before && body.sent <= Date.now());
  assert.equal(KEY in localStorage, false);
});

for (const again of [401, 403, 404, 405, 408, 429, 500, 501, 503]) {
  test(`what is answered with ${again} waits, and goes with the next that is taken`, async () => {
    status = again;
    await post(letter({ n: 1 }));
    assert.deepEqual(numbers(waiting()), [1]);
    status = 202;
    await post(letter({ n: 2 }));
    assert.deepEqual(numbers(bodies(came)), [2, 1]);
    assert.equal(KEY in localStorage, false);
  });
}

for (const never of [400, 413, 415]) {
  test(`what is answered with ${never} would never be taken, and is given up`, async () => {
    status = never;
    await post(letter());
    assert.equal(KEY in localStorage, false);
  });
}

test("what is on its way is kept until it is taken: the page that sent it may not be there to hear of it", async () => {
  let kept;
  meanwhile = () => (kept = waiting());
  await post(letter({ n: 1 }));
  assert.deepEqual(numbers(kept), [1]);
  assert.deepEqual(waiting(), []);
});

for (const end of [202, 503]) {
  test(`what another tab keeps while a letter is answered with ${end} stays`, async () => {
    const theirs = letter({ n: "theirs" });
    meanwhile = () => {
      localStorage[KEY] = JSON.stringify([...waiting(), theirs]);
      meanwhile = () => {};
      status = 503;
    };
    status = end;
    await post(letter({ n: "ours" }));
    assert.deepEqual(numbers(waiting()).sort(), end === 202 ? ["theirs"] : ["ours", "theirs"]);
  });
}

test("with a full storage letters are sent all the same", async () => {
  const full = new Proxy(new Storage(), {
    set() {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    },
  });
  globalThis.localStorage = full;
  for (const n of [1, 2]) await post(letter({ n }));
  assert.deepEqual(numbers(bodies(came)), [1, 2]);
});

test("offline nothing is tried; it goes in order when the network is back", async () => {
  world.online(false);
  for (const n of [1, 2, 3]) await post(letter({ n }));
  assert.deepEqual([came, refused], [[], []]);
  assert.deepEqual(numbers(waiting()), [1, 2, 3]);
  world.online(true);
  await until(() => !waiting().length);
  assert.deepEqual(numbers(bodies(came)), [1, 2, 3]);
});

test("while nothing is taken there is one attempt at a time, and everything stays", async () => {
  world.online(false);
  for (const n of [1, 2, 3]) await post(letter({ n }));
  status = 503;
  world.online(true);
  await until(() => refused.length === 1);
  assert.deepEqual(numbers(bodies(refused)), [1]);
  await post(letter({ n: 4 }));
  assert.deepEqual(numbers(bodies(refused)), [1, 4]);
  assert.deepEqual(numbers(waiting()).sort(), [1, 2, 3, 4]);
});

test("a letter that is never taken, by a firewall that dislikes it say, holds up none of the others", async () => {
  world.online(false);
  for (const n of [1, 2, 3]) await post(letter({ n }));
  status = ({ events: [{ props }] }) => (props.n === 1 ? 403 : 202);
  world.online(true);
  await until(() => refused.length === 1);
  for (const n of [4, 5]) await post(letter({ n }));
  assert.deepEqual(numbers(bodies(came)).sort(), [2, 3, 4, 5]);
  assert.deepEqual(numbers(waiting()), [1]);
});

test("after a week it is too late", async () => {
  const week = 7 * 86_400_000;
  world.online(false);
  await post(letter({ n: "old" }, Date.now() - week - 1000));
  await post(letter({ n: "new" }, Date.now() - week + 60_000));
  world.online(true);
  await until(() => !waiting().length);
  assert.deepEqual(numbers(bodies(came)), ["new"]);
});

test("fifty letters wait at most, the newest", async () => {
  world.online(false);
  for (let n = 1; n <= 60; n++) await post(letter({ n }));
  assert.deepEqual(
    numbers(waiting()),
    Array.from({ length: 50 }, (_, index) => index + 11),
  );
});

test("without storage they wait in memory", async () => {
  Object.defineProperty(globalThis, "localStorage", {
    configurable: true,
    get() {
      throw new DOMException("The operation is insecure.", "SecurityError");
    },
  });
  world.online(false);
  await post(letter());
  world.online(true);
  await until(() => came.length === 1);
  Object.defineProperty(globalThis, "localStorage", { value: new Storage(), configurable: true, writable: true });
});

test("no token is sent, and none is kept", async () => {
  world.online(false);
  await post(letter({ text: `it is ${TOKEN}` }));
  assert.ok(!localStorage[KEY].includes(TOKEN));
  await post(letter({ text: TOKEN }));
  world.online(true);
  await until(() => came.length === 2);
  assert.ok(!JSON.stringify(came).includes(TOKEN.slice(4)));
});

test("what was damaged in storage harms nothing", async () => {
  localStorage[KEY] = "{";
  await post(letter());
  assert.equal(came.length, 1);
});

test("what waits can be forgotten", async () => {
  world.online(false);
  await post(letter({ n: 1 }));
  forget();
  assert.equal(KEY in localStorage, false);
  world.online(true);
  await post(letter({ n: 2 }));
  assert.deepEqual(numbers(bodies(came)), [2]);
});

test("what was forgotten while it was on its way does not come back when sending fails", async () => {
  status = 503;
  meanwhile = forget;
  await post(letter());
  assert.equal(refused.length, 1);
  assert.equal(KEY in localStorage, false);
});

test("what was forgotten while another letter was on its way is not sent", async () => {
  world.online(false);
  for (const n of [1, 2, 3]) await post(letter({ n }));
  meanwhile = forget;
  world.online(true);
  await until(() => came.length === 1 && !waiting().length);
  meanwhile = () => {};
  await post(letter({ n: 4 }));
  assert.deepEqual(numbers(bodies(came)), [1, 4]);
});
