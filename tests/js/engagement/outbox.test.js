// What cannot be sent waits; over real HTTP.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";
import { makeWorld, Storage } from "./world.js";

const KEY = "site-builder:my-blog:events";
const TOKEN = `mbr_${"Ab3".repeat(12)}`;
const world = makeWorld();
const { openOutbox, forget } = await import("../../../theme/js/engagement/outbox.js");

/** What came, and what it is answered. */
let came = [];
let status = 202;
const server = createServer(async (request, response) => {
  const body = JSON.parse(Buffer.concat(await Array.fromAsync(request)).toString());
  if (status < 400) came.push({ body, type: request.headers["content-type"] });
  response.writeHead(status).end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const outbox = openOutbox(`http://127.0.0.1:${server.address().port}/e`);

let number = 0;
const letter = (props = {}, t = Date.now()) => ({
  width: 800,
  events: [{ id: `id-${++number}`, name: "x_test", t, pv: "pv", url: "/", props }],
});
const waiting = () => JSON.parse(localStorage[KEY] ?? "[]");

beforeEach(() => {
  globalThis.localStorage = new Storage();
  forget();
  world.online(true);
  came = [];
  status = 202;
});

test("a letter is sent as it is, with the site and the time", async () => {
  const sent = letter({ a: 1 });
  const before = Date.now();
  await outbox.post(sent);
  const [{ body, type }] = came;
  assert.match(type, /^text\/plain/);
  assert.deepEqual({ ...body, sent: 0 }, { v: 1, site: "my-blog", sent: 0, ...sent });
  assert.ok(body.sent >= before && body.sent <= Date.now());
  assert.equal(KEY in localStorage, false);
});

for (const again of [429, 500, 503]) {
  test(`what is answered with ${again} waits`, async () => {
    status = again;
    await outbox.post(letter());
    assert.equal(waiting().length, 1);
    status = 202;
    await outbox.retry();
    assert.equal(came.length, 1);
    assert.equal(KEY in localStorage, false);
  });
}

for (const never of [400, 403, 404, 413, 415]) {
  test(`what is answered with ${never} is given up`, async () => {
    status = never;
    await outbox.post(letter());
    assert.equal(KEY in localStorage, false);
  });
}

test("offline nothing is tried; it goes in order when the network is back, and goes on when it fails", async () => {
  world.online(false);
  for (const n of [1, 2, 3]) await outbox.post(letter({ n }));
  assert.equal(came.length, 0);
  assert.equal(waiting().length, 3);
  status = 503;
  await outbox.retry();
  assert.equal(waiting().length, 3);
  status = 202;
  await outbox.retry();
  assert.deepEqual(
    came.map(({ body }) => body.events[0].props.n),
    [1, 2, 3],
  );
});

test("after a week it is too late", async () => {
  const week = 7 * 86_400_000;
  world.online(false);
  await outbox.post(letter({ n: "old" }, Date.now() - week - 1000));
  await outbox.post(letter({ n: "new" }, Date.now() - week + 60_000));
  await outbox.retry();
  assert.deepEqual(
    came.map(({ body }) => body.events[0].props.n),
    ["new"],
  );
  assert.equal(KEY in localStorage, false);
});

test("fifty letters wait at most, the newest", async () => {
  world.online(false);
  for (let n = 1; n <= 60; n++) await outbox.post(letter({ n }));
  assert.deepEqual(
    waiting().map(({ events }) => events[0].props.n),
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
  await outbox.post(letter());
  await outbox.retry();
  assert.equal(came.length, 1);
  Object.defineProperty(globalThis, "localStorage", { value: new Storage(), configurable: true, writable: true });
});

test("no token is sent, and none is kept", async () => {
  world.online(false);
  await outbox.post(letter({ text: `it is ${TOKEN}` }));
  assert.ok(!localStorage[KEY].includes(TOKEN));
  await outbox.post(letter({ text: TOKEN }));
  await outbox.retry();
  assert.ok(!JSON.stringify(came).includes(TOKEN.slice(4)));
  assert.equal(came.length, 2);
});

test("what was damaged in storage harms nothing", async () => {
  localStorage[KEY] = "{";
  await outbox.post(letter());
  assert.equal(came.length, 1);
});

test("what waits can be forgotten", async () => {
  world.online(false);
  await outbox.post(letter());
  forget();
  assert.equal(KEY in localStorage, false);
  await outbox.retry();
  assert.equal(came.length, 0);
});
