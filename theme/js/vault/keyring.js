// What an entitlement opens: docs/format.md, "Keyring". Between the lockbox, which holds its key, and the payload.

import { Refusal } from "../refusal.js";
import { hex, lp, readU32, u32, unpad } from "./bytes.js";
import { importKey, open } from "./seal.js";

/**
 * @typedef {import("./bytes.js").Bytes} Bytes
 * @typedef {{ site: string, entitlement: string, epoch: number, shard: number, shards: number }} Place
 * @typedef {{ key: Bytes, name: string }} Entry a content key, and the payload's file name without its ending
 */

const ENTRY = 64;

/** @param {string} site @param {string} part @returns {Promise<Bytes>} */
export async function partId(site, part) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", lp("sb1/part", site, part))).subarray(0, 16);
}

/** @param {Bytes} id of a part @param {number} shards */
export const shardOf = (id, shards) => readU32(id) % shards;

/**
 * All entries of one shard, by the hexadecimal id of the part.
 *
 * @param {Place} place
 * @param {Bytes} epochKey
 * @param {Bytes} file
 * @returns {Promise<Map<string, Entry>>}
 */
export async function openKeyring({ site, entitlement, epoch, shard, shards }, epochKey, file) {
  const aad = lp(site, entitlement, u32(epoch), u32(shard), u32(shards));
  const joined = unpad(await open(await importKey(epochKey), "keyring", aad, file));
  if (joined.length % ENTRY) throw new Refusal("damaged");
  const entries = new Map();
  let last = "";
  for (let at = 0; at < joined.length; at += ENTRY) {
    const id = hex(joined.subarray(at, at + 16));
    if (id <= last) throw new Refusal("damaged");
    entries.set(id, { key: joined.subarray(at + 16, at + 48), name: hex(joined.subarray(at + 48, at + ENTRY)) });
    last = id;
  }
  return entries;
}
