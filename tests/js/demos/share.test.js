// Code in a link's fragment comes out as it went in, or not at all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { carried } from "../../../theme/js/demos/data.js";
import { linkTo, MOST, pack, unpack } from "../../../theme/js/demos/share.js";

const page = "https://example.com/blog/sorting/?q=1#somewhere";

for (const text of ["", "print('hi')\n", "汉字 — ü 🦉\r\n\t\0", "x".repeat(MOST)]) {
  test(`code survives a link: ${JSON.stringify(text.slice(0, 20))}`, async () => {
    const link = new URL(linkTo(page, "merge-sort", await pack(text)));
    assert.equal(link.href.split("#")[0], page.split("#")[0]);
    const { id, packed } = carried(link.hash);
    assert.equal(id, "merge-sort");
    assert.equal(await unpack(packed), text);
  });
}

test("a link is short: code is compressed, and needs no escapes", async () => {
  const packed = await pack("for number in range(10):\n    print(number)\n".repeat(20));
  assert.match(packed, /^[\w-]{1,120}$/);
});

test("damaged code gives nothing", async () => {
  const packed = await pack("print('some code that is long enough')");
  for (const bad of ["", "!", "A", packed.slice(0, -6), `${packed.slice(0, 6)}AAAA${packed.slice(10)}`]) {
    assert.notEqual(await unpack(bad), "print('some code that is long enough')", bad);
  }
  assert.equal(await unpack(packed.slice(0, 10)), undefined);
  assert.equal(await unpack("____"), undefined);
});

test("text that is not UTF-8 gives nothing", async () => {
  assert.equal(await unpack(deflateRawSync(Buffer.from([0xff, 0xfe, 0x41])).toString("base64url")), undefined);
});

test("a small link that unpacks to more than any demo has gives nothing", async () => {
  const bomb = deflateRawSync(Buffer.alloc(50_000_000, "a")).toString("base64url");
  assert.ok(bomb.length < 100_000);
  assert.equal(await unpack(bomb), undefined);
});

test("only an address of a demo with code carries code", () => {
  for (const hash of [
    "",
    "#demo-x",
    "#demo-x=",
    "#x=abc",
    "#demo-=abc",
    "#mbr_abc",
    "#demo-x=a b",
    "#demo-%E0%A4%A=abc",
  ]) {
    assert.equal(carried(hash), undefined, hash);
  }
  assert.deepEqual(carried("#demo-%E6%8E%92=abc"), { id: "排", packed: "abc" });
  assert.equal(new URL(linkTo(page, "排", "")).hash, "#demo-%E6%8E%92");
});
