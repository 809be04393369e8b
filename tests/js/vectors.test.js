// Every vector of tests/vectors that concerns the browser, good and bad, against the modules that readers run.
// What only the build does (padme, base62, keys) has no counterpart here; the checksum is checked by the tokens that have one.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { derive } from "../../theme/js/token.js";
import { fromB64u, hex, lp, unpad, utf8 } from "../../theme/js/vault/bytes.js";
import { entitlementFeed, memberFeed } from "../../theme/js/vault/feed.js";
import { openKeyring, partId, shardOf } from "../../theme/js/vault/keyring.js";
import { entitlementId, openLockbox } from "../../theme/js/vault/lockbox.js";
import { readManifest } from "../../theme/js/vault/manifest.js";
import { openAsset, openPart } from "../../theme/js/vault/part.js";
import { hkdf, importKey, open } from "../../theme/js/vault/seal.js";

const bytes = (digits) => Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const plain = (value) => JSON.parse(JSON.stringify(value));
const day = (lastDay) => (lastDay ? new Date(lastDay * 86_400_000).toISOString().slice(0, 10) : null);

/** A test for each vector of a file: `check` looks at a good one, and must be refused for a bad one. */
function vectors(file, check) {
  const all = JSON.parse(readFileSync(new URL(`../vectors/${file}.json`, import.meta.url), "utf8"));
  assert.ok(all.length > 0);
  for (const vector of all) {
    test(`${file}: ${vector.name} ${vector.error ? "is refused" : "holds"}`, async () => {
      if (vector.error)
        await assert.rejects(async () => check(vector), refusalOf[file] ?? { name: "Refusal", code: "damaged" });
      else await check(vector);
    });
  }
}

const refusalOf = { token: { name: "Refusal", code: "mistyped" } };

/** HKDF with the very parameters that opening uses; extractable only here, to be seen. */
async function okm(key, salt, info) {
  const secret = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  return hex(new Uint8Array(await crypto.subtle.deriveBits({ ...hkdf("", salt), info }, secret, 256)));
}

function member(slots) {
  const grants = slots.flatMap((slot) => slot.grants);
  return {
    member: slots[0].name,
    entries: grants.map(({ active, entitlement, epoch, lastDay, key }) => ({
      id: entitlement,
      state: active ? "active" : "expired",
      epoch,
      until: day(lastDay),
      key: active ? hex(key) : null,
    })),
  };
}

async function entriesOf({ site, entries }) {
  return Promise.all(
    entries.map(async ({ entitlement, ...entry }) => {
      assert.equal(await entitlementId(site, entitlement), entry.id);
      return entry;
    }),
  );
}

vectors("lp", (vector) => assert.equal(hex(lp(...vector.fields.map(bytes))), vector.lp));
vectors("padding", (vector) => assert.equal(hex(unpad(bytes(vector.padded))), vector.body));
vectors("b64u", (vector) => assert.equal(hex(fromB64u(vector.b64u)), vector.bytes));
vectors("hkdf", async (vector) =>
  assert.equal(await okm(bytes(vector.key), bytes(vector.salt), bytes(vector.info)), vector.okm),
);
vectors("seal", async ({ key, kind, aad, sealed, text }) =>
  assert.equal(hex(await open(await importKey(bytes(key)), kind, bytes(aad), bytes(sealed))), text),
);
vectors("token", async ({ token, locator, kek }) => {
  const derived = await derive(token);
  assert.equal(hex(derived.locator), locator);
  assert.equal(derived.kek.extractable, false);
  assert.deepEqual(derived.kek.usages, ["deriveKey"]);
  // The key can't be read; that it is the right one shows in what it derives.
  const mac = { name: "HMAC", hash: "SHA-256", length: 256 };
  const [ours, theirs] = await Promise.all(
    [derived.kek, await importKey(bytes(kek))].map(async (key) => {
      const derivedKey = await crypto.subtle.deriveKey(hkdf("sb1/siv"), key, mac, false, ["sign"]);
      return hex(new Uint8Array(await crypto.subtle.sign("HMAC", derivedKey, utf8("the same"))));
    }),
  );
  assert.equal(ours, theirs);
});
vectors("part", async ({ key, file, body, payload, ...place }) => {
  assert.deepEqual(plain(await openPart(place, bytes(key), bytes(file))), body);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes(file)));
  assert.equal(hex(digest.subarray(0, 16)), payload);
});
vectors("asset", async ({ key, label, file, bytes: expected, ...place }) => {
  const asset = { name: "", key: Buffer.from(key, "hex").toString("base64url"), type: "image/png", file: "chart.png" };
  const blob = await openAsset(place, label, asset, bytes(file));
  assert.equal(blob.type, "image/png");
  assert.equal(hex(new Uint8Array(await blob.arrayBuffer())), expected);
});
vectors("part-id", async ({ site, part, id, shards, shard }) => {
  const found = await partId(site, part);
  assert.equal(hex(found), id);
  assert.equal(shardOf(found, shards), shard);
});
vectors("keyring", async ({ site, entitlement, epoch, index, shards, key, file, parts, entries }) => {
  const place = { site, entitlement, epoch, shard: index, shards };
  const found = await openKeyring(place, bytes(key), bytes(file));
  const listed = [...found].map(([id, entry]) => ({ id, key: hex(entry.key), payload: entry.name }));
  assert.deepEqual(listed, entries);
  for (const part of parts) assert.ok(found.has(hex(await partId(site, part))), part);
});
vectors("slot", async (vector) => {
  const { site, index, shards, salt, kek, slot } = vector;
  const file = new Uint8Array(16 + 64 * 304);
  file.set(bytes(salt));
  file.set(bytes(slot).subarray(0, 304), 16);
  const slots = await openLockbox({ site, shard: index, shards }, await importKey(bytes(kek)), file);
  if (vector.error && !slots.length) assert.fail(new RefusedByAbsence());
  assert.deepEqual(member(slots), { member: vector.member, entries: await entriesOf(vector) });
});
vectors("lockbox", async (vector) => {
  const { site, index, shards, kek, file } = vector;
  const slots = await openLockbox({ site, shard: index, shards }, await importKey(bytes(kek)), bytes(file));
  if (vector.error === "no slot opens" && !slots.length) assert.fail(new RefusedByAbsence());
  assert.deepEqual(member(slots), { member: vector.member, entries: await entriesOf(vector) });
});
vectors("manifest", ({ text, manifest }) => {
  const read = readManifest("vector-site", utf8(text));
  assert.equal(read.lockboxShards, manifest.lockbox_shards);
  const entitlements = [...read.entitlements].map(([id, { epoch, keyringShards, name }]) => [
    id,
    { epoch, keyring_shards: keyringShards, name },
  ]);
  assert.deepEqual(Object.fromEntries(entitlements), manifest.entitlements);
});
vectors("feed", async ({ site, key, entitlement, epoch, kek, address }) => {
  const found = kek
    ? await memberFeed(site, await importKey(bytes(kek)))
    : await entitlementFeed(site, { id: entitlement, epoch, key: bytes(key) });
  assert.equal(found, address);
});

/** A shard that opens no slot is refused one step later, where the flow knows that nobody was found. */
class RefusedByAbsence extends Error {
  name = "Refusal";
  code = "damaged";
}
